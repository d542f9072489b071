// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/links/implication.h"

#include <algorithm>
#include <limits>
#include <set>

#include "backend/protocol/hit.h"

namespace links {

namespace {

using Spans = std::vector<TimeSpan>;
using Networks = std::vector<Network>;

constexpr TimeSpan allTime{std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max()};
constexpr TimeSpan wholeWeek{0, minutesPerWeek};

// Every value of the enumeration: these facts are never unknown.
Mask wholeOf(ConditionKind kind)
{
    using protocol::DeviceType;
    using protocol::TouchType;
    const auto bit = [](auto value) { return Mask(1) << static_cast<unsigned>(value); };
    return kind == ConditionKind::Device
               ? bit(DeviceType::Other) | bit(DeviceType::Mobile) | bit(DeviceType::Tablet) | bit(DeviceType::Desktop)
               : bit(TouchType::Link) | bit(TouchType::Qr);
}

Mask maskOf(const CompiledCondition& one)
{
    const Mask mask = std::get<Mask>(one.values);
    return (one.negate ? ~mask : mask) & wholeOf(one.kind);
}

Mask maskOf(Conditions all, ConditionKind kind)
{
    Mask mask = wholeOf(kind);
    for (const CompiledCondition& condition : all)
        if (condition.kind == kind)
            mask &= maskOf(condition);
    return mask;
}

// Lists of spans are sorted and apart from each other.
Spans complement(const Spans& spans, TimeSpan whole)
{
    Spans out;
    std::int64_t from = whole.from;
    for (const TimeSpan& span : spans) {
        if (span.from > from)
            out.push_back({from, span.from});
        from = span.to;
    }
    if (from < whole.to)
        out.push_back({from, whole.to});
    return out;
}

Spans intersection(const Spans& a, const Spans& b)
{
    Spans out;
    for (auto x = a.begin(), y = b.begin(); x != a.end() && y != b.end();) {
        const TimeSpan both{std::max(x->from, y->from), std::min(x->to, y->to)};
        if (both.from < both.to)
            out.push_back(both);
        x->to < y->to ? ++x : ++y;
    }
    return out;
}

bool areInside(const Spans& inner, const Spans& outer)
{
    return std::all_of(inner.begin(), inner.end(), [&](const TimeSpan& span) {
        return std::any_of(outer.begin(), outer.end(),
                           [&](const TimeSpan& o) { return o.from <= span.from && span.to <= o.to; });
    });
}

const Spans* minutesIn(const CompiledCondition& hours, std::string_view zone)
{
    for (const WeekHours& one : std::get<std::vector<WeekHours>>(hours.values))
        if (one.zoneName == zone)
            return &one.minutes;
    return nullptr;
}

// The minutes of a zone's week outside of which they cannot all hold.
Spans minutesOf(Conditions all, std::string_view zone)
{
    Spans minutes{wholeWeek};
    for (const CompiledCondition& condition : all) {
        if (condition.kind != ConditionKind::Hours)
            continue;
        const Spans* const own = minutesIn(condition, zone);
        const std::size_t zones = std::get<std::vector<WeekHours>>(condition.values).size();
        // Hours in one of several zones say nothing certain about one; hours in none of them do.
        if (own != nullptr && condition.negate)
            minutes = intersection(minutes, complement(*own, wholeWeek));
        else if (own != nullptr && zones == 1)
            minutes = intersection(minutes, *own);
    }
    return minutes;
}

bool implyHours(Conditions all, const CompiledCondition& one)
{
    const auto& zones = std::get<std::vector<WeekHours>>(one.values);
    if (one.negate)
        return std::all_of(zones.begin(), zones.end(), [&](const WeekHours& hours) {
            return intersection(minutesOf(all, hours.zoneName), hours.minutes).empty();
        });
    const bool byZone = std::any_of(zones.begin(), zones.end(), [&](const WeekHours& hours) {
        return areInside(minutesOf(all, hours.zoneName), hours.minutes);
    });
    return byZone || std::any_of(all.begin(), all.end(), [&](const CompiledCondition& condition) {
               if (condition.kind != ConditionKind::Hours || condition.negate)
                   return false;
               const auto& own = std::get<std::vector<WeekHours>>(condition.values);
               return std::all_of(own.begin(), own.end(), [&](const WeekHours& hours) {
                   const Spans* const wide = minutesIn(one, hours.zoneName);
                   return wide != nullptr && areInside(hours.minutes, *wide);
               });
           });
}

// Values of the remaining kinds lie inside each other or apart, never across: equal words, hosts under hosts,
// parameters under their names, networks in networks.
bool isCovered(ConditionKind kind, const std::string& value, const Words& by)
{
    const auto has = [&](std::string_view text) {
        return std::binary_search(by.begin(), by.end(), text, std::less<>());
    };
    if (has(value))
        return true;
    if (kind == ConditionKind::Query)
        return value.find('=') != std::string::npos && has(std::string_view(value).substr(0, value.find('=')));
    if (kind == ConditionKind::Referrer)
        for (std::size_t dot = value.find('.'); dot != std::string::npos; dot = value.find('.', dot + 1))
            if (has(std::string_view(value).substr(dot + 1)))
                return true;
    return false;
}

bool isCovered(ConditionKind, const Network& value, const Networks& by)
{
    return std::any_of(by.begin(), by.end(), [&](const Network& network) { return network.contains(value); });
}

template <class Values> bool areCovered(ConditionKind kind, const Values& values, const Values& by)
{
    return std::all_of(values.begin(), values.end(), [&](const auto& value) { return isCovered(kind, value, by); });
}

template <class Values> bool overlap(ConditionKind kind, const Values& a, const Values& b)
{
    const auto any = [kind](const Values& some, const Values& in) {
        return std::any_of(some.begin(), some.end(), [&](const auto& value) { return isCovered(kind, value, in); });
    };
    return any(a, b) || any(b, a);
}

template <class Values> Values without(ConditionKind kind, Values values, const Values& covered)
{
    std::erase_if(values, [&](const auto& value) { return isCovered(kind, value, covered); });
    return values;
}

// What all conditions of one kind leave possible: one of `possible`, where there are any, and none of `excluded`.
template <class Values> struct Remaining {
    std::optional<Values> possible;
    Values excluded;
};

template <class Values> Remaining<Values> remainingOf(Conditions all, ConditionKind kind)
{
    Remaining<Values> remaining;
    for (const CompiledCondition& condition : all) {
        if (condition.kind != kind)
            continue;
        const Values& values = std::get<Values>(condition.values);
        if (condition.negate) {
            remaining.excluded.insert(remaining.excluded.end(), values.begin(), values.end());
        } else if (!remaining.possible) {
            remaining.possible = values;
        } else {
            Values both;
            for (const auto& value : *remaining.possible)
                if (isCovered(kind, value, values))
                    both.push_back(value);
            for (const auto& value : values)
                if (isCovered(kind, value, *remaining.possible))
                    both.push_back(value);
            std::sort(both.begin(), both.end());
            remaining.possible = std::move(both);
        }
    }
    std::sort(remaining.excluded.begin(), remaining.excluded.end());
    if (remaining.possible)
        remaining.possible = without(kind, std::move(*remaining.possible), remaining.excluded);
    return remaining;
}

// A request has one country, one address; it may have many parameters, so that of two conditions each can have its own.
bool implyQuery(Conditions all, const CompiledCondition& one)
{
    const Words& wanted = std::get<Words>(one.values);
    const Words excluded = remainingOf<Words>(all, ConditionKind::Query).excluded;
    if (one.negate)
        return areCovered(one.kind, wanted, excluded);
    return std::any_of(all.begin(), all.end(), [&](const CompiledCondition& condition) {
        return condition.kind == one.kind && !condition.negate &&
               areCovered(one.kind, without(one.kind, std::get<Words>(condition.values), excluded), wanted);
    });
}

template <class Values> bool implyValues(Conditions all, const CompiledCondition& one)
{
    const Values& values = std::get<Values>(one.values);
    const Remaining<Values> remaining = remainingOf<Values>(all, one.kind);
    if (!one.negate)
        return remaining.possible && areCovered(one.kind, *remaining.possible, values);
    const Values open = without(one.kind, values, remaining.excluded);
    return open.empty() || (remaining.possible && !overlap(one.kind, *remaining.possible, open));
}

bool areContradictory(Conditions all, ConditionKind kind)
{
    switch (kind) {
    case ConditionKind::Device:
    case ConditionKind::Touch:
        return maskOf(all, kind) == 0;
    case ConditionKind::Between:
        return moments(all).empty();
    case ConditionKind::Hours:
        return std::any_of(all.begin(), all.end(), [&](const CompiledCondition& condition) {
            if (condition.kind != kind)
                return false;
            const auto& zones = std::get<std::vector<WeekHours>>(condition.values);
            return std::any_of(zones.begin(), zones.end(),
                               [&](const WeekHours& hours) { return minutesOf(all, hours.zoneName).empty(); });
        });
    case ConditionKind::Query: {
        const Words excluded = remainingOf<Words>(all, kind).excluded;
        return std::any_of(all.begin(), all.end(), [&](const CompiledCondition& condition) {
            return condition.kind == kind && !condition.negate &&
                   areCovered(kind, std::get<Words>(condition.values), excluded);
        });
    }
    case ConditionKind::Address: {
        const auto remaining = remainingOf<Networks>(all, kind);
        return remaining.possible && remaining.possible->empty();
    }
    default: {
        const auto remaining = remainingOf<Words>(all, kind);
        return remaining.possible && remaining.possible->empty();
    }
    }
}

} // namespace

std::vector<TimeSpan> moments(Conditions all)
{
    Spans spans{allTime};
    for (const CompiledCondition& condition : all) {
        if (condition.kind != ConditionKind::Between)
            continue;
        const Spans& own = std::get<Spans>(condition.values);
        spans = intersection(spans, condition.negate ? complement(own, allTime) : own);
    }
    return spans;
}

bool imply(Conditions all, const CompiledCondition& one)
{
    switch (one.kind) {
    case ConditionKind::Device:
    case ConditionKind::Touch:
        return (maskOf(all, one.kind) & ~maskOf(one)) == 0;
    case ConditionKind::Between: {
        const Spans& own = std::get<Spans>(one.values);
        return areInside(moments(all), one.negate ? complement(own, allTime) : own);
    }
    case ConditionKind::Hours:
        return implyHours(all, one);
    case ConditionKind::Query:
        return implyQuery(all, one);
    case ConditionKind::Address:
        return implyValues<Networks>(all, one);
    default:
        return implyValues<Words>(all, one);
    }
}

bool imply(Conditions all, Conditions others)
{
    return std::all_of(others.begin(), others.end(), [&](const CompiledCondition& one) { return imply(all, one); });
}

bool areContradictory(Conditions all)
{
    std::set<ConditionKind> kinds;
    for (const CompiledCondition& condition : all)
        kinds.insert(condition.kind);
    return std::any_of(kinds.begin(), kinds.end(), [&](ConditionKind kind) { return areContradictory(all, kind); });
}

} // namespace links
