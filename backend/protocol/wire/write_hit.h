// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <concepts>
#include <type_traits>

#include "backend/protocol/hit_columns.h"
#include "backend/protocol/wire/hit_fields.h"
#include "backend/protocol/wire/utf8.h"
#include "backend/protocol/words.h"

// Writes single values and hits with either writer.
namespace protocol::wire {

template <class W, std::unsigned_integral T> void write(W& out, T value)
{
    out.unsignedNumber(value);
}
template <class W, std::signed_integral T> void write(W& out, T value)
{
    out.signedNumber(value);
}
template <class W> void write(W& out, bool value)
{
    out.boolean(value);
}
template <class W> void write(W& out, double value)
{
    out.fraction(value);
}
template <class W> void write(W& out, const std::string& value)
{
    out.text(value);
}
template <class T> inline constexpr bool isText = std::is_same_v<T, std::string> || std::is_same_v<T, std::string_view>;
template <class W> void write(W& out, UtcMs value)
{
    out.signedNumber(value.value);
}
template <class W, class Tag, class Rep> void write(W& out, StrongId<Tag, Rep> value)
{
    out.unsignedNumber(value.value);
}
template <class W, class E>
    requires std::is_enum_v<E>
void write(W& out, E value)
{
    out.text(word(value));
}

// Texts of a hit are cut to their limits here, so that what is written can always be read.
template <class W> struct PositionWriter {
    W& out;

    template <class T> void operator()(std::string_view, const T& value, std::size_t bytesMax = 0)
    {
        if constexpr (isText<T>)
            out.text(cutUtf8(value, bytesMax));
        else if constexpr (std::is_enum_v<T>)
            out.unsignedNumber(static_cast<std::uint64_t>(value));
        else
            write(out, value);
    }
};

// In JSON a hit is an object of its columns' names in the order of HitColumn, then what has no column.
template <class W> struct NamedHitWriter {
    W& out;

    template <class T> void operator()(std::string_view name, const T& value, std::size_t bytesMax = 0)
    {
        if constexpr (isText<T>) {
            out.key(name);
            out.text(cutUtf8(value, bytesMax));
        } else if constexpr (std::is_same_v<T, UtcMs>) {
            out.key(name);
            out.text(rfc3339(value));
        } else if constexpr (std::is_same_v<T, VisitorKey>) {
            out.key(name);
            out.text(visitorText(value));
        } else {
            out.key(name);
            write(out, value);
        }
    }
};

template <class W, class H> void writeHit(W& out, const H& hit)
{
    if constexpr (W::positionalHits) {
        out.beginArray(hitPositions);
        PositionWriter<W> writer{out};
        hitFields(writer, hit);
        out.endArray();
    } else {
        out.beginMap(0);
        NamedHitWriter<W> writer{out};
        hitFields(writer, hit);
        out.key("bot");
        out.boolean(hit.isBot());
        out.key("channel");
        out.text(channelOf(hit));
        out.endMap();
    }
}

template <class W> void write(W& out, const Hit& hit)
{
    writeHit(out, hit);
}
template <class W> void write(W& out, const HitView& hit)
{
    writeHit(out, hit);
}

} // namespace protocol::wire
