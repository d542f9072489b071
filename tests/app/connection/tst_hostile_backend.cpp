// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>

#include <limits>
#include <random>

#include "app/models/hit_table_model.h"
#include "app/models/top_list_model.h"
#include "backend/protocol/codec.h"
#include "backend/protocol/limits.h"
#include "tests/app/connection/console_under_test.h"
#include "tests/app/connection/fake_backend.h"

using protocol::HitSeq;
using state::OfflineReason;
using state::Phase;

namespace {

bool wasOffline(const ConsoleUnderTest& console, OfflineReason reason)
{
    return std::any_of(console.statuses.begin(), console.statuses.end(), [reason](const QList<QVariant>& arguments) {
        const auto status = arguments[0].value<state::ConnectionStatus>();
        return status.phase == Phase::Offline && status.reason == reason;
    });
}

} // namespace

class TestHostileBackend : public QObject {
    Q_OBJECT

private slots:
    void refusesBadAddresses_data();
    void refusesBadAddresses();
    void stopsAtAWrongToken();
    void refusesATokenWithControls();
    void refusesRedirects();
    void refusesWhatIsNoClickroom();
    void refusesForeignStreamAddresses_data();
    void refusesForeignStreamAddresses();
    void refusesAnotherSubprotocol();
    void wantsHelloFirst();
    void countsSequencesThatGoBack();
    void takesNoJumpForAReasonToFetchForever();
    void startsOverWhenTheBackendForgot();
    void refusesGiantMessages();
    void refusesMalformedMessages();
    void bearsMessagesOfTheWrongKindForAWhile();
    void endsALineWithoutRegardForCredit();
    void noticesSilence();
    void understandsGoodbyes_data();
    void understandsGoodbyes();
    void givesUpOnBrokenGaps_data();
    void givesUpOnBrokenGaps();
    void survivesRandomBytes();
    void takesNoNumberAtItsWord();
    void aFloodOfCountriesLeavesItBounded();
};

void TestHostileBackend::refusesBadAddresses_data()
{
    QTest::addColumn<QString>("url");
    for (const char* url :
         {"", "file:///etc/passwd", "http://", "ftp://127.0.0.1", "http://user:pw@127.0.0.1/", "::::"})
        QTest::newRow(*url ? url : "(empty)") << QString::fromLatin1(url);
}

void TestHostileBackend::refusesBadAddresses()
{
    QFETCH(QString, url);
    ConsoleUnderTest console;
    console.connection->connectTo(QUrl(url), QStringLiteral("secret"));
    QTRY_COMPARE(console.phase(), Phase::Offline);
    QCOMPARE(console.reason(), OfflineReason::BadAddress);
    QCOMPARE(console.state.connection().retryAtMs, 0);
}

void TestHostileBackend::stopsAtAWrongToken()
{
    FakeBackend backend;
    ConsoleUnderTest console;
    console.connection->connectTo(backend.url(), QStringLiteral("wrong"));
    QTRY_COMPARE(console.phase(), Phase::Offline);
    QCOMPARE(console.reason(), OfflineReason::Unauthorized);
    QCOMPARE(console.state.connection().retryAtMs, 0);
    backend.token = "wrong"; // somebody made it valid
    console.connection->retryNow();
    QTRY_COMPARE(console.phase(), Phase::Live);
}

void TestHostileBackend::refusesATokenWithControls()
{
    FakeBackend backend;
    ConsoleUnderTest console;
    console.connection->connectTo(backend.url(), QStringLiteral("a\r\nX-Evil: 1"));
    QTRY_COMPARE(console.reason(), OfflineReason::Unauthorized);
    QVERIFY(backend.requests.empty());
}

void TestHostileBackend::refusesRedirects()
{
    FakeBackend other;
    FakeBackend backend;
    backend.http = [&](const FakeBackend::HttpRequest&) -> FakeBackend::HttpAnswer {
        return {307, "", "Location: " + other.url().toEncoded() + "/v1/session\r\n"};
    };
    ConsoleUnderTest console;
    console.connection->connectTo(backend.url(), QStringLiteral("secret"));
    QTRY_COMPARE(console.reason(), OfflineReason::Redirected);
    QVERIFY(other.requests.empty());
}

