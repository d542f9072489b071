// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>

#include "backend/redirect/address_counts.h"
#include "backend/redirect/password_checks.h"
#include "backend/redirect/redirect_server.h"

namespace redirect {

// What all loops share. Nothing here changes after start() but counts and the flag.
struct Edge {
    Options options;
    const links::SnapshotHolder& snapshot;
    RedirectServer::HitQueue& queue;
    const runtime::Clock& clock;
    std::vector<enrich::Cidr> trusted; // with loopback, where that is trusted
    std::function<void(protocol::DomainId)> hostReached = {};
    std::function<bool()> ready = {};
    Counters counters = {};
    AddressCounts addresses = {};
    PasswordChecks passwords = {};
    PasswordAttempts passwordAttempts = {};
    std::atomic<bool> stopping{false};

    bool isTrusted(const enrich::IpAddress& address) const
    {
        for (const enrich::Cidr& range : trusted) {
            if (range.contains(address))
                return true;
        }
        return false;
    }
};

} // namespace redirect
