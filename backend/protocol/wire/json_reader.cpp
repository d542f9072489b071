// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/protocol/wire/json_reader.h"

#include <charconv>

#include "backend/protocol/wire/utf8.h"

namespace protocol::wire {

namespace {
bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}
} // namespace

char JsonReader::peek()
{
    while (m_at < m_in.size() && (m_in[m_at] == ' ' || m_in[m_at] == '\n' || m_in[m_at] == '\r' || m_in[m_at] == '\t'))
        ++m_at;
    return m_at < m_in.size() ? m_in[m_at] : '\0';
}

bool JsonReader::take(std::string_view literal)
{
    peek();
    if (!m_in.substr(m_at).starts_with(literal))
        return false;
    m_at += literal.size();
    return true;
}

bool JsonReader::takeNull()
{
    return ok() && take("null");
}

bool JsonReader::readBool(bool& value)
{
    value = take("true");
    return value || take("false") || fail("type");
}

std::size_t JsonReader::integerEnd(std::size_t at) const
{
    if (at < m_in.size() && m_in[at] == '0')
        return at + 1;
    while (at < m_in.size() && isDigit(m_in[at]))
        ++at;
    return at;
}

bool JsonReader::readNumber(Number& value)
{
    value = {};
    const char head = peek();
    if (head != '-' && !isDigit(head))
        return fail("type");
    const std::size_t start = m_at;
    const std::size_t integer = start + (head == '-' ? 1 : 0);
    std::size_t end = integerEnd(integer);
    if (end == integer)
        return fail("malformed");
    const std::size_t whole = end;
    const auto digitsFrom = [&](std::size_t at) {
        while (at < m_in.size() && isDigit(m_in[at]))
            ++at;
        return at;
    };
    if (end < m_in.size() && m_in[end] == '.') {
        const std::size_t from = end + 1;
        if ((end = digitsFrom(from)) == from)
            return fail("malformed");
    }
    if (end < m_in.size() && (m_in[end] == 'e' || m_in[end] == 'E')) {
        std::size_t from = end + 1;
        if (from < m_in.size() && (m_in[from] == '+' || m_in[from] == '-'))
            ++from;
        if ((end = digitsFrom(from)) == from)
            return fail("malformed");
    }
    m_at = end;
    const char* text = m_in.data();
    value.negative = head == '-';
    if (end == whole && std::from_chars(text + integer, text + end, value.magnitude).ec == std::errc{})
        return true;
    value.fraction = true; // or an integer beyond 64 bits, as a large fraction may be written
    return std::from_chars(text + start, text + end, value.value).ec == std::errc{} || fail("range");
}

bool JsonReader::readHex4(char32_t& unit)
{
    if (m_in.size() - m_at < 4)
        return fail("malformed");
    unsigned value = 0;
    const char* from = m_in.data() + m_at;
    const auto [end, problem] = std::from_chars(from, from + 4, value, 16);
    if (problem != std::errc{} || end != from + 4)
        return fail("malformed");
    m_at += 4;
    unit = value;
    return true;
}

bool JsonReader::readEscape(std::string& value)
{
    if (m_at >= m_in.size())
        return fail("malformed");
    const char c = m_in[m_at++];
    constexpr std::string_view from = "\"\\/bfnrt";
    constexpr std::string_view to = "\"\\/\b\f\n\r\t";
    if (const std::size_t index = from.find(c); index != std::string_view::npos) {
        value += to[index];
        return true;
    }
    char32_t unit = 0;
    if (c != 'u' || !readHex4(unit))
        return fail("malformed");
    if (unit >= 0xD800 && unit <= 0xDBFF) {
        char32_t low = 0;
        if (!m_in.substr(m_at).starts_with("\\u"))
            return fail("utf8");
        m_at += 2;
        if (!readHex4(low))
            return false;
        if (low < 0xDC00 || low > 0xDFFF)
            return fail("utf8");
        unit = 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
    } else if (unit >= 0xDC00 && unit <= 0xDFFF) {
        return fail("utf8");
    }
    appendCharacter(value, unit);
    return true;
}

bool JsonReader::readText(std::string& value, std::size_t bytesMax)
{
    value.clear();
    if (peek() != '"')
        return fail("type");
    ++m_at;
    for (;;) {
        const std::size_t start = m_at;
        while (m_at < m_in.size() && m_in[m_at] != '"' && m_in[m_at] != '\\' &&
               static_cast<unsigned char>(m_in[m_at]) >= 0x20)
            ++m_at;
        if (m_at >= m_in.size() || static_cast<unsigned char>(m_in[m_at]) < 0x20)
            return fail("malformed");
        const std::string_view piece = m_in.substr(start, m_at - start);
        if (value.size() + piece.size() > bytesMax)
            return fail("limit", static_cast<std::int64_t>(bytesMax));
        if (!isUtf8(piece))
            return fail("utf8");
        value += piece;
        if (m_in[m_at++] == '"')
            return true;
        if (!readEscape(value))
            return false;
        if (value.size() > bytesMax)
            return fail("limit", static_cast<std::int64_t>(bytesMax));
    }
}

bool JsonReader::begin(char open)
{
    if (peek() != open)
        return fail("type");
    if (m_depth >= depthMax)
        return fail("depth", depthMax);
    ++m_at;
    m_first[static_cast<std::size_t>(++m_depth)] = true;
    return true;
}

bool JsonReader::next(char close)
{
    if (!ok())
        return false;
    bool& first = m_first[static_cast<std::size_t>(m_depth)];
    const char c = peek();
    if (c == close) {
        ++m_at;
        --m_depth;
        return false;
    }
    if (first) {
        first = false;
        return true;
    }
    if (c != ',')
        return fail("malformed");
    ++m_at;
    return peek() != close || fail("malformed"); // a comma must be followed by an item
}

bool JsonReader::beginArray()
{
    return begin('[');
}
bool JsonReader::nextItem()
{
    return next(']');
}
bool JsonReader::beginMap()
{
    return begin('{');
}

bool JsonReader::nextKey(std::string_view& key)
{
    if (!next('}') || !readText(m_key, keyBytesMax))
        return false;
    if (peek() != ':')
        return fail("malformed");
    ++m_at;
    key = m_key;
    return true;
}

bool JsonReader::skip()
{
    switch (peek()) {
    case '{': {
        if (!beginMap())
            return false;
        std::string_view key;
        while (nextKey(key))
            skip();
        return ok();
    }
    case '[':
        if (!beginArray())
            return false;
        while (nextItem())
            skip();
        return ok();
    case '"': {
        std::string text;
        return readText(text, m_in.size());
    }
    case 't':
    case 'f':
    case 'n':
        return take("true") || take("false") || take("null") || fail("malformed");
    default: {
        Number number;
        return readNumber(number) || fail("malformed");
    }
    }
}

bool JsonReader::atEnd()
{
    return ok() && (peek() == '\0' || fail("malformed")) && (m_at == m_in.size() || fail("malformed"));
}

} // namespace protocol::wire
