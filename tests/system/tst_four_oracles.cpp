// SPDX-License-Identifier: GPL-3.0-or-later
// Four that count the same year of hits, in two time zones, and share as little as can be: the rollups; a count over
// the stored hits; another program over the exported file; and the console, which asks the API over sockets.
// CLICKROOM_ORACLE_HITS sets how many hits, CLICKROOM_FILE_ORACLE a folder where another program answers for the files
// (tests/bench/oracles/run); without it they are read here, line by line.
#include <QDateTime>
#include <QFile>
#include <QTest>

#include <cmath>
#include <set>

#include "backend/pipeline/rollup_job.h"
#include "backend/protocol/csv_writer.h"
#include "backend/protocol/words.h"
#include "backend/storage/hits/hit_store.h"
#include "backend/storage/sqlite/settings_store.h"
#include "tests/app/connection/console_under_test.h"
#include "tests/bench/rollups/year.h"
#include "tests/system/backend_process.h"
#include "tests/system/exported_file.h"
#include "tests/system/oracles.h"

using namespace protocol;

namespace {

// The second sets its clock by half an hour.
constexpr const char* zones[] = {"Europe/Berlin", "Australia/Lord_Howe"};
constexpr const char* workspaces[] = {"default", "second"};
constexpr std::uint64_t hitsDefault = 4'000, linkCount = 100, piece = 100'000;
constexpr int exportMs = 3'600'000, answerMs = 3'600'000;

enum Oracle { Rollups, Raw, File, Console, OracleCount };
constexpr const char* oracleNames[] = {"rollups", "stored hits", "exported file", "console"};

} // namespace

class FourOraclesTest : public QObject {
    Q_OBJECT

    std::uint64_t m_hits = hitsDefault;
    QString m_fileOracle;              // the folder where another program answers; empty = none does
    std::int64_t m_from = 0, m_to = 0; // the year: it ends with yesterday
    std::unique_ptr<BackendProcess> m_backend;
    QTemporaryDir m_dir;
    Said m_said[2][OracleCount]; // by workspace
    std::string folder() const { return m_backend->folder().toStdString(); }
    static WorkspaceId workspace(std::size_t place) { return WorkspaceId(static_cast<std::uint32_t>(place + 1)); }

    void makeSettings(storage::Store& store) const
    {
        links::Workspace first = storage::Reader(folder()).workspaces().front();
        first.zone = zones[0];
        store.settings().putWorkspace(first, {});
        links::Workspace second;
        second.name = workspaces[1];
        second.zone = zones[1];
        store.settings().putWorkspace(second, {});
        for (std::uint64_t at = 1; at <= linkCount; ++at) {
            links::Link link;
            link.domain = store.settings().domainOf("localhost")->id;
            link.slug = "l" + std::to_string(at);
            link.destination = "https://acme.example/";
            store.settings().putLink(link, {});
            QCOMPARE(link.id.value, at);
        }
    }

    // Stored and rolled up run by run; a tenth of the later half comes nine days late.
    void makeYear() const
    {
        storage::Store store({folder()});
        makeSettings(store);
        pipeline::RollupJob job(store);
        Year year(m_hits, linkCount);
        year.useWorkspaces(2);
        for (std::uint64_t seq = 0; seq < m_hits;) {
            HitBatch batch;
            const std::uint64_t now = std::min(m_hits - seq, std::max<std::uint64_t>(m_hits / 12, 100));
            for (; batch.size() < now; ++seq) {
                Hit hit = year.next();
                hit.time.value += m_from - Year::start - (seq > m_hits / 2 && seq % 10 == 0 ? 9 * msPerDay : 0);
                hit.domain = "localhost";
                hit.slug = "l" + std::to_string(hit.link.value);
                batch.push_back(std::move(hit));
            }
            store.hits().append(batch);
            job.run(UtcMs(m_to));
        }
        QCOMPARE(store.rollups().mark().seq, HitSeq(m_hits));
    }

