// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <iterator>
#include <mutex>
#include <utility>
#include <vector>

namespace runtime {

// Many producers, one consumer that takes everything waiting at once. Full: tryReserve and tryPush refuse and the
// producer decides. Closed: they refuse too, the consumer still gets what is inside.
template <class T> class BoundedQueue {
public:
    explicit BoundedQueue(std::size_t capacity) : m_capacity(capacity) {}

    // Room for one item that pushReserved() brings later: a producer gathers several, so that the consumer is woken for
    // all of them at once.
    bool tryReserve()
    {
        if (m_closed.load(std::memory_order_relaxed))
            return false;
        if (m_taken.fetch_add(1, std::memory_order_relaxed) < m_capacity)
            return true;
        m_taken.fetch_sub(1, std::memory_order_relaxed);
        return false;
    }

    // Takes items with a room each, and leaves `items` empty. False: closed meanwhile, and none was taken.
    bool pushReserved(std::vector<T>& items)
    {
        bool wasEmpty = false;
        {
            const std::lock_guard lock(m_mutex);
            if (m_closed.load(std::memory_order_relaxed))
                return false;
            wasEmpty = m_items.empty();
            if (wasEmpty)
                m_items.swap(items);
            else
                m_items.insert(m_items.end(), std::make_move_iterator(items.begin()),
                               std::make_move_iterator(items.end()));
        }
        items.clear();
        if (wasEmpty)
            m_filled.notify_one();
        return true;
    }

    bool tryPush(T&& item)
    {
        if (!tryReserve())
            return false;
        std::vector<T> one;
        one.push_back(std::move(item));
        return pushReserved(one);
    }

    // Swaps everything waiting into `out` (cleared first). Waits at most `timeout`, or until woken, for the first item.
    // False: closed and empty, nothing will ever come again.
    bool popAll(std::vector<T>& out, std::chrono::milliseconds timeout)
    {
        out.clear();
        std::unique_lock lock(m_mutex);
        m_filled.wait_for(lock, timeout, [this] { return !m_items.empty() || m_closed || m_woken; });
        m_woken = false;
        m_items.swap(out);
        m_taken.fetch_sub(out.size(), std::memory_order_relaxed);
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

    // Of items and of rooms for them.
    std::size_t size() const { return m_taken.load(std::memory_order_relaxed); }
    std::size_t capacity() const { return m_capacity; }

private:
    const std::size_t m_capacity;
    std::atomic<std::size_t> m_taken{0};
    std::mutex m_mutex;
    std::condition_variable m_filled;
    std::vector<T> m_items;
    std::atomic<bool> m_closed{false}; // changes under the lock
    bool m_woken = false;
};

} // namespace runtime
