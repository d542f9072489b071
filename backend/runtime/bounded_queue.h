// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <utility>
#include <vector>

namespace runtime {

// Many producers, one consumer that takes everything waiting at once. An item takes a room, or as many as its size()
// says. Full: tryReserve and tryPush refuse and the producer decides. Closed: they refuse too, the consumer still gets
// what is inside.
template <class T> class BoundedQueue {
public:
    explicit BoundedQueue(std::size_t capacity) : m_capacity(capacity) {}

    // Rooms for what pushReserved() brings later: a producer gathers, so that the consumer is woken once for all.
    bool tryReserve(std::size_t rooms = 1)
    {
        if (m_closed.load(std::memory_order_relaxed))
            return false;
        if (m_taken.fetch_add(rooms, std::memory_order_relaxed) + rooms <= m_capacity)
            return true;
        m_taken.fetch_sub(rooms, std::memory_order_relaxed);
        return false;
    }

    // Takes an item whose rooms are reserved. False: closed meanwhile, and it was not taken.
    bool pushReserved(T&& item)
    {
        bool wasEmpty = false;
        {
            const std::lock_guard lock(m_mutex);
            if (m_closed.load(std::memory_order_relaxed))
                return false;
            wasEmpty = m_items.empty();
            m_items.push_back(std::move(item));
        }
        if (wasEmpty)
            m_filled.notify_one();
        return true;
    }

    bool tryPush(T&& item) { return tryReserve(roomsOf(item)) && pushReserved(std::move(item)); }

    // Swaps everything waiting into `out` (cleared first). Waits at most `timeout`, or until woken, for the first item.
    // False: closed and empty, nothing will ever come again.
    bool popAll(std::vector<T>& out, std::chrono::milliseconds timeout)
    {
        out.clear();
        std::unique_lock lock(m_mutex);
        m_filled.wait_for(lock, timeout, [this] { return !m_items.empty() || m_closed || m_woken; });
        m_woken = false;
        m_items.swap(out);
        std::size_t rooms = 0;
        for (const T& item : out)
            rooms += roomsOf(item);
        m_taken.fetch_sub(rooms, std::memory_order_relaxed);
        return !out.empty() || !m_closed;
    }

    // Makes a waiting popAll return, with or without items.
    void wake()
    {
        {
            const std::lock_guard lock(m_mutex);
            m_woken = true;
        }
        m_filled.notify_one();
    }

    void close()
    {
        {
            const std::lock_guard lock(m_mutex);
            m_closed = true;
        }
        m_filled.notify_all();
    }

    // In rooms, those reserved too.
    std::size_t size() const { return m_taken.load(std::memory_order_relaxed); }
    std::size_t capacity() const { return m_capacity; }

private:
    static std::size_t roomsOf(const T& item)
    {
        if constexpr (requires { item.size(); })
            return item.size();
        else
            return 1;
    }

    const std::size_t m_capacity;
    std::atomic<std::size_t> m_taken{0};
    std::mutex m_mutex;
    std::condition_variable m_filled;
    std::vector<T> m_items;
    std::atomic<bool> m_closed{false}; // changes under the lock
    bool m_woken = false;
};

} // namespace runtime
