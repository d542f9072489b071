// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "backend/protocol/ids.h"
#include "backend/storage/hits/day_folder.h"
#include "backend/storage/hits/hit_log.h"
#include "backend/storage/hits/hit_store.h"
#include "backend/storage/hits/spare_pieces.h"
#include "backend/storage/sqlite/database.h"

namespace storage {

// What happens behind the writer's back: the logs and the spill file are synced, pieces of logs are made ahead,
// finished ones sealed, and the sequence reached is noted in settings.db, so that lost files cannot make sequences
// start again. One thread of its own; a failure is counted and tried again.
class Sealer {
public:
    struct Options {
        std::string folder;
        bool syncLogs = true;              // durability `process`, where commits themselves do not sync
        std::uint64_t sparePieceBytes = 0; // durability `power`: pieces are made ahead; 0 = none are
        std::function<protocol::HitSeq()> lastSeq;
        std::function<std::vector<OpenPiece>()> openPieces;
        std::function<bool(Day, std::uint64_t)> removePiece;
    };
    // `files` outlives it.
    Sealer(runtime::Files& files, Options options);
    ~Sealer();

    // Call every 100 ms: a power cut costs at most what was committed since. Seals one block at most, and none while
    // hits come fast, unless too much waits.
    void tick();
    // Seals all that is finished.
    void sealAll();
    std::uint64_t failures() const { return m_failures; }
    std::uint64_t waitingBytes() const { return m_waitingBytes; } // of finished pieces

private:
    struct Work; // a piece on its way into the sealed file
    void listDays(bool all);
    bool isOpen(Day day, std::uint64_t piece) const;
    void syncLogs();
    void syncSpill();
    std::uint64_t cameSinceLastTick();
    bool seal(); // one block; false where there is nothing to do
    bool begin();
    void finish();
    void noteSequence();

    runtime::Files& m_files;
    const Options m_options;
    std::map<Day, std::vector<std::uint64_t>> m_days;    // their pieces
    std::map<std::string, std::uint64_t> m_synced;       // bytes, by path
    std::pair<std::int64_t, std::int64_t> m_spillSynced; // its time of change and size then
    std::vector<OpenPiece> m_open;
    SparePieces m_spares;
    std::unique_ptr<Work> m_work;
    Database m_settings;
    std::uint64_t m_noted = 0, m_seenAtLastTick = 0;
    std::uint64_t m_waitingBytes = 0;
    std::uint64_t m_ticks = 0;
    std::uint64_t m_failures = 0;
};

} // namespace storage
