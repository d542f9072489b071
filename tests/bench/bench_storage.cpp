// SPDX-License-Identifier: GPL-3.0-or-later
// What a hit costs on its way to the disk and on it, beside the same hits as rows of SQLite (texts as numbers of a
// table of words, one transaction for each batch) and, through a CSV, whatever else reads one. Prints one JSON object.
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <map>
#include <random>
#include <string>

#include "backend/storage/hits/hit_store.h"
#include "backend/storage/hits/sealer.h"
#include "backend/storage/reader.h"
#include "backend/storage/sqlite/database.h"
#include "backend/storage/store.h"

namespace {

constexpr std::size_t batchHits = 64;
constexpr std::int64_t noon = 1'772'366'400'000;

double cpuSeconds()
{
    return static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
}

std::uintmax_t bytesUnder(const std::string& folder)
{
    std::uintmax_t sum = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder))
        if (entry.is_regular_file())
            sum += entry.file_size();
    return sum;
}

// A busy day: few of 5,000 links get most clicks, half of the visitors come again, places, agents and sites of the
// usual spread.
class Traffic {
public:
    explicit Traffic(std::uint64_t hits) : m_hits(hits) {}

    protocol::Hit next()
    {
        const auto skewed = [this](std::uint64_t end) {
            const double at = std::uniform_real_distribution<double>(0, 1)(m_random);
            return static_cast<std::uint64_t>(at * at * at * static_cast<double>(end));
        };
        const auto numbered = [](const char* name, std::uint64_t number) { return name + std::to_string(number); };
        protocol::Hit hit;
        hit.seq = protocol::HitSeq(++m_seq);
        m_time += static_cast<std::int64_t>(m_random() % (2 * protocol::msPerDay / 2 / m_hits + 1));
        hit.time = protocol::UtcMs(m_time);
        hit.workspace = protocol::WorkspaceId(1);
        const std::uint64_t link = 1 + skewed(5'000);
        hit.link = protocol::LinkId(link);
        hit.visitor = protocol::VisitorKey((m_random() % (m_hits / 2 + 1) + 1) * 0x9e37'79b9'7f4a'7c15ULL);
        hit.touch = m_random() % 4 ? protocol::TouchType::Link : protocol::TouchType::Qr;
        hit.device = static_cast<protocol::DeviceType>(1 + m_random() % 3);
        hit.status = 302;
        hit.domain = "go.acme.example";
        hit.slug = numbered("launch-", link);
        hit.destination = "https://shop.acme.example/landing/" + std::to_string(link) + "?from=launch";
        hit.campaign = numbered("campaign-", link % 40);
        hit.placement = hit.touch == protocol::TouchType::Qr ? numbered("poster-", m_random() % 6) : "";
        const std::uint64_t place = skewed(3'000);
        hit.country = {static_cast<char>('A' + place % 12), static_cast<char>('A' + place % 7)};
        hit.region = numbered("Region ", place % 300);
        hit.city = numbered("City ", place);
        hit.os = numbered("System ", skewed(6));
        hit.browser = numbered("Browser ", skewed(12));
        hit.language = numbered("l", skewed(20));
        hit.referrer = m_random() % 2 ? "" : numbered("site-", skewed(400)) + ".example";
        hit.utmSource = numbered("source-", link % 9);
        if (m_random() % 10 == 0) {
            hit.botCategory = protocol::BotCategory::Preview;
            hit.botReason = numbered("agent:Bot", skewed(60));
        }
        return hit;
    }

private:
    const std::uint64_t m_hits;
    std::mt19937_64 m_random{7};
    std::uint64_t m_seq = 0;
    std::int64_t m_time = noon - protocol::msPerDay / 2;
};

// Beside ours, with the same commits. Returns CPU seconds.
double writeRows(const std::string& path, std::uint64_t hits)
{
    double spent = 0;
    const storage::Database database(path, storage::Database::Mode::Create, 1000);
    database.run("PRAGMA journal_mode = WAL");
    database.run("PRAGMA synchronous = NORMAL");
    std::string columns = "seq INTEGER PRIMARY KEY", places = "?";
    for (std::size_t column = 1; column < 13 + protocol::hitTexts.size(); ++column) {
        columns += ", c" + std::to_string(column) + " INTEGER NOT NULL";
        places += ",?";
    }
    database.run("CREATE TABLE hits(" + columns + ")");
    database.run("CREATE TABLE words(id INTEGER PRIMARY KEY, text TEXT NOT NULL)");
    storage::Statement insert = database.prepare("INSERT INTO hits VALUES(" + places + ")");
    storage::Statement addWord = database.prepare("INSERT INTO words VALUES(?, ?)");
    std::map<std::string, std::int64_t, std::less<>> words;
    Traffic traffic(hits);
    for (std::uint64_t done = 0; done < hits; done += batchHits) {
        std::vector<protocol::Hit> batch;
        for (std::size_t at = 0; at < batchHits; ++at)
            batch.push_back(traffic.next());
        const double begun = cpuSeconds();
        storage::Transaction transaction(database);
        for (const protocol::Hit& hit : batch) {
            int at = 0;
            for (const std::uint64_t value :
                 {hit.seq.value, static_cast<std::uint64_t>(hit.time.value), std::uint64_t{hit.workspace.value},
                  hit.link.value, hit.visitor.value, static_cast<std::uint64_t>(hit.hitClass),
                  static_cast<std::uint64_t>(hit.reason), static_cast<std::uint64_t>(hit.touch),
                  static_cast<std::uint64_t>(hit.device), static_cast<std::uint64_t>(hit.botCategory),
                  std::uint64_t{hit.late}, std::uint64_t{hit.status}, std::uint64_t{hit.ruleVersion}})
                insert.bind(++at, value);
            for (const auto text : protocol::hitTexts) {
                const auto [word, isNew] = words.try_emplace(hit.*text, static_cast<std::int64_t>(words.size()));
                if (isNew)
                    addWord.bind(1, word->second).bind(2, std::string_view(word->first)).run();
                insert.bind(++at, word->second);
            }
            insert.run();
        }
        transaction.commit();
        spent += cpuSeconds() - begun;
    }
    database.run("PRAGMA wal_checkpoint(TRUNCATE)");
    return spent;
}

void writeCsv(const std::string& path, std::uint64_t hits)
{
    std::FILE* out = std::fopen(path.c_str(), "w");
    Traffic traffic(hits);
    for (std::uint64_t done = 0; done < hits; ++done) {
        const protocol::Hit hit = traffic.next();
        std::fprintf(out, "%llu,%lld,%llu,%lld,%d,%d,%d", static_cast<unsigned long long>(hit.seq.value),
                     static_cast<long long>(hit.time.value), static_cast<unsigned long long>(hit.link.value),
                     static_cast<long long>(hit.visitor.value), static_cast<int>(hit.touch),
                     static_cast<int>(hit.device), static_cast<int>(hit.botCategory));
        for (const auto text : protocol::hitTexts)
            std::fprintf(out, ",%s", (hit.*text).c_str());
        std::fputc('\n', out);
    }
    std::fclose(out);
}

} // namespace

int main(int argc, char** argv)
{
    if (argc != 3) {
        std::fprintf(stderr, "usage: bench_storage HITS FOLDER\n");
        return 2;
    }
    const std::uint64_t hits = std::strtoull(argv[1], nullptr, 10) / batchHits * batchHits;
    const std::string folder = argv[2], data = folder + "/data", rows = folder + "/rows.db";
    double append = 0, seal = 0, read = 0;
    std::uintmax_t logBytes = 0, sealedBytes = 0;
    std::uint64_t seen = 0;
    {
        storage::Store store({data});
        Traffic traffic(hits);
        for (std::uint64_t done = 0; done < hits; done += batchHits) {
            std::vector<protocol::Hit> batch;
            for (std::size_t at = 0; at < batchHits; ++at)
                batch.push_back(traffic.next());
            const double begun = cpuSeconds();
            store.hits().append(batch);
            append += cpuSeconds() - begun;
        }
        logBytes = bytesUnder(data + "/hits");
    }
    {
        storage::Store store({data});
        storage::Sealer sealer(
            store.files(),
            {data, true, 0, [&] { return store.hits().lastSeq(); }, [&] { return store.hits().openPieces(); },
             [&](storage::Day day, std::uint64_t name) { return store.hits().removePiece(day, name); }});
        const double begun = cpuSeconds();
        sealer.sealAll();
        seal = cpuSeconds() - begun;
        sealedBytes = bytesUnder(data + "/hits");
        rollups::Words words;
        const storage::Reader reader(data);
        const double readBegun = cpuSeconds();
        for (protocol::HitSeq at; at < store.hits().lastSeq();)
            at = reader.factsAfter(at, 100'000, words, [&](const rollups::HitFacts&) { ++seen; });
        read = cpuSeconds() - readBegun;
    }
    const double sqlite = writeRows(rows, hits);
    writeCsv(folder + "/hits.csv", hits);
    const auto each = [&](double value) { return value / static_cast<double>(hits); };
    std::printf("{\"hits\":%llu,\"read\":%llu,\"log_bytes\":%.1f,\"sealed_bytes\":%.1f,\"append_us\":%.2f,\"seal_us\":%"
                ".2f,\"read_us\":%.2f,"
                "\"sqlite_bytes\":%.1f,\"sqlite_us\":%.2f}\n",
                static_cast<unsigned long long>(hits), static_cast<unsigned long long>(seen),
                each(static_cast<double>(logBytes)), each(static_cast<double>(sealedBytes)), each(append) * 1e6,
                each(seal) * 1e6, each(read) * 1e6, each(static_cast<double>(std::filesystem::file_size(rows))),
                each(sqlite) * 1e6);
    return 0;
}
