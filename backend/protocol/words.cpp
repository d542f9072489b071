// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/protocol/words.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>

#include "backend/protocol/messages.h"
#include "backend/protocol/rollup.h"
#include "backend/protocol/wire/utf8.h"

namespace protocol {

namespace {

template <class E> struct Entry {
    E value;
    std::string_view word;
};

constexpr std::array classes{
    Entry<HitClass>{HitClass::Click, "click"},       Entry<HitClass>{HitClass::Probe, "probe"},
    Entry<HitClass>{HitClass::Prefetch, "prefetch"}, Entry<HitClass>{HitClass::Miss, "miss"},
    Entry<HitClass>{HitClass::Blocked, "blocked"},
};
constexpr std::array touches{
    Entry<TouchType>{TouchType::Link, "link"},
    Entry<TouchType>{TouchType::Qr, "qr"},
};
constexpr std::array devices{
    Entry<DeviceType>{DeviceType::Other, "other"},
    Entry<DeviceType>{DeviceType::Mobile, "mobile"},
    Entry<DeviceType>{DeviceType::Tablet, "tablet"},
    Entry<DeviceType>{DeviceType::Desktop, "desktop"},
};
constexpr std::array reasons{
    Entry<HitReason>{HitReason::None, ""},
    Entry<HitReason>{HitReason::Head, "head"},
    Entry<HitReason>{HitReason::PrefetchHeader, "prefetch_header"},
    Entry<HitReason>{HitReason::UnknownHost, "unknown_host"},
    Entry<HitReason>{HitReason::DomainNotReady, "domain_not_ready"},
    Entry<HitReason>{HitReason::UnknownSlug, "unknown_slug"},
    Entry<HitReason>{HitReason::LinkDeleted, "link_deleted"},
    Entry<HitReason>{HitReason::LinkExpired, "link_expired"},
    Entry<HitReason>{HitReason::ClickLimit, "click_limit"},
    Entry<HitReason>{HitReason::LinkPaused, "link_paused"},
    Entry<HitReason>{HitReason::Flagged, "flagged"},
    Entry<HitReason>{HitReason::RateLimit, "rate_limit"},
    Entry<HitReason>{HitReason::PasswordNotPassed, "password_not_passed"},
    Entry<HitReason>{HitReason::Loop, "loop"},
};
constexpr std::array bots{
    Entry<BotCategory>{BotCategory::Human, ""},
    Entry<BotCategory>{BotCategory::Preview, "preview"},
    Entry<BotCategory>{BotCategory::Scanner, "scanner"},
    Entry<BotCategory>{BotCategory::SocialCrawler, "social_crawler"},
    Entry<BotCategory>{BotCategory::SearchCrawler, "search_crawler"},
    Entry<BotCategory>{BotCategory::AiCrawler, "ai_crawler"},
    Entry<BotCategory>{BotCategory::Monitoring, "monitoring"},
    Entry<BotCategory>{BotCategory::HttpClient, "http_client"},
    Entry<BotCategory>{BotCategory::Headless, "headless"},
    Entry<BotCategory>{BotCategory::NoUserAgent, "no_user_agent"},
    Entry<BotCategory>{BotCategory::SeoCrawler, "seo_crawler"},
    Entry<BotCategory>{BotCategory::FeedReader, "feed_reader"},
    Entry<BotCategory>{BotCategory::Other, "other"},
};
constexpr std::array byeReasons{
    Entry<ByeReason>{ByeReason::ShuttingDown, "shutting_down"},
    Entry<ByeReason>{ByeReason::BadMessage, "bad_message"},
    Entry<ByeReason>{ByeReason::TooLarge, "too_large"},
    Entry<ByeReason>{ByeReason::Unauthorized, "unauthorized"},
    Entry<ByeReason>{ByeReason::TokenRevoked, "token_revoked"},
    Entry<ByeReason>{ByeReason::TooManySessions, "too_many_sessions"},
    Entry<ByeReason>{ByeReason::TooSlow, "too_slow"},
    Entry<ByeReason>{ByeReason::BadFilter, "bad_filter"},
    Entry<ByeReason>{ByeReason::Idle, "idle"},
};
constexpr std::array trends{
    Entry<Trend>{Trend::Unknown, "unknown"},
    Entry<Trend>{Trend::Accelerating, "accelerating"},
    Entry<Trend>{Trend::Steady, "steady"},
    Entry<Trend>{Trend::Fading, "fading"},
};
constexpr std::array granularities{
    Entry<Granularity>{Granularity::Minute, "minute"},
    Entry<Granularity>{Granularity::Hour, "hour"},
    Entry<Granularity>{Granularity::Day, "day"},
};
constexpr std::array dimensions{
    Entry<Dimension>{Dimension::None, "none"},
    Entry<Dimension>{Dimension::Class, "class"},
    Entry<Dimension>{Dimension::Bot, "bot"},
    Entry<Dimension>{Dimension::Touch, "touch"},
    Entry<Dimension>{Dimension::Country, "country"},
    Entry<Dimension>{Dimension::Device, "device"},
    Entry<Dimension>{Dimension::Referrer, "referrer"},
    Entry<Dimension>{Dimension::BotCategory, "bot_category"},
    Entry<Dimension>{Dimension::Placement, "placement"},
    Entry<Dimension>{Dimension::Region, "region"},
    Entry<Dimension>{Dimension::City, "city"},
    Entry<Dimension>{Dimension::Os, "os"},
    Entry<Dimension>{Dimension::Browser, "browser"},
    Entry<Dimension>{Dimension::Language, "language"},
    Entry<Dimension>{Dimension::Channel, "channel"},
    Entry<Dimension>{Dimension::Campaign, "campaign"},
    Entry<Dimension>{Dimension::UtmSource, "utm_source"},
    Entry<Dimension>{Dimension::UtmMedium, "utm_medium"},
    Entry<Dimension>{Dimension::UtmTerm, "utm_term"},
    Entry<Dimension>{Dimension::UtmContent, "utm_content"},
    Entry<Dimension>{Dimension::Destination, "destination"},
    Entry<Dimension>{Dimension::Rule, "rule"},
    Entry<Dimension>{Dimension::Variant, "variant"},
    Entry<Dimension>{Dimension::Status, "status"},
};
static_assert(dimensions.size() == dimensionCount);

template <class Table, class E> std::string_view wordIn(const Table& table, E value)
{
    for (const auto& entry : table)
        if (entry.value == value)
            return entry.word;
    return "unknown";
}

template <class Table>
auto valueIn(const Table& table, std::string_view word) -> std::optional<decltype(table[0].value)>
{
    for (const auto& entry : table)
        if (entry.word == word)
            return entry.value;
    return std::nullopt;
}

bool digits(std::string_view text, std::size_t at, std::size_t count, int& value)
{
    if (text.size() < at + count)
        return false;
    value = 0;
    for (std::size_t i = at; i < at + count; ++i) {
        if (text[i] < '0' || text[i] > '9')
            return false;
        value = value * 10 + (text[i] - '0');
    }
    return true;
}

// Characters that change what their neighbours look like, break lines, or cannot be seen at all.
bool mustBeShown(char32_t c)
{
    return (c >= 0x80 && c <= 0x9F) || c == 0x061C || c == 0x200B || c == 0x200E || c == 0x200F || c == 0x2028 ||
           c == 0x2029 || (c >= 0x202A && c <= 0x202E) || (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF ||
           (c >= 0xFFF9 && c <= 0xFFFB) || (c >= 0xE0000 && c <= 0xE007F);
}

} // namespace

std::string_view word(HitClass value)
{
    return wordIn(classes, value);
}
std::string_view word(TouchType value)
{
    return wordIn(touches, value);
}
std::string_view word(DeviceType value)
{
    return wordIn(devices, value);
}
std::string_view word(HitReason value)
{
    return wordIn(reasons, value);
}
std::string_view word(BotCategory value)
{
    return wordIn(bots, value);
}
std::string_view word(ByeReason value)
{
    return wordIn(byeReasons, value);
}
std::string_view word(Trend value)
{
    return wordIn(trends, value);
}
std::string_view word(Granularity value)
{
    return wordIn(granularities, value);
}
std::string_view word(Dimension value)
{
    return wordIn(dimensions, value);
}

std::optional<HitClass> hitClassFrom(std::string_view text)
{
    return valueIn(classes, text);
}
std::optional<TouchType> touchTypeFrom(std::string_view text)
{
    return valueIn(touches, text);
}
std::optional<DeviceType> deviceTypeFrom(std::string_view text)
{
    return valueIn(devices, text);
}
std::optional<HitReason> hitReasonFrom(std::string_view text)
{
    return valueIn(reasons, text);
}
std::optional<BotCategory> botCategoryFrom(std::string_view text)
{
    return valueIn(bots, text);
}
std::optional<ByeReason> byeReasonFrom(std::string_view text)
{
    return valueIn(byeReasons, text);
}
std::optional<Trend> trendFrom(std::string_view text)
{
    return valueIn(trends, text);
}
std::optional<Granularity> granularityFrom(std::string_view text)
{
    return valueIn(granularities, text);
}
std::optional<Dimension> dimensionFrom(std::string_view text)
{
    return valueIn(dimensions, text);
}

std::string channelOf(const HitView& hit)
{
    const std::string_view source = hit.text(HitText::UtmSource), medium = hit.text(HitText::UtmMedium);
    if (source.empty()) {
        const std::string_view referrer = hit.text(HitText::Referrer);
        return std::string(referrer.empty() ? "direct" : referrer);
    }
    std::string channel(source);
    if (!medium.empty())
        (channel += " / ") += medium;
    return channel;
}

std::string channelOf(const Hit& hit)
{
    return channelOf(viewOf(hit));
}

UtcMs sayable(UtcMs time)
{
    constexpr std::int64_t earliestMs = -62'167'219'200'000;
    constexpr std::int64_t latestMs = 253'402'300'799'999;
    return UtcMs{std::min(std::max(time.value, earliestMs), latestMs)};
}

std::string rfc3339(UtcMs time)
{
    using namespace std::chrono;
    const sys_time<milliseconds> moment{milliseconds{sayable(time).value}};
    const auto day = floor<days>(moment);
    const year_month_day date{day};
    const hh_mm_ss clock{moment - day};
    char text[40];
    const int length =
        std::snprintf(text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ", static_cast<int>(date.year()),
                      static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                      static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                      static_cast<int>(clock.seconds().count()), static_cast<int>(clock.subseconds().count()));
    return {text, static_cast<std::size_t>(length)};
}

std::optional<UtcMs> utcMsFrom(std::string_view text)
{
    using namespace std::chrono;
    int y = 0, mo = 0, d = 0, h = 0, mi = 0, s = 0;
    if (text.size() < 20 || text.size() > 40 || !digits(text, 0, 4, y) || text[4] != '-' || !digits(text, 5, 2, mo) ||
        text[7] != '-' || !digits(text, 8, 2, d) || (text[10] != 'T' && text[10] != 't' && text[10] != ' ') ||
        !digits(text, 11, 2, h) || text[13] != ':' || !digits(text, 14, 2, mi) || text[16] != ':' ||
        !digits(text, 17, 2, s))
        return std::nullopt;
    const year_month_day date{year{y}, month{static_cast<unsigned>(mo)}, day{static_cast<unsigned>(d)}};
    if (!date.ok() || h > 23 || mi > 59 || s > 60)
        return std::nullopt;
    std::size_t at = 19;
    std::int64_t ms = 0;
    if (text[at] == '.') {
        std::int64_t scale = 100;
        const std::size_t start = ++at;
        for (; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at, scale /= 10)
            ms += (text[at] - '0') * scale;
        if (at == start)
            return std::nullopt;
    }
    if (at >= text.size())
        return std::nullopt;
    std::int64_t offsetMinutes = 0;
    if (text[at] == 'Z' || text[at] == 'z') {
        ++at;
    } else if (text[at] == '+' || text[at] == '-') {
        int oh = 0, om = 0;
        if (!digits(text, at + 1, 2, oh) || text.size() < at + 6 || text[at + 3] != ':' ||
            !digits(text, at + 4, 2, om) || oh > 23 || om > 59)
            return std::nullopt;
        offsetMinutes = (text[at] == '-' ? -1 : 1) * (oh * 60 + om);
        at += 6;
    }
    if (at != text.size())
        return std::nullopt;
    const std::int64_t dayMs = sys_days{date}.time_since_epoch().count() * msPerDay;
    return sayable(
        UtcMs{dayMs + h * msPerHour + mi * msPerMinute + s * msPerSecond + ms - offsetMinutes * msPerMinute});
}

std::string visibleText(std::string_view text, std::size_t maxBytes)
{
    std::string out;
    std::size_t at = 0;
    while (at < text.size() && out.size() < maxBytes) {
        const char32_t c = wire::nextCharacter(text, at);
        const std::size_t before = out.size();
        if (c == wire::notUtf8) {
            wire::appendCharacter(out, 0xFFFD);
        } else if (c < 0x20) {
            wire::appendCharacter(out, 0x2400 + c);
        } else if (c == 0x7F) {
            wire::appendCharacter(out, 0x2421);
        } else if (mustBeShown(c)) {
            char form[24];
            std::snprintf(form, sizeof form, "\u27E8U+%04X\u27E9", static_cast<unsigned>(c));
            out += form;
        } else {
            wire::appendCharacter(out, c);
        }
        if (out.size() > maxBytes) { // a form that does not fit whole is left out
            out.resize(before);
            break;
        }
    }
    return out;
}

} // namespace protocol
