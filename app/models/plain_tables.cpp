// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/models/plain_tables.h"

#include "backend/protocol/words.h"

namespace models {

using state::CopiedTable;

namespace {

std::string timeText(std::int64_t ms)
{
    return ms == 0 ? std::string() : protocol::rfc3339(protocol::UtcMs(ms));
}

QString timeValue(protocol::UtcMs time)
{
    return QString::fromStdString(protocol::rfc3339(time));
}

QJsonObject windowFacts(const protocol::WindowAggregate& window)
{
    return {
        {QStringLiteral("window_seconds"), static_cast<qint64>(window.windowSeconds)},
        {QStringLiteral("from"), timeValue(window.from)},
        {QStringLiteral("covered_from"), timeValue(window.coveredFrom)},
        {QStringLiteral("to"), timeValue(window.to)},
    };
}

} // namespace

std::unique_ptr<state::TableSource> catalogueTable(const std::vector<state::Link>& links)
{
    CopiedTable::Rows rows;
    rows.reserve(links.size());
    for (const state::Link& link : links) {
        std::vector<std::string> row{std::to_string(link.id)};
        const QString tags = link.tags.join(QLatin1Char(';'));
        for (const QString& text : {link.domain, link.slug, link.destination})
            row.push_back(text.toStdString());
        row.push_back(std::to_string(link.status));
        for (const QString& text : {link.state, link.campaign, link.goal, link.utm.source, link.utm.medium,
                                    link.utm.campaign, link.utm.term, link.utm.content, tags, link.notes})
            row.push_back(text.toStdString());
        row.push_back(timeText(link.createdAtMs));
        row.push_back(timeText(link.expiresAtMs));
        row.push_back(std::to_string(link.version));
        rows.push_back(std::move(row));
    }
    return std::make_unique<CopiedTable>(std::vector<state::TableColumn>{{"id", true},
                                                                         {"domain"},
                                                                         {"slug"},
                                                                         {"destination"},
                                                                         {"status", true},
                                                                         {"state"},
                                                                         {"campaign"},
                                                                         {"goal"},
                                                                         {"utm_source"},
                                                                         {"utm_medium"},
                                                                         {"utm_campaign"},
                                                                         {"utm_term"},
                                                                         {"utm_content"},
                                                                         {"tags"},
                                                                         {"notes"},
                                                                         {"created"},
                                                                         {"expires"},
                                                                         {"version", true}},
                                         std::move(rows),
                                         QJsonObject{{QStringLiteral("values"), QStringLiteral("current")}});
}

std::unique_ptr<state::TableSource> rollupTable(const RollupSeries& series)
{
    CopiedTable::Rows rows;
    for (const RollupSeries::Point& point : series.points())
        rows.push_back({timeText(point.startMs), std::to_string(point.hits), std::to_string(point.clicks),
                        std::to_string(point.humans), std::to_string(point.bots), std::to_string(point.scans),
                        point.partial ? "true" : "false"});
    QJsonObject facts;
    if (!series.points().empty()) {
        facts[QStringLiteral("from")] = timeValue(protocol::UtcMs(series.points().front().startMs));
        facts[QStringLiteral("to")] = timeValue(protocol::UtcMs(series.points().back().startMs + series.bucketMs()));
    }
    return std::make_unique<CopiedTable>(std::vector<state::TableColumn>{{"bucket"},
                                                                         {"hits", true},
                                                                         {"clicks", true},
                                                                         {"human_clicks", true},
                                                                         {"bots", true},
                                                                         {"scans", true},
                                                                         {"partial", false, true}},
                                         std::move(rows), facts);
}

std::unique_ptr<state::TableSource> velocityTable(const protocol::WindowAggregate& window)
{
    CopiedTable::Rows rows;
    for (const protocol::VelocityBucket& bucket : window.velocity)
        rows.push_back({timeText(bucket.start.value), std::to_string(bucket.clicks), std::to_string(bucket.humans),
                        std::to_string(bucket.scans), std::to_string(bucket.misses)});
    QJsonObject facts = windowFacts(window);
    facts[QStringLiteral("bucket_seconds")] = window.bucketSeconds;
    return std::make_unique<CopiedTable>(
        std::vector<state::TableColumn>{
            {"bucket"}, {"clicks", true}, {"human_clicks", true}, {"scans", true}, {"misses", true}},
        std::move(rows), facts);
}

std::unique_ptr<state::TableSource> topTable(const protocol::WindowAggregate& window)
{
    CopiedTable::Rows rows;
    const auto add = [&rows](const char* list, const std::vector<protocol::NamedCount>& counts) {
        for (const protocol::NamedCount& entry : counts)
            rows.push_back({list, entry.name, std::to_string(entry.count)});
    };
    add("link", window.topLinks);
    add("referrer", window.topReferrers);
    add("channel", window.topChannels);
    add("country", window.topCountries);
    add("device", window.topDevices);
    add("campaign", window.topCampaigns);
    add("placement", window.topPlacements);
    add("bot", window.topBots);
    add("miss", window.topMisses);
    add("qr_country", window.qrCountries);
    return std::make_unique<CopiedTable>(std::vector<state::TableColumn>{{"list"}, {"name"}, {"count", true}},
                                         std::move(rows), windowFacts(window));
}

} // namespace models