    void askRollups(std::size_t place)
    {
        Said& said = m_said[place][Rollups];
        const storage::Reader reader(folder());
        storage::RollupQuery query;
        query.workspace = workspace(place);
        query.granularity = Granularity::Day;
        query.by = Dimension::Country;
        query.perLink = true;
        query.to = UtcMs(m_to + msPerDay);
        query.rowsMax = SIZE_MAX;
        reader.rollups(query, [&](const RollupRow& row) {
            said.add(row.bucket.value, row.value, row.link.value, {row.hits, row.clicks, row.humanClicks, row.scans});
            return true;
        });
        query.by = Dimension::None;
        query.perLink = false;
        reader.rollups(query, [&](const RollupRow& row) {
            said.visitors[std::to_string(row.bucket.value)] = row.uniques.value_or(0);
            return true;
        });
    }

    void countHits()
    {
        ZoneDayStarts starts[] = {ZoneDayStarts(zones[0]), ZoneDayStarts(zones[1])};
        std::vector<std::pair<std::int64_t, std::uint64_t>> visits[2];
        const storage::Reader reader(folder());
        const HitSeq last = reader.lastSeq();
        for (HitSeq at; at < last;) {
            HitSeq covered;
            for (const Hit& hit : reader.hitsAfter(at, piece, {}, {}, covered)) {
                const std::size_t place = hit.workspace.value - 1;
                const std::int64_t day = starts[place].of(hit.time.value);
                m_said[place][Raw].add(day, hit.country, hit.link.value, sumOf(hit));
                if (hit.isHumanClick())
                    visits[place].emplace_back(day, hit.visitor.value);
            }
            at = covered;
        }
        for (std::size_t place = 0; place < 2; ++place) {
            std::sort(visits[place].begin(), visits[place].end());
            visits[place].erase(std::unique(visits[place].begin(), visits[place].end()), visits[place].end());
            for (const auto& [day, visitor] : visits[place])
                ++m_said[place][Raw].visitors[std::to_string(day)];
        }
    }

    // The other program's lines: what of, day, value, hits, clicks, human clicks, scans; of visitors their number.
    static void readAnswer(const QString& path, Said& said)
    {
        QFile file(path);
        QVERIFY2(file.open(QIODevice::ReadOnly), qPrintable(path));
        while (!file.atEnd()) {
            const QList<QByteArray> cells = file.readLine().chopped(1).split('\t');
            QCOMPARE(cells.size(), 7);
            if (cells[0] == "visitors")
                said.visitors[cells[1].toStdString()] = cells[3].toULongLong();
            else if (cells[0] == "link")
                said.links[cells[2].mid(1).toStdString()] = {cells[3].toULongLong(), cells[4].toULongLong(),
                                                             cells[5].toULongLong(), cells[6].toULongLong()};
            else {
                const Sum sum{cells[3].toULongLong(), cells[4].toULongLong(), cells[5].toULongLong(),
                              cells[6].toULongLong()};
                said.days[cells[1].toStdString()] += sum;
                said.countries[cells[2].toStdString()] += sum;
                said.cells[cells[1].toStdString() + " " + cells[2].toStdString()] += sum;
            }
        }
    }

    static void readFile(const QString& path, const char* zone, Said& said)
    {
        const auto rows = rowsOf(contentsOf(path));
        QVERIFY(!rows.empty());
        std::map<std::string, std::size_t> columns;
        for (std::size_t at = 0; at < rows.front().size(); ++at)
            columns[rows.front()[at]] = at;
        ZoneDayStarts starts(zone);
        std::map<std::string, std::set<std::string>> visitors;
        for (std::size_t at = 1; at < rows.size(); ++at) {
            const auto cell = [&](const char* name) { return rows[at][columns.at(name)]; };
            const bool isClick = cell("class") == "click", isHuman = isClick && cell("bot") == "false";
            const std::int64_t day = starts.of(
                QDateTime::fromString(QString::fromStdString(cell("time")), Qt::ISODateWithMs).toMSecsSinceEpoch());
            said.add(day, cell("country"), std::stoull(cell("slug").substr(1)),
                     {1, isClick, isHuman, isClick && cell("touch") == "qr"});
            if (isHuman)
                visitors[std::to_string(day)].insert(cell("visitor"));
        }
        for (const auto& [day, keys] : visitors)
            said.visitors[day] = keys.size();
    }

