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

namespace runtime {
class Files;
}

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
    protocol::UtcMs revokedAt;  // 0 = valid
    protocol::UtcMs lastUsedAt; // to the minute; 0 = never
};

// Shown once: only a hash of the secret is stored.
struct NewToken {
    Token token;
    std::string secret;
};

// What stats and the API's totals show; over all stored hits.
struct HitTotals {
    std::uint64_t hits = 0, click = 0, probe = 0, prefetch = 0, miss = 0, blocked = 0;
    std::uint64_t bots = 0;      // hits of every class whose verdict is bot
    std::uint64_t botClicks = 0; // of these, clicks: click - botClicks are human clicks
    std::uint64_t late = 0;      // stored after their redirect had left
    std::uint64_t lost = 0;      // never stored; of the whole folder, since it was made
    protocol::HitSeq firstSeq, lastSeq, watermark;
    protocol::UtcMs watermarkTime;
    protocol::UtcMs rolledAt;
};

struct OpenOptions {
    std::string folder;
    bool powerDurable = false;
    runtime::Files* files =
        nullptr; // what the hits and the spill file go through; null = the system's. Outlives the Store
    // A day's log is finished after so many and another begun: about 150,000 hits, small enough that whoever begins to
    // read a day reads its log in a few hundredths of a second.
    std::uint64_t logPieceBytes = 32 * 1024 * 1024;
};

struct RollupQuery {
    protocol::WorkspaceId workspace;
    protocol::Granularity granularity = protocol::Granularity::Hour;
    protocol::Dimension by = protocol::Dimension::None;
    protocol::UtcMs from, to;             // half open, by bucket start
    std::optional<protocol::LinkId> link; // one link only
    bool perLink = false;                 // a row per link, else summed over links
    std::size_t rowsMax = 1'000'000;
};

// What went wrong and what to do, in English for a log or a terminal.
class StoreError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

class HitStore;      // hits/hit_store.h: the days
class SettingsStore; // sqlite/settings_store.h: workspaces, domains, links, tokens, audit
class RollupStore;   // sqlite/rollup_store.h: cells and watermark
class SpillFile;     // spill_file.h: late hits

// Where a running backend can be reached; what FolderLock's file says and findRunning (folder_lock.h) reads.
struct RunningBackend {
    std::int64_t pid = 0;
    std::string api;      // "http://127.0.0.1:8081", empty while it is starting
    std::string redirect; // "http://127.0.0.1:8080"
    std::string stream;   // "ws://127.0.0.1:8082/v1/stream"
};

// One data folder, opened for writing. Opening takes the folder's lock (a second opener is told who holds it) and
// recovers: torn tails are cut, a damaged file is set aside and counted. Throws StoreError. Writing is for the
// pipeline's threads only; everybody else uses Reader (reader.h). A folder that does not exist is made, empty:
// initFolder (init_folder.h) puts in what a first start needs.
class Store {
public:
    explicit Store(OpenOptions options);
    ~Store();

    const std::string& folder() const;
    runtime::Files& files() const; // any thread
    // What opening had to mend or set aside, one English sentence each, for the log. Empty after a clean stop.
    const std::vector<std::string>& notices() const;
    std::size_t damagedFiles() const; // set aside in this folder, ever

    // Tells the commands beside this backend where it listens. Call once the ports are bound.
    void announce(const RunningBackend& backend);

    // The parts, each for one thread at a time: hits, settings and spill for the pipeline, rollups for the rollup
    // worker.
    HitStore& hits();
    SettingsStore& settings();
    RollupStore& rollups();
    SpillFile& spill();

private:
    struct Parts;
    std::unique_ptr<Parts> m_parts;
};

} // namespace storage
