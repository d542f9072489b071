// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "backend/protocol/hit_view.h"

namespace protocol {

// The stream filter: which hits a session receives. Every field that is set must match; within a field any value does.
// Applied by the backend, forward only. An empty filter matches every hit of the session's workspace.
struct StreamFilter {
    std::vector<std::string> links; // "domain/slug", exact
    std::vector<std::string> domains;
    std::vector<std::string> campaigns;
    std::vector<std::string> countries; // alpha-2; "" = unknown
    std::vector<TouchType> touches;
    std::vector<HitClass> classes;
    std::vector<DeviceType> devices;
    std::optional<bool> bot; // only bots, or only people

    bool matches(const HitView& hit) const;
    // The same, of a filter that was normalised: many links cost little more than one.
    bool matchesNormalised(const HitView& hit) const;
    bool isEmpty() const;

    // Values sorted and without doubles, so that equal filters compare equal and share their frames.
    void normalise();
    // A name of the field that breaks a limit or holds no word, and the limit; empty when all is well.
    std::string problem() const;

    friend bool operator==(const StreamFilter&, const StreamFilter&) = default;
    friend auto operator<=>(const StreamFilter&, const StreamFilter&) = default;
};

} // namespace protocol
