// SPDX-License-Identifier: GPL-3.0-or-later
// stats and check: what lies in a data folder, counted and looked through.
#include <cstdio>

#include <QJsonArray>
#include <QJsonObject>

#include "backend/cli/command_line.h"
#include "backend/storage/folder_lock.h"
#include "backend/storage/reader.h"

namespace cli {

namespace {

constexpr std::size_t pageHits = 10'000;

std::vector<std::pair<const char*, std::uint64_t>> figuresOf(const storage::HitTotals& totals)
{
    return {{"hits", totals.hits},
            {"click", totals.click},
            {"probe", totals.probe},
            {"prefetch", totals.prefetch},
            {"miss", totals.miss},
            {"blocked", totals.blocked},
            {"bots", totals.bots},
            {"lastSeq", totals.lastSeq.value},
            {"watermark", totals.watermark.value},
            {"late", totals.late},
            {"lost", totals.lost}};
}

// Reads every stored hit and looks for gaps in the count; the finding as a code, empty = well.
struct HitCheck {
    std::uint64_t hits = 0;
    std::uint64_t gaps = 0;
    std::uint64_t firstGap = 0;
};

HitCheck checkHits(const storage::Reader& reader)
{
    HitCheck check;
    protocol::HitSeq at;
    std::uint64_t expected = 0;
    const std::uint64_t last = reader.lastSeq().value;
    while (at.value < last) {
        protocol::HitSeq coveredTo = at;
        for (const protocol::Hit& hit : reader.hitsAfter(at, pageHits, {}, {}, coveredTo)) {
            // The first stored hit is wherever retention has left off.
            if (expected != 0 && hit.seq.value != expected) {
                check.gaps += hit.seq.value > expected ? hit.seq.value - expected : 1;
                check.firstGap = check.firstGap == 0 ? expected : check.firstGap;
            }
            expected = hit.seq.value + 1;
            ++check.hits;
        }
        if (coveredTo.value <= at.value)
            break;
        at = coveredTo;
    }
    return check;
}

} // namespace

int runStats(Arguments arguments)
{
    const Parsed parsed = parse("stats", arguments);
    if (parsed.exitStatus >= 0)
        return parsed.exitStatus;
    const auto figures = figuresOf(storage::Reader(parsed.config.text("data")).totals());
    QJsonObject object;
    for (const auto& [name, value] : figures) {
        if (parsed.config.flag("json"))
            object.insert(QLatin1StringView(name), static_cast<qint64>(value));
        else
            std::printf("%-10s %llu\n", name, static_cast<unsigned long long>(value));
    }
    if (parsed.config.flag("json"))
        printJson(object);
    return 0;
}

int runCheck(Arguments arguments)
{
    const Parsed parsed = parse("check", arguments);
    if (parsed.exitStatus >= 0)
        return parsed.exitStatus;
    const std::string folder = parsed.config.text("data");
    const storage::Reader reader(folder);
    const auto running = storage::findRunning(folder);
    const storage::HitTotals totals = reader.totals();
    const HitCheck hits = checkHits(reader);
    std::uint64_t linkCount = 0;
    reader.forEachLink([&linkCount](links::Link&&) { ++linkCount; });
    // Beside a running backend the totals were read a moment before the hits; only a stopped folder must agree to the
    // last one.
    const bool totalsAgree = running || totals.hits == hits.hits;
    const bool well = hits.gaps == 0 && totalsAgree;
    if (parsed.config.flag("json")) {
        printJson({{"well", well},
                   {"hits", static_cast<qint64>(hits.hits)},
                   {"gaps", static_cast<qint64>(hits.gaps)},
                   {"firstGap", static_cast<qint64>(hits.firstGap)},
                   {"totalsAgree", totalsAgree},
                   {"links", static_cast<qint64>(linkCount)},
                   {"lost", static_cast<qint64>(totals.lost)},
                   {"running", running.has_value()}});
        return well ? 0 : 1;
    }
    std::printf("%llu hits and %llu links read\n", static_cast<unsigned long long>(hits.hits),
                static_cast<unsigned long long>(linkCount));
    if (hits.gaps > 0)
        return fail(std::to_string(hits.gaps) + " sequences are missing, the first is " +
                    std::to_string(hits.firstGap) + "; was a day file removed or set aside (*.damaged)?");
    if (!totalsAgree)
        return fail("the totals say " + std::to_string(totals.hits) + " hits, " + std::to_string(hits.hits) +
                    " were read");
    return 0;
}

} // namespace cli
