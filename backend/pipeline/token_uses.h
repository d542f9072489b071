// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <mutex>

#include "backend/protocol/ids.h"

namespace pipeline {

// Uses of tokens that wait to be noted in the store. A token comes at most once a minute, however busy it is. Any
// thread.
class TokenUses {
public:
    void add(protocol::TokenId token, protocol::UtcMs now)
    {
        const std::lock_guard lock(m_mutex);
        protocol::UtcMs& last = m_last[token];
        if (last.value != 0 && now.value - last.value < protocol::msPerMinute && now >= last)
            return;
        last = now;
        m_waiting[token] = now;
    }

    std::map<protocol::TokenId, protocol::UtcMs> take()
    {
        const std::lock_guard lock(m_mutex);
        return std::exchange(m_waiting, {});
    }

private:
    std::mutex m_mutex;
    std::map<protocol::TokenId, protocol::UtcMs> m_last, m_waiting; // few: one a token that is in use
};

} // namespace pipeline
