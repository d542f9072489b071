// SPDX-License-Identifier: GPL-3.0-or-later
// Our half of the rollups' measurement (see run): a year of hits folded by day in ten dimensions as the peer folds
// them, then as the backend does it, all dimensions by minute, hour and day with the sets of visitors, from the day
// files.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <memory>
#include <sys/resource.h>
#include <vector>

#include "backend/pipeline/rollup_job.h"
#include "backend/protocol/hit_columns.h"
#include "backend/protocol/words.h"
#include "backend/storage/hits/hit_store.h"
#include "backend/storage/init_folder.h"
#include "tests/bench/rollups/year.h"

namespace {

using protocol::Dimension;
using protocol::UtcMs;

constexpr std::size_t pieceHits = pipeline::RollupJob::pieceHitsDefault;
constexpr int rounds = 5;

double cpuSeconds()
{
    timespec now{};
    ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

struct Spent {
    double seconds = 0;
    template <class Work> void on(const Work& work)
    {
        const double before = cpuSeconds();
        work();
        seconds += cpuSeconds() - before;
    }
};

std::string valueOf(const protocol::Hit& hit, Dimension dimension)
{
    const auto column = protocol::hitColumnFrom(protocol::word(dimension));
    return column ? protocol::hitValue(hit, *column) : std::string();
}

void writeRow(std::FILE* csv, const protocol::Hit& hit)
{
    std::fprintf(csv, "%lld,%llu,%d,%d,%d", static_cast<long long>(hit.time.value),
                 static_cast<unsigned long long>(hit.link.value), hit.isClick() ? 1 : 0, hit.isHumanClick() ? 1 : 0,
                 hit.isScan() ? 1 : 0);
    for (const Dimension dimension : yearDimensions)
        std::fprintf(csv, ",%s", valueOf(hit, dimension).c_str());
    std::fputc('\n', csv);
}

std::uintmax_t databaseBytes(const std::string& folder)
{
    const storage::Database database(folder + "/rollups.db", storage::Database::Mode::Write, 5000);
    database.run("VACUUM");
    database.run("PRAGMA wal_checkpoint(TRUNCATE)");
    return std::filesystem::file_size(folder + "/rollups.db");
}

// Every cell by day, for the peer to compare with its own; their number.
std::uint64_t writeCells(const std::string& folder, const std::string& path)
{
    std::FILE* out = std::fopen(path.c_str(), "w");
    std::uint64_t cells = 0;
    const storage::Reader reader(folder);
    for (const Dimension dimension : yearDimensions) {
        storage::RollupQuery query;
        query.workspace = protocol::WorkspaceId(1);
        query.granularity = protocol::Granularity::Day;
        query.by = dimension;
        query.to = UtcMs(INT64_MAX);
        query.perLink = true;
        query.rowsMax = SIZE_MAX;
        reader.rollups(query, [&](const protocol::RollupRow& row) {
            ++cells;
            std::fprintf(out, "%s,%lld,%llu,%s,%llu,%llu,%llu,%llu\n", std::string(protocol::word(dimension)).c_str(),
                         static_cast<long long>(row.bucket.value), static_cast<unsigned long long>(row.link.value),
                         row.value.c_str(), static_cast<unsigned long long>(row.hits),
                         static_cast<unsigned long long>(row.clicks), static_cast<unsigned long long>(row.humanClicks),
                         static_cast<unsigned long long>(row.scans));
            return true;
        });
    }
    std::fclose(out);
    return cells;
}

// All links, every day of the year, by country: the best of some rounds, in ms.
template <class Work> double bestMs(const Work& work)
{
    double best = 1e9;
    for (int round = 0; round < rounds; ++round) {
        const auto before = std::chrono::steady_clock::now();
        work();
        best = std::min(best,
                        std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - before).count());
    }
    return best;
}

double countryByDayMs(const std::string& folder)
{
    const storage::Reader reader(folder);
    return bestMs([&] {
        storage::RollupQuery query;
        query.workspace = protocol::WorkspaceId(1);
        query.granularity = protocol::Granularity::Day;
        query.by = Dimension::Country;
        query.to = UtcMs(INT64_MAX);
        reader.rollups(query, [](const protocol::RollupRow&) { return true; });
    });
}

// Reports of the whole year with its daily uniques, as pages ask for them: CPU ms of the best of some rounds.
void printReports(const std::string& folder)
{
    using By = storage::ReportQuery::By;
    const storage::Reader reader(folder);
    std::vector<std::uint64_t> half;
    for (std::uint64_t link = 1; link <= 1'000; link += 2)
        half.push_back(link);
    const struct {
        const char* name;
        Dimension dimension;
        By by;
        bool ofHalf;
    } asked[] = {
        {"totals", Dimension::None, By::Nothing, false},     {"country", Dimension::Country, By::Value, false},
        {"link", Dimension::None, By::Link, false},          {"placement", Dimension::Placement, By::Value, false},
        {"campaign", Dimension::Campaign, By::Value, false}, {"half_the_links", Dimension::None, By::Nothing, true}};
    for (const auto& one : asked) {
        storage::ReportQuery query;
        query.workspace = protocol::WorkspaceId(1);
        query.dimension = one.dimension;
        query.by = one.by;
        query.to = UtcMs(INT64_MAX);
        query.seriesOf = one.by == By::Nothing ? 0 : 5;
        query.uniques = true;
        if (one.ofHalf)
            query.links = half;
        double best = 1e9;
        std::uint64_t uniques = 0;
        for (int round = 0; round < rounds; ++round) {
            Spent spent;
            spent.on([&] { uniques = reader.report(query).totals.uniques.value_or(0); });
            best = std::min(best, spent.seconds * 1e3);
        }
        std::printf("%s\"%s\":{\"cpu_ms\":%.1f,\"uniques\":%llu}", &one == asked ? "" : ",", one.name, best,
                    static_cast<unsigned long long>(uniques));
    }
}

rollups::StartsOf startsOf(pipeline::ZoneDays& zone)
{
    return [&zone](protocol::WorkspaceId, UtcMs time) {
        return rollups::BucketStarts{zone.hourStart(time), zone.dayStart(time)};
    };
}

rollups::FoldScope tenByDay()
{
    rollups::FoldScope scope;
    scope.dimensions.assign(yearDimensions.begin(), yearDimensions.end());
    scope.minutes = scope.hours = scope.visitors = false;
    return scope;
}

// Ten dimensions by day: from facts in memory, as the peer's table is its own form; writing and packing included.
void foldFromMemory(const std::string& folder, const std::string& csvPath, std::uint64_t hits, std::uint64_t links)
{
    storage::initFolder(folder);
    std::vector<std::string> notices;
    storage::RollupStore store(folder, notices);
    pipeline::ZoneDays days("UTC");
    rollups::Fold fold(startsOf(days), tenByDay());
    Year year(hits, links);
    std::FILE* csv = std::fopen(csvPath.c_str(), "w");
    Spent fold_, write;
    std::vector<rollups::HitFacts> piece;
    for (std::uint64_t seq = 0; seq < hits;) {
        piece.clear();
        for (; piece.size() < pieceHits && seq < hits; ++seq) {
            const protocol::Hit hit = year.next();
            writeRow(csv, hit);
            piece.push_back(rollups::factsOf(protocol::viewOf(hit), fold.words()));
        }
        fold_.on([&] {
            for (const rollups::HitFacts& facts : piece)
                fold.add(facts);
        });
        write.on([&] { store.add(fold, {protocol::HitSeq(seq), UtcMs(), UtcMs(1)}); });
        fold.clear();
    }
    write.on([&] { store.packAll(); });
    std::fclose(csv);
    std::printf("\"events_per_cpu_second\":%.0f,\"add_seconds\":%.3f,\"finish_seconds\":%.3f",
                static_cast<double>(hits) / (fold_.seconds + write.seconds), fold_.seconds, write.seconds);
}

void storeYear(const std::string& folder, std::uint64_t hits, std::uint64_t links)
{
    storage::Store store({folder, false});
    Year year(hits, links);
    for (std::uint64_t seq = 0; seq < hits;) {
        protocol::HitBatch batch;
        for (; batch.size() < pieceHits && seq < hits; ++seq)
            batch.push_back(year.next());
        std::sort(batch.begin(), batch.end(), [](const auto& a, const auto& b) { return a.seq < b.seq; });
        store.hits().append(batch);
    }
}

// The same ten, read from the day files; then everything, as the backend does it.
void foldFromDayFiles(const std::string& folder, std::uint64_t hits)
{
    std::vector<std::string> notices;
    pipeline::ZoneDays days("UTC");
    Spent ten;
    {
        const std::string other = folder + "-ten";
        storage::initFolder(other);
        storage::RollupStore store(other, notices);
        const storage::Reader reader(folder);
        rollups::Fold fold(startsOf(days), tenByDay());
        ten.on([&] {
            for (protocol::HitSeq at; at.value < hits;) {
                at = reader.factsAfter(at, pieceHits, fold.words(),
                                       [&](const rollups::HitFacts& facts) { fold.add(facts); });
                store.add(fold, {at, UtcMs(), UtcMs(1)});
                fold.clear();
            }
            store.packAll();
        });
    }
    Spent all;
    {
        storage::Store store({folder, false});
        pipeline::RollupJob job(store);
        const UtcMs end(Year::start + Year::days * protocol::msPerDay);
        all.on([&] {
            job.run(end);
            store.rollups().packAll();
        });
    }
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    std::printf(",\"from_day_files_per_cpu_second\":%.0f,\"everything_per_cpu_second\":%.0f,\"memory_mb\":%ld",
                static_cast<double>(hits) / ten.seconds, static_cast<double>(hits) / all.seconds,
                usage.ru_maxrss / 1024);
}

} // namespace

// rollups_bench HITS LINKS FOLDER: writes FOLDER/hits.csv and FOLDER/cells.csv, prints one JSON object.
// rollups_bench reports FOLDER/all: the reports alone, of what it left there.
int main(int argc, char** argv)
{
    if (argc == 3 && std::strcmp(argv[1], "reports") == 0) {
        std::fputs("{", stdout);
        printReports(argv[2]);
        std::fputs("}\n", stdout);
        return 0;
    }
    if (argc != 4) {
        std::fputs("rollups_bench HITS LINKS FOLDER\n", stderr);
        return 2;
    }
    const std::uint64_t hits = std::strtoull(argv[1], nullptr, 10), links = std::strtoull(argv[2], nullptr, 10);
    const std::string folder = argv[3], ten = folder + "/ten", all = folder + "/all";
    std::printf("{\"hits\":%llu,\"links\":%llu,", static_cast<unsigned long long>(hits),
                static_cast<unsigned long long>(links));
    foldFromMemory(ten, folder + "/hits.csv", hits, links);
    const std::uint64_t cells = writeCells(ten, folder + "/cells.csv");
    const std::uintmax_t bytes = databaseBytes(ten);
    std::printf(",\"cells\":%llu,\"bytes\":%llu,\"query_ms\":%.1f", static_cast<unsigned long long>(cells),
                static_cast<unsigned long long>(bytes), countryByDayMs(ten));
    storage::initFolder(all);
    storeYear(all, hits, links);
    foldFromDayFiles(all, hits);
    const std::uintmax_t allBytes = databaseBytes(all);
    std::printf(",\"everything_bytes\":%llu,\"reports\":{", static_cast<unsigned long long>(allBytes));
    printReports(all);
    std::fputs("}}\n", stdout);
    return 0;
}