void TestHostileBackend::refusesWhatIsNoClickroom()
{
    FakeBackend backend;
    backend.http = [](const FakeBackend::HttpRequest&) -> FakeBackend::HttpAnswer {
        return {200, "<html>router login</html>"};
    };
    ConsoleUnderTest console;
    console.connection->connectTo(backend.url(), QStringLiteral("secret"));
    QTRY_COMPARE(console.reason(), OfflineReason::NotClickroom);
    backend.http = [](const FakeBackend::HttpRequest&) -> FakeBackend::HttpAnswer {
        return {200, QByteArray(2'000'000, '[')};
    };
    console.statuses.clear();
    console.connection->retryNow();
    QTRY_VERIFY(wasOffline(console, OfflineReason::NotClickroom));
}

void TestHostileBackend::refusesForeignStreamAddresses_data()
{
    QTest::addColumn<QByteArray>("url");
    for (const char* url :
         {"http://127.0.0.1:1/", "file:///dev/zero", "ws://", "ws:///x", "not a url at all", "javascript:1"})
        QTest::newRow(url) << QByteArray(url);
}

void TestHostileBackend::refusesForeignStreamAddresses()
{
    QFETCH(QByteArray, url);
    FakeBackend backend;
    backend.http = [url](const FakeBackend::HttpRequest&) -> FakeBackend::HttpAnswer {
        return {200, "{\"streamUrl\":\"" + url + "\"}"};
    };
    ConsoleUnderTest console;
    console.connection->connectTo(backend.url(), QStringLiteral("secret"));
    QTRY_VERIFY(wasOffline(console, OfflineReason::NotClickroom));
}

void TestHostileBackend::refusesAnotherSubprotocol()
{
    FakeBackend backend;
    backend.close();
    backend.subprotocols = {QStringLiteral("chat")};
    backend.listenAgain();
    ConsoleUnderTest console;
    console.connection->connectTo(backend.url(), QStringLiteral("secret"));
    QTRY_VERIFY(console.phase() == Phase::Offline || console.statuses.size() > 4);
    QVERIFY(wasOffline(console, OfflineReason::NotClickroom) || wasOffline(console, OfflineReason::Unreachable));
    QVERIFY(!console.state.hello());
}

void TestHostileBackend::wantsHelloFirst()
{
    FakeBackend backend;
    backend.greets = false;
    ConsoleUnderTest console;
    console.connection->connectTo(backend.url(), QStringLiteral("secret"));
    QTRY_COMPARE(backend.connections, 1);
    backend.store(1);
    backend.sendStored(0);
    QTRY_VERIFY(wasOffline(console, OfflineReason::ProtocolError));
    QCOMPARE(console.state.ring().size(), 0U);
    QTRY_COMPARE(console.state.counters().lastViolation, QStringLiteral("no_hello"));
}

void TestHostileBackend::countsSequencesThatGoBack()
{
    FakeBackend backend;
    ConsoleUnderTest console;
    console.connection->connectTo(backend.url(), QStringLiteral("secret"));
    QTRY_COMPARE(console.phase(), Phase::Live);
    backend.store(50);
    backend.sendStored(0);
    backend.sendStored(0);
    backend.sendStored(20);
    QTRY_COMPARE(console.state.counters().doubles, 80U);
    QCOMPARE(console.state.counters().violations, 2U);
    QVERIFY(console.holdsExactly(1, 50));
    QCOMPARE(console.phase(), Phase::Live);
}

void TestHostileBackend::takesNoJumpForAReasonToFetchForever()
{
    FakeBackend backend;
    ConsoleUnderTest console;
    console.connection->connectTo(backend.url(), QStringLiteral("secret"));
    QTRY_COMPARE(console.phase(), Phase::Live);
    protocol::Frame jump;
    jump.first = jump.last = HitSeq(1ULL << 60);
    protocol::Hit hit;
    hit.seq = jump.last;
    jump.hits = {hit};
    backend.send(jump);
    QTRY_COMPARE(console.state.counters().gapsFailed, 2U); // too long, and never there
    QVERIFY(backend.requestsFor("/v1/hits") <= 5);
    QCOMPARE(console.state.ring().size(), 1U);
}

