// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/protocol/wire/cbor_reader.h"

#include <bit>
#include <cmath>

#include "backend/protocol/wire/utf8.h"

namespace protocol::wire {

namespace {
// RFC 8949, section 3: the major types, and the "additional information" that stands in a head's low five bits.
enum Major : unsigned { Unsigned = 0, Negative = 1, Bytes = 2, Text = 3, Array = 4, Map = 5, Tag = 6, Simple = 7 };
constexpr unsigned infoFalse = 20, infoTrue = 21, infoNull = 22, infoUndefined = 23, infoHalf = 25, infoDouble = 27,
                   infoIndefinite = 31;
constexpr char breakByte = '\xFF';
} // namespace

bool CborReader::readHead(Head& head)
{
    do {
        if (m_at >= m_in.size())
            return fail("malformed");
        const auto first = static_cast<unsigned char>(m_in[m_at++]);
        head.major = first >> 5;
        head.info = first & 0x1F;
        head.argument = head.info;
        if (head.info >= 24 && head.info <= 27) {
            const std::size_t length = std::size_t{1} << (head.info - 24);
            if (m_in.size() - m_at < length)
                return fail("malformed");
            head.argument = 0;
            for (std::size_t i = 0; i < length; ++i)
                head.argument = (head.argument << 8) | static_cast<unsigned char>(m_in[m_at++]);
        } else if (head.info > 27 && (head.info != infoIndefinite || head.major < Bytes || head.major == Tag)) {
            return fail("malformed");
        }
    } while (head.major == Tag);
    return true;
}

bool CborReader::takeNull()
{
    if (m_at >= m_in.size())
        return false;
    const auto first = static_cast<unsigned char>(m_in[m_at]);
    const bool null = first == (Simple << 5 | infoNull) || first == (Simple << 5 | infoUndefined);
    if (null)
        ++m_at;
    return null;
}

bool CborReader::readBool(bool& value)
{
    Head head;
    if (!readHead(head))
        return false;
    if (head.major != Simple || (head.info != infoFalse && head.info != infoTrue))
        return fail("type");
    value = head.info == infoTrue;
    return true;
}

bool CborReader::readNumber(Number& value)
{
    Head head;
    if (!readHead(head))
        return false;
    value = {};
    if (head.major == Unsigned) {
        value.magnitude = head.argument;
    } else if (head.major == Negative) {
        if (head.argument == UINT64_MAX)
            return fail("range");
        value.magnitude = head.argument + 1;
        value.negative = true;
    } else if (head.major == Simple && head.info >= infoHalf && head.info <= infoDouble) {
        value.fraction = true;
        return readFloat(head, value.value);
    } else {
        return fail("type");
    }
    return true;
}

bool CborReader::readFloat(const Head& head, double& value) const
{
    if (head.info == infoDouble) {
        value = std::bit_cast<double>(head.argument);
    } else if (head.info == infoHalf) {
        const int exponent = static_cast<int>(head.argument >> 10 & 0x1F);
        const auto mantissa = static_cast<double>(head.argument & 0x3FF);
        const double size = exponent == 0    ? std::ldexp(mantissa, -24)
                            : exponent != 31 ? std::ldexp(mantissa + 1024, exponent - 25)
                                             : (mantissa == 0 ? INFINITY : NAN);
        value = (head.argument & 0x8000) ? -size : size;
    } else {
        value = static_cast<double>(std::bit_cast<float>(static_cast<std::uint32_t>(head.argument)));
    }
    return true;
}

bool CborReader::readBytes(const Head& head, std::string_view& bytes)
{
    if (head.info == infoIndefinite || head.argument > m_in.size() - m_at)
        return fail("malformed");
    bytes = m_in.substr(m_at, static_cast<std::size_t>(head.argument));
    m_at += bytes.size();
    return true;
}

bool CborReader::readText(std::string& value, std::size_t bytesMax)
{
    Head head;
    std::string_view bytes;
    if (!readHead(head))
        return false;
    if (head.major != Text)
        return fail("type");
    if (!readBytes(head, bytes))
        return false;
    if (bytes.size() > bytesMax)
        return fail("limit", static_cast<std::int64_t>(bytesMax));
    if (!isUtf8(bytes))
        return fail("utf8");
    value.assign(bytes);
    return true;
}

bool CborReader::begin(unsigned major, std::uint64_t bytesPerItem)
{
    Head head;
    if (!readHead(head))
        return false;
    if (head.major != major)
        return fail("type");
    if (m_depth >= depthMax)
        return fail("depth", depthMax);
    const bool indefinite = head.info == infoIndefinite;
    if (!indefinite && head.argument > (m_in.size() - m_at) / bytesPerItem)
        return fail("malformed");
    m_left[static_cast<std::size_t>(++m_depth)] = indefinite ? untilBreak : head.argument;
    return true;
}

bool CborReader::next()
{
    std::uint64_t& left = m_left[static_cast<std::size_t>(m_depth)];
    if (!ok())
        return false;
    if (left == untilBreak) {
        if (m_at >= m_in.size())
            return fail("malformed");
        if (m_in[m_at] != breakByte)
            return true;
        ++m_at;
        left = 0;
    }
    if (left > 0) {
        --left;
        return true;
    }
    --m_depth;
    return false;
}

bool CborReader::beginArray()
{
    return begin(Array, 1);
}
bool CborReader::nextItem()
{
    return next();
}
bool CborReader::beginMap()
{
    return begin(Map, 2);
}

bool CborReader::nextKey(std::string_view& key)
{
    while (next()) {
        if (m_at < m_in.size() && static_cast<unsigned char>(m_in[m_at]) >> 5 != Text) {
            if (!skip() || !skip())
                return false;
            continue;
        }
        Head head;
        return readHead(head) && readBytes(head, key);
    }
    return false;
}

bool CborReader::skip()
{
    Head head;
    std::string_view bytes;
    const std::size_t start = m_at;
    if (!readHead(head))
        return false;
    switch (head.major) {
    case Bytes:
    case Text:
        return readBytes(head, bytes);
    case Array:
        m_at = start;
        if (!beginArray())
            return false;
        while (nextItem())
            skip();
        return ok();
    case Map:
        m_at = start;
        if (!beginMap())
            return false;
        while (next())
            if (!skip() || !skip())
                return false;
        return ok();
    case Simple:
        return head.info != infoIndefinite || fail("malformed");
    default:
        return true;
    }
}

bool CborReader::atEnd()
{
    return ok() && (m_at == m_in.size() || fail("malformed"));
}

} // namespace protocol::wire
