// SPDX-License-Identifier: GPL-3.0-or-later
// The console's line, state and model against the real backend: what a click becomes, and what a break leaves.
#include <QAbstractItemModelTester>
#include <QTest>

#include "app/models/hit_table_model.h"
#include "tests/app/connection/console_under_test.h"
#include "tests/system/backend_process.h"
#include "tests/system/traffic.h"

using models::HitTableModel;
using state::Phase;

namespace {

constexpr auto browser = "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0\r\n";

struct Console : ConsoleUnderTest {
    explicit Console(const BackendProcess& backend, connection::Options options = patientOptions(),
                     std::size_t capacity = 200'000)
        : ConsoleUnderTest(options, capacity), model(state)
    {
        connection->connectTo(QUrl(QStringLiteral("http://127.0.0.1:%1").arg(backend.apiPort())),
                              QString::fromUtf8(backend.token()));
    }
    QString text(int row, int column, int role = Qt::DisplayRole) const
    {
        return model.index(row, column).data(role).toString();
    }

    HitTableModel model;
};

} // namespace

class ConsoleTest : public QObject {
    Q_OBJECT

private slots:
    void aClickBecomesARow();
    void theNewestHistoryStandsThereAtOnce();
    void theStreamFilterHoldsForwardOnly();
    void nothingIsLostOrDoubledThroughKills();
    void aConsoleThatHangsLosesNothing();
    void editsRollupsAndDiagnosisArrive();
    void aTokenThatNobodyGaveOutIsRefused();
    void filesAreImported();
};

void ConsoleTest::aClickBecomesARow()
{
    BackendProcess backend;
    backend.command({"link", "add", "https://acme.example/", "--slug", "spring"});
    QVERIFY2(backend.start(), qPrintable(backend.error()));
    Console console(backend);
    QAbstractItemModelTester tester(&console.model);
    QTRY_COMPARE(console.phase(), Phase::Live);
    QCOMPARE(console.state.hello()->workspace, std::string("default"));

    QVERIFY(backend.click("/spring?qr=poster-a", browser).startsWith("HTTP/1.1 302"));
    QTRY_COMPARE(console.model.rowCount(), 1);
    QCOMPARE(console.text(0, HitTableModel::Link), QStringLiteral("localhost/spring"));
    QCOMPARE(console.text(0, HitTableModel::Touch), QStringLiteral("QR"));
    QCOMPARE(console.text(0, HitTableModel::Placement), QStringLiteral("poster-a"));
    QCOMPARE(console.text(0, HitTableModel::Destination), QStringLiteral("https://acme.example/"));

    connection::Connection& line = *console.connection;
    SignalsArrived links(&line, &connection::Connection::linksArrived);
    line.getLinks();
    QTRY_COMPARE(links.size(), 1);
    QStringList addresses;
    for (const connection::Link& link : links[0][1].value<connection::Links>().items)
        addresses.append(link.address());
    console.model.setKnownLinks(addresses);
    QVERIFY(backend.click("/sprng", browser).startsWith("HTTP/1.1 404"));
    QTRY_COMPARE(console.model.rowCount(), 2);
    QVERIFY(console.model.index(0, 0).data(HitTableModel::IsMissRole).toBool());
    QCOMPARE(console.text(0, HitTableModel::Link, HitTableModel::SuggestionRole), QStringLiteral("spring"));

    QTRY_VERIFY(console.state.window() && console.state.window()->scans == 1 && console.state.window()->misses == 1);
    QTRY_VERIFY(console.state.counters().skewMs);
    QCOMPARE(console.state.counters().received, 2U);
    QCOMPARE(console.state.counters().sent, 2U);
    QCOMPARE(console.state.counters().violations, 0U);
}

void ConsoleTest::theNewestHistoryStandsThereAtOnce()
{
    BackendProcess backend;
    backend.command({"link", "add", "https://acme.example/", "--slug", "a"});
    QVERIFY2(backend.start(), qPrintable(backend.error()));
    Traffic traffic(backend.redirectPort(), "/a", "h-");
    traffic.start(500);
    traffic.waitForAll();
    connection::Options options = ConsoleUnderTest::patientOptions();
    options.historyHits = 200;
    Console console(backend, options);
    QTRY_COMPARE(console.model.rowCount(), 200);
    QTRY_COMPARE(console.phase(), Phase::Live);
    QCOMPARE(console.model.seqAt(0).value, 500U);
    QCOMPARE(console.model.seqAt(199).value, 301U);
}

void ConsoleTest::theStreamFilterHoldsForwardOnly()
{
    BackendProcess backend;
    backend.command({"link", "add", "https://acme.example/", "--slug", "a"});
    backend.command({"link", "add", "https://acme.example/", "--slug", "b"});
    QVERIFY2(backend.start(), qPrintable(backend.error()));
    Console console(backend);
    QTRY_COMPARE(console.phase(), Phase::Live);
    backend.click("/b", browser);
    QTRY_COMPARE(console.model.rowCount(), 1);
    protocol::StreamFilter filter;
    filter.links = {"localhost/a"};
    console.connection->setStreamFilter(filter);
    QTRY_COMPARE(console.state.streamFilter(), filter);
    backend.click("/b", browser);
    backend.click("/a", browser);
    QTRY_COMPARE(console.model.rowCount(), 2);
    QCOMPARE(console.text(0, HitTableModel::Link), QStringLiteral("localhost/a"));
    QCOMPARE(console.text(1, HitTableModel::Link), QStringLiteral("localhost/b"));
    QCOMPARE(console.state.filterFrom().value, 1U);
    QCOMPARE(console.state.counters().cursor.value, 3U);
    QCOMPARE(console.state.counters().gapsOpen, 0U); // what the filter left out is no gap
    QCOMPARE(console.state.counters().violations, 0U);
}

void ConsoleTest::nothingIsLostOrDoubledThroughKills()
{
    BackendProcess backend;
    backend.command({"link", "add", "https://acme.example/", "--slug", "a"});
    QVERIFY2(backend.start(), qPrintable(backend.error()));
    Console console(backend);
    QTRY_COMPARE(console.phase(), Phase::Live);
    for (int round = 0; round < 5; ++round) {
        Traffic traffic(backend.redirectPort(), "/a", "r" + std::to_string(round) + "-");
        traffic.start(1'000'000);
        QTRY_VERIFY_WITH_TIMEOUT(traffic.answeredCount() >= static_cast<std::size_t>(150 + 97 * round), 30'000);
        backend.kill();
        traffic.finish();
        QTRY_COMPARE(console.phase(), Phase::Offline);
        QVERIFY2(backend.start(), qPrintable(backend.error()));
        QTRY_COMPARE_WITH_TIMEOUT(console.phase(), Phase::Live, 15'000);
    }
    const auto last = static_cast<std::uint64_t>(backend.command({"stats", "--json"}).json()["lastSeq"].toInteger());
    QTRY_COMPARE(console.state.counters().cursor.value, last);
    const state::HitRing& ring = console.state.ring();
    QCOMPARE(ring.size(), last);
    for (state::RowNumber row = ring.firstRow(); row < ring.endRow(); ++row)
        QCOMPARE(ring.seqAt(row).value, row - ring.firstRow() + 1);
    QCOMPARE(console.state.counters().doubles, 0U);
    QCOMPARE(console.state.counters().violations, 0U);
    QCOMPARE(console.state.counters().missingSequences, 0U);
    QCOMPARE(console.model.rowCount(), static_cast<int>(last));
    qInfo("5 kills, %llu hits, received %llu of %llu", static_cast<unsigned long long>(last),
          static_cast<unsigned long long>(console.state.counters().received),
          static_cast<unsigned long long>(console.state.counters().sent));
}

void ConsoleTest::aConsoleThatHangsLosesNothing()
{
    BackendProcess backend;
    backend.command({"link", "add", "https://acme.example/", "--slug", "a"});
    QVERIFY2(backend.start(), qPrintable(backend.error()));
    Console console(backend);
    QTRY_COMPARE(console.phase(), Phase::Live);
    // A window that paints nothing grants nothing: this test's thread is the window's, and waits here for all of the
    // traffic.
    Traffic traffic(backend.redirectPort(), "/a", "s-");
    traffic.start(30'000);
    traffic.waitForAll();
    const std::uint64_t last = 30'000;
    QTRY_COMPARE_WITH_TIMEOUT(console.state.counters().cursor.value, last, 30'000);
    QTRY_COMPARE_WITH_TIMEOUT(console.state.counters().missingSequences, 0U, 30'000);
    QTRY_COMPARE(console.state.ring().size(), last);
    QCOMPARE(console.state.counters().received + console.state.counters().fetched, last);
    QCOMPARE(console.state.counters().received, console.state.counters().sent);
    QCOMPARE(console.state.counters().fetched, console.state.counters().dropped);
    QCOMPARE(console.state.counters().violations, 0U);
    qInfo("received %llu, dropped and fetched %llu", static_cast<unsigned long long>(console.state.counters().received),
          static_cast<unsigned long long>(console.state.counters().fetched));
}

void ConsoleTest::editsRollupsAndDiagnosisArrive()
{
    BackendProcess backend;
    backend.command({"link", "add", "https://acme.example/", "--slug", "a"});
    QVERIFY2(backend.start({"--rollup-interval", "100ms"}), qPrintable(backend.error()));
    Console console(backend);
    QTRY_COMPARE(console.phase(), Phase::Live);
    for (int i = 0; i < 3; ++i)
        backend.click("/a", browser);
    QTRY_VERIFY(console.state.watermark() && console.state.watermark()->seq.value == 3);

    connection::Connection& line = *console.connection;
    SignalsArrived rollups(&line, &connection::Connection::rollupsArrived);
    SignalsArrived failed(&line, &connection::Connection::failed);
    connection::RollupQuery query;
    query.link = QStringLiteral("localhost/a");
    line.getRollups(query);
    QTRY_VERIFY2(rollups.size() == 1 || failed.size() == 1, "no answer");
    QCOMPARE(failed.size(), 0);
    std::uint64_t clicks = 0;
    for (const protocol::RollupRow& row : rollups[0][1].value<connection::Rollups>().rows)
        clicks += row.clicks;
    QCOMPARE(clicks, 3U);

    SignalsArrived edited(&line, &connection::Connection::linkEdited);
    state::LinkDraft edit;
    edit.link.id = 1;
    edit.link.state = QStringLiteral("paused");
    edit.fields = {QStringLiteral("state")};
    line.saveLink(edit);
    QTRY_COMPARE(edited.size(), 1);
    QCOMPARE(edited[0][1].value<connection::Link>().state, QStringLiteral("paused"));
    QTRY_VERIFY(!console.state.edits().empty());
    QCOMPARE(console.state.edits().back().subject, std::string("localhost/a"));

    SignalsArrived found(&line, &connection::Connection::linksFound);
    connection::LinkSearch search;
    search.domain = QStringLiteral("localhost");
    search.slug = QStringLiteral("a");
    line.findLinks(search);
    QTRY_COMPARE(found.size(), 1);
    QCOMPARE(found[0][1].value<connection::Links>().items.size(), std::size_t(1));
    search.slug = QString();
    line.findLinks(search); // the root link, which there is none of
    QTRY_COMPARE(found.size(), 2);
    QVERIFY(found[1][1].value<connection::Links>().items.empty());
    SignalsArrived suggested(&line, &connection::Connection::slugsSuggested);
    line.getSuggestions(QStringLiteral("localhost"), QStringLiteral("aa"));
    QTRY_COMPARE(suggested.size(), 1);
    QCOMPARE(suggested[0][1].toStringList(), QStringList{QStringLiteral("a")});

    SignalsArrived diagnoses(&line, &connection::Connection::diagnosisArrived);
    line.getDiagnosis(QStringLiteral("localhost/a"));
    QTRY_COMPARE(diagnoses.size(), 1);
    QCOMPARE(diagnoses[0][1].value<connection::Diagnosis>().cause, QStringLiteral("link_state"));
}

void ConsoleTest::aTokenThatNobodyGaveOutIsRefused()
{
    BackendProcess backend;
    QVERIFY2(backend.start(), qPrintable(backend.error()));
    ConsoleUnderTest console(ConsoleUnderTest::patientOptions());
    console.connection->connectTo(QUrl(QStringLiteral("http://127.0.0.1:%1").arg(backend.apiPort())),
                                  QStringLiteral("nonsense"));
    QTRY_COMPARE(console.phase(), Phase::Offline);
    QCOMPARE(console.reason(), state::OfflineReason::Unauthorized);
    QCOMPARE(console.state.connection().retryAtMs, 0);
    QVERIFY(!console.state.hello());
}

void ConsoleTest::filesAreImported()
{
    BackendProcess backend;
    QVERIFY2(backend.start(), qPrintable(backend.error()));
    ConsoleUnderTest console;
    SignalsArrived answered(console.connection, &connection::Connection::importAnswered);
    SignalsArrived uploaded(console.connection, &connection::Connection::importUploaded);
    SignalsArrived failed(console.connection, &connection::Connection::failed);
    console.connection->connectTo(QUrl(QStringLiteral("http://127.0.0.1:%1").arg(backend.apiPort())),
                                  QString::fromUtf8(backend.token()));
    QTRY_VERIFY(console.phase() == state::Phase::Live);
    state::ImportRequest request;
    request.file = "keyword,url,title\na,https://a.example/,A\nb,nonsense,B\n";
    for (int i = 0; i < 60'000; ++i) // more than other requests may send
        request.file += "k" + QByteArray::number(i) + ",https://a.example/" + QByteArray::number(i) + ",\n";
    request.domain = QStringLiteral("localhost");
    for (const bool dryRun : {true, false}) {
        request.dryRun = dryRun;
        const quint64 number = console.connection->importFile(request);
        QTRY_COMPARE_WITH_TIMEOUT(answered.count(), dryRun ? 1 : 2, 30'000);
        QCOMPARE(answered.last().first().toULongLong(), number);
        const auto answer = answered.last().at(1).value<state::ImportAnswer>();
        QCOMPARE(answer.format, QStringLiteral("yourls"));
        QCOMPARE(answer.dryRun, dryRun);
        QCOMPARE(answer.made, 60'001u);
        QCOMPARE(answer.said.size(), 1);
        QCOMPARE(answer.said[0].row, 3u);
        QCOMPARE(answer.said[0].problem, QStringLiteral("destination_scheme"));
        QCOMPARE(backend.command({"link", "list"}).out.count('\n'), dryRun ? 0 : 60'001);
    }
    QVERIFY(uploaded.count() > 0);
    request.file = "keyword,url\n\"open";
    console.connection->importFile(request);
    QTRY_COMPARE(failed.count(), 1);
    QCOMPARE(failed.last().at(1).value<connection::Problem>().code, QStringLiteral("unterminated_quote"));
    quint64 number = 0;
    // Both asked for within one turn of the connection's thread, so that no answer can come between them.
    QMetaObject::invokeMethod(
        console.connection,
        [&] {
            number = console.connection->importFile(request);
            console.connection->cancelImport();
        },
        Qt::BlockingQueuedConnection);
    QTRY_COMPARE(failed.count(), 2);
    QCOMPARE(failed.last().first().toULongLong(), number);
    QCOMPARE(failed.last().at(1).value<connection::Problem>().code, QStringLiteral("cancelled"));
}

QTEST_GUILESS_MAIN(ConsoleTest)
#include "tst_console.moc"
