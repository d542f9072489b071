// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

#include "backend/enrich/ip_address.h"
#include "backend/protocol/ids.h"

namespace enrich {

// The random salts that make visitor keys, one per workspace and day of its reporting zone. They live in one file of
// the data folder (mode 0600), so that a restart keeps the day's visitors apart from nobody, and are destroyed,
// overwritten in memory and on disk, within 48 hours of the day's start: after that nobody can compute a day's keys
// again. Thread-safe.
class VisitorSalts {
public:
    // Empty path: in memory only. A file that cannot be read or written is reported by problem() and never stops a
    // redirect.
    explicit VisitorSalts(std::string file);
    ~VisitorSalts();
    VisitorSalts(const VisitorSalts&) = delete;
    VisitorSalts& operator=(const VisitorSalts&) = delete;

    // How far the workspace's reporting zone is from UTC now; 0 unless told. A changed offset moves where its next day
    // begins.
    void setZoneOffset(protocol::WorkspaceId workspace, std::int64_t offsetMs);

    // Keyed hash of address, agent and workspace with the day's salt; never none.
    protocol::VisitorKey key(protocol::WorkspaceId workspace, protocol::UtcMs time, const IpAddress& address,
                             std::string_view agent);

    // Destroys what is too old. Happens by itself whenever a new day's salt is made; call it every hour for days
    // without traffic.
    void destroyExpired(protocol::UtcMs now);

    std::size_t count() const;
    std::string problem() const; // what went wrong with the file last, or empty

private:
    using Salt = std::array<unsigned char, 32>;
    using Owner = std::pair<std::uint32_t, std::int64_t>; // workspace, day number

    void load();
    void save();
    bool dropExpired(protocol::UtcMs now);
    std::int64_t offsetOf(std::uint32_t workspace) const;

    const std::string m_file;
    mutable std::mutex m_mutex;
    std::map<Owner, Salt> m_salts;
    std::map<std::uint32_t, std::int64_t> m_offsets;
    std::string m_problem;
};

} // namespace enrich
