// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/imports/encoding.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace imports {

namespace {

constexpr std::uint32_t replacement = 0xfffd;
constexpr std::size_t zerosLookedAt = 512;

void appendUtf8(std::string& out, std::uint32_t code)
{
    const auto byte = [&out](std::uint32_t value) { out += static_cast<char>(value); };
    if (code < 0x80) {
        byte(code);
    } else if (code < 0x800) {
        byte(0xc0 | (code >> 6));
        byte(0x80 | (code & 0x3f));
    } else if (code < 0x10000) {
        byte(0xe0 | (code >> 12));
        byte(0x80 | ((code >> 6) & 0x3f));
        byte(0x80 | (code & 0x3f));
    } else {
        byte(0xf0 | (code >> 18));
        byte(0x80 | ((code >> 12) & 0x3f));
        byte(0x80 | ((code >> 6) & 0x3f));
        byte(0x80 | (code & 0x3f));
    }
}

std::string fromUtf16(std::string_view bytes, bool bigEndian)
{
    std::string out;
    out.reserve(bytes.size() / 2);
    const auto unit = [&](std::size_t at) -> std::uint32_t {
        const auto first = static_cast<unsigned char>(bytes[at]), second = static_cast<unsigned char>(bytes[at + 1]);
        return bigEndian ? static_cast<std::uint32_t>(first << 8 | second)
                         : static_cast<std::uint32_t>(second << 8 | first);
    };
    for (std::size_t at = 0; at + 1 < bytes.size(); at += 2) {
        const std::uint32_t high = unit(at);
        if (high < 0xd800 || high > 0xdfff) {
            appendUtf8(out, high);
            continue;
        }
        const std::uint32_t low = high < 0xdc00 && at + 3 < bytes.size() ? unit(at + 2) : 0;
        if (low >= 0xdc00 && low <= 0xdfff) {
            appendUtf8(out, 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00));
            at += 2;
        } else {
            appendUtf8(out, replacement);
        }
    }
    return out;
}

// The length of the character at `at`, 0 where it is none (RFC 3629).
std::size_t utf8Length(std::string_view text, std::size_t at)
{
    const auto byte = [&](std::size_t i) -> unsigned {
        return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u;
    };
    const unsigned first = byte(at);
    if (first < 0x80)
        return 1;
    const std::size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
    if (first < 0xc2 || first > 0xf4)
        return 0;
    const unsigned second = byte(at + 1);
    if ((first == 0xe0 && second < 0xa0) || (first == 0xed && second > 0x9f) || (first == 0xf0 && second < 0x90) ||
        (first == 0xf4 && second > 0x8f))
        return 0;
    for (std::size_t i = 1; i < length; ++i)
        if ((byte(at + i) & 0xc0) != 0x80)
            return 0;
    return length;
}

bool isUtf8(std::string_view text)
{
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t length = utf8Length(text, at);
        if (length == 0)
            return false;
        at += length;
    }
    return true;
}

std::string fromWindows1252(std::string_view bytes)
{
    static constexpr std::array<std::uint16_t, 32> upper{
        0x20ac, replacement, 0x201a,      0x0192, 0x201e,      0x2026,      0x2020, 0x2021,      0x02c6, 0x2030, 0x0160,
        0x2039, 0x0152,      replacement, 0x017d, replacement, replacement, 0x2018, 0x2019,      0x201c, 0x201d, 0x2022,
        0x2013, 0x2014,      0x02dc,      0x2122, 0x0161,      0x203a,      0x0153, replacement, 0x017e, 0x0178};
    std::string out;
    out.reserve(bytes.size() + bytes.size() / 8);
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        appendUtf8(out, byte >= 0x80 && byte < 0xa0 ? upper[byte - 0x80u] : byte);
    }
    return out;
}

// Text of Latin letters in UTF-16: zeros at one side only.
std::optional<bool> bigEndianByZeros(std::string_view file)
{
    std::size_t even = 0, odd = 0;
    const std::size_t looked = std::min(file.size(), zerosLookedAt) & ~std::size_t{1};
    for (std::size_t at = 0; at < looked; ++at)
        if (file[at] == '\0')
            ++(at % 2 == 0 ? even : odd);
    if (even + odd == 0 || even + odd < looked / 4 || (even != 0 && odd != 0))
        return std::nullopt;
    return even != 0;
}

} // namespace

std::optional<std::string> textOf(std::string_view file)
{
    std::string text;
    if (file.starts_with("\xff\xfe")) {
        text = fromUtf16(file.substr(2), false);
    } else if (file.starts_with("\xfe\xff")) {
        text = fromUtf16(file.substr(2), true);
    } else if (const auto bigEndian = file.empty() ? std::nullopt : bigEndianByZeros(file)) {
        text = fromUtf16(file, *bigEndian);
    } else {
        if (file.starts_with("\xef\xbb\xbf"))
            file.remove_prefix(3);
        text = isUtf8(file) ? std::string(file) : fromWindows1252(file);
    }
    if (text.find('\0') != std::string::npos)
        return std::nullopt;
    return text;
}

} // namespace imports
