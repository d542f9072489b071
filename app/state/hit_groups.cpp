// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/state/hit_groups.h"

#include <algorithm>
#include <charconv>

namespace state {

namespace {

// The enumerations and the status of a hit, one byte each, the status in two: a dictionary value of fixed length,
// without separators.
constexpr std::size_t shapeBytes = 8;

void field(std::string& value, std::string_view text, bool first = false)
{
    if (!first)
        value += Dictionary::separator;
    if (text.find(Dictionary::separator) == std::string_view::npos) {
        value += text;
        return;
    }
    // A byte that UTF-8 never has: shown as every other wrong byte is.
    for (const char c : text) {
        if (c == Dictionary::separator)
            value += "\xEF\xBF\xBD";
        else
            value += c;
    }
}

template <class Number> void numberField(std::string& value, Number number)
{
    char text[24];
    const auto end = std::to_chars(text, text + sizeof text, number).ptr;
    field(value, std::string_view(text, static_cast<std::size_t>(end - text)));
}

std::string_view next(std::string_view& rest)
{
    const std::size_t at = rest.find(Dictionary::separator);
    const std::string_view field = rest.substr(0, at);
    rest.remove_prefix(at == std::string_view::npos ? rest.size() : at + 1);
    return field;
}

template <class Number> Number nextNumber(std::string_view& rest)
{
    const std::string_view text = next(rest);
    Number number{};
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

void joinShape(const protocol::Hit& hit, std::string& value)
{
    const unsigned bytes[shapeBytes] = {static_cast<unsigned>(hit.hitClass),
                                        static_cast<unsigned>(hit.reason),
                                        static_cast<unsigned>(hit.touch),
                                        static_cast<unsigned>(hit.device),
                                        static_cast<unsigned>(hit.botCategory),
                                        hit.late ? 1U : 0U,
                                        hit.status & 0xffU,
                                        static_cast<unsigned>(hit.status) >> 8};
    for (const unsigned byte : bytes)
        value += static_cast<char>(static_cast<unsigned char>(byte));
}

void splitShape(std::string_view value, protocol::Hit& hit)
{
    if (value.size() != shapeBytes) {
        // Only a hostile backend has so many combinations; the row must not pass for a click.
        hit.hitClass = protocol::HitClass::Blocked;
        return;
    }
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(value[i]); };
    hit.hitClass = static_cast<protocol::HitClass>(byte(0));
    hit.reason = static_cast<protocol::HitReason>(byte(1));
    hit.touch = static_cast<protocol::TouchType>(byte(2));
    hit.device = static_cast<protocol::DeviceType>(byte(3));
    hit.botCategory = static_cast<protocol::BotCategory>(byte(4));
    hit.late = byte(5) != 0;
    hit.status = static_cast<std::uint16_t>(byte(6) | (byte(7) << 8));
}

} // namespace

std::size_t fieldsOf(Group group)
{
    switch (group) {
    case Group::Link:
    case Group::Place:
    case Group::Agent:
        return 3;
    case Group::Campaign:
        return 5;
    case Group::Outcome:
        return 4;
    case Group::Referrer:
    case Group::Placement:
    case Group::BotReason:
    case Group::Shape:
        break;
    }
    return 1;
}

void joinGroup(Group group, const protocol::Hit& hit, std::string& value)
{
    value.clear();
    switch (group) {
    case Group::Link:
        field(value, hit.domain, true);
        field(value, hit.slug);
        numberField(value, hit.link.value);
        break;
    case Group::Place:
        field(value, hit.country, true);
        field(value, hit.region);
        field(value, hit.city);
        break;
    case Group::Referrer:
        field(value, hit.referrer, true);
        break;
    case Group::Campaign:
        field(value, hit.campaign, true);
        field(value, hit.utmSource);
        field(value, hit.utmMedium);
        field(value, hit.utmTerm);
        field(value, hit.utmContent);
        break;
    case Group::Outcome:
        field(value, hit.destination, true);
        field(value, hit.rule);
        field(value, hit.variant);
        field(value, hit.passedOver);
        numberField(value, hit.ruleVersion);
        break;
    case Group::Agent:
        field(value, hit.os, true);
        field(value, hit.browser);
        field(value, hit.language);
        break;
    case Group::Placement:
        field(value, hit.placement, true);
        break;
    case Group::BotReason:
        field(value, hit.botReason, true);
        break;
    case Group::Shape:
        joinShape(hit, value);
        break;
    }
}

void splitGroup(Group group, std::string_view value, protocol::Hit& hit)
{
    switch (group) {
    case Group::Link:
        hit.domain = next(value);
        hit.slug = next(value);
        hit.link = protocol::LinkId(nextNumber<std::uint64_t>(value));
        break;
    case Group::Place:
        hit.country = next(value);
        hit.region = next(value);
        hit.city = next(value);
        break;
    case Group::Referrer:
        hit.referrer = value;
        break;
    case Group::Campaign:
        hit.campaign = next(value);
        hit.utmSource = next(value);
        hit.utmMedium = next(value);
        hit.utmTerm = next(value);
        hit.utmContent = next(value);
        break;
    case Group::Outcome:
        hit.destination = next(value);
        hit.rule = next(value);
        hit.variant = next(value);
        hit.passedOver = next(value);
        hit.ruleVersion = nextNumber<std::uint32_t>(value);
        break;
    case Group::Agent:
        hit.os = next(value);
        hit.browser = next(value);
        hit.language = next(value);
        break;
    case Group::Placement:
        hit.placement = value;
        break;
    case Group::BotReason:
        hit.botReason = value;
        break;
    case Group::Shape:
        splitShape(value, hit);
        break;
    }
}

} // namespace state
