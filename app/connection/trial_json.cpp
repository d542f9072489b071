// SPDX-License-Identifier: GPL-3.0-or-later
// What the backend is asked to try, and what it answers; lists of edits, domains and tokens.
#include "app/connection/json_values.h"
#include "app/connection/link_json.h"
#include "backend/protocol/limits.h"

namespace connection {

namespace {

namespace limits = protocol::limits;

constexpr qsizetype stepsMax = 64;
constexpr qsizetype findingsMax = 1000;
constexpr qsizetype groupsMax = 1000;
constexpr qsizetype samplesMax = 200;
constexpr qsizetype itemsMax = 10'000;

QByteArray compact(const QJsonObject& object)
{
    return QJsonDocument(object).toJson(QJsonDocument::Compact);
}

// Facts come as a text or as values by name.
QString factsOf(const QJsonValue& value)
{
    if (value.isString())
        return value.toString().left(textCharsMax);
    if (value.isDouble())
        return QString::number(value.toDouble());
    QStringList parts;
    const QJsonObject object = value.toObject();
    for (auto part = object.begin(); part != object.end() && parts.size() < stepsMax; ++part)
        if (const QString text = factsOf(part.value()); !text.isEmpty())
            parts.append(part.key().left(textCharsMax) + QLatin1Char(' ') + text);
    return parts.join(QStringLiteral(", "));
}

state::TriedRule triedRuleOf(const QJsonObject& object)
{
    state::TriedRule rule;
    rule.id = textOf(object, "id");
    rule.name = textOf(object, "name");
    rule.enabled = flagOf(object, "enabled", true);
    rule.holds = flagOf(object, "holds");
    rule.decided = flagOf(object, "decided");
    eachOf(object, "conditions", limits::conditionsPerRule, [&](const QJsonObject& item) {
        state::TriedCondition condition;
        condition.condition = {textOf(item, "kind"), flagOf(item, "negate"),
                               textsOf(item, "values", limits::valuesPerCondition)};
        condition.holds = flagOf(item, "holds");
        condition.saw = factsOf(item[QLatin1StringView("saw")]);
        rule.conditions.append(condition);
    });
    eachOf(object, "variants", limits::variantsPerRule, [&](const QJsonObject& item) {
        rule.variants.append(
            {textOf(item, "name"), textOf(item, "destination"), item[QLatin1StringView("share")].toDouble()});
    });
    return rule;
}

state::Outcome outcomeOf(const QJsonObject& object)
{
    return {textOf(object, "destination"), textOf(object, "rule"), textOf(object, "variant"), textOf(object, "kind")};
}

state::Domain domainOf(const QJsonObject& object)
{
    return {countOf(object, "id"), textOf(object, "host"), textOf(object, "state"), textOf(object, "txtName"),
            textOf(object, "txtValue")};
}

state::Token tokenOf(const QJsonObject& object)
{
    return {countOf(object, "id"),       textOf(object, "name"),      textOf(object, "role"),
            timeOf(object, "createdAt"), timeOf(object, "revokedAt"), timeOf(object, "lastUsedAt")};
}

bool hasList(const std::optional<QJsonObject>& object, const char* name)
{
    return object && (*object)[QLatin1StringView(name)].isArray();
}

} // namespace

QByteArray jsonOf(const state::TrialRequest& request)
{
    QJsonObject object;
    const auto set = [&object](const char* name, const QString& value) {
        if (!value.isEmpty())
            object.insert(QLatin1StringView(name), value);
    };
    set("domain", request.domain);
    set("path", request.path);
    set("query", request.query);
    set("country", request.country);
    set("region", request.region);
    set("city", request.city);
    set("device", request.device);
    set("os", request.os);
    set("browser", request.browser);
    set("language", request.language);
    set("referrer", request.referrer);
    set("address", request.address);
    set("userAgent", request.userAgent);
    set("visitor", request.visitor);
    if (request.timeMs != 0)
        set("time", QString::fromStdString(protocol::rfc3339(protocol::UtcMs(request.timeMs))));
    if (request.draft)
        object.insert(QLatin1StringView("draft"), objectOf(*request.draft));
    return compact(object);
}

QByteArray lintJson(const state::LinkDraft& draft)
{
    QJsonObject object{{QStringLiteral("draft"), objectOf(draft)}};
    if (draft.link.id != 0)
        object.insert(QStringLiteral("link"), static_cast<qint64>(draft.link.id));
    else {
        object.insert(QStringLiteral("domain"), draft.link.domain);
        object.insert(QStringLiteral("slug"), draft.link.slug);
    }
    return compact(object);
}

QByteArray rehearsalJson(const state::LinkDraft& draft, int hits)
{
    return compact({{QStringLiteral("link"), static_cast<qint64>(draft.link.id)},
                    {QStringLiteral("draft"), objectOf(draft)},
                    {QStringLiteral("hits"), hits}});
}

std::optional<state::EditPage> editsFrom(const QByteArray& json)
{
    const std::optional<QJsonObject> object = objectFrom(json);
    if (!hasList(object, "items"))
        return std::nullopt;
    state::EditPage page;
    eachOf(*object, "items", itemsMax, [&](const QJsonObject& item) { page.items.push_back(editOf(item)); });
    return page;
}

std::optional<state::Simulation> simulationFrom(const QByteArray& json)
{
    const std::optional<QJsonObject> object = objectFrom(json);
    if (!object || !(*object)[QLatin1StringView("decision")].isObject())
        return std::nullopt;
    state::Simulation simulation;
    const QJsonObject decision = objectOf(*object, "decision");
    state::Decision& d = simulation.decision;
    d.kind = textOf(decision, "kind");
    d.hitClass = textOf(decision, "class");
    d.reason = textOf(decision, "reason");
    d.location = textOf(decision, "location");
    d.destination = textOf(decision, "destination");
    d.rule = textOf(decision, "rule");
    d.ruleName = textOf(decision, "ruleName");
    d.variant = textOf(decision, "variant");
    d.touch = textOf(decision, "touch");
    d.placement = textOf(decision, "placement");
    d.status = smallOf(decision[QLatin1StringView("status")]);
    d.ruleVersion = static_cast<std::uint32_t>(smallOf(decision[QLatin1StringView("ruleVersion")]));
    eachOf(*object, "steps", stepsMax, [&](const QJsonObject& step) {
        simulation.steps.append(
            {textOf(step, "code"), textOf(step, "state"), factsOf(step[QLatin1StringView("detail")])});
    });
    eachOf(*object, "rules", limits::rulesPerLink,
           [&](const QJsonObject& rule) { simulation.rules.append(triedRuleOf(rule)); });
    return simulation;
}

std::optional<state::Findings> findingsFrom(const QByteArray& json)
{
    const std::optional<QJsonObject> object = objectFrom(json);
    if (!hasList(object, "findings"))
        return std::nullopt;
    state::Findings findings;
    eachOf(*object, "findings", findingsMax, [&](const QJsonObject& item) {
        const QJsonValue condition = item[QLatin1StringView("condition")];
        findings.append({textOf(item, "code"), textOf(item, "severity"), textOf(item, "rule"), textOf(item, "by"),
                         condition.isDouble() ? smallOf(condition) : -1});
    });
    return findings;
}

std::optional<state::Rehearsal> rehearsalFrom(const QByteArray& json)
{
    const std::optional<QJsonObject> object = objectFrom(json);
    if (!hasList(object, "groups"))
        return std::nullopt;
    state::Rehearsal rehearsal;
    rehearsal.tried = countOf(*object, "tried");
    rehearsal.same = countOf(*object, "same");
    rehearsal.changed = countOf(*object, "changed");
    rehearsal.unknown = countOf(*object, "unknown");
    const QJsonObject why = objectOf(*object, "why");
    for (auto reason = why.begin(); reason != why.end() && rehearsal.why.size() < stepsMax; ++reason)
        rehearsal.why.insert(reason.key().left(textCharsMax), countOf(reason.value()));
    eachOf(*object, "groups", groupsMax, [&](const QJsonObject& item) {
        rehearsal.groups.append(
            {outcomeOf(objectOf(item, "before")), outcomeOf(objectOf(item, "after")), countOf(item, "count")});
    });
    eachOf(*object, "samples", samplesMax, [&](const QJsonObject& item) {
        rehearsal.samples.append({countOf(item, "seq"), timeOf(item, "time"), textOf(item, "country"),
                                  textOf(item, "device"), textOf(item, "language"), outcomeOf(objectOf(item, "before")),
                                  outcomeOf(objectOf(item, "after"))});
    });
    return rehearsal;
}

std::optional<QStringList> suggestionsFrom(const QByteArray& json)
{
    constexpr qsizetype suggestionsMax = 20;
    const std::optional<QJsonObject> object = objectFrom(json);
    if (!hasList(object, "suggestions"))
        return std::nullopt;
    QStringList slugs;
    eachOf(*object, "suggestions", suggestionsMax,
           [&](const QJsonObject& item) { slugs.append(textOf(item, "slug")); });
    return slugs;
}

std::optional<QList<state::Domain>> domainsFrom(const QByteArray& json)
{
    const std::optional<QJsonObject> object = objectFrom(json);
    if (!hasList(object, "items"))
        return std::nullopt;
    QList<state::Domain> domains;
    eachOf(*object, "items", itemsMax, [&](const QJsonObject& item) { domains.append(domainOf(item)); });
    return domains;
}

std::optional<state::Domain> domainFrom(const QByteArray& json)
{
    const std::optional<QJsonObject> object = objectFrom(json);
    return object && countOf(*object, "id") != 0 ? std::optional(domainOf(*object)) : std::nullopt;
}

std::optional<QList<state::Token>> tokensFrom(const QByteArray& json)
{
    const std::optional<QJsonObject> object = objectFrom(json);
    if (!hasList(object, "items"))
        return std::nullopt;
    QList<state::Token> tokens;
    eachOf(*object, "items", itemsMax, [&](const QJsonObject& item) { tokens.append(tokenOf(item)); });
    return tokens;
}

std::optional<NewToken> newTokenFrom(const QByteArray& json)
{
    const std::optional<QJsonObject> object = objectFrom(json);
    if (!object || textOf(*object, "token").isEmpty())
        return std::nullopt;
    return NewToken{tokenOf(*object), textOf(*object, "token")};
}

} // namespace connection
