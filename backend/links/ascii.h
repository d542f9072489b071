// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <compare>
#include <string>
#include <string_view>

namespace links {

constexpr char lowerAscii(char c)
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

inline std::string lowerAscii(std::string_view text)
{
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(), [](char c) { return lowerAscii(c); });
    return out;
}

// The order of `text` in lower case against `lower`, which is in lower case, byte by byte.
inline int compareLower(std::string_view text, std::string_view lower)
{
    const std::size_t both = std::min(text.size(), lower.size());
    for (std::size_t i = 0; i < both; ++i) {
        const auto a = static_cast<unsigned char>(lowerAscii(text[i]));
        const auto b = static_cast<unsigned char>(lower[i]);
        if (a != b)
            return a < b ? -1 : 1;
    }
    return text.size() == lower.size() ? 0 : text.size() < lower.size() ? -1 : 1;
}

} // namespace links
