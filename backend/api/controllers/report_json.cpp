// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/api/controllers/report_json.h"

#include <QJsonDocument>

#include "backend/api/json_fields.h"
#include "backend/protocol/words.h"

namespace api {

using protocol::UtcMs;
using storage::Figures;

std::string quoted(UtcMs time)
{
    return "\"" + protocol::rfc3339(time) + "\"";
}

void appendCounts(std::string& out, const Figures& figures)
{
    const auto number = [](const std::optional<std::uint64_t>& value) {
        return value ? std::to_string(*value) : std::string("null");
    };
    const rollups::Counts& counts = figures.counts;
    out += "\"hits\":" + std::to_string(counts.hits) + ",\"clicks\":" + std::to_string(counts.clicks) +
           ",\"human_clicks\":" + std::to_string(counts.humanClicks) + ",\"scans\":" + std::to_string(counts.scans) +
           ",\"uniques\":" + number(figures.uniques) + ",\"unique_scanners\":" + number(figures.scanners);
}

void appendObject(std::string& out, const Figures& figures)
{
    out += '{';
    appendCounts(out, figures);
    out += '}';
}

void appendFreshness(std::string& out, const Freshness& fresh)
{
    out += ",\"freshness\":{\"watermark\":" +
           QJsonDocument(jsonOf(fresh.watermark)).toJson(QJsonDocument::Compact).toStdString() +
           ",\"to_come\":" + std::to_string(fresh.toCome()) + "}";
}

void appendChange(std::string& out, const storage::Change& change)
{
    out += "{\"hits\":" + std::to_string(change.hits) + ",\"clicks\":" + std::to_string(change.clicks) +
           ",\"human_clicks\":" + std::to_string(change.humanClicks) + ",\"scans\":" + std::to_string(change.scans) +
           "}";
}

void appendRestated(std::string& out, const storage::RestatedSum& sum, bool byValue)
{
    out += ",\"restated\":";
    if (sum.count == 0) {
        out += "null";
        return;
    }
    out += "{\"count\":" + std::to_string(sum.count) + ",\"several\":" + std::to_string(sum.ofSeveral) +
           ",\"beyond\":" + std::to_string(sum.beyond) + ",\"last\":" + quoted(sum.last) + ",\"change\":";
    if (byValue)
        out += "null";
    else
        appendChange(out, sum.change);
    out += '}';
}

} // namespace api
