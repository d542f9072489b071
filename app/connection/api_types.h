// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QMap>
#include <QMetaType>
#include <QString>
#include <QStringList>
#include <QVector>

#include <cstdint>
#include <optional>
#include <vector>

#include "app/state/links.h"
#include "backend/protocol/messages.h"
#include "backend/protocol/rollup.h"

// What the HTTP API answers, as plain values: read from JSON on the connection's thread, bounded, never trusted.
namespace connection {

// GET /v1/session.
struct Session {
    QString workspace, role, plan, zone, tokenName;
    QString streamUrl;       // ws:// or wss://
    QString redirectAddress; // "127.0.0.1:8080"
    QString dataId;
    QString server;
    QStringList utmSources, utmMediums; // the workspace's conventions; empty = anything goes
};

using state::Problem;

struct RollupQuery {
    protocol::Granularity granularity = protocol::Granularity::Minute;
    protocol::Dimension dimension = protocol::Dimension::None;
    protocol::UtcMs from;
    protocol::UtcMs to;
    QString link;         // "domain/slug"; empty = all
    bool perLink = false; // rows by link, not summed over links
};

struct Rollups {
    RollupQuery query;
    std::vector<protocol::RollupRow> rows;
    protocol::Watermark watermark;
    bool cut = false; // there were more rows than the console takes
};

using state::Link;

struct Links {
    static constexpr std::size_t itemsMax = 20'000;

    std::vector<Link> items;
    bool cut = false; // there were more
};

// What the backend is to look for among its links; empty fields say nothing.
struct LinkSearch {
    QString text, state, tag, campaign;
    QString domain;
    std::optional<QString> slug; // with the domain: the one link at this address
};

// One step of "why is nothing arriving?". Codes are the API's: host_known, domain_ready, link_state, hits_seen,
// filter_matches …
struct DiagnosisStep {
    QString code;
    QString state;  // ok, warning, failed or unknown
    QString detail; // the facts as "name value, name value"
    QMap<QString, QString> facts;
};

struct Diagnosis {
    QString cause; // code of the first step that failed, or empty
    std::vector<DiagnosisStep> steps;
};

} // namespace connection

Q_DECLARE_METATYPE(connection::Session)
Q_DECLARE_METATYPE(connection::Rollups)
Q_DECLARE_METATYPE(connection::Links)
Q_DECLARE_METATYPE(connection::Diagnosis)
