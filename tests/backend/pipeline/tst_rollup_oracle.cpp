// SPDX-License-Identifier: GPL-3.0-or-later
// A year of hits in two zones, rolled up, against a count that shares nothing with it: every dimension by day and by
// hour, the links of some, and the visitors. CLICKROOM_ORACLE_HITS sets how many.
#include <QTemporaryDir>
#include <QTest>

#include <array>
#include <chrono>
#include <cmath>
#include <map>
#include <unordered_map>

#include "backend/pipeline/rollup_job.h"
#include "backend/protocol/words.h"
#include "backend/storage/hits/hit_store.h"
#include "backend/storage/init_folder.h"
#include "backend/storage/sqlite/settings_store.h"
#include "tests/bench/rollups/year.h"

using namespace protocol;

namespace {

// The second sets its clock by half an hour, and its hours begin at the UTC half hours for part of the year.
constexpr const char* zones[] = {"Europe/Berlin", "Australia/Lord_Howe"};
constexpr std::uint64_t hitsDefault = 6'000, piece = 100'000;
constexpr std::int64_t quarterMs = 15 * msPerMinute;

struct Sum {
    std::uint64_t hits = 0, clicks = 0, humans = 0, scans = 0;
    bool operator==(const Sum&) const = default;
};

struct Asked {
    Granularity granularity = Granularity::Day;
    Dimension dimension = Dimension::None;
    bool perLink = false;
    std::array<std::unordered_map<std::string, Sum>, 2> counted{}; // by workspace
};

std::string valueOf(const Hit& hit, Dimension dimension)
{
    using enum Dimension;
    switch (dimension) {
    case None:
        return "";
    case Class:
        return std::string(word(hit.hitClass));
    case Bot:
        return hit.isBot() ? "true" : "false";
    case BotCategory:
        return std::string(word(hit.botCategory));
    case Touch:
        return hit.touch == TouchType::Qr ? "qr" : "link";
    case Country:
        return hit.country;
    case Device:
        return std::string(word(hit.device));
    case Referrer:
        return hit.referrer;
    case Placement:
        return hit.placement;
    case Region:
        return hit.country + "/" + hit.region;
    case City:
        return hit.country + "/" + hit.region + "/" + hit.city;
    case Os:
        return hit.os;
    case Browser:
        return hit.browser;
    case Language:
        return hit.language;
    case Channel:
        return hit.utmSource + " / " + hit.utmMedium;
    case Campaign:
        return hit.campaign;
    case UtmSource:
        return hit.utmSource;
    case UtmMedium:
        return hit.utmMedium;
    case Destination:
        return hit.destination;
    case Status:
        return "302";
    default:
        return ""; // of what this year has none: terms, contents, rules, variants
    }
}

// The start of a local day, straight from the time zone database.
std::int64_t dayOf(const std::chrono::time_zone& zone, std::int64_t time)
{
    using namespace std::chrono;
    const auto day = floor<days>(zone.to_local(sys_time<milliseconds>(milliseconds(time))));
    return zone.to_sys(local_time<milliseconds>(day), choose::earliest).time_since_epoch().count();
}

// The start of a local hour: as far back, by quarters of an hour, as the clock shows the same hour and is set the same.
std::int64_t hourOf(const std::chrono::time_zone& zone, std::int64_t quarter)
{
    using namespace std::chrono;
    const auto shown = [&zone](std::int64_t time) {
        const sys_time<milliseconds> moment{milliseconds(time)};
        return std::pair(floor<hours>(zone.to_local(moment)), zone.get_info(moment).offset);
    };
    std::int64_t start = quarter;
    while (shown(start - quarterMs) == shown(quarter))
        start -= quarterMs;
    return start;
}

} // namespace

class RollupOracleTest : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_dir;
    std::uint64_t m_hits = hitsDefault;
    std::vector<Asked> m_asked;
    const std::chrono::time_zone* m_zones[2] = {std::chrono::locate_zone(zones[0]), std::chrono::locate_zone(zones[1])};
    std::vector<std::pair<std::int64_t, std::uint64_t>> m_visits[2]; // day and visitor
    std::string folder() const { return m_dir->path().toStdString(); }
    static UtcMs end() { return UtcMs(Year::start + (Year::days + 1) * msPerDay); }

    // As they lie in the day files.
    void forEachHit(const std::function<void(const Hit&)>& take) const
    {
        const storage::Reader reader(folder());
        const HitSeq last = reader.lastSeq();
        for (HitSeq at; at < last;) {
            HitSeq covered;
            for (const Hit& hit : reader.hitsAfter(at, piece, {}, {}, covered))
                take(hit);
            at = covered;
        }
    }

    static std::string keyOf(std::int64_t start, std::uint64_t link, const std::string& value)
    {
        return value + '\0' + std::to_string(start) + '\0' + std::to_string(link);
    }

    // All in one pass, by what is asked for.
    void count()
    {
        struct Starts {
            std::int64_t hour = 0, day = 0;
        };
        std::unordered_map<std::int64_t, Starts>
            starts[2]; // by quarter of an hour: all begins with one, in these zones
        forEachHit([&](const Hit& hit) {
            const std::size_t place = hit.workspace.value - 1;
            const std::int64_t quarter = hit.time.value / quarterMs * quarterMs;
            const auto [known, isNew] = starts[place].try_emplace(quarter);
            if (isNew)
                known->second = {hourOf(*m_zones[place], quarter), dayOf(*m_zones[place], quarter)};
            const auto [hour, day] = known->second;
            for (Asked& one : m_asked) {
                Sum& sum = one.counted[place][keyOf(one.granularity == Granularity::Hour ? hour : day,
                                                    one.perLink ? hit.link.value : 0, valueOf(hit, one.dimension))];
                ++sum.hits;
                sum.clicks += hit.isClick();
                sum.humans += hit.isHumanClick();
                sum.scans += hit.isScan();
            }
            if (hit.isHumanClick())
                m_visits[place].emplace_back(day, hit.visitor.value);
        });
    }

    void compare(const Asked& asked) const
    {
        for (std::size_t place = 0; place < 2; ++place) {
            storage::RollupQuery query;
            query.workspace = WorkspaceId(static_cast<std::uint32_t>(place + 1));
            query.granularity = asked.granularity;
            query.by = asked.dimension;
            query.to = end();
            query.perLink = asked.perLink;
            query.rowsMax = SIZE_MAX;
            std::uint64_t differences = 0, rows = 0;
            storage::Reader(folder()).rollups(query, [&](const RollupRow& row) {
                const auto found = asked.counted[place].find(keyOf(row.bucket.value, row.link.value, row.value));
                if (found == asked.counted[place].end() ||
                    found->second != Sum{row.hits, row.clicks, row.humanClicks, row.scans})
                    ++differences;
                ++rows;
                return true;
            });
            QCOMPARE(rows, std::uint64_t(asked.counted[place].size()));
            QCOMPARE(differences, std::uint64_t(0));
        }
    }

