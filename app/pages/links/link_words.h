// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCoreApplication>
#include <QString>

#include "app/state/trials.h"

namespace links {

// Sentences for the codes and words that the backend sends about links.
struct Words {
    Q_DECLARE_TR_FUNCTIONS(links::Words)

public:
    // Text from outside, made visible and cut to what a line can hold.
    static QString safe(const QString& text, std::size_t bytesMax = 512);
    static QString safe(const std::string& text, std::size_t bytesMax = 512);

    static QString field(const QString& name); // "expiresAt" → "Expires"
    // A field's value as a person reads it; empty = nothing there.
    static QString value(const state::Link& link, const QString& field);
    static QString problem(const state::Problem& problem);

    static QString kind(const QString& kind);        // "country" → "Country"
    static QString kindExample(const QString& kind); // "DE, AT"
    static const QStringList& kinds();               // in the order of the menu
    static QString condition(const state::Condition& condition);
    static QString rule(const state::Rule& rule); // in one line
    static QString ruleName(const QString& id, const QString& name);
    static QString finding(const state::Finding& finding);

    static QString step(const QString& code);
    static QString decision(const state::Decision& decision);
    static QString outcome(const state::Outcome& outcome);

    static QString editWhat(const protocol::Edit& edit); // "link.destination" → "Destination changed"
    static QString ago(qint64 timeMs, qint64 nowMs);     // "just now", "12 min ago"

    // Why a text can be no destination, as far as the console can tell; empty = it may be one.
    static QString destinationProblem(const QString& text, const QStringList& ownHosts);
};

} // namespace links
