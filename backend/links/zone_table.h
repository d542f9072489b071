// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "backend/protocol/ids.h"

namespace links {

// How far a time zone is from UTC, as a plain table: rules read no time zone database. Before its first change the
// first offset counts, after the last one the last.
struct ZoneOffsets {
    struct Change {
        protocol::UtcMs from;
        std::int32_t seconds = 0; // to be added to UTC
    };
    std::vector<Change> changes; // in the order of time, at least one

    std::int64_t offsetMs(protocol::UtcMs at) const
    {
        const auto next = std::upper_bound(changes.begin(), changes.end(), at,
                                           [](protocol::UtcMs t, const Change& change) { return t < change.from; });
        return (next == changes.begin() ? changes.front() : *(next - 1)).seconds * protocol::msPerSecond;
    }
};

// The zones that rules may name, by IANA name. "UTC" is known without a table.
class ZoneTable {
public:
    ZoneTable() { put("UTC", std::make_shared<const ZoneOffsets>(ZoneOffsets{{{protocol::UtcMs(0), 0}}})); }

    void put(std::string name, std::shared_ptr<const ZoneOffsets> offsets)
    {
        m_zones.insert_or_assign(std::move(name), std::move(offsets));
    }
    // Null where it is not known.
    std::shared_ptr<const ZoneOffsets> find(std::string_view name) const
    {
        const auto found = m_zones.find(name);
        return found == m_zones.end() ? nullptr : found->second;
    }

private:
    std::map<std::string, std::shared_ptr<const ZoneOffsets>, std::less<>> m_zones;
};

} // namespace links