private slots:
    void initTestCase()
    {
        m_hits = qEnvironmentVariable("CLICKROOM_ORACLE_HITS", QString::number(hitsDefault)).toULongLong();
        m_dir = std::make_unique<QTemporaryDir>();
        storage::initFolder(folder());
        storage::Store store({folder()});
        links::Workspace first = storage::Reader(folder()).workspaces().front();
        first.zone = zones[0];
        store.settings().putWorkspace(first, {});
        links::Workspace second;
        second.name = "second";
        second.zone = zones[1];
        store.settings().putWorkspace(second, {});
        pipeline::RollupJob job(store);
        Year year(m_hits, 100);
        year.useWorkspaces(2);
        for (std::uint64_t seq = 0; seq < m_hits;) {
            HitBatch batch;
            const std::uint64_t now = std::min(m_hits - seq, std::max<std::uint64_t>(m_hits / 25, 100));
            for (; batch.size() < now; ++seq)
                batch.push_back(year.next());
            if (seq > m_hits / 2) // late by a week and more
                for (std::size_t at = 0; at < batch.size(); at += 10)
                    batch[at].time.value -= 9 * msPerDay + static_cast<std::int64_t>(at);
            store.hits().append(batch);
            job.run(end()); // grown, run by run
        }
        QCOMPARE(store.rollups().mark().seq, HitSeq(m_hits));
        for (std::size_t at = 0; at < dimensionCount; ++at)
            m_asked.push_back(Asked{Granularity::Day, static_cast<Dimension>(at), false, {}});
        m_asked.push_back(Asked{Granularity::Day, Dimension::Country, true, {}});
        m_asked.push_back(Asked{Granularity::Hour, Dimension::Device, true, {}});
        m_asked.push_back(Asked{Granularity::Hour, Dimension::Referrer, false, {}});
        count();
    }

    void everyDimensionHasNoDifference_data()
    {
        QTest::addColumn<int>("at");
        for (std::size_t at = 0; at < m_asked.size(); ++at)
            QTest::addRow("%s by %s%s", word(m_asked[at].dimension).data(), word(m_asked[at].granularity).data(),
                          m_asked[at].perLink ? " and link" : "")
                << static_cast<int>(at);
    }

    void everyDimensionHasNoDifference()
    {
        QFETCH(int, at);
        compare(m_asked[static_cast<std::size_t>(at)]);
    }

    void daysOf23And25HoursAreTheZones()
    {
        storage::ReportQuery query;
        query.workspace = WorkspaceId(1);
        query.to = end();
        const storage::ReportFigures figures = storage::Reader(folder()).report(query);
        std::map<std::int64_t, int> lengths;
        for (auto day = figures.series.begin(); std::next(day) != figures.series.end(); ++day)
            ++lengths[(std::next(day)->first - day->first) / msPerHour];
        QCOMPARE(lengths[23], 1);
        QCOMPARE(lengths[25], 1);
    }

    void visitorsAreCountedWithinTheErrorStated()
    {
        for (std::size_t place = 0; place < 2; ++place) {
            auto& visits = m_visits[place];
            std::sort(visits.begin(), visits.end());
            visits.erase(std::unique(visits.begin(), visits.end()), visits.end());
            std::map<std::int64_t, std::uint64_t> counted;
            for (const auto& [day, visitor] : visits)
                ++counted[day];
            storage::ReportQuery query;
            query.workspace = WorkspaceId(static_cast<std::uint32_t>(place + 1));
            query.to = end();
            query.uniques = true;
            const storage::ReportFigures figures = storage::Reader(folder()).report(query);
            double squares = 0;
            for (const auto& [day, count] : counted) {
                const double got = static_cast<double>(*figures.series.at(day).uniques);
                squares += std::pow(got / static_cast<double>(count) - 1, 2);
                if (!figures.isEstimated)
                    QCOMPARE(*figures.series.at(day).uniques, count);
            }
            const double rms = std::sqrt(squares / static_cast<double>(counted.size()));
            qInfo("visitors of %llu days: %s, rms error %.4f", static_cast<unsigned long long>(counted.size()),
                  figures.isEstimated ? "estimated" : "exact", rms);
            QVERIFY(rms < 0.01); // 0.8 % and some room
        }
    }
};

QTEST_GUILESS_MAIN(RollupOracleTest)
#include "tst_rollup_oracle.moc"
