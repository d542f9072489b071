// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/connection/link_json.h"

#include "app/connection/json_values.h"
#include "backend/protocol/limits.h"

namespace connection {

namespace {

namespace limits = protocol::limits;

constexpr qsizetype tagsMax = 256;

state::Condition conditionOf(const QJsonObject& object)
{
    return {textOf(object, "kind"), flagOf(object, "negate"), textsOf(object, "values", limits::valuesPerCondition)};
}

state::Rule ruleOf(const QJsonObject& object)
{
    state::Rule rule;
    rule.id = textOf(object, "id");
    rule.name = textOf(object, "name");
    rule.enabled = flagOf(object, "enabled", true);
    rule.version = static_cast<std::uint32_t>(smallOf(object[QLatin1StringView("version")]));
    eachOf(object, "conditions", limits::conditionsPerRule,
           [&](const QJsonObject& item) { rule.conditions.append(conditionOf(item)); });
    eachOf(object, "variants", limits::variantsPerRule, [&](const QJsonObject& item) {
        const int weight = smallOf(item[QLatin1StringView("weight")]);
        rule.variants.append({textOf(item, "name"), textOf(item, "destination"), static_cast<std::uint32_t>(weight)});
    });
    return rule;
}

QJsonValue timeJson(std::int64_t ms)
{
    return ms == 0 ? QJsonValue() : QJsonValue(QString::fromStdString(protocol::rfc3339(protocol::UtcMs(ms))));
}

QJsonArray rulesJson(const QList<state::Rule>& rules)
{
    QJsonArray list;
    for (const state::Rule& rule : rules) {
        QJsonArray conditions, variants;
        for (const state::Condition& condition : rule.conditions)
            conditions.append(QJsonObject{{QStringLiteral("kind"), condition.kind},
                                          {QStringLiteral("negate"), condition.negate},
                                          {QStringLiteral("values"), QJsonArray::fromStringList(condition.values)}});
        for (const state::Variant& variant : rule.variants)
            variants.append(QJsonObject{{QStringLiteral("name"), variant.name},
                                        {QStringLiteral("destination"), variant.destination},
                                        {QStringLiteral("weight"), static_cast<qint64>(variant.weight)}});
        QJsonObject object{{QStringLiteral("name"), rule.name},
                           {QStringLiteral("enabled"), rule.enabled},
                           {QStringLiteral("conditions"), conditions},
                           {QStringLiteral("variants"), variants}};
        if (!rule.id.isEmpty())
            object.insert(QStringLiteral("id"), rule.id);
        list.append(object);
    }
    return list;
}

QJsonValue fieldJson(const state::LinkDraft& draft, const QString& field)
{
    const state::Link& link = draft.link;
    if (field == QLatin1StringView("status"))
        return link.status;
    if (field == QLatin1StringView("expiresAt"))
        return timeJson(link.expiresAtMs);
    if (field == QLatin1StringView("clickLimit"))
        return static_cast<qint64>(link.clickLimit);
    if (field == QLatin1StringView("tags"))
        return QJsonArray::fromStringList(link.tags);
    if (field == QLatin1StringView("rules"))
        return rulesJson(link.rules);
    if (field == QLatin1StringView("password"))
        return draft.password ? QJsonValue(*draft.password) : QJsonValue();
    if (field == QLatin1StringView("utm"))
        return QJsonObject{{QStringLiteral("source"), link.utm.source},
                           {QStringLiteral("medium"), link.utm.medium},
                           {QStringLiteral("campaign"), link.utm.campaign},
                           {QStringLiteral("term"), link.utm.term},
                           {QStringLiteral("content"), link.utm.content}};
    const QString* text = state::textField(link, field);
    return text ? QJsonValue(*text) : QJsonValue(QJsonValue::Undefined);
}

} // namespace

state::Link linkOf(const QJsonObject& object)
{
    state::Link link;
    link.id = countOf(object, "id");
    link.version = static_cast<std::uint32_t>(smallOf(object[QLatin1StringView("version")]));
    link.domain = textOf(object, "domain");
    link.slug = textOf(object, "slug");
    link.destination = textOf(object, "destination");
    link.state = textOf(object, "state");
    link.campaign = textOf(object, "campaign");
    link.notes = textOf(object, "notes");
    link.goal = textOf(object, "goal");
    link.owner = textOf(object, "owner");
    link.fallback = textOf(object, "fallback");
    link.iosApp = textOf(object, "iosApp");
    link.androidApp = textOf(object, "androidApp");
    link.status = smallOf(object[QLatin1StringView("status")]);
    link.flagged = flagOf(object, "flagged");
    link.hasPassword = flagOf(object, "hasPassword");
    link.expiresAtMs = timeOf(object, "expiresAt");
    link.createdAtMs = timeOf(object, "createdAt");
    link.updatedAtMs = timeOf(object, "updatedAt");
    link.clickLimit = countOf(object, "clickLimit");
    if (object[QLatin1StringView("clicks")].isDouble())
        link.clicks = countOf(object, "clicks");
    const QJsonObject utm = objectOf(object, "utm");
    link.utm = {textOf(utm, "source"), textOf(utm, "medium"), textOf(utm, "campaign"), textOf(utm, "term"),
                textOf(utm, "content")};
    link.tags = textsOf(object, "tags", tagsMax);
    eachOf(object, "rules", limits::rulesPerLink, [&](const QJsonObject& item) { link.rules.append(ruleOf(item)); });
    return link;
}

protocol::Edit editOf(const QJsonObject& object)
{
    const auto text = [](const QJsonObject& from, const char* name) { return textOf(from, name).toStdString(); };
    protocol::Edit edit;
    edit.id = countOf(object, "id");
    edit.time = protocol::UtcMs(timeOf(object, "time"));
    edit.what = text(object, "what");
    edit.subject = text(object, "subject");
    edit.actor = text(object, "actor");
    edit.link = protocol::LinkId(countOf(object, "link"));
    edit.version = static_cast<std::uint32_t>(smallOf(object[QLatin1StringView("version")]));
    eachOf(object, "changes", limits::changesPerEdit, [&](const QJsonObject& change) {
        edit.changes.push_back({text(change, "field"), text(change, "before"), text(change, "after")});
    });
    return edit;
}

state::Conflict conflictOf(const QJsonObject& problem)
{
    state::Conflict conflict;
    conflict.current = linkOf(objectOf(problem, "current"));
    conflict.changedBy = textOf(problem, "changedBy");
    conflict.changes = editOf(problem).changes;
    return conflict;
}

QJsonObject objectOf(const state::LinkDraft& draft)
{
    QJsonObject object;
    for (const QString& field : draft.fields)
        if (const QJsonValue value = fieldJson(draft, field); !value.isUndefined())
            object.insert(field, value);
    return object;
}

QByteArray jsonOf(const state::LinkDraft& draft)
{
    return QJsonDocument(objectOf(draft)).toJson(QJsonDocument::Compact);
}

} // namespace connection
