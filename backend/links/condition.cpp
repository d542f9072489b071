// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/links/condition.h"

#include <algorithm>

#include "backend/links/ascii.h"

namespace links {

namespace {

constexpr std::int64_t mondayMinutes = 3 * 24 * 60; // 1970-01-01 was a Thursday

bool isAmong(const std::vector<TimeSpan>& spans, std::int64_t at)
{
    const auto next =
        std::upper_bound(spans.begin(), spans.end(), at, [](std::int64_t t, const TimeSpan& s) { return t < s.from; });
    return next != spans.begin() && at < (next - 1)->to;
}

// Unknown (empty) is none of them: no value is empty.
bool isAmongLower(const Words& words, std::string_view fact)
{
    const auto found =
        std::lower_bound(words.begin(), words.end(), fact,
                         [](const std::string& word, std::string_view f) { return compareLower(f, word) > 0; });
    return found != words.end() && compareLower(fact, *found) == 0;
}

bool isAmongExact(const Words& words, std::string_view fact)
{
    return std::binary_search(words.begin(), words.end(), fact, std::less<>());
}

// The host itself, or one of those above it.
bool isHostAmong(const Words& words, std::string_view host)
{
    while (!host.empty()) {
        if (isAmongLower(words, host))
            return true;
        const std::size_t dot = host.find('.');
        host.remove_prefix(dot == std::string_view::npos ? host.size() : dot + 1);
    }
    return false;
}

// Whether a parameter is "name" or "name=value".
bool isParameter(std::string_view word, const QueryParameters::Parameter& parameter)
{
    const std::size_t equals = std::min(word.find('='), word.size());
    return word.substr(0, equals) == parameter.name &&
           (equals == word.size() || word.substr(equals + 1) == parameter.value);
}

bool isParameterAmong(const Words& words, const QueryParameters::Parameter& parameter)
{
    return std::any_of(words.begin(), words.end(),
                       [&](const std::string& word) { return isParameter(word, parameter); });
}

bool isAnyOf(const Words& words, ConditionKind kind, const Situation& at)
{
    switch (kind) {
    case ConditionKind::Country:
        return isAmongLower(words, at.facts.country);
    case ConditionKind::Region:
        return isAmongLower(words, at.facts.region);
    case ConditionKind::City:
        return isAmongLower(words, at.facts.city);
    case ConditionKind::Os:
        return isAmongLower(words, at.facts.os);
    case ConditionKind::Browser:
        return isAmongLower(words, at.facts.browser);
    case ConditionKind::Language:
        return isAmongLower(words, at.facts.language);
    case ConditionKind::Referrer:
        return isHostAmong(words, at.facts.referrer);
    case ConditionKind::Placement:
        return isAmongExact(words, at.placement);
    case ConditionKind::Query: {
        const auto all = at.query.all();
        return std::any_of(all.begin(), all.end(), [&](const auto& one) { return isParameterAmong(words, one); });
    }
    default:
        return false;
    }
}

bool isAnyOf(Mask mask, ConditionKind kind, const Situation& at)
{
    const auto bit =
        kind == ConditionKind::Device ? static_cast<unsigned>(at.facts.device) : static_cast<unsigned>(at.touch);
    return ((mask >> bit) & 1U) != 0;
}

bool isAnyOf(const std::vector<Network>& networks, ConditionKind, const Situation& at)
{
    return at.facts.address && std::any_of(networks.begin(), networks.end(),
                                           [&](const Network& network) { return network.contains(*at.facts.address); });
}

bool isAnyOf(const std::vector<TimeSpan>& spans, ConditionKind, const Situation& at)
{
    return isAmong(spans, at.now.value);
}

bool isAnyOf(const std::vector<WeekHours>& all, ConditionKind, const Situation& at)
{
    return std::any_of(all.begin(), all.end(), [&](const WeekHours& hours) {
        return isAmong(hours.minutes, minuteOfWeek(at.now, *hours.zone));
    });
}

// Every bit of the result hangs on every bit of x (the finisher of splitmix64).
std::uint64_t mixed(std::uint64_t x)
{
    x += 0x9e3779b97f4a7c15ULL;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
    return x ^ (x >> 31);
}

} // namespace

std::int64_t minuteOfWeek(protocol::UtcMs time, const ZoneOffsets& zone)
{
    const std::int64_t localMs = time.value + zone.offsetMs(time);
    const std::int64_t rest = localMs % protocol::msPerMinute;
    const std::int64_t minutes = localMs / protocol::msPerMinute - (rest < 0 ? 1 : 0) + mondayMinutes;
    const std::int64_t inWeek = minutes % minutesPerWeek;
    return inWeek < 0 ? inWeek + minutesPerWeek : inWeek;
}

RuleOutcome tryRule(const CompiledRule& rule, const Situation& situation)
{
    if (!rule.usable)
        return {Holding::No, rule.conditions.size(), ConditionKind::Country};
    RuleOutcome outcome{Holding::Yes, 0, ConditionKind::Country};
    for (std::size_t i = 0; i < rule.conditions.size(); ++i) {
        const Holding one = holds(rule.conditions[i], situation);
        if (one == Holding::Yes || (one == Holding::Uncertain && outcome.holds == Holding::Uncertain))
            continue;
        outcome = {one, i, rule.conditions[i].kind};
        if (one == Holding::No)
            break;
    }
    return outcome;
}

std::size_t pickVariant(const CompiledRule& compiled, const Rule& rule, protocol::LinkId link,
                        protocol::VisitorKey stickiness)
{
    if (compiled.shares.size() < 2)
        return 0;
    std::uint64_t x = mixed(stickiness.value ^ mixed(link.value));
    for (const char c : rule.id)
        x = (x ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
    const std::uint64_t at = mixed(x) % compiled.shares.back();
    const auto next = std::upper_bound(compiled.shares.begin(), compiled.shares.end(), at);
    return static_cast<std::size_t>(next - compiled.shares.begin());
}

Holding holds(const CompiledCondition& condition, const Situation& situation)
{
    const Facts& facts = situation.facts;
    if ((condition.kind == ConditionKind::Address && !facts.addressKnown) ||
        (condition.kind == ConditionKind::Query && !facts.queryKnown))
        return Holding::Uncertain;
    const bool any =
        std::visit([&](const auto& values) { return isAnyOf(values, condition.kind, situation); }, condition.values);
    return any != condition.negate ? Holding::Yes : Holding::No;
}

} // namespace links