    void askFile(std::size_t place)
    {
        const QString other = m_fileOracle;
        const QString name = QString::number(place + 1);
        const QString path =
            (other.isEmpty() ? m_dir.path() : other) + QLatin1Char('/') + name + QStringLiteral(".csv");
        QProcess exporter;
        exporter.start(
            QStringLiteral(CLICKROOM_BIN_DIR "/clickroomd"),
            {"export", "hits", "--workspace", workspaces[place], "--output", path, "--data", m_backend->folder()});
        QVERIFY2(exporter.waitForFinished(exportMs) && exporter.exitCode() == 0,
                 exporter.readAllStandardError().constData());
        if (other.isEmpty())
            return readFile(path, zones[place], m_said[place][File]);
        QFile asked(other + QLatin1Char('/') + name + QStringLiteral(".zone")); // tells the other program to begin
        QVERIFY(asked.open(QIODevice::WriteOnly) && asked.write(zones[place]) > 0);
        asked.close();
        const QString answer = other + QLatin1Char('/') + name + QStringLiteral(".tsv");
        QTRY_VERIFY_WITH_TIMEOUT(QFile::exists(answer), answerMs);
        readAnswer(answer, m_said[place][File]);
    }

    static Sum sumOf(const state::Counts& counts)
    {
        return {counts.hits, counts.clicks, counts.humanClicks, counts.scans};
    }
    static Sum sumOf(const Hit& hit) { return ::sumOf(hit); }

