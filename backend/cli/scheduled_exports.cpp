// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/cli/scheduled_exports.h"

#include <algorithm>
#include <filesystem>

#include "backend/cli/table_exports.h"
#include "backend/protocol/words.h"

namespace cli {

namespace {

constexpr std::size_t dayChars = 10, minuteChars = 16;

// "2026-03-01", or "2026-03-01T12-00" of periods that are not whole days: colons are no part of a name on Windows.
std::string fileTime(protocol::UtcMs time, std::int64_t everyMs)
{
    std::string text = protocol::rfc3339(time).substr(0, everyMs % protocol::msPerDay == 0 ? dayChars : minuteChars);
    std::replace(text.begin(), text.end(), ':', '-');
    return text;
}

std::string filePart(const std::string& name)
{
    std::string part = name;
    for (char& c : part)
        if (!std::isalnum(static_cast<unsigned char>(c)) && c != '-' && c != '_')
            c = '_';
    return part;
}

} // namespace

ScheduledExports::ScheduledExports(ExportSchedule schedule, std::string dataFolder, const runtime::Clock& clock,
                                   const runtime::Log& log)
    : m_schedule(std::move(schedule)), m_dataFolder(std::move(dataFolder)), m_clock(clock), m_log(log)
{
}

void ScheduledExports::run()
{
    if (m_schedule.folder.empty())
        return;
    std::unique_lock lock(m_mutex);
    while (!m_stopped) {
        lock.unlock();
        try {
            writeDue(protocol::UtcMs(m_clock.utcMs()));
        } catch (const std::exception& error) {
            m_log.warning("export not written", {{"reason", error.what()}});
        }
        const std::int64_t now = m_clock.utcMs();
        const std::int64_t next = ((now - graceMs) / m_schedule.everyMs + 1) * m_schedule.everyMs + graceMs;
        lock.lock();
        // Looked at once a minute, since the clock may be set.
        m_stop.wait_for(lock, std::chrono::milliseconds(std::min(next - now, tryAgainMs)),
                        [this] { return m_stopped; });
    }
}

void ScheduledExports::stop()
{
    const std::lock_guard lock(m_mutex);
    m_stopped = true;
    m_stop.notify_all();
}

int ScheduledExports::writeDue(protocol::UtcMs now) const
{
    std::filesystem::create_directories(m_schedule.folder);
    const storage::Reader reader(m_dataFolder);
    const std::int64_t every = m_schedule.everyMs;
    const std::int64_t end = (now.value - graceMs) / every * every;
    int written = 0;
    for (const links::Workspace& workspace : reader.workspaces())
        for (std::int64_t from = end - periodsBack * every; from < end; from += every)
            for (const std::string& what : m_schedule.what)
                // The links are those of now: there is no file of what they were.
                if (from >= 0 && (what != "links" || from + every == end))
                    written += write(reader, workspace, what, protocol::UtcMs(from), now) ? 1 : 0;
    return written;
}

bool ScheduledExports::write(const storage::Reader& reader, const links::Workspace& workspace, const std::string& what,
                             protocol::UtcMs from, protocol::UtcMs now) const
{
    TableAsked asked;
    asked.what = what;
    asked.workspace = workspace;
    if (what != "links") {
        asked.from = from;
        asked.to = protocol::UtcMs(from.value + m_schedule.everyMs);
        // Before the first hit there is nothing to make up for.
        const protocol::HitSeq first = reader.firstSeqSince(protocol::UtcMs(0));
        protocol::HitSeq covered;
        const protocol::HitBatch oldest =
            first ? reader.hitsAfter(protocol::HitSeq(first.value - 1), 1, {}, {}, covered) : protocol::HitBatch();
        if (oldest.empty() || oldest.front().time >= asked.to)
            return false;
    }
    const std::string path = m_schedule.folder + "/" + what + "-" + filePart(workspace.name) + "-" +
                             fileTime(from, m_schedule.everyMs) + "." + std::string(protocol::word(m_schedule.format));
    if (std::filesystem::exists(path))
        return false;
    protocol::TableFile file(path, m_schedule.format, false, columnsOf(asked));
    readTable(reader, asked, [&file](std::span<const std::string> cells) { return file.row(cells); });
    if (!file.finish(factsOf(reader, asked, now))) {
        m_log.warning("export not written", {{"file", path}, {"reason", file.error()}});
        return false;
    }
    m_log.info("exported", {{"file", path}, {"rows", file.rows()}});
    return true;
}

} // namespace cli
