// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "backend/links/snapshot.h"

namespace links {

struct SlugNeighbour {
    std::string slug;
    protocol::LinkId link;
    int distance = 0;
};

// The existing slug nearest to one that was missed, on the same domain. Letters that were left out, added, swapped or
// typed wrong count one each, other case none; at most two of them (one in slugs below five letters).
// Deleted links are never offered. Work is bounded: links beyond `linksMax` and slugs beyond `slugBytesMax` are not
// looked at.
class SlugNeighbours {
public:
    static constexpr std::size_t linksMax = 1'000'000;
    static constexpr std::size_t slugBytesMax = 64;
    static constexpr std::size_t wantedMax = 100; // slugs asked for at once
    static constexpr std::size_t eachMax = 10;    // neighbours of one

    // Those of the first `wantedMax`.
    void want(protocol::DomainId domain, std::string_view slug);
    // One walk over the links for all that are wanted. Results lie in the order of want(), the nearest first.
    std::vector<std::vector<SlugNeighbour>> find(const Snapshot& snapshot) const;

    // Optimal string alignment distance of bytes, or limit + 1 where it is more.
    static int distance(std::string_view a, std::string_view b, int limit);

private:
    struct Wanted {
        protocol::DomainId domain;
        std::string slug; // lower case
        std::uint64_t letters = 0;
        int limit = 0;
    };

    std::vector<Wanted> m_wanted;
};

} // namespace links
