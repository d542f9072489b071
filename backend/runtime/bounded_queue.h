// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <utility>
#include <vector>

namespace runtime {

// Many producers, one consumer that takes everything waiting at once. Full: tryPush refuses and the producer decides.
// Closed: tryPush refuses, the consumer still gets what is inside. One of the two places of the backend that lock (the
// other is the snapshot pointer).
template <class T> class BoundedQueue {
public:
    explicit BoundedQueue(std::size_t capacity) : m_capacity(capacity) {}

    bool tryPush(T&& item)
    {
        bool wasEmpty = false;
        {
            std::lock_guard lock(m_mutex);
            if (m_closed || m_items.size() >= m_capacity)
                return false;
            wasEmpty = m_items.empty();
            m_items.push_back(std::move(item));
        }
        if (wasEmpty)
            m_filled.notify_one();
        return true;
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
        return !out.empty() || !m_closed;
    }

    // Makes a waiting popAll return, with or without items.
    void wake()
    {
        {
            std::lock_guard lock(m_mutex);
            m_woken = true;
        }
        m_filled.notify_one();
    }

    void close()
    {
        {
            std::lock_guard lock(m_mutex);
            m_closed = true;
        }
        m_filled.notify_all();
    }

    std::size_t size() const
    {
        std::lock_guard lock(m_mutex);
        return m_items.size();
    }

    std::size_t capacity() const { return m_capacity; }

private:
    const std::size_t m_capacity;
    mutable std::mutex m_mutex;
    std::condition_variable m_filled;
    std::vector<T> m_items;
    bool m_closed = false;
    bool m_woken = false;
};

} // namespace runtime