void TestHostileBackend::startsOverWhenTheBackendForgot()
{
    FakeBackend backend;
    ConsoleUnderTest console;
    backend.store(90);
    console.connection->connectTo(backend.url(), QStringLiteral("secret"));
    QTRY_VERIFY(console.holdsExactly(1, 90));
    backend.stored.resize(30); // restored from an older copy, under the same name
    backend.breakLine();
    QTRY_VERIFY(console.holdsExactly(1, 30));
    QVERIFY(console.state.connection().startedOver);
}

void TestHostileBackend::refusesGiantMessages()
{
    FakeBackend backend;
    ConsoleUnderTest console;
    console.connection->connectTo(backend.url(), QStringLiteral("secret"));
    QTRY_COMPARE(console.phase(), Phase::Live);
    backend.sendBytes(QByteArray(static_cast<qsizetype>(protocol::limits::serverMessageBytes) + 1, 'x'));
    QTRY_VERIFY(wasOffline(console, OfflineReason::ProtocolError) || wasOffline(console, OfflineReason::Unreachable));
    QTRY_COMPARE(console.phase(), Phase::Live); // and it tries again
}

void TestHostileBackend::refusesMalformedMessages()
{
    FakeBackend backend;
    ConsoleUnderTest console;
    console.connection->connectTo(backend.url(), QStringLiteral("secret"));
    QTRY_COMPARE(console.phase(), Phase::Live);
    backend.sendBytes("\x9f\xff\xff\xff");
    QTRY_VERIFY(wasOffline(console, OfflineReason::ProtocolError));
    QTRY_COMPARE(console.state.counters().violations, 1U);
    QTRY_COMPARE(console.phase(), Phase::Live);
}

void TestHostileBackend::bearsMessagesOfTheWrongKindForAWhile()
{
    FakeBackend backend;
    ConsoleUnderTest console;
    console.connection->connectTo(backend.url(), QStringLiteral("secret"));
    QTRY_COMPARE(console.phase(), Phase::Live);
    backend.send(protocol::Credit{5});
    backend.send(protocol::Subscribe{});
    backend.send(protocol::Ping{1});
    backend.send(protocol::Hello{});
    backend.socket()->sendTextMessage(QStringLiteral("{}"));
    protocol::Frame backwards;
    backwards.first = HitSeq(9);
    backwards.last = HitSeq(3);
    backend.send(backwards);
    QTRY_COMPARE(console.state.counters().violations, 6U);
    QCOMPARE(console.phase(), Phase::Live);
    for (int i = 0; i < 200; ++i)
        backend.send(protocol::Credit{5});
    QTRY_VERIFY(wasOffline(console, OfflineReason::ProtocolError));
}

void TestHostileBackend::endsALineWithoutRegardForCredit()
{
    FakeBackend backend;
    backend.creditFrames = 4;
    backend.framesHits = 1;
    ConsoleUnderTest console;
    QObject::disconnect(&console.state, &state::LiveState::applied, nullptr, nullptr); // a window that hangs
    console.connection->connectTo(backend.url(), QStringLiteral("secret"));
    QTRY_COMPARE(console.phase(), Phase::Live);
    backend.store(2000);
    backend.resumes = false;
    backend.sendStored(0);
    QTRY_VERIFY(wasOffline(console, OfflineReason::ProtocolError));
    QTRY_COMPARE(console.state.counters().lastViolation, QStringLiteral("credit_exceeded"));
    QVERIFY(console.state.counters().frames <= 4 + 101);
}

void TestHostileBackend::noticesSilence()
{
    FakeBackend backend;
    backend.answersPings = false;
    connection::Options options = ConsoleUnderTest::fastOptions();
    options.silenceTimeoutMs = 200;
    ConsoleUnderTest console(options);
    console.connection->connectTo(backend.url(), QStringLiteral("secret"));
    QTRY_VERIFY(wasOffline(console, OfflineReason::Timeout));
    QTRY_VERIFY(backend.connections >= 2);
}

void TestHostileBackend::understandsGoodbyes_data()
{
    QTest::addColumn<int>("bye");
    QTest::addColumn<int>("reason");
    QTest::addColumn<bool>("retries");
    QTest::newRow("shutting down") << int(protocol::ByeReason::ShuttingDown) << int(OfflineReason::ServerClosing)
                                   << true;
    QTest::newRow("revoked") << int(protocol::ByeReason::TokenRevoked) << int(OfflineReason::Unauthorized) << false;
    QTest::newRow("too many") << int(protocol::ByeReason::TooManySessions) << int(OfflineReason::TooManySessions)
                              << true;
    QTest::newRow("too slow") << int(protocol::ByeReason::TooSlow) << int(OfflineReason::TooSlow) << true;
    QTest::newRow("bad filter") << int(protocol::ByeReason::BadFilter) << int(OfflineReason::BadFilter) << false;
}