    void askConsole(std::size_t place)
    {
        Said& said = m_said[place][Console];
        QString token = QString::fromUtf8(m_backend->token());
        if (place > 0) {
            const CommandResult made =
                m_backend->request("POST", QStringLiteral("/v1/tokens?workspace=%1").arg(workspaces[place]),
                                   m_backend->token(), R"({"name":"oracle","role":"viewer"})");
            token = made.json()["token"].toString();
            QVERIFY2(!token.isEmpty(), made.out.constData());
        }
        ConsoleUnderTest console(ConsoleUnderTest::patientOptions());
        SignalsArrived arrived(console.connection, &connection::Connection::reportArrived);
        console.connection->connectTo(QUrl(QStringLiteral("http://127.0.0.1:%1").arg(m_backend->apiPort())), token);
        QTRY_COMPARE(console.phase(), state::Phase::Live);
        for (const char* by : {"country", "link"}) {
            state::ReportQuery query;
            query.fromMs = m_from;
            query.toMs = m_to;
            query.granularity = Granularity::Day;
            query.by = QLatin1StringView(by);
            query.limit = 1'000;
            query.split = true;
            arrived.clear();
            console.connection->getReport(query);
            QTRY_COMPARE_WITH_TIMEOUT(arrived.size(), 1, 60'000);
            const auto report = arrived[0][1].value<state::ReportPtr>();
            QCOMPARE(report->zone, QLatin1StringView(zones[place]));
            QCOMPARE(report->freshness.toCome, std::uint64_t(0));
            const bool isByLink = query.by == QLatin1StringView("link");
            for (const state::ReportValue& value : report->values) {
                const std::string name = isByLink ? std::to_string(value.link) : value.value.toStdString();
                (isByLink ? said.links : said.countries)[name] = sumOf(value.counts);
                for (const state::ReportPoint& point : value.series)
                    if (!isByLink)
                        said.cells[std::to_string(point.atMs) + " " + name] = sumOf(point.counts);
            }
            for (const state::ReportPoint& point : report->series) {
                said.days[std::to_string(point.atMs)] = sumOf(point.counts);
                said.visitors[std::to_string(point.atMs)] = point.counts.uniques.value_or(0);
            }
        }
        said.isOfSomeCells = true; // of the first five countries
    }

    // Root mean square of the relative errors.
    static double errorOf(const Said& truth, const Said& other)
    {
        double squares = 0;
        for (const auto& [day, count] : truth.visitors) {
            const auto found = other.visitors.find(day);
            const double got = found == other.visitors.end() ? 0 : static_cast<double>(found->second);
            squares += std::pow(got / static_cast<double>(count) - 1, 2);
        }
        return std::sqrt(squares / static_cast<double>(truth.visitors.size()));
    }

private slots:
    void initTestCase()
    {
        m_hits = qEnvironmentVariable("CLICKROOM_ORACLE_HITS", QString::number(hitsDefault)).toULongLong();
        m_fileOracle = qEnvironmentVariable("CLICKROOM_FILE_ORACLE");
        for (const char* ours : {"CLICKROOM_ORACLE_HITS", "CLICKROOM_FILE_ORACLE"})
            qunsetenv(ours); // no settings of clickroomd's
        m_to = QDateTime::currentMSecsSinceEpoch() / msPerDay * msPerDay;
        m_from = m_to - Year::days * msPerDay;
        m_backend = std::make_unique<BackendProcess>();
        makeYear();
        QVERIFY2(m_backend->start(), qPrintable(m_backend->error()));
        countHits();
        for (std::size_t place = 0; place < 2; ++place) {
            askRollups(place);
            askFile(place);
            askConsole(place);
        }
        std::printf("%llu hits over 365 days; differences from the count over the stored hits\n",
                    static_cast<unsigned long long>(m_hits));
        std::printf("%-22s%-18s%8s", "zone", "figures", "cells");
        for (const char* name : oracleNames)
            std::printf("%15s", name);
        std::printf("\n");
    }

    void fourOraclesAgree_data()
    {
        QTest::addColumn<int>("place");
        for (int place = 0; place < 2; ++place)
            QTest::newRow(zones[place]) << place;
    }

    void fourOraclesAgree()
    {
        QFETCH(int, place);
        const Said& truth = m_said[place][Raw];
        const struct {
            const char* name;
            Figures Said::* figures;
        } compared[] = {{"days", &Said::days},
                        {"countries", &Said::countries},
                        {"links", &Said::links},
                        {"days x countries", &Said::cells}};
        std::uint64_t found = 0;
        for (const auto& [name, figures] : compared) {
            std::printf("%-22s%-18s%8zu", zones[place], name, (truth.*figures).size());
            for (const Said& said : m_said[place]) {
                const std::uint64_t some =
                    differences(truth.*figures, said.*figures, said.isOfSomeCells && figures == &Said::cells);
                found += some;
                std::printf("%15llu", static_cast<unsigned long long>(some));
                QVERIFY(!(said.*figures).empty());
            }
            std::printf("\n");
        }
        std::printf("%-22s%-18s%8zu", zones[place], "visitors, error", truth.visitors.size());
        for (const Said& said : m_said[place])
            std::printf("%14.2f%%", 100 * errorOf(truth, said));
        std::printf("\n");
        std::fflush(stdout);
        QCOMPARE(found, std::uint64_t(0));
        QVERIFY(truth.days.size() >= 365);
        QCOMPARE(errorOf(truth, m_said[place][File]), 0.0);
        QVERIFY(errorOf(truth, m_said[place][Rollups]) < 0.01); // 0.8 % of estimated sets, and some room
        QVERIFY(m_said[place][Console].visitors == m_said[place][Rollups].visitors);
    }
};

QTEST_GUILESS_MAIN(FourOraclesTest)
#include "tst_four_oracles.moc"
