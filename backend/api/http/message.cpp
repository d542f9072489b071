// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/api/http/message.h"

#include <algorithm>

#include <QJsonDocument>
#include <QJsonObject>
#include <QString>

namespace api {

namespace {

int hexValue(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

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

std::optional<std::string> percentDecoded(std::string_view text, bool plusIsSpace)
{
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%') {
            if (i + 2 >= text.size())
                return std::nullopt;
            const int high = hexValue(text[i + 1]), low = hexValue(text[i + 2]);
            if (high < 0 || low < 0)
                return std::nullopt;
            out += static_cast<char>(high * 16 + low);
            i += 2;
        } else {
            out += plusIsSpace && text[i] == '+' ? ' ' : text[i];
        }
    }
    return out;
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
        auto name = percentDecoded(pair.substr(0, equals), true);
        auto value =
            percentDecoded(equals == std::string_view::npos ? std::string_view{} : pair.substr(equals + 1), true);
        if (!name || !value)
            return false;
        request.query.emplace_back(std::move(*name), std::move(*value));
    }
    return true;
}

Response problem(unsigned status, std::string_view code, std::string_view field, std::optional<std::int64_t> limit)
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
    Response response = json(object, status);
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
