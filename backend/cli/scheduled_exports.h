// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <condition_variable>
#include <mutex>
#include <string>
#include <vector>

#include "backend/protocol/table_file.h"
#include "backend/runtime/clock.h"
#include "backend/runtime/log.h"
#include "backend/storage/reader.h"

namespace cli {

struct ExportSchedule {
    std::string folder; // empty = none
    std::int64_t everyMs = 0;
    std::vector<std::string> what;
    protocol::TableFormat format = protocol::TableFormat::Csv;
};

// Files by the clock: after each period (counted from 1970 in UTC, so that days begin at midnight) each table of each
// workspace, of that period's hits or buckets, named after its beginning. A file that is there is not written again;
// periods missed while nothing ran are made up for, periodsBack at most. A period is written graceMs after its end,
// when its rollups are there. What cannot be written is logged and tried again.
class ScheduledExports {
public:
    static constexpr std::int64_t graceMs = 120'000, tryAgainMs = 60'000;
    static constexpr int periodsBack = 31;

    ScheduledExports(ExportSchedule schedule, std::string dataFolder, const runtime::Clock& clock,
                     const runtime::Log& log);

    // The body of a thread of main's, until stop().
    void run();
    void stop();
    // Writes what is due at that moment; how many files.
    int writeDue(protocol::UtcMs now) const;

private:
    bool write(const storage::Reader& reader, const links::Workspace& workspace, const std::string& what,
               protocol::UtcMs from, protocol::UtcMs now) const;

    const ExportSchedule m_schedule;
    const std::string m_dataFolder;
    const runtime::Clock& m_clock;
    const runtime::Log& m_log;
    std::mutex m_mutex; // of the stop word alone
    std::condition_variable m_stop;
    bool m_stopped = false;
};

} // namespace cli
