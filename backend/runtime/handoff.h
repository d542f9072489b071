// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>

#include "backend/runtime/bounded_queue.h"

namespace runtime {

// The way back from a consumer thread to whoever handed an item over. Called on the consumer's thread; must not block.
class ReturnPath {
public:
    virtual ~ReturnPath() = default;
    // The items with these tickets are settled. Each ticket is released exactly once.
    virtual void release(std::span<const std::uint64_t> tickets) = 0;
};

// What is on its way to another thread together, with the way back. `back` may be null: nobody waits. T says its
// size(): so many rooms of the queue it takes.
template <class T> struct Handed {
    T items;
    ReturnPath* back = nullptr;
    std::vector<std::uint64_t> tickets;

    std::size_t size() const { return items.size(); }
};

template <class T> using HandoffQueue = BoundedQueue<Handed<T>>;

} // namespace runtime
