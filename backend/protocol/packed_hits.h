// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "backend/protocol/hit_bytes.h"

namespace protocol {

// Hits in the order of their sequences, as bytes in one piece: without an object and its twenty strings for each, and
// copied in one go. At most 4 GiB of them. Any thread may read it once nobody adds any more.
class PackedHits {
public:
    PackedHits() = default;
    explicit PackedHits(std::span<const Hit> hits);

    // The sequence is beyond that of the one before.
    void add(HitSeq seq, std::string_view body); // see hit_bytes.h
    void add(const Hit& hit);
    void reserve(std::size_t hits, std::size_t bodyBytes);

    std::size_t size() const { return m_ends.size(); }
    bool empty() const { return m_ends.empty(); }
    HitSeq firstSeq() const { return m_first; } // none when empty, as the next
    HitSeq lastSeq() const { return m_last; }
    HitSeq seq(std::size_t at) const;
    // The place of the first hit beyond `seq`; size() where there is none.
    std::size_t placeAfter(HitSeq seq) const;

    // Views into this: valid until it changes or goes.
    HitView at(std::size_t place) const;
    std::string_view bytes(std::size_t from, std::size_t to) const; // of the hits [from, to)
    // Memory, in bytes.
    std::size_t footprint() const { return m_bytes.capacity() + m_ends.capacity() * sizeof(std::uint32_t); }

    PackedHits part(std::size_t from, std::size_t to) const;
    std::vector<Hit> hits() const;

private:
    std::size_t start(std::size_t place) const { return place == 0 ? 0 : m_ends[place - 1]; }
    void note(HitSeq seq);

    std::string m_bytes;
    std::vector<std::uint32_t> m_ends; // of each hit in m_bytes
    HitSeq m_first, m_last;
};

} // namespace protocol
