// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "backend/links/link.h"
#include "backend/protocol/hit.h"
#include "backend/protocol/rollup.h"
#include "backend/protocol/stream_filter.h"

namespace storage {

enum class Role : std::uint8_t { Viewer = 1, Operator = 2, Admin = 3 };

struct TokenDraft {
    protocol::WorkspaceId workspace;
    std::string name;
    Role role = Role::Viewer;
};

struct Token {
    protocol::TokenId id;
    protocol::WorkspaceId workspace;
    std::string name;
    Role role = Role::Viewer;
    protocol::UtcMs createdAt;
    protocol::UtcMs revokedAt; // 0 = valid
};

// Shown once: only a hash of the secret is stored.
struct NewToken {
    Token token;
    std::string secret;
};

struct HitTotals {
    std::uint64_t hits = 0, click = 0, probe = 0, prefetch = 0, miss = 0, blocked = 0, bots = 0;
    std::uint64_t late = 0, lost = 0;
    protocol::HitSeq firstSeq, lastSeq, watermark;
    protocol::UtcMs watermarkTime;
    protocol::UtcMs rolledAt;
};

struct OpenOptions {
    std::string folder;
    bool powerDurable = false;
};

struct RollupQuery {
    protocol::WorkspaceId workspace;
    protocol::Granularity granularity = protocol::Granularity::Hour;
    protocol::Dimension by = protocol::Dimension::None;
    protocol::UtcMs from, to;              // half open, by bucket start
    std::optional<protocol::LinkId> link;  // one link only
    bool perLink = false;                  // a row per link, else summed over links
    std::size_t rowsMax = 1'000'000;
};

// What went wrong and what to do, in English for a log or a terminal.
class StoreError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

// One data folder, opened for writing. Opening takes the folder's lock (a second opener is told who holds it) and recovers: torn tails
// are cut, a damaged day file is set aside and counted. Throws StoreError. Writing is for the pipeline's threads only; everybody else
// uses Reader (reader.h).
class Store {
public:
    explicit Store(OpenOptions options);
    ~Store();

    const std::string& folder() const;

private:
    friend class StoreWriter;
    struct Parts;
    std::unique_ptr<Parts> m_parts;
};

} // namespace storage
