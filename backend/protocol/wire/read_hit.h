// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/protocol/hit_columns.h"
#include "backend/protocol/wire/hit_fields.h"
#include "backend/protocol/wire/read_value.h"

// Reads a hit: by position from CBOR, by name from JSON.
namespace protocol::wire {

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
        } else if constexpr (std::is_same_v<T, UtcMs>) {
            if (read(in, value))
                value = sayable(value); // as by name: the same hit in either encoding
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

template <class R> void readNamedHit(R& in, Hit& hit)
{
    if (!in.beginMap())
        return;
    std::string_view key;
    while (in.nextKey(key)) {
        NamedHitReader<R> reader{in, key};
        hitFields(reader, hit);
        if (!reader.found)
            in.skip(); // derived columns, or ones of a later version
    }
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
    } else {
        readNamedHit(in, hit);
    }
    if (in.ok() && !hit.seq) // a hit always has its number; also keeps tiny inputs from making many hits
        in.fail("missing");
    return in.ok();
}

} // namespace protocol::wire
