// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QStringList>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "backend/protocol/notices.h"
#include "backend/protocol/rollup.h"

// Questions to the rollups and what they answer, as plain values with the words of the API. Read from JSON by
// connection, shown by pages; texts are still raw here.
namespace state {

struct Counts {
    std::uint64_t hits = 0, clicks = 0, humanClicks = 0, scans = 0;
    std::optional<std::uint64_t> uniques, uniqueScanners; // nothing where they are not kept

    std::uint64_t bots() const { return clicks - std::min(clicks, humanClicks); }
    friend bool operator==(const Counts&, const Counts&) = default;
};

struct ReportQuery {
    std::int64_t fromMs = 0, toMs = 0;                // 0 = as the API does without
    std::optional<protocol::Granularity> granularity; // nothing = by the range's length
    QString by;                                       // word of a dimension or "link"; empty = no breakdown
    int limit = 0;                                    // 0 = the API's
    QStringList links, domains, campaigns, tags;      // each empty = all; links as "domain/slug"
    QString whereDimension, whereValue;               // no dimension = everything; the empty value is unknown
    bool split = false;                               // the first values with a series each
    QString compare;                                  // previous, weekdays, a start, campaign:NAME; empty = none

    bool isNarrowed() const { return !whereDimension.isEmpty(); }
    friend bool operator==(const ReportQuery&, const ReportQuery&) = default;
};

struct ReportPoint {
    std::int64_t atMs = 0;
    Counts counts;
    bool partial = false;

    friend bool operator==(const ReportPoint&, const ReportPoint&) = default;
};

struct ReportValue {
    QString value; // empty = unknown
    std::uint64_t link = 0;
    Counts counts;
    std::vector<ReportPoint> series; // of the first values, where the query splits
};

struct ComparedReport {
    std::int64_t fromMs = 0, toMs = 0;
    Counts totals;
    std::vector<ReportPoint> series;
    std::vector<Counts> values; // of the report's values, in their order
};

// By how much figures that had been reported were changed.
struct CountsChange {
    std::int64_t hits = 0, clicks = 0, humanClicks = 0, scans = 0;

    friend bool operator==(const CountsChange&, const CountsChange&) = default;
};

// What of a report's figures had been reported otherwise before; the figures have the change in them.
struct Restated {
    std::uint64_t count = 0;            // restatements whose hours meet the range
    std::uint64_t several = 0;          // of them, sums over several links
    std::uint64_t beyond = 0;           // of them, those that reach beyond the range, and are in the change whole
    std::int64_t lastMs = 0;            // when the newest was noted
    std::optional<CountsChange> change; // nothing where it is not known of the question's value
};

struct Freshness {
    protocol::Watermark watermark;
    std::uint64_t toCome = 0; // hits that are stored and not rolled up yet
};

struct Report {
    ReportQuery query;
    std::int64_t fromMs = 0, toMs = 0; // whole buckets
    QString zone;                      // of the days
    protocol::Granularity granularity = protocol::Granularity::Day;
    QString by;
    Counts totals;
    std::vector<ReportPoint> series; // buckets with hits, in order
    std::vector<ReportValue> values; // most clicks first
    std::uint64_t valuesTotal = 0;
    Counts others;                       // what `values` leaves out
    std::optional<std::int64_t> firstMs; // bucket of the first hit there was
    std::optional<ComparedReport> compared;
    Freshness freshness;
    std::optional<Restated> restated; // nothing: all stands as it was first reported
    bool uniquesEstimated = false;
    double uniquesError = 0;
    int keptMinutesDays = 0, keptDays = 0;
};

struct HourCell {
    int times = 0; // how often this hour of the week lies in the range
    Counts counts;

    friend bool operator==(const HourCell&, const HourCell&) = default;
};

struct HoursReport {
    static constexpr int weekdays = 7, hours = 24;

    std::int64_t fromMs = 0, toMs = 0;
    QString zone;
    std::vector<HourCell> cells = std::vector<HourCell>(weekdays * hours); // Monday's midnight first
    Freshness freshness;

    // Monday = 1.
    const HourCell& at(int weekday, int hour) const
    {
        return cells[static_cast<std::size_t>((weekday - 1) * hours + hour)];
    }
};

struct ReconciledRow {
    std::uint64_t link = 0;
    QString domain, slug;
    Counts raw, rolled;
    std::uint64_t toCome = 0, late = 0;
    QString state; // equal, to_come, differs or raw_gone
    QString why;   // code

    QString address() const { return domain + QLatin1Char('/') + slug; }
};

struct Reconciliation {
    std::int64_t fromMs = 0, toMs = 0;
    std::vector<ReconciledRow> rows;
    ReconciledRow totals;
    Freshness freshness;
};

using ReportPtr = std::shared_ptr<const Report>;
using HoursPtr = std::shared_ptr<const HoursReport>;
using ReconciliationPtr = std::shared_ptr<const Reconciliation>;

} // namespace state
