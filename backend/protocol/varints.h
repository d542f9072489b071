// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace protocol {

inline constexpr std::size_t varintBytesMax = 10;

// Numbers as packed files hold them: seven bits a byte, low bits first, the highest bit on all but the last. Where
// there is room for it; returns the place behind it.
inline char* putVarint(char* at, std::uint64_t value)
{
    for (; value >= 0x80; value >>= 7)
        *at++ = static_cast<char>(value | 0x80);
    *at++ = static_cast<char>(value);
    return at;
}

inline void putVarint(std::string& out, std::uint64_t value)
{
    char bytes[varintBytesMax];
    out.append(bytes, putVarint(bytes, value));
}

// Signed numbers, near zero short either way.
inline void putZigzag(std::string& out, std::int64_t value)
{
    putVarint(out, (static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63));
}

// A text or a column after its length.
inline void putSized(std::string& out, std::string_view bytes)
{
    putVarint(out, bytes.size());
    out += bytes;
}

// Reads what the above wrote. Past the end, or at a number too long, it stays broken and gives zeros and empty texts,
// so that one look at isWhole() afterwards is enough. Bytes must outlive it.
class VarintReader {
public:
    VarintReader() = default;
    explicit VarintReader(std::string_view bytes) : m_at(bytes.data()), m_end(bytes.data() + bytes.size()) {}

    std::uint64_t number()
    {
        if (m_at != m_end && static_cast<signed char>(*m_at) >= 0)
            return static_cast<std::uint8_t>(*m_at++);
        return longNumber();
    }
    // A number, or the number of an enumeration, that a T can hold: a larger one breaks it as well, instead of
    // becoming another that is known.
    template <class T> T fitting()
    {
        const std::uint64_t value = number();
        const T found = static_cast<T>(value);
        if (static_cast<std::uint64_t>(found) != value)
            return breakOff(), T{};
        return found;
    }
    std::int64_t zigzag()
    {
        const std::uint64_t value = number();
        return static_cast<std::int64_t>(value >> 1) ^ -static_cast<std::int64_t>(value & 1);
    }
    std::string_view bytes(std::uint64_t length)
    {
        if (length > left())
            return breakOff(), std::string_view();
        const std::string_view found(m_at, static_cast<std::size_t>(length));
        m_at += length;
        return found;
    }
    std::string_view sized() { return bytes(number()); }
    std::uint64_t left() const { return static_cast<std::uint64_t>(m_end - m_at); }
    bool isWhole() const { return !m_isBroken; }
    bool isReadOut() const { return !m_isBroken && m_at == m_end; }

private:
    std::uint64_t longNumber()
    {
        std::uint64_t value = 0;
        for (int shift = 0; shift < 64 && m_at != m_end; shift += 7) {
            const auto byte = static_cast<std::uint8_t>(*m_at++);
            value |= std::uint64_t{byte & 0x7FU} << shift;
            if (byte < 0x80)
                return value;
        }
        breakOff();
        return 0;
    }
    void breakOff()
    {
        m_isBroken = true;
        m_at = m_end;
    }

    const char* m_at = nullptr;
    const char* m_end = nullptr;
    bool m_isBroken = false;
};

} // namespace protocol
