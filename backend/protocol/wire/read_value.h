// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cmath>
#include <limits>
#include <optional>

#include "backend/protocol/messages.h"
#include "backend/protocol/wire/reader_base.h"
#include "backend/protocol/wire/window_fields.h"
#include "backend/protocol/words.h"

// Reads single values with either reader. Every function returns false once the reader has failed.
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

template <class R> bool read(R& in, std::string& value)
{
    return in.readText(value, nameBytesMax);
}

} // namespace protocol::wire
