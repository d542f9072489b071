// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/api/http/message.h"

#include <algorithm>

#include <QJsonDocument>
#include <QJsonObject>
#include <QString>

#include "backend/links/destination.h"

namespace api {

namespace {

// "slug_taken" → "Slug taken": a short name for whoever reads the raw answer; programs and the console go by the type.
std::string titleOf(std::string_view code)
{
    std::string title(code);
    std::replace(title.begin(), title.end(), '_', ' ');
    if (!title.empty() && title.front() >= 'a' && title.front() <= 'z')
        title.front() = static_cast<char>(title.front() - 'a' + 'A');
    return title;
}

} // namespace

const std::string* Request::parameter(std::string_view name) const
{
    for (const auto& [key, value] : query)
        if (key == name)
            return &value;
    return nullptr;
}

bool setTarget(Request& request, std::string_view target)
{
    if (target.empty() || target.front() != '/')
        return false;
    target = target.substr(0, target.find('#'));
    const std::size_t mark = target.find('?');
    request.path = target.substr(0, mark);
    request.query.clear();
    if (mark == std::string_view::npos)
        return true;
    std::string_view rest = target.substr(mark + 1);
    while (!rest.empty()) {
        const std::size_t end = rest.find('&');
        const std::string_view pair = rest.substr(0, end);
        rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
        if (pair.empty())
            continue;
        const std::size_t equals = pair.find('=');
        std::string name, value;
        if (!links::percentDecode(pair.substr(0, equals), true, name) ||
            !links::percentDecode(equals == std::string_view::npos ? std::string_view{} : pair.substr(equals + 1), true,
                                  value))
            return false;
        request.query.emplace_back(std::move(name), std::move(value));
    }
    return true;
}

QJsonObject problemObject(unsigned status, std::string_view code, std::string_view field,
                          std::optional<std::int64_t> limit)
{
    std::string slug(code);
    std::replace(slug.begin(), slug.end(), '_', '-');
    QJsonObject object{{QStringLiteral("type"), QString::fromStdString("/problems/" + slug)},
                       {QStringLiteral("title"), QString::fromStdString(titleOf(code))},
                       {QStringLiteral("status"), static_cast<int>(status)}};
    if (!field.empty())
        object.insert(QStringLiteral("field"), QString::fromUtf8(field.data(), static_cast<qsizetype>(field.size())));
    if (limit)
        object.insert(QStringLiteral("limit"), static_cast<qint64>(*limit));
    return object;
}

Response problem(unsigned status, std::string_view code, std::string_view field, std::optional<std::int64_t> limit)
{
    Response response = json(problemObject(status, code, field, limit), status);
    response.contentType = "application/problem+json";
    return response;
}

Response json(const QJsonObject& object, unsigned status)
{
    Response response;
    response.status = status;
    response.body = QJsonDocument(object).toJson(QJsonDocument::Compact).toStdString();
    return response;
}

std::string jsonString(std::string_view text)
{
    static constexpr char digits[] = "0123456789abcdef";
    const std::string valid = QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size())).toStdString();
    std::string out = "\"";
    for (const char c : valid) {
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (static_cast<unsigned char>(c) < 0x20) {
            out += "\\u00";
            out += digits[(c >> 4) & 0xf];
            out += digits[c & 0xf];
        } else {
            out += c;
        }
    }
    return out += '"';
}

} // namespace api
