// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "backend/links/held_link.h"
#include "backend/protocol/hit_bytes.h"

namespace links {

// What one redirect loop answered in one round, all of one time, on its way to the store: the hits' bodies
// (protocol/hit_bytes.h), for their sequences are given where they are stored.
class AnsweredHits {
public:
    // `clicks`: where the hit was counted; null = nowhere. All of one round have the same time.
    void add(const protocol::HitView& hit, std::shared_ptr<ClickCount> clicks)
    {
        protocol::appendHitBody(m_bytes, hit);
        m_hits.push_back({m_bytes.size(), std::move(clicks)});
        m_time = hit.time;
    }

    std::size_t size() const { return m_hits.size(); }
    std::size_t bytes() const { return m_bytes.size(); }
    protocol::UtcMs time() const { return m_time; }
    std::string_view body(std::size_t at) const
    {
        const std::size_t start = at == 0 ? 0 : m_hits[at - 1].end;
        return std::string_view(m_bytes).substr(start, m_hits[at].end - start);
    }
    ClickCount* clicks(std::size_t at) const { return m_hits[at].clicks.get(); }
    void reserve(std::size_t hits, std::size_t bytes)
    {
        m_hits.reserve(hits);
        m_bytes.reserve(bytes);
    }

private:
    struct One {
        std::size_t end; // of its body
        std::shared_ptr<ClickCount> clicks;
    };
    protocol::UtcMs m_time;
    std::string m_bytes;
    std::vector<One> m_hits;
};

} // namespace links
