// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <vector>

#include "backend/protocol/wire/fields.h"
#include "backend/protocol/wire/write_hit.h"

// Writes messages with either writer, by the descriptions in fields.h.
namespace protocol::wire {

template <class W, class T> void write(W& out, const std::optional<T>& value)
{
    write(out, *value);
}
template <class W, class T>
    requires std::is_class_v<T>
void write(W& out, const T& value);

template <class W, class T> void write(W& out, const std::vector<T>& values)
{
    out.beginArray(values.size());
    for (const T& value : values) {
        out.item();
        write(out, value);
    }
    out.endArray();
}

template <class T> bool isEmptyValue(const std::vector<T>& values)
{
    return values.empty();
}
template <class T> bool isEmptyValue(const std::optional<T>& value)
{
    return !value.has_value();
}

struct FieldCounter {
    std::size_t count = 0;

    template <class T> void operator()(std::string_view, const T&, std::size_t = 0) { ++count; }
    template <class T> void maybe(std::string_view, const T& value, std::size_t = 0)
    {
        count += isEmptyValue(value) ? 0 : 1;
    }
};

template <class W> struct FieldWriter {
    W& out;

    template <class T> void operator()(std::string_view name, const T& value, std::size_t = 0)
    {
        out.key(name);
        if constexpr (std::is_same_v<T, std::string>)
            out.text(cutUtf8(value, nameBytesMax));
        else
            write(out, value);
    }
    template <class T> void maybe(std::string_view name, const T& value, std::size_t = 0)
    {
        if (!isEmptyValue(value))
            (*this)(name, value);
    }
};

// A map of the value's fields, with the message's type first where it has one.
template <class W, class T>
    requires std::is_class_v<T>
void write(W& out, const T& value)
{
    FieldCounter counter;
    fields(counter, value);
    out.beginMap(counter.count + (typeName<T>.empty() ? 0 : 1));
    if (!typeName<T>.empty()) {
        out.key("type");
        out.text(typeName<T>);
    }
    FieldWriter<W> writer{out};
    fields(writer, value);
    out.endMap();
}

} // namespace protocol::wire
