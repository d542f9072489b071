// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace protocol::wire {

inline constexpr char32_t notUtf8 = 0xFFFFFFFF;

// The character at `at`, which is moved behind it; notUtf8 moves it by one byte. Refuses overlong forms and surrogates.
char32_t nextCharacter(std::string_view text, std::size_t& at);

bool isUtf8(std::string_view text);
void appendCharacter(std::string& out, char32_t character);

// The longest head of at most `maxBytes` that does not cut a character in two.
std::string_view cutUtf8(std::string_view text, std::size_t maxBytes);

// With every invalid byte replaced by U+FFFD.
std::string repairedUtf8(std::string_view text);

} // namespace protocol::wire
