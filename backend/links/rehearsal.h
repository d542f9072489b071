// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "backend/links/decision.h"

namespace links {

// Where a hit goes, or why it goes nowhere.
struct Outcome {
    Decision::Kind kind = Decision::Kind::NotFound;
    protocol::HitReason reason = protocol::HitReason::None;
    std::string destination, rule, variant;

    friend auto operator<=>(const Outcome&, const Outcome&) = default;
};

// Stored hits of one link, decided once more under the link as it is and under a draft. What a stored hit does not tell
// (address, the visitor's query, and where it has no visitor key its split) leaves it unknown where a rule of either
// hangs on it; it is counted then, with the reason.
class Rehearsal {
public:
    struct Group {
        Outcome before, after;
        std::uint64_t count = 0;
    };
    struct Sample { // of a hit that would go elsewhere
        protocol::HitSeq seq;
        protocol::UtcMs time;
        std::string country, language;
        protocol::DeviceType device = protocol::DeviceType::Other;
        Outcome before, after;
    };

    static constexpr std::size_t groupsMax = 100;
    static constexpr std::size_t samplesMax = 50;

    // `now` is the snapshot with the link as it is, `draft` the one with the draft in its place (withLink()).
    Rehearsal(std::shared_ptr<const Snapshot> now, std::shared_ptr<const Snapshot> draft, protocol::LinkId link);

    // A hit of another link is left out.
    void add(const protocol::Hit& hit);

    std::uint64_t tried() const { return m_tried; } // same + changed + unknown
    std::uint64_t same() const { return m_same; }
    std::uint64_t changed() const { return m_changed; }
    std::uint64_t unknown() const { return m_unknown[1] + m_unknown[2] + m_unknown[3]; }
    std::uint64_t unknown(Decision::Uncertain why) const { return m_unknown[static_cast<std::size_t>(why)]; }
    // Of those that are known, the most frequent first; at most groupsMax.
    std::vector<Group> groups() const;
    const std::vector<Sample>& samples() const { return m_samples; }

private:
    Decision::Uncertain outcomeOf(const Snapshot& snapshot, const HeldLink& link, const protocol::Hit& hit,
                                  Outcome& outcome);

    std::shared_ptr<const Snapshot> m_now, m_draft;
    const protocol::LinkId m_link;
    const HeldLink* m_nowLink;
    const HeldLink* m_draftLink;
    Decider m_decider;
    Decision m_decision;
    std::map<std::pair<Outcome, Outcome>, std::uint64_t> m_groups;
    std::vector<Sample> m_samples;
    std::uint64_t m_tried = 0, m_same = 0, m_changed = 0;
    std::array<std::uint64_t, 4> m_unknown{};
};

} // namespace links
