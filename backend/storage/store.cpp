// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/storage/store.h"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <system_error>

#include "backend/runtime/files.h"
#include "backend/storage/folder_lock.h"
#include "backend/storage/hits/hit_store.h"
#include "backend/storage/hits/recovery.h"
#include "backend/storage/spill_file.h"
#include "backend/storage/sqlite/rollup_store.h"
#include "backend/storage/sqlite/settings_store.h"

namespace storage {

namespace {

// After a loss that cannot be measured, sequences go on this much later: more than what fits between two notes of the
// sealer and a power cut, so that no number seen outside is given to another hit.
constexpr std::uint64_t leapAfterLoss = 1'000'000;

std::string bootId()
{
    std::ifstream file("/proc/sys/kernel/random/boot_id");
    std::string id;
    std::getline(file, id);
    return id;
}

std::uint64_t numberFrom(const std::string& text)
{
    std::uint64_t value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

} // namespace

struct Store::Parts {
    std::string folder;
    std::vector<std::string> notices;
    runtime::SystemFiles systemFiles;
    runtime::Files* files = nullptr;
    std::unique_ptr<FolderLock> lock;
    std::unique_ptr<SettingsStore> settings;
    std::unique_ptr<HitStore> hits;
    std::unique_ptr<RollupStore> rollups;
    std::unique_ptr<SpillFile> spill;

    void recoverSequence(bool afterCrash)
    {
        hits->continueAfter(protocol::HitSeq(numberFrom(settings->meta("seq_base"))));
        const std::uint64_t found = hits->lastSeq().value;
        const std::uint64_t noted = numberFrom(settings->meta("seq_mark"));
        const std::string boot = bootId();
        const std::string lastBoot = settings->meta("boot_id");
        const bool powerCut = afterCrash && !boot.empty() && !lastBoot.empty() && boot != lastBoot;
        if (noted > found || hits->newestWasDamaged() || (powerCut && found > 0)) {
            const std::uint64_t next = std::max(found, noted) + leapAfterLoss;
            hits->continueAfter(protocol::HitSeq(next));
            settings->setMeta("seq_base", std::to_string(next));
            notices.push_back(
                "hits may have been lost (by a power cut or with a damaged file)" +
                (noted > found ? ", and " + std::to_string(noted - found) + " at the end are missing" : std::string()) +
                "; sequences go on after " + std::to_string(next) + " so that none is used twice");
        }
        settings->setMeta("boot_id", boot);
        settings->setMeta("clean", "no");
    }
    void openSpill(bool afterCrash)
    {
        recoverSpill(*files, SpillFile::pathIn(folder), afterCrash, notices);
        spill = std::make_unique<SpillFile>(*files, folder);
        if (spill->tornBytes() > 0)
            notices.push_back("the spill file ended in a torn record of " + std::to_string(spill->tornBytes()) +
                              " bytes, which was cut");
        const std::uint64_t noted = numberFrom(settings->meta("spill_mark")), found = spill->lastSeq().value;
        if (!afterCrash && noted > found)
            notices.push_back("hits waited in the spill file, and " + std::to_string(noted - found) +
                              " at the end are missing");
    }
};

Store::Store(OpenOptions options) : m_parts(std::make_unique<Parts>())
{
    Parts& parts = *m_parts;
    while (options.folder.size() > 1 && options.folder.ends_with('/'))
        options.folder.pop_back();
    parts.folder = options.folder;
    parts.files = options.files ? options.files : &parts.systemFiles;
    runtime::Files& files = *parts.files;
    try {
        parts.systemFiles.makeFolder(options.folder + "/hits");
        parts.lock = std::make_unique<FolderLock>(options.folder);
        parts.settings = std::make_unique<SettingsStore>(options.folder);
        const bool afterCrash = parts.settings->meta("clean") == "no";
        parts.hits = std::make_unique<HitStore>(options, files, afterCrash, parts.notices);
        parts.recoverSequence(afterCrash);
        parts.rollups = std::make_unique<RollupStore>(options.folder, parts.notices);
        parts.openSpill(afterCrash);
    } catch (const std::system_error& error) {
        throw StoreError(error.what());
    }
}

Store::~Store()
{
    try {
        m_parts->settings->setMeta("seq_mark", std::to_string(m_parts->hits->lastSeq().value));
        m_parts->settings->setMeta("spill_mark", std::to_string(m_parts->spill->lastSeq().value));
        m_parts->settings->setMeta("clean", "yes");
    } catch (const StoreError&) {
        // The next opening looks closer, as after a crash.
    }
}

const std::string& Store::folder() const
{
    return m_parts->folder;
}

runtime::Files& Store::files() const
{
    return *m_parts->files;
}

const std::vector<std::string>& Store::notices() const
{
    return m_parts->notices;
}

std::size_t Store::damagedFiles() const
{
    return countDamaged(m_parts->folder);
}

void Store::announce(const RunningBackend& backend)
{
    m_parts->lock->write(backend);
}

HitStore& Store::hits()
{
    return *m_parts->hits;
}

SettingsStore& Store::settings()
{
    return *m_parts->settings;
}

RollupStore& Store::rollups()
{
    return *m_parts->rollups;
}

SpillFile& Store::spill()
{
    return *m_parts->spill;
}

} // namespace storage
