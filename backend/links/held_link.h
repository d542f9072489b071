// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <memory>

#include "backend/links/compiled_rule.h"
#include "backend/links/link.h"

namespace links {

// How many clicks a link has taken. Lives through all versions of its link: the one thing beside a snapshot that
// changes, without a lock. It counts from the start of the program; what was taken before is added once it matters
// (a link with a limit), from what is stored.
class ClickCount {
public:
    // False where `limit` clicks are taken; a limit of 0 is none. Exact also when several loops ask at once.
    bool take(std::uint64_t limit)
    {
        if (limit == 0) {
            m_taken.fetch_add(1, std::memory_order_relaxed);
            return true;
        }
        std::uint64_t taken = m_taken.load(std::memory_order_relaxed);
        while (taken < limit) {
            if (m_taken.compare_exchange_weak(taken, taken + 1, std::memory_order_relaxed))
                return true;
        }
        return false;
    }
    void giveBack() { m_taken.fetch_sub(1, std::memory_order_relaxed); }
    std::uint64_t taken() const { return m_taken.load(std::memory_order_relaxed); }

    // True once taken() covers all that was ever taken.
    bool isWhole() const { return m_whole.load(std::memory_order_acquire); }
    // Who adds what came before knows it from storage, which holds also what was taken since the start: `stored` of
    // those. Both are for the pipeline's thread.
    void addEarlier(std::uint64_t clicks)
    {
        m_taken.fetch_add(clicks, std::memory_order_relaxed);
        m_whole.store(true, std::memory_order_release);
    }
    void noteStored() { ++m_stored; }
    std::uint64_t stored() const { return m_stored; }

private:
    std::atomic<std::uint64_t> m_taken{0};
    std::uint64_t m_stored = 0;
    std::atomic<bool> m_whole{false};
};

// A link as the snapshot holds it: with all that can be worked out before the first request.
struct HeldLink : Link {
    HeldLink(Link link, const ZoneTable& zones, std::shared_ptr<ClickCount> count);

    // Among many links each is far from the processor: what a decision looks at is sent for while other work is done,
    // first the link itself, then what it points to.
    void sendFor() const;
    void sendForMore() const;

    Exit exit, fallbackExit, iosExit, androidExit;
    bool hasSplits = false;                                    // a rule with several variants
    std::unique_ptr<const std::vector<CompiledRule>> compiled; // beside `rules`; null where there are none
    std::shared_ptr<ClickCount> clicks;
};

} // namespace links
