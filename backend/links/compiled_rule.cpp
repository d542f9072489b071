// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/links/compiled_rule.h"

#include <algorithm>
#include <array>
#include <limits>
#include <optional>

#include "backend/links/ascii.h"
#include "backend/links/destination.h"
#include "backend/protocol/limits.h"
#include "backend/protocol/words.h"

namespace links {

namespace {

using protocol::limits::utmBytes;

constexpr std::array<std::string_view, 7> dayWords = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
constexpr std::int64_t minutesPerDay = 24 * 60;

bool isKind(ConditionKind kind)
{
    return kind >= ConditionKind::Country && kind <= ConditionKind::Placement;
}

bool isLetters(std::string_view text, std::size_t min, std::size_t max)
{
    return text.size() >= min && text.size() <= max &&
           std::all_of(text.begin(), text.end(), [](char c) { return lowerAscii(c) >= 'a' && lowerAscii(c) <= 'z'; });
}

std::string_view textProblem(std::string_view value)
{
    if (value.empty())
        return "empty";
    if (value.size() > utmBytes)
        return "too_long";
    return protocol::visibleText(value, utmBytes) == value ? "" : "control";
}

// A referrer's host, as the enricher writes it: internationalised names as sent.
std::string_view hostValueProblem(std::string_view value)
{
    const bool plain = value.find_first_of(" /:@?#") == std::string_view::npos && !value.starts_with('.') &&
                       !value.ends_with('.') && value.find("..") == std::string_view::npos;
    return plain ? "" : "host";
}

std::string_view takeWord(CompiledCondition& out, std::string_view value)
{
    if (const std::string_view problem = textProblem(value); !problem.empty())
        return problem;
    if (out.kind == ConditionKind::Country && !isLetters(value, 2, 2))
        return "country";
    if (out.kind == ConditionKind::Language && !isLetters(value, 2, 8))
        return "language";
    if (out.kind == ConditionKind::Referrer)
        if (const std::string_view problem = hostValueProblem(value); !problem.empty())
            return problem;
    if (out.kind == ConditionKind::Query && value.starts_with('='))
        return "empty";
    const bool asWritten = out.kind == ConditionKind::Query || out.kind == ConditionKind::Placement;
    std::get<Words>(out.values).push_back(asWritten ? std::string(value) : lowerAscii(value));
    return "";
}

std::string_view takeMask(CompiledCondition& out, std::string_view value)
{
    unsigned bit = 0;
    if (out.kind == ConditionKind::Device) {
        const auto device = protocol::deviceTypeFrom(value);
        if (!device)
            return value.empty() ? "empty" : "unknown";
        bit = static_cast<unsigned>(*device);
    } else {
        const auto touch = protocol::touchTypeFrom(value);
        if (!touch)
            return value.empty() ? "empty" : "unknown";
        bit = static_cast<unsigned>(*touch);
    }
    std::get<Mask>(out.values) |= Mask(1) << bit;
    return "";
}

std::string_view takeWindow(CompiledCondition& out, std::string_view value)
{
    const std::size_t slash = value.find('/');
    if (slash == std::string_view::npos)
        return "window";
    TimeSpan span{std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max()};
    const auto take = [](std::string_view text, std::int64_t& end) {
        const auto time = protocol::utcMsFrom(text);
        if (time)
            end = time->value;
        return time.has_value() || text == "..";
    };
    if (!take(value.substr(0, slash), span.from) || !take(value.substr(slash + 1), span.to) || span.from >= span.to)
        return "window";
    std::get<std::vector<TimeSpan>>(out.values).push_back(span);
    return "";
}

std::string_view takePart(std::string_view& rest, char end)
{
    const std::size_t at = std::min(rest.find(end), rest.size());
    const std::string_view part = rest.substr(0, at);
    rest.remove_prefix(std::min(at + 1, rest.size()));
    return part;
}

// Minutes of "09:00"; 24:00 is the end of a day. Nothing: none.
std::optional<std::int64_t> minuteOf(std::string_view text)
{
    if (text.size() != 5 || text[2] != ':')
        return std::nullopt;
    for (const std::size_t i : {0U, 1U, 3U, 4U})
        if (text[i] < '0' || text[i] > '9')
            return std::nullopt;
    const int hour = (text[0] - '0') * 10 + (text[1] - '0');
    const int minute = (text[3] - '0') * 10 + (text[4] - '0');
    if (minute > 59 || hour > 24 || (hour == 24 && minute != 0))
        return std::nullopt;
    return hour * 60 + minute;
}

// The days of "mon-fri,sun" as bits from Monday; 0 = none. A range may go over Sunday: "fri-mon".
unsigned daysOf(std::string_view text)
{
    unsigned days = 0;
    if (text.empty() || text.ends_with(','))
        return 0;
    while (!text.empty()) {
        std::string_view part = takePart(text, ',');
        const bool isRange = part.find('-') != std::string_view::npos;
        const auto at = [](std::string_view name) {
            return std::find(dayWords.begin(), dayWords.end(), lowerAscii(name)) - dayWords.begin();
        };
        const auto first = at(takePart(part, '-'));
        const auto last = isRange ? at(part) : first;
        if (first == 7 || last == 7)
            return 0;
        for (auto day = first;; day = (day + 1) % 7) {
            days |= 1U << day;
            if (day == last)
                break;
        }
    }
    return days;
}

std::string_view takeHours(CompiledCondition& out, std::string_view value, const ZoneTable& zones)
{
    std::string_view rest = value;
    const unsigned days = daysOf(takePart(rest, ' '));
    std::string_view times = takePart(rest, ' ');
    const auto from = minuteOf(takePart(times, '-'));
    const auto to = minuteOf(times);
    if (days == 0 || !from || !to || *from == *to || *from == minutesPerDay)
        return "hours";
    const auto zone = zones.find(rest);
    if (!zone)
        return "unknown_zone";
    WeekHours hours{zone, std::string(rest), {}};
    for (std::int64_t day = 0; day < 7; ++day) {
        if (((days >> day) & 1U) == 0)
            continue;
        const std::int64_t start = day * minutesPerDay + *from;
        const std::int64_t end = day * minutesPerDay + *to + (*to < *from ? minutesPerDay : 0);
        hours.minutes.push_back({start, std::min(end, minutesPerWeek)});
        if (end > minutesPerWeek) // Sunday's night ends on Monday
            hours.minutes.push_back({0, end - minutesPerWeek});
    }
    std::get<std::vector<WeekHours>>(out.values).push_back(std::move(hours));
    return "";
}

// Sorted, and apart from each other.
void join(std::vector<TimeSpan>& spans)
{
    std::sort(spans.begin(), spans.end());
    std::vector<TimeSpan> joined;
    for (const TimeSpan& span : spans) {
        if (!joined.empty() && span.from <= joined.back().to)
            joined.back().to = std::max(joined.back().to, span.to);
        else
            joined.push_back(span);
    }
    spans = std::move(joined);
}

void join(std::vector<WeekHours>& all)
{
    std::stable_sort(all.begin(), all.end(),
                     [](const WeekHours& a, const WeekHours& b) { return a.zoneName < b.zoneName; });
    std::vector<WeekHours> joined;
    for (WeekHours& hours : all) {
        if (!joined.empty() && joined.back().zoneName == hours.zoneName) {
            auto& minutes = joined.back().minutes;
            minutes.insert(minutes.end(), hours.minutes.begin(), hours.minutes.end());
        } else {
            joined.push_back(std::move(hours));
        }
    }
    for (WeekHours& hours : joined)
        join(hours.minutes);
    all = std::move(joined);
}

template <class T> void sortOnce(std::vector<T>& values)
{
    std::sort(values.begin(), values.end());
    values.erase(std::unique(values.begin(), values.end()), values.end());
    values.shrink_to_fit();
}

} // namespace

std::string_view takeValue(CompiledCondition& out, std::string_view value, const ZoneTable& zones)
{
    switch (out.kind) {
    case ConditionKind::Device:
    case ConditionKind::Touch:
        if (!std::holds_alternative<Mask>(out.values))
            out.values = Mask(0);
        return takeMask(out, value);
    case ConditionKind::Address: {
        if (!std::holds_alternative<std::vector<Network>>(out.values))
            out.values = std::vector<Network>();
        const auto network = Network::from(value);
        if (!network)
            return "network";
        std::get<std::vector<Network>>(out.values).push_back(*network);
        return "";
    }
    case ConditionKind::Between:
        if (!std::holds_alternative<std::vector<TimeSpan>>(out.values))
            out.values = std::vector<TimeSpan>();
        return takeWindow(out, value);
    case ConditionKind::Hours:
        if (!std::holds_alternative<std::vector<WeekHours>>(out.values))
            out.values = std::vector<WeekHours>();
        return takeHours(out, value, zones);
    default:
        return takeWord(out, value);
    }
}

void settle(CompiledCondition& condition)
{
    if (auto* words = std::get_if<Words>(&condition.values))
        sortOnce(*words);
    else if (auto* networks = std::get_if<std::vector<Network>>(&condition.values))
        sortOnce(*networks);
    else if (auto* spans = std::get_if<std::vector<TimeSpan>>(&condition.values))
        join(*spans);
    else if (auto* hours = std::get_if<std::vector<WeekHours>>(&condition.values))
        join(*hours);
}

CompiledRule compileRule(const Rule& rule, const ZoneTable& zones)
{
    CompiledRule compiled;
    for (const Condition& condition : rule.conditions) {
        CompiledCondition& out = compiled.conditions.emplace_back();
        out.kind = condition.kind;
        out.negate = condition.negate;
        out.unreadable = condition.values.empty() || !isKind(condition.kind);
        for (const std::string& value : condition.values)
            out.unreadable = !takeValue(out, value, zones).empty() || out.unreadable;
        compiled.usable = compiled.usable && !out.unreadable;
        settle(out);
    }
    std::uint64_t shares = 0;
    for (const Variant& variant : rule.variants) {
        shares += variant.weight;
        compiled.shares.push_back(shares);
        compiled.exits.push_back(exitOf(variant.destination));
    }
    compiled.usable = compiled.usable && shares > 0;
    return compiled;
}

} // namespace links
