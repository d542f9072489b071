// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>
#include <cstdint>
#include <optional>

#include "app/connection/api_reader.h"
#include "backend/protocol/notices.h"
#include "backend/protocol/words.h"

// Single values out of JSON from outside, each bounded. What is missing or of the wrong type is empty.
namespace connection {

inline QString textOf(const QJsonObject& object, QLatin1StringView name)
{
    return object[name].toString().left(textCharsMax);
}

inline QString textOf(const QJsonObject& object, const char* name)
{
    return textOf(object, QLatin1StringView(name));
}

// Whole and not negative, or 0. Beyond 2^53 JSON's numbers are not exact, and no count of ours is.
inline std::uint64_t countOf(const QJsonValue& value)
{
    const double number = value.toDouble(-1);
    return number >= 0 && number <= 9'007'199'254'740'992.0 ? static_cast<std::uint64_t>(number) : 0;
}

inline std::uint64_t countOf(const QJsonObject& object, const char* name)
{
    return countOf(object[QLatin1StringView(name)]);
}

inline int smallOf(const QJsonValue& value)
{
    return static_cast<int>(std::min<std::uint64_t>(countOf(value), 1'000'000'000));
}

inline protocol::UtcMs timeOf(const QJsonValue& value)
{
    if (value.isDouble())
        return protocol::UtcMs(static_cast<std::int64_t>(countOf(value)));
    return protocol::utcMsFrom(value.toString().left(64).toStdString()).value_or(protocol::UtcMs());
}

inline std::int64_t timeOf(const QJsonObject& object, const char* name)
{
    return timeOf(object[QLatin1StringView(name)]).value;
}

inline bool flagOf(const QJsonObject& object, const char* name, bool otherwise = false)
{
    return object[QLatin1StringView(name)].toBool(otherwise);
}

inline QJsonObject objectOf(const QJsonObject& object, const char* name)
{
    return object[QLatin1StringView(name)].toObject();
}

inline std::optional<QJsonObject> objectFrom(const QByteArray& json)
{
    const QJsonDocument document = QJsonDocument::fromJson(json);
    return document.isObject() ? std::optional(document.object()) : std::nullopt;
}

inline protocol::Watermark watermarkOf(const QJsonObject& object)
{
    protocol::Watermark watermark;
    watermark.seq = protocol::HitSeq(countOf(object[QLatin1StringView("seq")]));
    watermark.time = timeOf(object[QLatin1StringView("time")]);
    watermark.lastSeq = protocol::HitSeq(countOf(object[QLatin1StringView("lastSeq")]));
    watermark.rolledAt = timeOf(object[QLatin1StringView("rolledAt")]);
    watermark.intervalSeconds = smallOf(object[QLatin1StringView("intervalSeconds")]);
    return watermark;
}

// Calls `take` with each object of a list, `most` at the most.
template <typename Take> void eachOf(const QJsonObject& object, const char* name, qsizetype most, Take take)
{
    const QJsonArray items = object[QLatin1StringView(name)].toArray();
    for (qsizetype i = 0; i < std::min(items.size(), most); ++i)
        take(items[i].toObject());
}

inline QStringList textsOf(const QJsonObject& object, const char* name, qsizetype most)
{
    QStringList texts;
    const QJsonArray items = object[QLatin1StringView(name)].toArray();
    for (qsizetype i = 0; i < std::min(items.size(), most); ++i)
        texts.append(items[i].toString().left(textCharsMax));
    return texts;
}

} // namespace connection
