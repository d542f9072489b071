// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDateTime>

#include <cmath>

#include "app/state/restatements.h"

// Answers of a backend to whatever is asked, the same for the same question: clicks by day and night, with an edge
// where the rollups end.
namespace samples {

inline constexpr std::int64_t hourMs = 3'600'000, dayMs = 24 * hourMs;
inline constexpr std::int64_t nowMs = 1'772'546'700'000; // 2026-03-03T14:05:00Z

inline state::Counts counts(std::uint64_t clicks, bool uniques)
{
    state::Counts counts{clicks + clicks / 20, clicks, clicks * 4 / 5, clicks * 3 / 10, {}, {}};
    if (uniques) {
        counts.uniques = clicks * 3 / 5;
        counts.uniqueScanners = clicks / 4;
    }
    return counts;
}

inline std::uint64_t clicksAt(std::int64_t atMs, std::int64_t stepMs)
{
    const double hour = static_cast<double>(atMs % dayMs) / static_cast<double>(hourMs);
    const double wave = stepMs == dayMs ? 1.5 : 1 + std::sin((hour - 8) / 24 * 6.2832);
    const double week = 1 + 0.3 * std::sin(static_cast<double>(atMs / dayMs) * 0.9);
    return static_cast<std::uint64_t>(120 * wave * week * static_cast<double>(stepMs) / static_cast<double>(hourMs));
}

inline std::vector<state::ReportPoint> series(std::int64_t fromMs, std::int64_t toMs, std::int64_t stepMs,
                                              std::uint64_t share)
{
    std::vector<state::ReportPoint> points;
    for (std::int64_t at = fromMs; at < toMs && at < nowMs; at += stepMs)
        points.push_back({at, counts(clicksAt(at, stepMs) / share, stepMs == dayMs), at + stepMs > nowMs});
    return points;
}

inline state::Freshness freshness()
{
    state::Freshness fresh;
    fresh.watermark.seq = protocol::HitSeq(120'345);
    fresh.watermark.lastSeq = protocol::HitSeq(120'757);
    fresh.watermark.time = protocol::UtcMs(nowMs - 40 * 60'000);
    fresh.watermark.rolledAt = protocol::UtcMs(nowMs - 60'000);
    fresh.toCome = 412;
    return fresh;
}

inline QStringList valuesOf(const QString& by)
{
    if (by == QLatin1StringView("country"))
        return {QStringLiteral("DE"), QStringLiteral("US"), QStringLiteral("FR"),
                QStringLiteral("GB"), QStringLiteral("IN"), QString(),
                QStringLiteral("BR"), QStringLiteral("JP")};
    if (by == QLatin1StringView("placement"))
        return {QStringLiteral("poster-a"), QStringLiteral("poster-b"), QStringLiteral("newsletter-top"), QString(),
                QStringLiteral("booth")};
    if (by == QLatin1StringView("touch"))
        return {QStringLiteral("link"), QStringLiteral("qr")};
    if (by == QLatin1StringView("device"))
        return {QStringLiteral("mobile"), QStringLiteral("desktop"), QStringLiteral("tablet")};
    if (by == QLatin1StringView("city"))
        return {QStringLiteral("DE/Bavaria/Munich"), QStringLiteral("GB/England/London"), QString()};
    if (by == QLatin1StringView("region"))
        return {QStringLiteral("DE/Bavaria"), QStringLiteral("US/California"), QStringLiteral("GB/England"), QString()};
    if (by == QLatin1StringView("channel"))
        return {QStringLiteral("newsletter / email"), QStringLiteral("direct"), QStringLiteral("instagram.com"),
                QStringLiteral("t.co")};
    if (by == QLatin1StringView("campaign"))
        return {QStringLiteral("spring-2026"), QStringLiteral("winter-2025"), QString()};
    return {QStringLiteral("go.acme.example/spring"), QStringLiteral("go.acme.example/newsletter"),
            QStringLiteral("qr.acme.example/poster"), QStringLiteral("acme.link/demo")};
}

inline std::shared_ptr<state::Report> reportFor(const state::ReportQuery& query)
{
    auto report = std::make_shared<state::Report>();
    report->query = query;
    const bool days = query.toMs - query.fromMs > 3 * dayMs;
    report->granularity = query.granularity.value_or(days ? protocol::Granularity::Day : protocol::Granularity::Hour);
    const std::int64_t step = report->granularity == protocol::Granularity::Day    ? dayMs
                              : report->granularity == protocol::Granularity::Hour ? hourMs
                                                                                   : 60'000;
    report->fromMs = query.fromMs / step * step;
    report->toMs = (query.toMs + step - 1) / step * step;
    report->zone = QStringLiteral("UTC");
    report->by = query.by;
    report->series = series(report->fromMs, report->toMs, step, 1);
    for (const state::ReportPoint& point : report->series) {
        report->totals.hits += point.counts.hits;
        report->totals.clicks += point.counts.clicks;
        report->totals.humanClicks += point.counts.humanClicks;
        report->totals.scans += point.counts.scans;
    }
    report->totals.uniques = report->totals.clicks * 3 / 5;
    report->totals.uniqueScanners = report->totals.clicks / 4;
    const bool kept = query.by == QLatin1StringView("link") || query.by == QLatin1StringView("placement");
    std::uint64_t share = 2, left = report->totals.clicks;
    for (const QString& value : valuesOf(query.by)) {
        const std::uint64_t clicks = report->totals.clicks / share;
        left -= clicks;
        report->values.push_back({value, query.by == QLatin1StringView("link") ? share : 0, counts(clicks, kept), {}});
        if (query.split && report->values.size() <= 5)
            report->values.back().series = series(report->fromMs, report->toMs, step, share);
        share *= 2;
    }
    report->valuesTotal = report->values.size() + 17;
    report->others = counts(left, false);
    if (!query.compare.isEmpty()) {
        report->compared.emplace();
        report->compared->fromMs = report->fromMs - (report->toMs - report->fromMs);
        report->compared->toMs = report->fromMs;
        report->compared->series = series(report->compared->fromMs, report->compared->toMs, step, 1);
        report->compared->totals = counts(report->totals.clicks * 3 / 4, true);
        for (const state::ReportValue& value : report->values)
            report->compared->values.push_back(counts(value.counts.clicks * 4 / 5 + 11, kept));
    }
    report->freshness = freshness();
    report->firstMs = report->fromMs;
    report->uniquesError = 0.016;
    report->keptMinutesDays = 14;
    report->keptDays = 400;
    return report;
}

inline state::HoursPtr hoursFor(const state::ReportQuery& query)
{
    auto hours = std::make_shared<state::HoursReport>();
    hours->fromMs = query.fromMs;
    hours->toMs = query.toMs;
    hours->zone = QStringLiteral("UTC");
    for (std::size_t i = 0; i < hours->cells.size(); ++i)
        hours->cells[i] = {1 + static_cast<int>(i % 2),
                           counts(clicksAt(static_cast<std::int64_t>(i) * hourMs, hourMs), false)};
    hours->freshness = freshness();
    return hours;
}

inline state::ReconciliationPtr reconciliation()
{
    auto answer = std::make_shared<state::Reconciliation>();
    const auto row = [](const char* slug, std::uint64_t raw, std::uint64_t rolled, std::uint64_t late,
                        const char* word) {
        state::ReconciledRow made;
        made.link = 1;
        made.domain = QStringLiteral("go.acme.example");
        made.slug = QString::fromLatin1(slug);
        made.raw.hits = raw;
        made.rolled.hits = rolled;
        made.toCome = raw > rolled ? raw - rolled : 0;
        made.late = late;
        made.state = QString::fromLatin1(word);
        return made;
    };
    answer->rows = {row("spring", 8120, 8120, 0, "equal"), row("poster", 4210, 3798, 0, "to_come"),
                    row("old", 0, 311, 0, "raw_gone"), row("demo", 950, 944, 6, "differs")};
    answer->totals = row("", 13280, 12862, 6, "to_come");
    answer->totals.toCome = 412;
    answer->freshness = freshness();
    return answer;
}

inline state::RestatementsPtr restatements()
{
    auto answer = std::make_shared<state::Restatements>();
    answer->fromMs = nowMs - 30 * dayMs;
    answer->toMs = nowMs;
    const auto add = [&answer](const char* reason, std::int64_t hoursAgo, const char* slug, state::CountsChange change,
                               const std::optional<state::Counts>& before = {}) {
        state::Restatement one;
        one.id = answer->items.size() + 1;
        one.notedAtMs = nowMs - hoursAgo * hourMs;
        one.reason = QString::fromLatin1(reason);
        one.toMs = (one.notedAtMs / hourMs - 3) * hourMs;
        one.fromMs = one.toMs - 2 * hourMs;
        one.domain = QStringLiteral("go.acme.example");
        one.slug = QString::fromLatin1(slug);
        one.several = !*slug;
        one.change = change;
        one.before = before;
        answer->items.push_back(one);
    };
    add("late", 1, "spring", {14, 12, 9, 3});
    add("late", 30, "poster", {2, 0, 0, 0});
    add("rebuild", 52, "newsletter", {-5, -4, 0, -1}, counts(950, false));
    add("zone", 400, "", {0, 0, 0, 0});
    return answer;
}

} // namespace samples