void TestHostileBackend::understandsGoodbyes()
{
    QFETCH(int, bye);
    QFETCH(int, reason);
    QFETCH(bool, retries);
    FakeBackend backend;
    ConsoleUnderTest console;
    console.connection->connectTo(backend.url(), QStringLiteral("secret"));
    QTRY_COMPARE(console.phase(), Phase::Live);
    backend.send(protocol::Bye{static_cast<protocol::ByeReason>(bye), "filter", 3});
    QTRY_VERIFY(wasOffline(console, static_cast<OfflineReason>(reason)));
    if (retries)
        QTRY_COMPARE(console.phase(), Phase::Live);
    else
        QCOMPARE(console.state.connection().retryAtMs, 0);
}

void TestHostileBackend::givesUpOnBrokenGaps_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("body");
    QTest::newRow("error") << 500 << QByteArray("{}");
    QTest::newRow("garbage") << 200 << QByteArray("garbage");
    QTest::newRow("another message") << 200
                                     << QByteArray::fromStdString(
                                            protocol::encode(protocol::Ping{1}, protocol::Encoding::Cbor));
    QTest::newRow("too large") << 200 << QByteArray(10'000'000, 'x');
    protocol::Frame still;
    still.first = HitSeq(1);
    still.last = HitSeq(0);
    QTest::newRow("no progress") << 200 << QByteArray::fromStdString(protocol::encode(still, protocol::Encoding::Cbor));
}

void TestHostileBackend::givesUpOnBrokenGaps()
{
    QFETCH(int, status);
    QFETCH(QByteArray, body);
    FakeBackend backend;
    backend.http = [&](const FakeBackend::HttpRequest& request) -> FakeBackend::HttpAnswer {
        return request.path == "/v1/hits" ? FakeBackend::HttpAnswer{status, body} : FakeBackend::HttpAnswer{0};
    };
    ConsoleUnderTest console;
    console.connection->connectTo(backend.url(), QStringLiteral("secret"));
    QTRY_COMPARE(console.phase(), Phase::Live);
    protocol::Frame notice;
    notice.first = HitSeq(1);
    notice.last = HitSeq(10);
    notice.dropped = 3;
    backend.send(notice);
    QTRY_COMPARE(console.state.counters().gapsFailed, 1U);
    QCOMPARE(console.state.counters().missingSequences, 10U); // shown, not forgotten
    QVERIFY(!console.state.gaps().at(0).detail.isEmpty());
    QCOMPARE(backend.requestsFor("/v1/hits"), 5);
    QCOMPARE(console.phase(), Phase::Live);
}

void TestHostileBackend::survivesRandomBytes()
{
    std::mt19937 random(31);
    FakeBackend backend;
    ConsoleUnderTest console;
    console.connection->connectTo(backend.url(), QStringLiteral("secret"));
    backend.store(3);
    protocol::Frame frame;
    frame.first = HitSeq(1);
    frame.last = HitSeq(3);
    frame.hits = backend.stored;
    const QByteArray good = QByteArray::fromStdString(protocol::encode(frame, protocol::Encoding::Cbor));
    for (int round = 0; round < 60; ++round) {
        console.connection->retryNow();
        QTRY_VERIFY(console.phase() == Phase::Live || console.phase() == Phase::Resuming);
        QByteArray bytes = good;
        for (auto n = random() % 4 + 1; n > 0; --n)
            bytes[static_cast<qsizetype>(random() % static_cast<unsigned>(bytes.size()))] = static_cast<char>(random());
        backend.sendBytes(bytes);
        backend.sendBytes(bytes.first(static_cast<qsizetype>(random() % static_cast<unsigned>(bytes.size()))));
    }
    QTRY_VERIFY(console.phase() == Phase::Live || console.phase() == Phase::Offline);
}

