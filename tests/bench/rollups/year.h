// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cmath>
#include <random>
#include <string>

#include "backend/protocol/hit.h"
#include "backend/protocol/rollup.h"

// A made-up year of clicks: many links, values as unevenly spread as real ones, in the order of their time. The same
// seed gives the same hits.
class Year {
public:
    static constexpr std::int64_t start = 1'767'225'600'000; // 2026-01-01T00:00:00Z
    static constexpr std::int64_t days = 365;

    Year(std::uint64_t hits, std::uint64_t links, std::uint64_t seed = 7) : m_hits(hits), m_links(links), m_random(seed)
    {
    }

    protocol::Hit next()
    {
        ++m_seq;
        protocol::Hit hit;
        hit.seq = protocol::HitSeq(m_seq);
        // Within its own part of the year, so that times only grow by and large, as in life.
        const double at = (static_cast<double>(m_seq - 1) + real()) / static_cast<double>(m_hits);
        hit.time =
            protocol::UtcMs(start + static_cast<std::int64_t>(at * static_cast<double>(days * protocol::msPerDay)));
        hit.workspace = protocol::WorkspaceId(static_cast<std::uint32_t>(1 + m_seq % m_workspaces));
        hit.link = protocol::LinkId(1 + m_random() % m_links);
        hit.visitor = protocol::VisitorKey(1 + m_random() % (m_hits / 3 + 1));
        hit.touch = real() < 0.3 ? protocol::TouchType::Qr : protocol::TouchType::Link;
        hit.device = static_cast<protocol::DeviceType>(1 + uneven(3));
        hit.botCategory = real() < 0.1 ? protocol::BotCategory::Preview : protocol::BotCategory::Human;
        hit.hitClass = real() < 0.03 ? protocol::HitClass::Probe : protocol::HitClass::Click;
        hit.status = 302;
        hit.country = named("C", uneven(60)).substr(0, 3);
        hit.region = named("region", uneven(12));
        hit.city = named("city", uneven(30));
        hit.os = named("os", uneven(7));
        hit.browser = named("browser", uneven(9));
        hit.language = named("l", uneven(25));
        hit.referrer = real() < 0.3 ? std::string() : named("site", uneven(120)) + ".example";
        hit.placement = hit.touch == protocol::TouchType::Qr ? named("poster", uneven(8)) : std::string();
        hit.campaign = named("campaign", hit.link.value % 20);
        hit.utmSource = named("source", uneven(10));
        hit.utmMedium = named("medium", uneven(4));
        hit.destination = "https://shop.example/" + std::to_string(hit.link.value);
        return hit;
    }

    void useWorkspaces(std::uint32_t count) { m_workspaces = count; }

private:
    double real() { return static_cast<double>(m_random() >> 11) * 0x1p-53; }
    // The first values far oftener than the last.
    std::uint64_t uneven(std::uint64_t count)
    {
        return static_cast<std::uint64_t>(std::pow(real(), 3.0) * static_cast<double>(count));
    }
    static std::string named(const char* what, std::uint64_t number) { return what + std::to_string(number); }

    const std::uint64_t m_hits, m_links;
    std::uint32_t m_workspaces = 1;
    std::mt19937_64 m_random;
    std::uint64_t m_seq = 0;
};

// What both are asked to fold, by day.
inline constexpr std::array yearDimensions{protocol::Dimension::Country,  protocol::Dimension::Device,
                                           protocol::Dimension::Os,       protocol::Dimension::Browser,
                                           protocol::Dimension::Language, protocol::Dimension::Referrer,
                                           protocol::Dimension::Touch,    protocol::Dimension::Placement,
                                           protocol::Dimension::Bot,      protocol::Dimension::UtmSource};
