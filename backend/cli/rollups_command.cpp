// SPDX-License-Identifier: GPL-3.0-or-later
// rollups rebuild: by the backend that runs on the folder, or under the folder's own lock.
#include <cstdio>
#include <poll.h>
#include <unistd.h>

#include <QJsonObject>

#include "backend/cli/api_client.h"
#include "backend/cli/command_line.h"
#include "backend/pipeline/rollup_job.h"
#include "backend/runtime/clock.h"
#include "backend/runtime/files.h"
#include "backend/storage/folder_lock.h"

namespace cli {

namespace {

constexpr int askedEveryMs = 250;
constexpr std::uint64_t tokenFileBytesMax = 4096;

// One line that is written over, for people who watch; nothing into files and pipes.
void sayProgress(std::uint64_t done, std::uint64_t of)
{
    if (isatty(STDERR_FILENO) == 0)
        return;
    std::fprintf(stderr, "\r\x1b[K%llu of %llu hits", static_cast<unsigned long long>(done),
                 static_cast<unsigned long long>(of));
    std::fputs(done >= of ? "\n" : "", stderr);
}

std::uint64_t numberIn(const QJsonObject& object, const char* name)
{
    return static_cast<std::uint64_t>(object.value(QLatin1StringView(name)).toInteger());
}

std::uint64_t rebuildByApi(const std::string& folder, const std::string& address)
{
    runtime::SystemFiles files;
    std::string token = runtime::readWhole(files, folder + "/admin.token", tokenFileBytesMax);
    while (!token.empty() && (token.back() == '\n' || token.back() == '\r'))
        token.pop_back();
    const ApiClient api(address, token);
    const ApiAnswer asked = api.send("POST", "/v1/rollups/rebuild");
    if (!asked.done())
        throw std::runtime_error(explain(asked.problem(), asked.field()));
    while (true) {
        const ApiAnswer answer = api.send("GET", "/v1/rollups/progress");
        if (!answer.done())
            throw std::runtime_error(explain(answer.problem(), answer.field()));
        const bool isRunning = answer.body.value(QLatin1StringView("running")).toBool();
        const std::uint64_t of = numberIn(answer.body, "of");
        sayProgress(isRunning ? numberIn(answer.body, "done") : of, of);
        if (!isRunning)
            return of;
        ::poll(nullptr, 0, askedEveryMs);
    }
}

std::uint64_t rebuildHere(const std::string& folder)
{
    storage::Store store({folder, false});
    pipeline::RollupJob job(store);
    const protocol::UtcMs now(runtime::SystemClock().utcMs());
    job.run(now);
    job.beginRebuild();
    const std::uint64_t of = store.rollups().mark().seq.value;
    while (!job.rebuildPiece(now))
        sayProgress(store.rollups().mark(storage::RollupStore::Shelf::Rebuilt).seq.value, of);
    job.run(now);
    return of;
}

} // namespace

int runRollups(Arguments arguments)
{
    const Parsed parsed = parseGroup("rollups", arguments);
    if (parsed.exitStatus >= 0)
        return parsed.exitStatus;
    const std::string folder = parsed.config.text("data");
    const auto running = storage::findRunning(folder);
    const bool byApi = running && !running->api.empty();
    const std::uint64_t hits = byApi ? rebuildByApi(folder, running->api) : rebuildHere(folder);
    if (parsed.config.flag("json"))
        printJson({{"hits", static_cast<qint64>(hits)}});
    else
        std::printf("rollups made again up to hit %llu\n", static_cast<unsigned long long>(hits));
    return 0;
}

} // namespace cli