// Numbers at their ends, in every message that a console reads: what it shows may be as wrong as it is told, but it
// goes on, no sum runs over, and an honest session afterwards is shown as it is.
void TestHostileBackend::takesNoNumberAtItsWord()
{
    constexpr auto most = std::numeric_limits<std::uint64_t>::max();
    constexpr auto latest = std::numeric_limits<std::int64_t>::max(),
                   earliest = std::numeric_limits<std::int64_t>::min();
    FakeBackend backend;
    backend.answersPings = false;
    ConsoleUnderTest console;
    console.connection->connectTo(backend.url(), QStringLiteral("secret"));
    QTRY_COMPARE(console.phase(), Phase::Live);
    const std::int64_t skewMax = 401LL * 365 * 24 * 3600 * 1000;
    for (const std::int64_t time : {latest, earliest}) {
        for (std::int64_t echo = 1; echo < 200; ++echo) // one of them is that of its ping
            backend.send(protocol::SessionStatus{most, most, HitSeq(most), protocol::UtcMs(time), echo, most, most});
        QTRY_COMPARE(console.state.counters().lost, most);
        QTRY_VERIFY(console.state.counters().skewMs.has_value());
        QTRY_VERIFY((*console.state.counters().skewMs > 0) == (time > 0));
        QVERIFY(std::abs(*console.state.counters().skewMs) < skewMax);
        QVERIFY(std::abs(console.state.serverNowMs()) < skewMax * 2);
        backend.send(protocol::SessionStatus{});
        QTRY_COMPARE(console.state.counters().lost, 0U);
    }
    backend.send(protocol::Watermark{});
    protocol::Watermark ahead;
    ahead.seq = HitSeq(most);
    backend.send(ahead);
    QTRY_COMPARE(console.state.notYetRolledUp(), 0U);
    protocol::Window window;
    window.aggregate.from = window.aggregate.coveredFrom = protocol::UtcMs(latest);
    window.aggregate.to = protocol::UtcMs(earliest);
    window.aggregate.hits = window.aggregate.clicks = window.aggregate.visitors = most;
    window.aggregate.topCountries = {{"DE", most}, {"FR", most}};
    backend.send(window);
    QTRY_VERIFY(console.state.window());
    protocol::Frame frame;
    frame.first = HitSeq(1);
    frame.last = HitSeq(most);
    frame.dropped = most;
    const auto violations = console.state.counters().violations;
    backend.send(frame);
    QTRY_COMPARE(console.state.counters().violations, violations + 1);
    backend.send(protocol::Subscribed{backend.subscribes.back().id, HitSeq(most)});
    QTRY_VERIFY(console.state.counters().cursor.value > 1);
    QCOMPARE(console.state.counters().gapsOpen, 0U); // nothing was asked for, so nothing is missing

    backend.store(90);
    backend.answersPings = true;
    backend.breakLine();
    QTRY_VERIFY(console.holdsExactly(1, 90));
    QVERIFY(console.state.connection().startedOver);
    QTRY_VERIFY(console.state.counters().skewMs && std::abs(*console.state.counters().skewMs - 5000) < 1000);
}

namespace {

std::int64_t residentKib()
{
    QFile file(QStringLiteral("/proc/self/status"));
    if (file.open(QIODevice::ReadOnly))
        for (const QByteArray& line : file.readAll().split('\n'))
            if (line.startsWith("VmRSS:"))
                return line.simplified().split(' ').value(1).toLongLong();
    return 0;
}

std::string manyLetters(std::uint64_t number)
{
    std::string text;
    for (; number > 0 || text.size() < 2; number /= 26)
        text.insert(text.begin(), static_cast<char>('A' + number % 26));
    return text;
}

// The next hits of a liar: every text is another one.
protocol::Frame madeUp(std::uint64_t first, std::size_t hits)
{
    protocol::Frame frame;
    for (std::uint64_t seq = first; seq < first + hits; ++seq) {
        protocol::Hit hit;
        hit.seq = HitSeq(seq);
        hit.time = protocol::UtcMs(1'772'366'400'000 + static_cast<std::int64_t>(seq));
        hit.visitor = protocol::VisitorKey(seq * 0x9e3779b97f4a7c15ULL);
        hit.domain = "go.acme.example";
        hit.country = manyLetters(seq);
        hit.slug = hit.city = hit.campaign = hit.country;
        hit.referrer = hit.country + ".example";
        frame.hits.push_back(hit);
    }
    frame.first = HitSeq(first);
    frame.last = HitSeq(first + hits - 1);
    return frame;
}

} // namespace

