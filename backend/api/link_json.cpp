// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/api/link_json.h"

#include <cmath>

#include "backend/protocol/limits.h"
#include "backend/protocol/words.h"
#include "backend/storage/secret.h"

namespace api {

namespace {

namespace limits = protocol::limits;

constexpr std::size_t tagsMax = 50;

QJsonArray textsOf(const std::vector<std::string>& texts)
{
    QJsonArray out;
    for (const std::string& text : texts)
        out.append(qString(text));
    return out;
}

// Conditions and variants stand in lists within lists, so a field at fault is named by its place: "rules.0.variants.1".
class RuleReader {
public:
    explicit RuleReader(Fields& fields) : m_fields(fields) {}

    std::vector<links::Rule> rules(const QJsonValue& value)
    {
        std::vector<links::Rule> out;
        for (const QJsonValue item : list(value, "rules", limits::rulesPerLink))
            out.push_back(rule(item, "rules." + std::to_string(out.size())));
        return out;
    }

private:
    links::Rule rule(const QJsonValue& value, const std::string& at)
    {
        links::Rule rule;
        const QJsonObject object = objectOf(value, at);
        rule.id = text(object, "id", at, limits::ruleIdBytes);
        rule.name = text(object, "name", at, limits::nameBytes);
        if (const QJsonValue enabled = object["enabled"]; !enabled.isUndefined()) {
            rule.enabled = enabled.toBool();
            if (!enabled.isBool())
                m_fields.fail("wrong_type", at + ".enabled");
        }
        for (const QJsonValue item : list(object["conditions"], at + ".conditions", limits::conditionsPerRule))
            rule.conditions.push_back(condition(item, at + ".conditions." + std::to_string(rule.conditions.size())));
        for (const QJsonValue item : list(object["variants"], at + ".variants", limits::variantsPerRule))
            rule.variants.push_back(variant(item, at + ".variants." + std::to_string(rule.variants.size())));
        return rule;
    }

    links::Condition condition(const QJsonValue& value, const std::string& at)
    {
        links::Condition condition;
        const QJsonObject object = objectOf(value, at);
        if (const auto kind = links::conditionKindFrom(text(object, "kind", at, limits::ruleIdBytes)))
            condition.kind = *kind;
        else
            m_fields.fail("unknown_word", at + ".kind");
        if (const QJsonValue negate = object["negate"]; !negate.isUndefined()) {
            condition.negate = negate.toBool();
            if (!negate.isBool())
                m_fields.fail("wrong_type", at + ".negate");
        }
        for (const QJsonValue item : list(object["values"], at + ".values", limits::valuesPerCondition)) {
            if (!item.isString())
                m_fields.fail("wrong_type", at + ".values");
            condition.values.push_back(item.toString().toStdString());
        }
        return condition;
    }

    links::Variant variant(const QJsonValue& value, const std::string& at)
    {
        links::Variant variant;
        const QJsonObject object = objectOf(value, at);
        variant.name = text(object, "name", at, limits::nameBytes);
        variant.destination = text(object, "destination", at, limits::destinationBytes);
        if (const QJsonValue weight = object["weight"]; !weight.isUndefined()) {
            const double number = weight.toDouble(std::nan(""));
            if (!(std::floor(number) == number))
                m_fields.fail("wrong_type", at + ".weight");
            else if (number < 1 || number > static_cast<double>(limits::variantWeightMax))
                m_fields.fail("out_of_range", at + ".weight", number < 1 ? 1 : limits::variantWeightMax);
            else
                variant.weight = static_cast<std::uint32_t>(number);
        }
        return variant;
    }

    QJsonArray list(const QJsonValue& value, const std::string& at, std::size_t countMax)
    {
        if (value.isUndefined())
            return {};
        if (!value.isArray())
            m_fields.fail("wrong_type", at);
        else if (static_cast<std::size_t>(value.toArray().size()) > countMax)
            m_fields.fail("too_many", at, static_cast<std::int64_t>(countMax));
        else
            return value.toArray();
        return {};
    }

