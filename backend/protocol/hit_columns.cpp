// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/protocol/hit_columns.h"

#include <charconv>
#include <cstdio>

#include "backend/protocol/words.h"

namespace protocol {

namespace {

constexpr std::array<HitColumnInfo, hitColumnCount> columns{{
    {HitColumn::Seq, "seq", true},
    {HitColumn::Time, "time", false},
    {HitColumn::Class, "class", false},
    {HitColumn::Domain, "domain", false},
    {HitColumn::Slug, "slug", false},
    {HitColumn::Touch, "touch", false},
    {HitColumn::Placement, "placement", false},
    {HitColumn::Country, "country", false},
    {HitColumn::Region, "region", false},
    {HitColumn::City, "city", false},
    {HitColumn::Device, "device", false},
    {HitColumn::Os, "os", false},
    {HitColumn::Browser, "browser", false},
    {HitColumn::Language, "language", false},
    {HitColumn::Referrer, "referrer", false},
    {HitColumn::Bot, "bot", false},
    {HitColumn::BotCategory, "bot_category", false},
    {HitColumn::BotReason, "bot_reason", false},
    {HitColumn::Campaign, "campaign", false},
    {HitColumn::Destination, "destination", false},
    {HitColumn::Rule, "rule", false},
    {HitColumn::Variant, "variant", false},
    {HitColumn::Status, "status", true},
    {HitColumn::Reason, "reason", false},
    {HitColumn::Channel, "channel", false},
    {HitColumn::UtmSource, "utm_source", false},
    {HitColumn::UtmMedium, "utm_medium", false},
    {HitColumn::UtmTerm, "utm_term", false},
    {HitColumn::UtmContent, "utm_content", false},
    {HitColumn::Visitor, "visitor", false},
    {HitColumn::Late, "late", false},
    {HitColumn::RuleVersion, "rule_version", true},
    {HitColumn::PassedOver, "passed_over", false},
}};

template <class T> bool numberFrom(std::string_view text, T& value, int base = 10)
{
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value, base);
    return problem == std::errc{} && end == text.data() + text.size();
}

template <class E> bool wordFrom(std::optional<E> found, E& value)
{
    if (found)
        value = *found;
    return found.has_value();
}

bool flagFrom(std::string_view text, bool& value)
{
    value = text == "true";
    return value || text == "false";
}

// The member that holds a text column, of a hit that may or may not be const.
template <class AnyHit> auto textOf(AnyHit& hit, HitColumn column) -> decltype(&hit.domain)
{
    switch (column) {
    case HitColumn::Domain:
        return &hit.domain;
    case HitColumn::Slug:
        return &hit.slug;
    case HitColumn::Placement:
        return &hit.placement;
    case HitColumn::Country:
        return &hit.country;
    case HitColumn::Region:
        return &hit.region;
    case HitColumn::City:
        return &hit.city;
    case HitColumn::Os:
        return &hit.os;
    case HitColumn::Browser:
        return &hit.browser;
    case HitColumn::Language:
        return &hit.language;
    case HitColumn::Referrer:
        return &hit.referrer;
    case HitColumn::BotReason:
        return &hit.botReason;
    case HitColumn::Campaign:
        return &hit.campaign;
    case HitColumn::Destination:
        return &hit.destination;
    case HitColumn::Rule:
        return &hit.rule;
    case HitColumn::Variant:
        return &hit.variant;
    case HitColumn::PassedOver:
        return &hit.passedOver;
    case HitColumn::UtmSource:
        return &hit.utmSource;
    case HitColumn::UtmMedium:
        return &hit.utmMedium;
    case HitColumn::UtmTerm:
        return &hit.utmTerm;
    case HitColumn::UtmContent:
        return &hit.utmContent;
    default:
        return nullptr;
    }
}

} // namespace

std::string visitorText(VisitorKey visitor)
{
    if (!visitor)
        return {};
    char text[17];
    std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(visitor.value));
    return text;
}

std::span<const HitColumnInfo, hitColumnCount> hitColumns()
{
    return columns;
}

std::optional<HitColumn> hitColumnFrom(std::string_view name)
{
    for (const HitColumnInfo& info : columns)
        if (info.name == name)
            return info.column;
    return std::nullopt;
}

const std::string* hitText(const Hit& hit, HitColumn column)
{
    return textOf(hit, column);
}

std::string hitValue(const Hit& hit, HitColumn column)
{
    if (const std::string* text = hitText(hit, column))
        return *text;
    switch (column) {
    case HitColumn::Seq:
        return std::to_string(hit.seq.value);
    case HitColumn::Time:
        return rfc3339(hit.time);
    case HitColumn::Class:
        return std::string(word(hit.hitClass));
    case HitColumn::Touch:
        return std::string(word(hit.touch));
    case HitColumn::Device:
        return std::string(word(hit.device));
    case HitColumn::Bot:
        return hit.isBot() ? "true" : "false";
    case HitColumn::BotCategory:
        return std::string(word(hit.botCategory));
    case HitColumn::Status:
        return std::to_string(hit.status);
    case HitColumn::Reason:
        return std::string(word(hit.reason));
    case HitColumn::Channel:
        return channelOf(hit);
    case HitColumn::Visitor:
        return visitorText(hit.visitor);
    case HitColumn::Late:
        return hit.late ? "true" : "false";
    case HitColumn::RuleVersion:
        return hit.ruleVersion ? std::to_string(hit.ruleVersion) : std::string();
    default:
        return {};
    }
}

bool setHitValue(Hit& hit, HitColumn column, std::string_view text)
{
    if (std::string* place = textOf(hit, column)) {
        place->assign(text);
        return true;
    }
    switch (column) {
    case HitColumn::Seq:
        return numberFrom(text, hit.seq.value);
    case HitColumn::Time:
        return wordFrom(utcMsFrom(text), hit.time);
    case HitColumn::Class:
        return wordFrom(hitClassFrom(text), hit.hitClass);
    case HitColumn::Touch:
        return wordFrom(touchTypeFrom(text), hit.touch);
    case HitColumn::Device:
        return wordFrom(deviceTypeFrom(text), hit.device);
    case HitColumn::Bot: {
        bool bot = false;
        if (!flagFrom(text, bot))
            return false;
        if (bot != hit.isBot()) // the category, where it is known too, says more
            hit.botCategory = bot ? BotCategory::Other : BotCategory::Human;
        return true;
    }
    case HitColumn::BotCategory:
        return wordFrom(botCategoryFrom(text), hit.botCategory);
    case HitColumn::Status:
        return numberFrom(text, hit.status);
    case HitColumn::Reason:
        return wordFrom(hitReasonFrom(text), hit.reason);
    case HitColumn::Channel:
        return true;
    case HitColumn::Visitor:
        hit.visitor = {};
        return text.empty() || (text.size() == 16 && numberFrom(text, hit.visitor.value, 16));
    case HitColumn::Late:
        return flagFrom(text, hit.late);
    case HitColumn::RuleVersion:
        hit.ruleVersion = 0;
        return text.empty() || numberFrom(text, hit.ruleVersion);
    default:
        return false;
    }
}

} // namespace protocol
