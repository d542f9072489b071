// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "backend/protocol/wire/fields.h"
#include "backend/protocol/wire/read_hit.h"

// Reads messages with either reader, by the descriptions in fields.h; nothing is reserved by what the input claims.
namespace protocol::wire {

template <class R, class T> bool read(R& in, std::optional<T>& value)
{
    T inner{};
    if (!read(in, inner))
        return false;
    value = inner;
    return true;
}

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

} // namespace protocol::wire
