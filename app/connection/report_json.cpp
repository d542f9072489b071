// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/connection/report_json.h"

#include "app/connection/api_client.h"
#include "app/connection/json_values.h"
#include "app/connection/link_json.h"

namespace connection {

namespace {

using state::Counts;

std::optional<std::uint64_t> keptCountOf(const QJsonObject& object, const char* name)
{
    const QJsonValue value = object[QLatin1StringView(name)];
    return value.isDouble() ? std::optional(countOf(value)) : std::nullopt;
}

Counts countsOf(const QJsonObject& object)
{
    Counts counts;
    counts.hits = countOf(object, "hits");
    counts.clicks = countOf(object, "clicks");
    // A part is never more than the whole: shares and rests are taken of these.
    counts.humanClicks = std::min(countOf(object, "human_clicks"), counts.clicks);
    counts.scans = std::min(countOf(object, "scans"), counts.clicks);
    counts.uniques = keptCountOf(object, "uniques");
    counts.uniqueScanners = keptCountOf(object, "unique_scanners");
    return counts;
}

std::vector<state::ReportPoint> seriesOf(const QJsonObject& object)
{
    std::vector<state::ReportPoint> series;
    eachOf(object, "series", reportPointsMax, [&series](const QJsonObject& item) {
        const std::int64_t at = timeOf(item, "at");
        if (at > (series.empty() ? 0 : series.back().atMs))
            series.push_back({at, countsOf(item), flagOf(item, "partial")});
    });
    return series;
}

state::Freshness freshnessOf(const QJsonObject& object)
{
    const QJsonObject freshness = objectOf(object, "freshness");
    return {watermarkOf(objectOf(freshness, "watermark")), countOf(freshness, "to_come")};
}

// Whole, of either sign, or 0.
std::int64_t signedOf(const QJsonObject& object, const char* name)
{
    const double number = object[QLatin1StringView(name)].toDouble();
    return std::abs(number) <= 9'007'199'254'740'992.0 ? static_cast<std::int64_t>(number) : 0;
}

state::CountsChange changeOf(const QJsonObject& object)
{
    return {signedOf(object, "hits"), signedOf(object, "clicks"), signedOf(object, "human_clicks"),
            signedOf(object, "scans")};
}

std::optional<state::Restated> restatedOf(const QJsonValue& value)
{
    const QJsonObject object = value.toObject();
    state::Restated restated;
    restated.count = countOf(object, "count");
    if (restated.count == 0)
        return std::nullopt;
    restated.several = std::min(countOf(object, "several"), restated.count);
    restated.beyond = std::min(countOf(object, "beyond"), restated.count);
    restated.lastMs = timeOf(object, "last");
    if (const QJsonValue change = object[QLatin1StringView("change")]; change.isObject())
        restated.change = changeOf(change.toObject());
    return restated;
}

state::Restatement restatementOf(const QJsonObject& object)
{
    state::Restatement one;
    one.id = countOf(object, "id");
    one.notedAtMs = timeOf(object, "noted_at");
    one.reason = textOf(object, "reason");
    one.fromMs = timeOf(object, "from");
    one.toMs = timeOf(object, "to");
    one.link = countOf(object, "link");
    one.domain = textOf(object, "domain");
    one.slug = textOf(object, "slug");
    one.several = flagOf(object, "several");
    one.change = changeOf(objectOf(object, "change"));
    if (const QJsonValue before = object[QLatin1StringView("before")]; before.isObject())
        one.before = countsOf(before.toObject());
    return one;
}

// The range of an answer; false where there is none.
template <typename Answer> bool takeRange(Answer& answer, const QJsonObject& object)
{
    answer.fromMs = timeOf(object, "from");
    answer.toMs = timeOf(object, "to");
    return answer.fromMs > 0 && answer.toMs >= answer.fromMs;
}

std::optional<state::ComparedReport> comparedOf(const QJsonObject& object, std::size_t values)
{
    state::ComparedReport compared;
    if (!takeRange(compared, object))
        return std::nullopt;
    compared.totals = countsOf(objectOf(object, "totals"));
    compared.series = seriesOf(object);
    eachOf(object, "values", reportValuesMax,
           [&compared](const QJsonObject& item) { compared.values.push_back(countsOf(item)); });
    compared.values.resize(values);
    return compared;
}

state::ReconciledRow reconciledOf(const QJsonObject& object)
{
    state::ReconciledRow row;
    row.link = countOf(object, "link");
    row.domain = textOf(object, "domain");
    row.slug = textOf(object, "slug");
    row.raw = countsOf(objectOf(object, "raw"));
    row.rolled = countsOf(objectOf(object, "rolled"));
    row.toCome = countOf(object, "to_come");
    row.late = countOf(object, "late");
    row.state = textOf(object, "state");
    row.why = textOf(object, "why");
    return row;
}

void addTime(QUrlQuery& query, const char* name, std::int64_t ms)
{
    if (ms != 0)
        addText(query, name, QString::fromStdString(protocol::rfc3339(protocol::UtcMs(ms))));
}

} // namespace

QUrlQuery parametersOf(const state::ReportQuery& query, ReportForm form)
{
    QUrlQuery out;
    addTime(out, "from", query.fromMs);
    addTime(out, "to", query.toMs);
    addText(out, "link", query.links.join(QLatin1Char(',')));
    addText(out, "domain", query.domains.join(QLatin1Char(',')));
    addText(out, "campaign", query.campaigns.join(QLatin1Char(',')));
    addText(out, "tag", query.tags.join(QLatin1Char(',')));
    if (form == ReportForm::Reconciliation) { // of all that was stored, whatever it was
        addText(out, "per_link", QStringLiteral("1"));
        return out;
    }
    if (form == ReportForm::Restatements || form == ReportForm::EditMarks) {
        addText(out, "limit", QString::number(form == ReportForm::Restatements ? restatementsMax : editMarksMax));
        return out;
    }
    if (query.isNarrowed())
        addText(out, "where", query.whereDimension + QLatin1Char(':') + query.whereValue);
    if (form == ReportForm::Hours)
        return out;
    if (query.granularity)
        addText(out, "granularity", protocol::word(*query.granularity));
    addText(out, "by", query.by);
    if (query.limit > 0)
        addText(out, "limit", QString::number(query.limit));
    if (query.split)
        addText(out, "split", QStringLiteral("1"));
    addText(out, "compare", query.compare);
    return out;
}

state::ReportPtr reportFrom(const QByteArray& json, const state::ReportQuery& query)
{
    const auto object = objectFrom(json);
    auto report = std::make_shared<state::Report>();
    if (!object || !takeRange(*report, *object) || !(*object)[QLatin1StringView("totals")].isObject())
        return nullptr;
    const auto granularity = protocol::granularityFrom(textOf(*object, "granularity").toStdString());
    if (!granularity)
        return nullptr;
    report->query = query;
    report->granularity = *granularity;
    report->zone = textOf(*object, "zone");
    report->by = textOf(*object, "by");
    report->totals = countsOf(objectOf(*object, "totals"));
    report->series = seriesOf(*object);
    eachOf(*object, "values", reportValuesMax, [&report](const QJsonObject& item) {
        report->values.push_back({textOf(item, "value"), countOf(item, "link"), countsOf(item), {}});
        if (static_cast<qsizetype>(report->values.size()) <= splitValuesMax)
            report->values.back().series = seriesOf(item);
    });
    report->valuesTotal = std::max<std::uint64_t>(countOf(*object, "values_total"), report->values.size());
    report->others = countsOf(objectOf(*object, "others"));
    if (const std::int64_t first = timeOf(*object, "first"); first > 0)
        report->firstMs = first;
    report->compared = comparedOf(objectOf(*object, "compared"), report->values.size());
    report->freshness = freshnessOf(*object);
    report->restated = restatedOf((*object)[QLatin1StringView("restated")]);
    const QJsonObject uniques = objectOf(*object, "uniques");
    report->uniquesEstimated = flagOf(uniques, "estimated");
    report->uniquesError = std::clamp(uniques[QLatin1StringView("error")].toDouble(), 0.0, 1.0);
    const QJsonObject kept = objectOf(*object, "kept");
    report->keptMinutesDays = smallOf(kept[QLatin1StringView("minutes_days")]);
    report->keptDays = smallOf(kept[QLatin1StringView("days")]);
    return report;
}

state::HoursPtr hoursFrom(const QByteArray& json)
{
    using state::HoursReport;
    const auto object = objectFrom(json);
    auto report = std::make_shared<HoursReport>();
    if (!object || !takeRange(*report, *object) || !(*object)[QLatin1StringView("cells")].isArray())
        return nullptr;
    report->zone = textOf(*object, "zone");
    eachOf(*object, "cells", HoursReport::weekdays * HoursReport::hours, [&report](const QJsonObject& item) {
        const int weekday = smallOf(item[QLatin1StringView("weekday")]);
        const int hour = item[QLatin1StringView("hour")].toInt(-1);
        if (weekday < 1 || weekday > HoursReport::weekdays || hour < 0 || hour >= HoursReport::hours)
            return;
        report->cells[static_cast<std::size_t>((weekday - 1) * HoursReport::hours + hour)] = {
            smallOf(item[QLatin1StringView("times")]), countsOf(item)};
    });
    report->freshness = freshnessOf(*object);
    return report;
}

state::ReconciliationPtr reconciliationFrom(const QByteArray& json)
{
    const auto object = objectFrom(json);
    auto answer = std::make_shared<state::Reconciliation>();
    if (!object || !takeRange(*answer, *object) || !(*object)[QLatin1StringView("totals")].isObject())
        return nullptr;
    eachOf(*object, "rows", reconciledRowsMax,
           [&answer](const QJsonObject& item) { answer->rows.push_back(reconciledOf(item)); });
    answer->totals = reconciledOf(objectOf(*object, "totals"));
    answer->freshness = freshnessOf(*object);
    return answer;
}

state::RestatementsPtr restatementsFrom(const QByteArray& json)
{
    const auto object = objectFrom(json);
    auto answer = std::make_shared<state::Restatements>();
    if (!object || !takeRange(*answer, *object) || !(*object)[QLatin1StringView("items")].isArray())
        return nullptr;
    eachOf(*object, "items", restatementsMax,
           [&answer](const QJsonObject& item) { answer->items.push_back(restatementOf(item)); });
    answer->cut = !textOf(*object, "next").isEmpty();
    return answer;
}

state::EditMarksPtr editMarksFrom(const QByteArray& json)
{
    const auto object = objectFrom(json);
    if (!object || !(*object)[QLatin1StringView("marks")].isArray())
        return nullptr;
    auto answer = std::make_shared<state::EditMarks>();
    answer->total = countOf(*object, "total");
    eachOf(*object, "marks", editMarksMax, [&answer](const QJsonObject& item) {
        state::EditMark mark{timeOf(item, "from"), timeOf(item, "to"), countOf(item, "count"),
                             editOf(objectOf(item, "edit"))};
        if (mark.fromMs > 0 && mark.toMs >= mark.fromMs && mark.count > 0)
            answer->marks.push_back(std::move(mark));
    });
    return answer;
}

} // namespace connection
