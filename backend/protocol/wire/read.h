// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cmath>
#include <limits>
#include <optional>
#include <vector>

#include "backend/protocol/wire/fields.h"
#include "backend/protocol/wire/hit_fields.h"
#include "backend/protocol/wire/reader_base.h"
#include "backend/protocol/words.h"

// Reads values with either reader, by the descriptions in fields.h and hit_fields.h. Every function returns false once
// the reader has failed; nothing is reserved by what the input claims.
namespace protocol::wire {

inline std::optional<Trend> valueFrom(std::string_view text, Trend)
{
    return trendFrom(text).value_or(Trend::Unknown);
}
inline std::optional<ByeReason> valueFrom(std::string_view text, ByeReason)
{
    return byeReasonFrom(text).value_or(ByeReason{});
}
inline std::optional<TouchType> valueFrom(std::string_view text, TouchType)
{
    return touchTypeFrom(text);
}
inline std::optional<HitClass> valueFrom(std::string_view text, HitClass)
{
    return hitClassFrom(text);
}
inline std::optional<DeviceType> valueFrom(std::string_view text, DeviceType)
{
    return deviceTypeFrom(text);
}
inline std::optional<HitReason> valueFrom(std::string_view text, HitReason)
{
    return hitReasonFrom(text);
}
inline std::optional<BotCategory> valueFrom(std::string_view text, BotCategory)
{
    return botCategoryFrom(text);
}

// Integers may also come as fractions without a fractional part (JavaScript's encoders do that), as far as those are
// exact.
template <class R, std::integral T> bool read(R& in, T& value)
{
    Number number;
    if (!in.readNumber(number))
        return false;
    if (number.fraction) {
        constexpr double exactMax = 9'007'199'254'740'992.0; // 2^53
        if (!(std::fabs(number.value) <= exactMax) || number.value != std::floor(number.value))
            return in.fail("range");
        number.negative = number.value < 0;
        number.magnitude = static_cast<std::uint64_t>(std::fabs(number.value));
    }
    if (number.magnitude == 0)
        number.negative = false;
    constexpr auto most = static_cast<std::uint64_t>(std::numeric_limits<T>::max());
    if (number.negative) {
        if (!std::signed_integral<T> || number.magnitude > most + 1)
            return in.fail("range");
        value = static_cast<T>(~(number.magnitude - 1));
        return true;
    }
    if (number.magnitude > most)
        return in.fail("range");
    value = static_cast<T>(number.magnitude);
    return true;
}

template <class R> bool read(R& in, bool& value)
{
    return in.readBool(value);
}
template <class R> bool read(R& in, UtcMs& value)
{
    return read(in, value.value);
}
template <class R, class Tag, class Rep> bool read(R& in, StrongId<Tag, Rep>& value)
{
    return read(in, value.value);
}

template <class R> bool read(R& in, double& value)
{
    Number number;
    if (!in.readNumber(number))
        return false;
    value = number.fraction ? number.value : static_cast<double>(number.magnitude) * (number.negative ? -1 : 1);
    return std::isfinite(value) || in.fail("range");
}

template <class R, class E>
    requires std::is_enum_v<E>
bool read(R& in, E& value)
{
    std::string text;
    if (!in.readText(text, nameBytesMax))
        return false;
    const std::optional<E> found = valueFrom(text, E{});
    if (!found)
        return in.fail("word");
    value = *found;
    return true;
}

template <class R, class T> bool read(R& in, std::optional<T>& value)
{
    T inner{};
    if (!read(in, inner))
        return false;
    value = inner;
    return true;
}

template <class R> bool read(R& in, std::string& value)
{
    return in.readText(value, nameBytesMax);
}
template <class R> bool read(R& in, Hit& hit);
template <class R, class T>
    requires std::is_class_v<T>
bool read(R& in, T& value);

template <class R, class T> bool readList(R& in, std::vector<T>& values, std::size_t countMax)
{
    values.clear();
    if (!in.beginArray())
        return false;
    while (in.nextItem()) {
        if (values.size() >= countMax)
            return in.fail("limit", static_cast<std::int64_t>(countMax));
        T value{};
        if (!read(in, value))
            return false;
        values.push_back(std::move(value));
    }
    return in.ok();
}

// Called for every field of a message, reads the one whose name came.
template <class R> struct FieldReader {
    R& in;
    std::string_view key;
    bool found = false;

    template <class T> void operator()(std::string_view name, T& value, std::size_t limit = nameBytesMax)
    {
        if (found || name != key)
            return;
        found = true;
        in.enter(name);
        if (in.takeNull()) // the same as a field that is not there
            value = T{};
        else
            readOne(value, limit);
        in.leave();
    }
    template <class T> void maybe(std::string_view name, T& value, std::size_t limit = nameBytesMax)
    {
        (*this)(name, value, limit);
    }

private:
    template <class T> void readOne(std::vector<T>& values, std::size_t limit) { readList(in, values, limit); }
    void readOne(std::string& value, std::size_t limit) { in.readText(value, limit); }
    template <class T> void readOne(T& value, std::size_t) { read(in, value); }
};

template <class R, class T>
    requires std::is_class_v<T>
bool read(R& in, T& value)
{
    if (!in.beginMap())
        return false;
    std::string_view key;
    while (in.nextKey(key)) {
        FieldReader<R> reader{in, key};
        fields(reader, value);
        if (!reader.found)
            in.skip();
    }
    return in.ok();
}

// A position's value; the first missing or wrong one fails the whole hit.
template <class R> struct PositionReader {
    R& in;

    template <class T> void operator()(std::string_view name, T& value, std::size_t bytesMax = 0)
    {
        if (!in.ok())
            return;
        in.enter(name);
        if (!in.nextItem()) {
            in.fail("missing");
        } else if constexpr (std::is_same_v<T, std::string>) {
            in.readText(value, bytesMax);
        } else if constexpr (std::is_enum_v<T>) {
            std::uint8_t number = 0; // numbers of a later version are kept, and have the word "unknown"
            if (read(in, number))
                value = static_cast<T>(number);
        } else {
            read(in, value);
        }
        in.leave();
    }
};

// A hit's field by its column's name. A word of a later version becomes 255, which has the word "unknown".
template <class R> struct NamedHitReader {
    R& in;
    std::string_view key;
    bool found = false;

    template <class T> void operator()(std::string_view name, T& value, std::size_t bytesMax = 0)
    {
        if (found || name != key)
            return;
        found = true;
        in.enter(name);
        std::string text;
        if constexpr (std::is_same_v<T, std::string>) {
            in.readText(value, bytesMax);
        } else if constexpr (std::is_enum_v<T>) {
            if (in.readText(text, nameBytesMax))
                value = valueFrom(text, T{}).value_or(static_cast<T>(255));
        } else if constexpr (std::is_same_v<T, UtcMs>) {
            if (in.readText(text, nameBytesMax)) {
                if (const auto time = utcMsFrom(text))
                    value = *time;
                else
                    in.fail("range");
            }
        } else if constexpr (std::is_same_v<T, VisitorKey>) {
            Hit scratch;
            if (in.readText(text, nameBytesMax) && !setHitValue(scratch, HitColumn::Visitor, text))
                in.fail("range");
            value = scratch.visitor;
        } else {
            read(in, value);
        }
        in.leave();
    }
};

template <class R> bool readNamedHit(R& in, Hit& hit)
{
    if (!in.beginMap())
        return false;
    std::string_view key;
    while (in.nextKey(key)) {
        NamedHitReader<R> reader{in, key};
        hitFields(reader, hit);
        if (!reader.found)
            in.skip(); // derived columns, or ones of a later version
    }
    if (in.ok() && !hit.seq) // a hit always has its number; also keeps tiny inputs from making many hits
        in.fail("missing");
    return in.ok();
}

template <class R> bool read(R& in, Hit& hit)
{
    if constexpr (R::positionalHits) {
        if (!in.beginArray())
            return false;
        PositionReader<R> reader{in};
        hitFields(reader, hit);
        while (in.nextItem()) // positions of a later version
            in.skip();
        return in.ok();
    } else {
        return readNamedHit(in, hit);
    }
}

} // namespace protocol::wire
