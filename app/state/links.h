// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QString>
#include <QStringList>

#include <cstdint>
#include <memory>
#include <optional>

#include "backend/protocol/notices.h"

// Links and what stands around them, as plain values with the words of the API. Read from JSON by connection, shown and
// changed by pages; whatever came from outside is still raw text here.
namespace state {

struct Condition {
    QString kind; // country, region, city, device, os, browser, language, referrer, query, address, between, hours …
    bool negate = false;
    QStringList values;

    friend bool operator==(const Condition&, const Condition&) = default;
};

struct Variant {
    QString name, destination;
    std::uint32_t weight = 1;

    friend bool operator==(const Variant&, const Variant&) = default;
};

struct Rule {
    QString id, name; // an empty id is given by the backend
    bool enabled = true;
    std::uint32_t version = 0; // the backend's
    QList<Condition> conditions;
    QList<Variant> variants;

    friend bool operator==(const Rule&, const Rule&) = default;
};

struct Utm {
    QString source, medium, campaign, term, content;

    friend bool operator==(const Utm&, const Utm&) = default;
};

struct Link {
    std::uint64_t id = 0;
    std::uint32_t version = 0;
    QString domain, slug, destination, state, campaign, notes, goal, owner, fallback, iosApp, androidApp;
    int status = 0;
    bool flagged = false, hasPassword = false;
    std::int64_t expiresAtMs = 0, createdAtMs = 0, updatedAtMs = 0; // 0 = none
    std::uint64_t clickLimit = 0;                                   // 0 = any number
    std::optional<std::uint64_t> clicks;                            // known of links with a limit
    Utm utm;
    QStringList tags;
    QList<Rule> rules;

    QString address() const { return domain + QLatin1Char('/') + slug; }

    friend bool operator==(const Link&, const Link&) = default;
};

// The field that is plain text and has this name in the API; null where there is none.
const QString* textField(const Link& link, QStringView name);

// A link as it shall be: of `link` the named fields are sent, and no others.
struct LinkDraft {
    Link link; // id 0 = a new one
    QStringList fields;
    std::optional<QString> password;   // where "password" is among the fields: nothing removes it
    std::uint32_t expectedVersion = 0; // 0 = any
    QString key;                       // of a new link: the same key makes it once, however often it is sent
};

// What others did to a link while it was being edited.
struct Conflict {
    Link current;
    QString changedBy;
    std::vector<protocol::EditChange> changes;
};

// A failed request. `code` is a word of ours (unreachable, timeout, too_large, not_json, redirected, no_session) or the
// API's own problem code (slug_taken, version_conflict…); status is 0 where no HTTP answer came.
struct Problem {
    int status = 0;
    QString code;
    QString detail;
    QString field;
    std::int64_t limit = 0;                               // 0 = none told
    std::shared_ptr<const state::Conflict> conflict = {}; // of a version_conflict

    bool isSet() const { return !code.isEmpty(); }
};

struct EditPage {
    std::uint64_t link = 0; // that was asked for; 0 = all
    std::vector<protocol::Edit> items;
};

struct Domain {
    std::uint64_t id = 0;
    QString host, state, txtName, txtValue;

    friend bool operator==(const Domain&, const Domain&) = default;
};

struct Token {
    std::uint64_t id = 0;
    QString name, role;
    std::int64_t createdAtMs = 0, revokedAtMs = 0, lastUsedAtMs = 0;

    friend bool operator==(const Token&, const Token&) = default;
};

} // namespace state

Q_DECLARE_METATYPE(state::Link)
Q_DECLARE_METATYPE(state::Problem)
Q_DECLARE_METATYPE(state::EditPage)
