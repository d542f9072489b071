// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "backend/protocol/messages.h"

// One of every message, with every field set to something that is not its default. The golden files of protocol-v1 hold
// these: never change a sample, add a new one.
namespace samples {

inline protocol::Hit fullHit()
{
    using namespace protocol;
    Hit hit;
    hit.seq = HitSeq{123456789012};
    hit.time = UtcMs{1772366400123};
    hit.link = LinkId{42};
    hit.visitor = VisitorKey{0xFEDCBA9876543210};
    hit.hitClass = HitClass::Blocked;
    hit.reason = HitReason::RateLimit;
    hit.touch = TouchType::Qr;
    hit.device = DeviceType::Tablet;
    hit.botCategory = BotCategory::SocialCrawler;
    hit.late = true;
    hit.status = 429;
    hit.ruleVersion = 7;
    hit.botReason = "agent:Slackbot";
    hit.domain = "go.acme.example";
    hit.slug = "spring/\u00FCber";
    hit.placement = "poster-a";
    hit.country = "DE";
    hit.region = "Bavaria";
    hit.city = "M\u00FCnchen";
    hit.os = "Android";
    hit.browser = "Firefox";
    hit.language = "de";
    hit.referrer = "news.example";
    hit.campaign = "spring-26";
    hit.utmSource = "newsletter";
    hit.utmMedium = "email";
    hit.utmTerm = "\"quoted\" \\ term";
    hit.utmContent = "line\nbreak\ttab\x01";
    hit.destination = "https://shop.example/spring?a=1&b=2";
    hit.rule = "r-17";
    hit.variant = "b";
    hit.passedOver = "r1:country r3:hours";
    return hit;
}

inline protocol::Hit plainHit(std::uint64_t seq)
{
    using namespace protocol;
    Hit hit;
    hit.seq = HitSeq{seq};
    hit.time = UtcMs{1772366400000 + static_cast<std::int64_t>(seq)};
    hit.link = LinkId{seq % 7 + 1};
    hit.visitor = VisitorKey{seq * 0x9E3779B97F4A7C15};
    hit.status = 302;
    hit.device = DeviceType::Mobile;
    hit.domain = "localhost";
    hit.slug = "launch";
    hit.country = "FR";
    hit.os = "iOS";
    hit.browser = "Safari";
    hit.language = "fr";
    hit.referrer = "social.example";
    hit.campaign = "launch";
    hit.destination = "https://example.com/landing";
    return hit;
}

inline protocol::StreamFilter fullFilter()
{
    using namespace protocol;
    StreamFilter filter;
    filter.links = {"go.acme.example/spring"};
    filter.domains = {"go.acme.example", "localhost"};
    filter.campaigns = {"spring-26"};
    filter.countries = {"", "DE"};
    filter.touches = {TouchType::Qr};
    filter.classes = {HitClass::Click, HitClass::Miss};
    filter.devices = {DeviceType::Other, DeviceType::Mobile};
    filter.bot = false;
    return filter;
}

inline protocol::WindowAggregate fullWindow()
{
    using namespace protocol;
    WindowAggregate w;
    w.windowSeconds = 1800;
    w.from = UtcMs{1772364600000};
    w.coveredFrom = UtcMs{1772364600500};
    w.to = UtcMs{1772366400000};
    w.seq = HitSeq{99};
    w.hits = 100;
    w.clicks = 80;
    w.humanClicks = 70;
    w.bots = 10;
    w.scans = 30;
    w.misses = 9;
    w.probes = 5;
    w.prefetches = 4;
    w.blocked = 2;
    w.visitors = 55;
    w.clicksPerMinute = 12.5;
    w.trend = Trend::Accelerating;
    w.bucketSeconds = 20;
    w.velocity = {{UtcMs{1772364600000}, 5, 4, 3, 2}, {UtcMs{1772364620000}, 1, 1, 0, 0}};
    w.topLinks = {{"localhost/launch", 60}};
    w.topReferrers = {{"social.example", 20}, {"", 3}};
    w.topChannels = {{"newsletter / email", 11}};
    w.topCountries = {{"DE", 31}};
    w.topDevices = {{"mobile", 41}};
    w.topCampaigns = {{"launch", 21}};
    w.topPlacements = {{"poster-a", 12}};
    w.topBots = {{"preview", 8}};
    w.topMisses = {{"localhost/lunch", 4}};
    w.qrCountries = {{"FR", 20}, {"", 2}};
    w.qrRegions = {{"FR", "\u00CEle-de-France", 9}};
    w.qrCities = {{"FR", "Paris", 7}};
    return w;
}

inline std::vector<std::pair<std::string, protocol::Message>> all()
{
    using namespace protocol;
    const UtcMs time{1772366400456};
    return {
        {"hello", Hello{"clickroomd 0.1.0", "5f0c", "default", "professional", "strict", "Europe/Berlin", "viewer",
                        HitSeq{1000}, HitSeq{17}, time, 16}},
        {"subscribe", Subscribe{3, fullFilter(), HitSeq{12}, 3600}},
        {"subscribe-all", Subscribe{1, {}, std::nullopt, 0}},
        {"subscribed", Subscribed{3, HitSeq{12}}},
        {"frame", Frame{HitSeq{10}, HitSeq{14}, {plainHit(11), fullHit()}, 1, 37, false}},
        {"frame-resumed", Frame{HitSeq{2}, HitSeq{9}, {}, 0, 0, true}},
        {"credit", Credit{8}},
        {"status", SessionStatus{90, 10, HitSeq{1001}, time, -5, 3, 1}},
        {"ping", Ping{-9007199254740993}},
        {"window", Window{fullWindow()}},
        {"watermark", Watermark{HitSeq{900}, time, HitSeq{1000}, time, 60}},
        {"edit", Edit{8,
                      time,
                      "link.destination",
                      "localhost/launch",
                      "ops",
                      LinkId{3},
                      2,
                      {{"destination", "https://example.com/a", "https://example.com/b"}}}},
        {"alert", Alert{"a1", "alerting", time, "silence", "localhost/launch"}},
        {"bye", Bye{ByeReason::BadFilter, "filter.links", 512}},
    };
}

} // namespace samples