    QJsonObject objectOf(const QJsonValue& value, const std::string& at)
    {
        if (!value.isObject())
            m_fields.fail("wrong_type", at);
        return value.toObject();
    }

    std::string text(const QJsonObject& object, const char* name, const std::string& at, std::size_t bytesMax)
    {
        const QJsonValue value = object[QLatin1StringView(name)];
        if (value.isUndefined())
            return {};
        if (!value.isString())
            m_fields.fail("wrong_type", at + "." + name);
        std::string out = value.toString().toStdString();
        if (out.size() > bytesMax)
            m_fields.fail("too_long", at + "." + name, static_cast<std::int64_t>(bytesMax));
        return out;
    }

    Fields& m_fields;
};

void applyUtm(Fields& fields, links::Link& link)
{
    const auto utm = fields.object("utm");
    if (!utm)
        return;
    const auto set = [&](const char* name, std::string& target) {
        const QJsonValue value = utm->value(QLatin1StringView(name));
        if (value.isUndefined())
            return;
        target = value.toString().toStdString();
        if (!value.isString() || target.size() > limits::utmBytes)
            fields.fail(value.isString() ? "too_long" : "wrong_type", "utm." + std::string(name), limits::utmBytes);
    };
    set("source", link.utm.source);
    set("medium", link.utm.medium);
    set("campaign", link.utm.campaign);
    set("term", link.utm.term);
    set("content", link.utm.content);
}

} // namespace

QJsonObject jsonOf(const links::Link& link, const std::string& host, std::optional<std::uint64_t> clicks)
{
    const QJsonObject utm{{"source", qString(link.utm.source)},
                          {"medium", qString(link.utm.medium)},
                          {"campaign", qString(link.utm.campaign)},
                          {"term", qString(link.utm.term)},
                          {"content", qString(link.utm.content)}};
    const bool showsClicks = clicks && link.clickLimit > 0;
    return {{"id", static_cast<qint64>(link.id.value)},
            {"domain", qString(host)},
            {"slug", qString(link.slug)},
            {"destination", qString(link.destination)},
            {"status", link.status},
            {"state", qString(links::word(link.state))},
            {"flagged", link.flagged},
            {"version", static_cast<qint64>(link.version)},
            {"expiresAt", timeOrNull(link.expiresAt)},
            {"campaign", qString(link.campaign)},
            {"goal", qString(link.goal)},
            {"utm", utm},
            {"tags", textsOf(link.tags)},
            {"notes", qString(link.notes)},
            {"owner", qString(link.owner)},
            {"rules", jsonOf(link.rules)},
            {"clickLimit", static_cast<qint64>(link.clickLimit)},
            {"clicks", showsClicks ? QJsonValue(static_cast<qint64>(*clicks)) : QJsonValue()},
            {"fallback", qString(link.fallback)},
            {"hasPassword", !link.passwordHash.empty()},
            {"iosApp", qString(link.iosApp)},
            {"androidApp", qString(link.androidApp)},
            {"createdAt", timeOrNull(link.createdAt)},
            {"updatedAt", timeOrNull(link.updatedAt)}};
}

QJsonObject jsonOf(const links::Condition& condition)
{
    return {{"kind", qString(links::word(condition.kind))},
            {"negate", condition.negate},
            {"values", textsOf(condition.values)}};
}

QJsonArray jsonOf(const std::vector<links::Rule>& rules)
{
    QJsonArray out;
    for (const links::Rule& rule : rules) {
        QJsonArray conditions, variants;
        for (const links::Condition& condition : rule.conditions)
            conditions.append(jsonOf(condition));
        for (const links::Variant& variant : rule.variants)
            variants.append(QJsonObject{{"name", qString(variant.name)},
                                        {"destination", qString(variant.destination)},
                                        {"weight", static_cast<qint64>(variant.weight)}});
        out.append(QJsonObject{{"id", qString(rule.id)},
                               {"name", qString(rule.name)},
                               {"enabled", rule.enabled},
                               {"version", static_cast<qint64>(rule.version)},
                               {"conditions", conditions},
                               {"variants", variants}});
    }
    return out;
}

QJsonArray jsonOf(const std::vector<protocol::EditChange>& changes)
{
    QJsonArray out;
    for (const protocol::EditChange& change : changes)
        out.append(QJsonObject{
            {"field", qString(change.field)}, {"before", qString(change.before)}, {"after", qString(change.after)}});
    return out;
}

QJsonObject jsonOf(const protocol::Edit& edit)
{
    return {{"id", static_cast<qint64>(edit.id)},
            {"time", timeOrNull(edit.time)},
            {"what", qString(edit.what)},
            {"subject", qString(edit.subject)},
            {"actor", qString(edit.actor)},
            {"link", edit.link ? QJsonValue(static_cast<qint64>(edit.link.value)) : QJsonValue()},
            {"version", static_cast<qint64>(edit.version)},
            {"changes", jsonOf(edit.changes)}};
}

void applyFields(Fields& fields, links::Link& link)
{
    if (const auto text = fields.text("destination", limits::destinationBytes)) {
        link.destination = *text;
        if (const std::string code = links::destinationProblem(*text); !code.empty())
            fields.fail("destination_" + code, "destination");
    }
    if (const auto status = fields.integer("status", 301, 308)) {
        link.status = static_cast<std::uint16_t>(*status);
        if (link.status != 301 && link.status != 302 && link.status != 307 && link.status != 308)
            fields.fail("status_not_redirect", "status");
    }
    if (const auto text = fields.text("state", 16)) {
        if (const auto state = links::linkStateFrom(*text))
            link.state = *state;
        else
            fields.fail("unknown_word", "state");
    }
    const auto set = [&](const char* name, std::size_t bytesMax, std::string& target) {
        if (const auto text = fields.text(name, bytesMax))
            target = *text;
    };
    set("campaign", limits::utmBytes, link.campaign);
    set("goal", limits::utmBytes, link.goal);
    set("notes", limits::notesBytes, link.notes);
    set("owner", limits::nameBytes, link.owner);
    set("fallback", limits::destinationBytes, link.fallback);
    set("iosApp", limits::destinationBytes, link.iosApp);
    set("androidApp", limits::destinationBytes, link.androidApp);
    if (const auto tags = fields.texts("tags", tagsMax, limits::utmBytes))
        link.tags = *tags;
    if (const auto time = fields.time("expiresAt"))
        link.expiresAt = *time;
    if (const auto limit = fields.integer("clickLimit", 0, limits::clickLimitMax))
        link.clickLimit = static_cast<std::uint64_t>(*limit);
    applyUtm(fields, link);
    if (fields.has("rules"))
        link.rules = RuleReader(fields).rules(fields.value("rules"));
}

void applyPassword(Fields& fields, links::Link& link)
{
    if (!fields.has("password"))
        return;
    if (fields.value("password").isNull()) {
        link.passwordHash.clear();
        return;
    }
    const auto password = fields.text("password", limits::passwordBytes);
    if (password && password->empty())
        fields.fail("password_empty", "password");
    if (!fields.problem() && password)
        link.passwordHash = storage::passwordHash(*password);
}

bool mayHoldPassword(std::string_view body)
{
    return body.find("\"password\"") != std::string_view::npos || body.find("\\u") != std::string_view::npos;
}

Response conflictAnswer(const pipeline::Edited<links::Link>& edited, const std::string& host, unsigned status)
{
    QJsonObject object = problemObject(status, "version_conflict", status == 412 ? "If-Match" : "version",
                                       static_cast<std::int64_t>(edited.value.version));
    object.insert("current", jsonOf(edited.value, host));
    object.insert("changedBy", qString(edited.changedBy));
    object.insert("changes", jsonOf(edited.changes));
    Response response = json(object, status);
    response.contentType = "application/problem+json";
    return response;
}

} // namespace api
