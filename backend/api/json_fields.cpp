// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/api/json_fields.h"

#include <cmath>

#include <QJsonArray>
#include <QJsonDocument>

#include "backend/api/token_book.h"
#include "backend/protocol/words.h"

namespace api {

QString qString(std::string_view text)
{
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

Fields::Fields(const std::string& body)
{
    QJsonParseError error;
    const QJsonDocument document = QJsonDocument::fromJson(QByteArray::fromStdString(body), &error);
    if (error.error != QJsonParseError::NoError)
        m_problem = FieldProblem{400, "malformed_json", {}, error.offset};
    else if (!document.isObject())
        m_problem = FieldProblem{400, "not_an_object", {}, std::nullopt};
    else
        m_object = document.object();
}

Fields::Fields(const QJsonValue& object) : m_object(object.toObject())
{
    if (!object.isObject())
        m_problem = FieldProblem{400, "not_an_object", {}, std::nullopt};
}

QJsonValue Fields::value(const char* name) const
{
    return m_object.value(QLatin1StringView(name));
}

bool Fields::has(const char* name) const
{
    return m_object.contains(QLatin1StringView(name));
}

void Fields::fail(std::string_view code, std::string_view field, std::optional<std::int64_t> limit)
{
    if (!m_problem)
        m_problem = FieldProblem{422, std::string(code), std::string(field), limit};
}

std::optional<std::string> Fields::text(const char* name, std::size_t bytesMax)
{
    if (m_problem || !has(name))
        return std::nullopt;
    if (!value(name).isString()) {
        fail("wrong_type", name);
        return std::nullopt;
    }
    std::string text = value(name).toString().toStdString();
    if (text.size() > bytesMax) {
        fail("too_long", name, static_cast<std::int64_t>(bytesMax));
        return std::nullopt;
    }
    return text;
}

std::optional<std::int64_t> Fields::integer(const char* name, std::int64_t least, std::int64_t most)
{
    if (m_problem || !has(name))
        return std::nullopt;
    const double number = value(name).toDouble(std::nan(""));
    if (!(std::floor(number) == number)) {
        fail("wrong_type", name);
        return std::nullopt;
    }
    if (number < static_cast<double>(least) || number > static_cast<double>(most)) {
        fail("out_of_range", name, number < static_cast<double>(least) ? least : most);
        return std::nullopt;
    }
    return value(name).toInteger();
}

std::optional<bool> Fields::boolean(const char* name)
{
    if (m_problem || !has(name))
        return std::nullopt;
    if (!value(name).isBool()) {
        fail("wrong_type", name);
        return std::nullopt;
    }
    return value(name).toBool();
}

std::optional<std::vector<std::string>> Fields::texts(const char* name, std::size_t countMax, std::size_t bytesMax)
{
    if (m_problem || !has(name))
        return std::nullopt;
    if (!value(name).isArray()) {
        fail("wrong_type", name);
        return std::nullopt;
    }
    std::vector<std::string> out;
    for (const QJsonValue item : value(name).toArray()) {
        std::string text = item.toString().toStdString();
        if (!item.isString())
            fail("wrong_type", name);
        else if (text.size() > bytesMax)
            fail("too_long", name, static_cast<std::int64_t>(bytesMax));
        else if (out.size() >= countMax)
            fail("too_many", name, static_cast<std::int64_t>(countMax));
        if (m_problem)
            return std::nullopt;
        out.push_back(std::move(text));
    }
    return out;
}

std::optional<protocol::UtcMs> Fields::time(const char* name)
{
    if (m_problem || !has(name))
        return std::nullopt;
    if (value(name).isNull())
        return protocol::UtcMs{};
    const auto time = protocol::utcMsFrom(value(name).toString().toStdString());
    if (!time)
        fail("wrong_type", name);
    return time;
}

std::optional<QJsonObject> Fields::object(const char* name)
{
    if (m_problem || !has(name))
        return std::nullopt;
    if (!value(name).isObject()) {
        fail("wrong_type", name);
        return std::nullopt;
    }
    return value(name).toObject();
}

QJsonValue timeOrNull(protocol::UtcMs time)
{
    return time.value == 0 ? QJsonValue() : QJsonValue(qString(protocol::rfc3339(time)));
}

namespace {

QJsonValue number(std::uint64_t value)
{
    return static_cast<qint64>(value);
}

// Why a domain does not route yet, as a code; null where it does.
QJsonValue whyNotRouted(const links::Domain& domain)
{
    if (domain.state == links::DomainState::Ready)
        return {};
    return domain.state == links::DomainState::Verified ? "no_request_yet" : "not_verified";
}

QJsonArray list(const std::vector<std::string>& texts)
{
    QJsonArray out;
    for (const std::string& text : texts)
        out.append(qString(text));
    return out;
}

} // namespace

QJsonObject jsonOf(const links::Domain& domain)
{
    return {{"id", static_cast<qint64>(domain.id.value)},
            {"host", qString(domain.host)},
            {"state", qString(word(domain.state))},
            {"why", whyNotRouted(domain)},
            {"txtName", qString("_clickroom-verify." + domain.host)},
            {"txtValue", qString(domain.verifyToken)}};
}

QJsonObject jsonOf(const links::Workspace& workspace)
{
    return {{"id", static_cast<qint64>(workspace.id.value)},
            {"name", qString(workspace.name)},
            {"plan", qString(word(workspace.plan))},
            {"privacy", qString(word(workspace.privacy))},
            {"zone", qString(workspace.zone)},
            {"retentionDays", workspace.retentionDays},
            {"appSchemes", list(workspace.appSchemes)},
            {"utmSources", list(workspace.utmSources)},
            {"utmMediums", list(workspace.utmMediums)}};
}

QJsonObject jsonOf(const storage::Token& token, const std::string& workspace)
{
    return {{"id", static_cast<qint64>(token.id.value)},
            {"workspace", qString(workspace)},
            {"name", qString(token.name)},
            {"role", qString(word(token.role))},
            {"createdAt", timeOrNull(token.createdAt)},
            {"lastUsedAt", timeOrNull(token.lastUsedAt)},
            {"revokedAt", timeOrNull(token.revokedAt)}};
}

QJsonObject jsonOf(const protocol::Watermark& watermark)
{
    return {{"seq", number(watermark.seq.value)},
            {"time", timeOrNull(watermark.time)},
            {"lastSeq", number(watermark.lastSeq.value)},
            {"rolledAt", timeOrNull(watermark.rolledAt)},
            {"intervalSeconds", watermark.intervalSeconds}};
}

} // namespace api
