// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "backend/protocol/ids.h"

namespace protocol {

// All enumerations here travel and are stored: numbers are explicit and append-only.

enum class HitClass : std::uint8_t { Click = 1, Probe = 2, Prefetch = 3, Miss = 4, Blocked = 5 };

enum class TouchType : std::uint8_t { Link = 1, Qr = 2 };

enum class DeviceType : std::uint8_t { Other = 0, Mobile = 1, Tablet = 2, Desktop = 3 };

// Why a hit is not a click, or None.
enum class HitReason : std::uint8_t {
    None = 0,
    Head = 1,           // probe
    PrefetchHeader = 2, // prefetch
    UnknownHost = 3,    // miss, from here …
    DomainNotReady = 4,
    UnknownSlug = 5,
    LinkDeleted = 6,
    LinkExpired = 7,
    ClickLimit = 8,
    LinkPaused = 9, // … to here
    Flagged = 10,   // blocked, from here …
    RateLimit = 11,
    PasswordNotPassed = 12,
    Loop = 13, // … to here
};

enum class BotCategory : std::uint8_t {
    Human = 0,
    Preview = 1,
    Scanner = 2,
    SocialCrawler = 3,
    SearchCrawler = 4,
    AiCrawler = 5,
    Monitoring = 6,
    HttpClient = 7,
    Headless = 8,
    NoUserAgent = 9,
    SeoCrawler = 10,
    FeedReader = 11,
    Other = 12,
};

// One request that reached link resolution. Plain values; no address and no full User-Agent is ever in it.
struct Hit {
    HitSeq seq;
    UtcMs time;
    WorkspaceId workspace;
    LinkId link; // none where no link was found
    VisitorKey visitor;
    HitClass hitClass = HitClass::Click;
    HitReason reason = HitReason::None;
    TouchType touch = TouchType::Link;
    DeviceType device = DeviceType::Other;
    BotCategory botCategory = BotCategory::Human;
    bool late = false;        // stored after its redirect had left, by way of the spill file
    std::uint16_t status = 0; // HTTP status answered
    std::uint32_t ruleVersion = 0;
    std::string botReason; // the signal that fired, for instance "agent:Slackbot"; empty for people
    std::string domain;    // host as asked for, lower case, no port
    std::string slug;      // percent-decoded; empty = the domain's root link
    std::string placement; // of a QR code or link
    std::string country;   // ISO 3166-1 alpha-2, or empty = unknown
    std::string region;    // name of the first subdivision, or empty
    std::string city;
    std::string os;
    std::string browser;
    std::string language; // BCP 47 primary tag of the first Accept-Language entry
    std::string referrer; // host of the Referer, lower case
    std::string campaign;
    std::string utmSource;
    std::string utmMedium;
    std::string utmTerm;
    std::string utmContent;
    std::string destination; // where the visitor was sent, without what the visitor's own query added
    std::string rule;        // id of the rule that decided, or empty = the link's own destination
    std::string variant;
    // The rules tried before, each with the kind of its first condition that did not hold: "r1:country r3:hours".
    std::string passedOver;

    bool isClick() const { return hitClass == HitClass::Click; }
    bool isBot() const { return botCategory != BotCategory::Human; }
    bool isHumanClick() const { return isClick() && !isBot(); }
    bool isScan() const { return isClick() && touch == TouchType::Qr; }

    friend bool operator==(const Hit&, const Hit&) = default;
};

// Consecutive hits in the order of their sequence.
using HitBatch = std::vector<Hit>;

} // namespace protocol
