// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <optional>
#include <vector>

#include "backend/insight/string_table.h"
#include "backend/protocol/hit_view.h"
#include "backend/protocol/stream_filter.h"

namespace insight {

// The part of a hit that the live window counts by, in 64 bytes.
struct CompactHit {
    // The texts, by their place in `texts`.
    enum Text : std::size_t { Link, Domain, Referrer, Channel, Country, Campaign, Placement, Region, City, textCount };

    std::int64_t timeMs = 0;
    std::uint64_t visitor = 0;
    std::uint32_t workspace = 0;
    std::array<StringTable::Id, textCount> texts{};
    protocol::HitClass hitClass{};
    protocol::TouchType touch{};
    protocol::DeviceType device{};
    protocol::BotCategory botCategory{};

    bool isClick() const { return hitClass == protocol::HitClass::Click; }
    bool isBot() const { return botCategory != protocol::BotCategory::Human; }
    bool isScan() const { return isClick() && touch == protocol::TouchType::Qr; }
};

// `before`: the hit before it, or any other; texts of the two are often the same.
CompactHit compactHit(const protocol::HitView& hit, const CompactHit& before, StringTable& table);
void releaseTexts(const CompactHit& hit, StringTable& table);

// A stream filter whose texts are ids of the table. They are held there as long as the filter lives, so that a full
// table never hides what a filter asks for from then on.
class CompactFilter {
public:
    CompactFilter(protocol::WorkspaceId workspace, const protocol::StreamFilter& filter, StringTable& table);
    void release(StringTable& table) const;
    bool matches(const CompactHit& hit) const;
    // Nothing but hits of these can match; empty = of any link.
    const std::vector<StringTable::Id>& links() const { return m_links; }

private:
    std::uint32_t m_workspace;
    std::vector<StringTable::Id> m_links, m_domains, m_campaigns, m_countries;
    std::vector<protocol::TouchType> m_touches;
    std::vector<protocol::HitClass> m_classes;
    std::vector<protocol::DeviceType> m_devices;
    std::optional<bool> m_bot;
};

} // namespace insight
