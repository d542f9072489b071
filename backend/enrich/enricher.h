// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "backend/enrich/ip_address.h"
#include "backend/protocol/hit.h"

namespace enrich {

// Views into one request's headers; empty = not sent.
struct RequestFacts {
    IpAddress client;
    std::string_view userAgent;
    std::string_view referer;
    std::string_view acceptLanguage;
    std::string_view accept;
    std::string_view secChUa;
    std::string_view secChUaMobile;
    std::string_view secChUaPlatform;
    bool globalPrivacyControl = false; // Sec-GPC: 1
};

struct Agent {
    protocol::DeviceType device = protocol::DeviceType::Other;
    std::string os;
    std::string browser;
    protocol::BotCategory bot = protocol::BotCategory::Human;
    std::string botReason;

    friend bool operator==(const Agent&, const Agent&) = default;
};

struct Place {
    std::string country, region, city;

    friend bool operator==(const Place&, const Place&) = default;
};

class GeoDatabase;    // geo_database.h: one or more mmdb files, immutable after opening, thread-safe
class AgentCatalogue; // agent_catalogue.h: bot patterns, immutable, thread-safe
class VisitorSalts;   // visitor_salts.h: today's and yesterday's random salt, thread-safe

// Fills the enriched fields of a hit. One per redirect loop (it holds an LRU of agents); not thread-safe. Never fails:
// what cannot be told stays unknown.
class Enricher {
public:
    Enricher(std::shared_ptr<const GeoDatabase> geo, std::shared_ptr<const AgentCatalogue> agents,
             std::shared_ptr<VisitorSalts> salts);
    ~Enricher();

    // Sets country, region, city, device, os, browser, language, referrer and bot.
    void enrich(const RequestFacts& facts, protocol::Hit& hit);
    // The visitor's key for the day; none without salts and where the visitor wants none (Sec-GPC). In strict mode it
    // is not to be asked for.
    protocol::VisitorKey visitorKey(const RequestFacts& facts, protocol::WorkspaceId workspace, protocol::UtcMs time);

    // What a split is sticky by today where the visitor gets no key (Sec-GPC, strict mode): to be used for the decision
    // and never stored. None without salts.
    protocol::VisitorKey splitKey(const RequestFacts& facts, protocol::WorkspaceId workspace, protocol::UtcMs time);

private:
    struct Parts;
    std::unique_ptr<Parts> m_parts;
};

} // namespace enrich
