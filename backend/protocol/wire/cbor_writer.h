// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <bit>
#include <cstdint>
#include <string>
#include <string_view>

#include "backend/protocol/wire/utf8.h"

namespace protocol::wire {

// Writes CBOR (RFC 8949) with shortest heads and definite lengths. The same functions as JsonWriter.
class CborWriter {
public:
    static constexpr bool positionalHits = true;

    explicit CborWriter(std::string& out) : m_out(out) {}

    void beginMap(std::size_t count) { head(5, count); }
    void beginArray(std::size_t count) { head(4, count); }
    void endMap() {}
    void endArray() {}
    void item() {}
    void key(std::string_view name) { bytes(name); }

    void boolean(bool value) { m_out += value ? '\xF5' : '\xF4'; }
    void unsignedNumber(std::uint64_t value) { head(0, value); }
    void signedNumber(std::int64_t value)
    {
        if (value >= 0)
            head(0, static_cast<std::uint64_t>(value));
        else
            head(1, ~static_cast<std::uint64_t>(value));
    }
    void fraction(double value)
    {
        m_out += '\xFB';
        bigEndian(std::bit_cast<std::uint64_t>(value), 8);
    }
    void text(std::string_view value)
    {
        if (isUtf8(value))
            bytes(value);
        else
            bytes(repairedUtf8(value));
    }

private:
    void bytes(std::string_view value)
    {
        head(3, value.size());
        m_out += value;
    }

    void head(unsigned major, std::uint64_t argument)
    {
        const auto first = static_cast<char>(major << 5);
        if (argument < 24) {
            m_out += static_cast<char>(first | static_cast<char>(argument));
            return;
        }
        const int lengthBits = argument <= 0xFF ? 0 : argument <= 0xFFFF ? 1 : argument <= 0xFFFFFFFF ? 2 : 3;
        m_out += static_cast<char>(first | static_cast<char>(24 + lengthBits));
        bigEndian(argument, 1 << lengthBits);
    }

    void bigEndian(std::uint64_t value, int length)
    {
        char bytes[8];
        for (int i = 0; i < length; ++i)
            bytes[i] = static_cast<char>(value >> (8 * (length - 1 - i)));
        m_out.append(bytes, static_cast<std::size_t>(length));
    }

    std::string& m_out;
};

} // namespace protocol::wire