// A campaign sends a million (tests/campaign/run hostile_backend). Between the floods of hits: windows with more
// countries than there are, edits, and frames sent again.
void TestHostileBackend::aFloodOfCountriesLeavesItBounded()
{
    const auto hits = qEnvironmentVariable("CLICKROOM_HOSTILE_HITS", QStringLiteral("20000")).toULongLong();
    std::mt19937 random(qEnvironmentVariable("CLICKROOM_HOSTILE_SEED", QStringLiteral("7")).toUInt());
    constexpr std::size_t capacity = 100'000, frameHits = 1000, countries = 100'000;
    FakeBackend backend;
    ConsoleUnderTest console(ConsoleUnderTest::fastOptions(), capacity);
    models::HitTableModel table(console.state);
    models::TopListModel list(models::TopListModel::Kind::Countries);
    QObject::connect(&console.state, &state::LiveState::windowChanged, &list, [&] {
        if (console.state.window())
            list.setWindow(*console.state.window());
    });
    console.connection->connectTo(backend.url(), QStringLiteral("secret"));
    QTRY_COMPARE(console.phase(), Phase::Live);
    // As many as a message may name, and far more.
    protocol::Window window, wrong;
    for (std::uint64_t n = 0; n < countries; ++n) {
        wrong.aggregate.topCountries.push_back({manyLetters(n), n + 1});
        if (n < protocol::limits::topListRows)
            window.aggregate.topCountries.push_back(wrong.aggregate.topCountries.back());
    }

    const std::int64_t before = residentKib();
    QElapsedTimer clock;
    clock.start();
    std::uint64_t sent = 0, again = 0, edits = 0;
    for (int frames = 0; sent < hits; ++frames) {
        // An honest flood: it waits for its credit.
        QTRY_VERIFY_WITH_TIMEOUT(frames < backend.creditFrames + backend.credits, 120'000);
        if (sent > frameHits && random() % 10 == 0) {
            backend.send(madeUp(1 + random() % (sent - frameHits), frameHits));
            again += frameHits;
            continue;
        }
        backend.send(madeUp(sent + 1, frameHits));
        sent += frameHits;
        if (random() % 50 == 0)
            backend.send(window);
        protocol::Edit edit;
        edit.id = ++edits;
        backend.send(edit);
    }
    backend.send(window);
    QTRY_COMPARE(console.state.counters().received, sent);
    QTRY_COMPARE(console.state.counters().doubles, again);
    QTRY_COMPARE(std::size_t(list.rowCount()), protocol::limits::topListRows);
    const std::int64_t grownMib = (residentKib() - before) / 1024;
    const state::HitRing& ring = console.state.ring();
    qInfo("flood: %llu hits, each of a country of its own, %llu sent again and refused, %.1f s, ring %.1f MiB, "
          "%llu values beyond its dictionaries, %lld MiB more in all",
          static_cast<unsigned long long>(sent), static_cast<unsigned long long>(again), clock.elapsed() / 1000.0,
          static_cast<double>(ring.bytes()) / 1048576, static_cast<unsigned long long>(ring.overflowed()),
          static_cast<long long>(grownMib));
    QCOMPARE(console.phase(), Phase::Live);
    QCOMPARE(ring.size(), std::min<std::uint64_t>(capacity, sent));
    QCOMPARE(static_cast<std::size_t>(table.rowCount()), ring.size());
    QCOMPARE(table.seqAt(0), HitSeq(sent));
    QVERIFY(console.state.edits().size() <= state::LiveState::editsMax);
    QVERIFY(again == 0 || console.state.counters().lastViolation == QStringLiteral("sequence_back"));
    QVERIFY2(ring.bytes() < 100U * 1024 * 1024, qPrintable(QString::number(ring.bytes())));
    QVERIFY2(grownMib < 250, qPrintable(QString::number(grownMib)));
    QStringList breaches; // the state forgets them once it is connected again
    QObject::connect(console.connection, &connection::Connection::violation, &console.state,
                     [&](const QString& code) { breaches.append(code); });
    backend.send(wrong);
    QTRY_VERIFY(wasOffline(console, OfflineReason::ProtocolError));
    QTRY_VERIFY(breaches.contains(QStringLiteral("limit topCountries 20")));
}

QTEST_GUILESS_MAIN(TestHostileBackend)
#include "tst_hostile_backend.moc"
