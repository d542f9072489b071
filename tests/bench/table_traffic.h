// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <random>
#include <string>

#include "app/state/live_state.h"
#include "backend/protocol/hit.h"

// Traffic of a large campaign: 2,000 links, 200 places, 20,000 referrers, 200,000 visitors.
inline protocol::Hit campaignHit(std::uint64_t seq, std::int64_t timeMs, std::uint32_t dice)
{
    static const char* const countries[] = {"DE", "US", "FR", "GB", "IN", "BR", "JP", ""};
    protocol::Hit hit;
    hit.seq = protocol::HitSeq(seq);
    hit.time = protocol::UtcMs(timeMs);
    hit.visitor = protocol::VisitorKey(0x9e3779b97f4a7c15ULL * (dice % 200'000 + 1));
    hit.botCategory = dice % 6 == 0 ? protocol::BotCategory::Preview : protocol::BotCategory::Human;
    hit.hitClass = dice % 50 == 0 ? protocol::HitClass::Miss : protocol::HitClass::Click;
    hit.touch = dice % 4 == 0 ? protocol::TouchType::Qr : protocol::TouchType::Link;
    hit.device = static_cast<protocol::DeviceType>(dice % 4);
    hit.status = 302;
    hit.domain = "go.acme.example";
    hit.slug = "launch/" + std::to_string(dice % 2000);
    hit.country = countries[dice % 8];
    hit.city = "City " + std::to_string(dice % 200);
    hit.referrer = dice % 3 == 0 ? "" : "site" + std::to_string(dice % 20'000) + ".example";
    hit.campaign = "spring-" + std::to_string(dice % 12);
    hit.destination = "https://shop.example/landing/" + std::to_string(dice % 2000);
    hit.os = "Android";
    hit.browser = "Chrome";
    return hit;
}

class Traffic {
public:
    state::FramePtr frame(int hits, std::int64_t timeMs)
    {
        auto frame = std::make_shared<protocol::Frame>();
        frame->first = protocol::HitSeq(m_seq + 1);
        for (int i = 0; i < hits; ++i)
            frame->hits.push_back(campaignHit(++m_seq, timeMs, static_cast<std::uint32_t>(m_random())));
        frame->last = protocol::HitSeq(m_seq);
        return frame;
    }
    std::uint64_t seq() const { return m_seq; }

private:
    std::uint64_t m_seq = 0;
    std::mt19937 m_random{7};
};
