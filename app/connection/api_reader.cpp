// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/connection/api_reader.h"

#include "app/connection/json_values.h"
#include "app/connection/link_json.h"

namespace connection {

namespace {

constexpr qsizetype factsMax = 32;
constexpr qsizetype conventionsMax = 1000;

protocol::RollupRow rowOf(const QJsonObject& object)
{
    const auto text = [&object](QLatin1StringView name) { return textOf(object, name).toStdString(); };
    protocol::RollupRow row;
    row.bucket = timeOf(object[QLatin1StringView("bucket")]);
    row.link = protocol::LinkId(countOf(object[QLatin1StringView("link")]));
    row.domain = text(QLatin1StringView("domain"));
    row.slug = text(QLatin1StringView("slug"));
    row.value = text(QLatin1StringView("value"));
    row.hits = countOf(object[QLatin1StringView("hits")]);
    row.clicks = countOf(object[QLatin1StringView("clicks")]);
    row.humanClicks = countOf(object[QLatin1StringView("human_clicks")]);
    row.scans = countOf(object[QLatin1StringView("scans")]);
    if (object[QLatin1StringView("uniques")].isDouble())
        row.uniques = countOf(object[QLatin1StringView("uniques")]);
    return row;
}

QString factText(const QJsonValue& value)
{
    if (value.isString())
        return value.toString().left(textCharsMax);
    if (value.isBool())
        return value.toBool() ? QStringLiteral("yes") : QStringLiteral("no");
    if (value.isDouble())
        return QString::number(static_cast<qulonglong>(countOf(value)));
    if (!value.isObject())
        return {};
    QStringList parts;
    const QJsonObject object = value.toObject();
    for (auto part = object.begin(); part != object.end() && parts.size() < factsMax; ++part)
        parts.append(part.key().left(textCharsMax) + QLatin1Char(' ') +
                     QString::number(static_cast<qulonglong>(countOf(part.value()))));
    return parts.join(QStringLiteral(", "));
}

DiagnosisStep stepOf(const QJsonObject& object)
{
    DiagnosisStep step;
    step.code = textOf(object, QLatin1StringView("code"));
    const QString result = textOf(object, QLatin1StringView("result"));
    step.state = result == QLatin1StringView("ok")     ? QStringLiteral("ok")
                 : result == QLatin1StringView("fail") ? QStringLiteral("failed")
                 : result == QLatin1StringView("note") ? QStringLiteral("warning")
                                                       : QStringLiteral("unknown");
    QStringList parts;
    for (auto fact = object.begin(); fact != object.end() && step.facts.size() < factsMax; ++fact) {
        if (fact.key() == QLatin1StringView("code") || fact.key() == QLatin1StringView("result"))
            continue;
        const QString text = factText(fact.value());
        step.facts.insert(fact.key().left(textCharsMax), text);
        if (!text.isEmpty())
            parts.append(fact.key().left(textCharsMax) + QLatin1Char(' ') + text);
    }
    step.detail = parts.join(QStringLiteral(", "));
    return step;
}

} // namespace

std::optional<Session> sessionFrom(const QByteArray& json)
{
    const std::optional<QJsonObject> object = objectFrom(json);
    if (!object)
        return std::nullopt;
    Session session;
    session.workspace = textOf(*object, QLatin1StringView("workspace"));
    session.role = textOf(*object, QLatin1StringView("role"));
    session.plan = textOf(*object, QLatin1StringView("plan"));
    session.zone = textOf(*object, QLatin1StringView("zone"));
    session.tokenName = textOf(*object, QLatin1StringView("token"));
    session.streamUrl = textOf(*object, QLatin1StringView("streamUrl"));
    session.redirectAddress = textOf(*object, QLatin1StringView("redirect"));
    session.dataId = textOf(*object, QLatin1StringView("dataId"));
    session.server = textOf(*object, QLatin1StringView("server"));
    session.utmSources = textsOf(*object, "utmSources", conventionsMax);
    session.utmMediums = textsOf(*object, "utmMediums", conventionsMax);
    if (session.streamUrl.isEmpty())
        return std::nullopt;
    return session;
}

std::optional<Rollups> rollupsFrom(const QByteArray& json)
{
    const std::optional<QJsonObject> object = objectFrom(json);
    if (!object || !(*object)[QLatin1StringView("rows")].isArray())
        return std::nullopt;
    Rollups rollups;
    for (const QJsonValue& row : (*object)[QLatin1StringView("rows")].toArray()) {
        if (rollups.rows.size() == rollupRowsMax) {
            rollups.cut = true;
            break;
        }
        rollups.rows.push_back(rowOf(row.toObject()));
    }
    rollups.watermark = watermarkOf((*object)[QLatin1StringView("watermark")].toObject());
    return rollups;
}

bool linksFrom(const QByteArray& json, Links& links, QString& next)
{
    next.clear();
    const std::optional<QJsonObject> object = objectFrom(json);
    if (!object || !(*object)[QLatin1StringView("items")].isArray())
        return false;
    for (const QJsonValue& item : (*object)[QLatin1StringView("items")].toArray()) {
        if (links.items.size() == Links::itemsMax) {
            links.cut = true;
            return true;
        }
        links.items.push_back(linkOf(item.toObject()));
    }
    next = textOf(*object, QLatin1StringView("next"));
    return true;
}

std::optional<Link> linkFrom(const QByteArray& json)
{
    const std::optional<QJsonObject> object = objectFrom(json);
    if (!object || countOf((*object)[QLatin1StringView("id")]) == 0)
        return std::nullopt;
    return linkOf(*object);
}

std::optional<Diagnosis> diagnosisFrom(const QByteArray& json)
{
    const std::optional<QJsonObject> object = objectFrom(json);
    if (!object || !(*object)[QLatin1StringView("checks")].isArray())
        return std::nullopt;
    Diagnosis diagnosis;
    diagnosis.cause = textOf(*object, QLatin1StringView("cause"));
    for (const QJsonValue& check : (*object)[QLatin1StringView("checks")].toArray()) {
        if (diagnosis.steps.size() == static_cast<std::size_t>(diagnosisStepsMax))
            break;
        diagnosis.steps.push_back(stepOf(check.toObject()));
    }
    return diagnosis;
}

Problem problemFrom(int status, const QByteArray& json)
{
    Problem problem;
    problem.status = status;
    if (const std::optional<QJsonObject> object = objectFrom(json)) {
        problem.code = textOf(*object, QLatin1StringView("type"))
                           .section(QLatin1Char('/'), -1)
                           .replace(QLatin1Char('-'), QLatin1Char('_'));
        problem.detail = textOf(*object, QLatin1StringView("title"));
        problem.field = textOf(*object, QLatin1StringView("field"));
        problem.limit = static_cast<std::int64_t>(countOf(*object, "limit"));
        if (problem.code == QLatin1StringView("version_conflict") && !objectOf(*object, "current").isEmpty())
            problem.conflict = std::make_shared<const state::Conflict>(conflictOf(*object));
    }
    if (problem.code.isEmpty())
        problem.code = QStringLiteral("http_%1").arg(status);
    return problem;
}

} // namespace connection
