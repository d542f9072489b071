// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/links/simulator.h"

#include <arpa/inet.h>
#include <array>
#include <cstdio>

#include "backend/links/condition.h"
#include "backend/links/link_words.h"
#include "backend/protocol/limits.h"
#include "backend/protocol/words.h"

namespace links {

namespace {

using protocol::HitReason;
using Code = Step::Code;
using State = Step::State;

constexpr std::array<std::string_view, 13> stepWords = {
    "reserved_path", "domain_known", "domain_ready", "slug_known", "not_deleted", "not_expired", "click_limit",
    "password",      "not_paused",   "not_flagged",  "rules",      "deep_link",   "destination"};

std::string shown(std::string_view text)
{
    return protocol::visibleText(text, protocol::limits::utmBytes);
}

// The step that ended the evaluation; past the last one where there was a redirect by rules, app or destination.
std::size_t endOf(const Decision& decision)
{
    if (decision.kind == Decision::Kind::Reserved)
        return 0;
    switch (decision.reason) {
    case HitReason::UnknownHost:
        return static_cast<std::size_t>(Code::DomainKnown);
    case HitReason::DomainNotReady:
        return static_cast<std::size_t>(Code::DomainReady);
    case HitReason::UnknownSlug:
        return static_cast<std::size_t>(Code::SlugKnown);
    case HitReason::LinkDeleted:
        return static_cast<std::size_t>(Code::NotDeleted);
    case HitReason::LinkExpired:
        return static_cast<std::size_t>(Code::NotExpired);
    case HitReason::ClickLimit:
        return static_cast<std::size_t>(Code::ClickLimit);
    case HitReason::PasswordNotPassed:
        return static_cast<std::size_t>(Code::Password);
    case HitReason::LinkPaused:
        return static_cast<std::size_t>(Code::NotPaused);
    case HitReason::Flagged:
        return static_cast<std::size_t>(decision.link->flagged ? Code::NotFlagged : Code::Destination);
    case HitReason::Loop:
        return static_cast<std::size_t>(Code::Destination);
    default:
        return stepWords.size();
    }
}

std::string detailOf(Code code, const Decision& decision, const Request& request)
{
    switch (code) {
    case Code::ReservedPath:
        return shown(request.path);
    case Code::DomainKnown:
    case Code::DomainReady:
        return shown(request.host);
    case Code::SlugKnown:
        return decision.slug;
    case Code::NotExpired:
        return decision.link->expiresAt.value == 0 ? std::string() : protocol::rfc3339(decision.link->expiresAt);
    case Code::ClickLimit:
        return decision.link->clickLimit == 0 ? std::string() : std::to_string(decision.link->clickLimit);
    case Code::Rules:
        return decision.rule;
    case Code::DeepLink:
        return decision.destination;
    case Code::Destination:
        return decision.destination;
    default:
        return {};
    }
}

std::vector<Step> stepsOf(const Decision& decision, const Request& request)
{
    std::vector<Step> steps(stepWords.size());
    const std::size_t end = endOf(decision);
    for (std::size_t i = 0; i < steps.size(); ++i) {
        Step& step = steps[i];
        step.code = static_cast<Code>(i);
        step.state = i < end ? State::Ok : i == end ? State::Failed : State::Skipped;
        // Also where a link that is over leads to its fallback.
        if (step.code == Code::Destination && decision.kind == Decision::Kind::Redirect)
            step.state = State::Ok;
        if (step.code == Code::DeepLink && !decision.deepLink)
            step.state = State::Skipped;
        if (step.state != State::Skipped)
            step.detail = detailOf(step.code, decision, request);
    }
    return steps;
}

std::string addressText(const NetAddress& address)
{
    char text[INET6_ADDRSTRLEN] = {};
    const auto mapped = Network::from("::ffff:0:0/96");
    if (mapped->contains(address))
        ::inet_ntop(AF_INET, address.data() + 12, text, sizeof text);
    else
        ::inet_ntop(AF_INET6, address.data(), text, sizeof text);
    return text;
}

// "wed 13:05 Europe/Berlin", for each zone that the condition names.
std::string localTimes(const CompiledCondition& condition, protocol::UtcMs now)
{
    constexpr std::array days = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
    std::string out;
    const auto* const all = std::get_if<std::vector<WeekHours>>(&condition.values);
    for (const WeekHours& hours : all != nullptr ? *all : std::vector<WeekHours>()) {
        const auto minute = static_cast<int>(minuteOfWeek(now, *hours.zone));
        char text[16] = {};
        std::snprintf(text, sizeof text, "%s %02d:%02d ", days[static_cast<std::size_t>(minute / 1440)],
                      minute / 60 % 24, minute % 60);
        out += (out.empty() ? "" : ", ") + (text + hours.zoneName);
    }
    return out;
}

std::string queryText(const QueryParameters& query)
{
    std::string out;
    for (const auto& parameter : query.all())
        (((out += out.empty() ? "" : ", ") += parameter.name) += parameter.value.empty() ? "" : "=") += parameter.value;
    return shown(out);
}

std::string seen(const CompiledCondition& condition, const Situation& at)
{
    const Facts& facts = at.facts;
    switch (condition.kind) {
    case ConditionKind::Country:
        return shown(facts.country);
    case ConditionKind::Region:
        return shown(facts.region);
    case ConditionKind::City:
        return shown(facts.city);
    case ConditionKind::Device:
        return std::string(protocol::word(facts.device));
    case ConditionKind::Os:
        return shown(facts.os);
    case ConditionKind::Browser:
        return shown(facts.browser);
    case ConditionKind::Language:
        return shown(facts.language);
    case ConditionKind::Referrer:
        return shown(facts.referrer);
    case ConditionKind::Query:
        return queryText(at.query);
    case ConditionKind::Address:
        return facts.address ? addressText(*facts.address) : std::string();
    case ConditionKind::Between:
        return protocol::rfc3339(at.now);
    case ConditionKind::Hours:
        return localTimes(condition, at.now);
    case ConditionKind::Touch:
        return std::string(protocol::word(at.touch));
    case ConditionKind::Placement:
        return std::string(at.placement);
    }
    return {};
}

RuleSeen seen(const Rule& rule, const CompiledRule& compiled, const Situation& at)
{
    RuleSeen out;
    out.id = rule.id;
    out.name = rule.name;
    out.enabled = rule.enabled;
    out.holds = tryRule(compiled, at).holds == Holding::Yes;
    for (std::size_t i = 0; i < rule.conditions.size(); ++i) {
        const CompiledCondition& condition = compiled.conditions[i];
        out.conditions.push_back({condition.kind, condition.negate, rule.conditions[i].values,
                                  !condition.unreadable && holds(condition, at) == Holding::Yes, seen(condition, at)});
    }
    for (std::size_t i = 0; i < rule.variants.size(); ++i) {
        const Variant& variant = rule.variants[i];
        const double all = static_cast<double>(compiled.shares.back());
        out.variants.push_back({variant.name, variant.destination, variant.weight, all > 0 ? variant.weight / all : 0});
    }
    return out;
}

} // namespace

Explanation explain(const Snapshot& snapshot, const Request& request, const Facts& facts)
{
    Explanation out;
    out.decision = decide(snapshot, request, facts);
    out.steps = stepsOf(out.decision, request);
    const HeldLink* const link = out.decision.link;
    if (link == nullptr || !link->compiled)
        return out;
    QueryParameters query;
    query.read(request.query);
    const Situation situation{request.now, facts, query, out.decision.touch, out.decision.placement};
    for (std::size_t i = 0; i < link->rules.size(); ++i) {
        out.rules.push_back(seen(link->rules[i], (*link->compiled)[i], situation));
        out.rules.back().decided = !out.decision.rule.empty() && out.decision.rule == link->rules[i].id;
    }
    return out;
}

std::string_view word(Step::Code code)
{
    const auto index = static_cast<std::size_t>(code);
    return index < stepWords.size() ? stepWords[index] : std::string_view();
}

std::string_view word(Step::State state)
{
    return state == State::Ok ? "ok" : state == State::Failed ? "failed" : "skipped";
}

std::string_view word(Decision::Kind kind)
{
    using Kind = Decision::Kind;
    switch (kind) {
    case Kind::Reserved:
        return "reserved";
    case Kind::Redirect:
        return "redirect";
    case Kind::NotFound:
        return "not_found";
    case Kind::Gone:
        return "gone";
    case Kind::Forbidden:
        return "forbidden";
    case Kind::Unavailable:
        return "unavailable";
    case Kind::Password:
        return "password";
    }
    return {};
}

std::string_view word(Decision::Uncertain value)
{
    constexpr std::array<std::string_view, 4> words = {"", "address", "query", "no_visitor"};
    return words[static_cast<std::size_t>(value)];
}

} // namespace links
