// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/protocol/wire/utf8.h"

namespace protocol::wire {

char32_t nextCharacter(std::string_view text, std::size_t& at)
{
    const auto byteAt = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char head = byteAt(at);
    if (head < 0x80) {
        ++at;
        return head;
    }
    int length = 0;
    char32_t value = 0;
    char32_t least = 0;
    if ((head & 0xE0) == 0xC0) {
        length = 2;
        value = head & 0x1F;
        least = 0x80;
    } else if ((head & 0xF0) == 0xE0) {
        length = 3;
        value = head & 0x0F;
        least = 0x800;
    } else if ((head & 0xF8) == 0xF0) {
        length = 4;
        value = head & 0x07;
        least = 0x10000;
    }
    if (length == 0 || text.size() - at < static_cast<std::size_t>(length)) {
        ++at;
        return notUtf8;
    }
    for (int i = 1; i < length; ++i) {
        const unsigned char next = byteAt(at + static_cast<std::size_t>(i));
        if ((next & 0xC0) != 0x80) {
            ++at;
            return notUtf8;
        }
        value = (value << 6) | (next & 0x3F);
    }
    if (value < least || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF)) {
        ++at;
        return notUtf8;
    }
    at += static_cast<std::size_t>(length);
    return value;
}

bool isUtf8(std::string_view text)
{
    std::size_t at = 0;
    while (at < text.size()) {
        if (static_cast<unsigned char>(text[at]) < 0x80)
            ++at;
        else if (nextCharacter(text, at) == notUtf8)
            return false;
    }
    return true;
}

void appendCharacter(std::string& out, char32_t c)
{
    if (c < 0x80) {
        out += static_cast<char>(c);
    } else if (c < 0x800) {
        out += static_cast<char>(0xC0 | (c >> 6));
        out += static_cast<char>(0x80 | (c & 0x3F));
    } else if (c < 0x10000) {
        out += static_cast<char>(0xE0 | (c >> 12));
        out += static_cast<char>(0x80 | ((c >> 6) & 0x3F));
        out += static_cast<char>(0x80 | (c & 0x3F));
    } else {
        out += static_cast<char>(0xF0 | (c >> 18));
        out += static_cast<char>(0x80 | ((c >> 12) & 0x3F));
        out += static_cast<char>(0x80 | ((c >> 6) & 0x3F));
        out += static_cast<char>(0x80 | (c & 0x3F));
    }
}

std::string_view cutUtf8(std::string_view text, std::size_t maxBytes)
{
    if (text.size() <= maxBytes)
        return text;
    std::size_t end = maxBytes;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80)
        --end;
    return text.substr(0, end);
}

std::string repairedUtf8(std::string_view text)
{
    std::string out;
    out.reserve(text.size() + 8);
    std::size_t at = 0;
    while (at < text.size()) {
        const std::size_t start = at;
        if (nextCharacter(text, at) == notUtf8)
            appendCharacter(out, 0xFFFD);
        else
            out.append(text.substr(start, at - start));
    }
    return out;
}

} // namespace protocol::wire
