// SPDX-License-Identifier: GPL-3.0-or-later
// The archive on the disk: what comes back, what is bounded, and what damage does.
#include <QDir>
#include <QSemaphore>
#include <QTemporaryDir>
#include <QTest>
#include <QThread>

#include <sqlite3.h>

#include "app/archive/archive.h"
#include "tests/app/models/random_hits.h"
#include "tests/app/signals_arrived.h"

using archive::Archive;
using archive::Sealing;
using archive::Store;

namespace {

protocol::HitBatch someHits(std::uint64_t first, std::size_t count)
{
    std::mt19937 random(static_cast<unsigned>(first));
    protocol::HitBatch hits;
    for (std::size_t i = 0; i < count; ++i)
        hits.push_back(randomHit(first + i, random));
    return hits;
}

state::FramePtr frameOf(std::uint64_t first, std::size_t count)
{
    auto frame = std::make_shared<protocol::Frame>();
    frame->first = protocol::HitSeq(first);
    frame->last = protocol::HitSeq(first + count - 1);
    frame->hits = someHits(first, count);
    return frame;
}

protocol::Hello helloOf(const char* dataId, std::uint64_t lastSeq)
{
    protocol::Hello hello;
    hello.dataId = dataId;
    hello.workspace = "acme";
    hello.lastSeq = protocol::HitSeq(lastSeq);
    return hello;
}

void execute(const QString& path, const char* sql)
{
    sqlite3* db = nullptr;
    QCOMPARE(sqlite3_open(path.toUtf8().constData(), &db), SQLITE_OK);
    QCOMPARE(sqlite3_exec(db, sql, nullptr, nullptr, nullptr), SQLITE_OK);
    sqlite3_close(db);
}

// One run of the console's archive, on a thread of its own, with what it told.
class Run {
public:
    explicit Run(const QString& folder)
        : archive(new Archive(folder)), known(archive, &Archive::known), ready(archive, &Archive::ready)
    {
        QObject::connect(archive, &Archive::hits, &m_receiver, [this](const state::ColumnsPtr& hits) {
            seqs.insert(seqs.end(), hits->seqs.begin(), hits->seqs.end());
            archive->hitsTaken();
        });
        QObject::connect(&m_thread, &QThread::finished, archive, &QObject::deleteLater);
        archive->moveToThread(&m_thread);
        m_thread.start();
    }
    ~Run()
    {
        settle();
        m_thread.quit();
        m_thread.wait();
    }
    archive::Opened open(const QByteArray& key, const QString& address = QStringLiteral("http://a"))
    {
        archive->open(address, key, true);
        [this] { QTRY_COMPARE(ready.size(), 1); }();
        return ready.isEmpty() ? archive::Opened() : ready.takeFirst()[0].value<archive::Opened>();
    }
    // What was asked for before is done.
    void settle()
    {
        QMetaObject::invokeMethod(archive, [] {}, Qt::BlockingQueuedConnection);
    }

    Archive* archive;
    SignalsArrived known, ready;
    std::vector<std::uint64_t> seqs;

private:
    QObject m_receiver;
    QThread m_thread;
};

} // namespace

class TestArchiveStore : public QObject {
    Q_OBJECT

private slots:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_path = m_folder->filePath(QStringLiteral("a.db"));
    }
    void whatIsKeptComesBackExactly();
    void aRecordOfAnotherNameOrKeyDoesNotOpen();
    void hitsAndAnswersAreBounded();
    void anAnswerOfAnotherRangeStandsInForOneThatIsMissing();
    void aTamperedRecordIsSetAsideAndItsHitsAreAskedForAgain();
    void anotherKeyBeginsAnewAndKeepsTheFile();
    void brokenFilesAreSetAside_data();
    void brokenFilesAreSetAside();
    void theNextRunGoesOnFromTheCursor();
    void aFolderThatWasRestoredCountsAnew();
    void whatTheDiskCannotFollowBecomesAGap();
    void aHoleBetweenTwoRunsIsAGap();
    void aQuestionWaitsForTheKey();

private:
    QByteArray m_key = Sealing::newKey();
    Sealing m_sealing{m_key};
    std::unique_ptr<QTemporaryDir> m_folder;
    QString m_path;
};

void TestArchiveStore::whatIsKeptComesBackExactly()
{
    state::Known known;
    known.place.dataId = "d1";
    known.place.cursor = protocol::HitSeq(9'007'199'254'740'993); // beyond what JSON's numbers hold
    known.place.filter.countries = {"DE", ""};
    known.place.gaps.resize(1);
    known.place.gaps[0].first = known.place.gaps[0].coveredTo = 10;
    known.place.gaps[0].last = 20;
    known.heardAtMs = 1'772'366'400'123;
    known.hello = helloOf("d1", 77);
    known.watermark = protocol::Watermark{protocol::HitSeq(5), protocol::UtcMs(6), protocol::HitSeq(7), {}, 60};
    known.window.emplace().topLinks = {{"a/b\u202e", 3}};
    known.edits.resize(1);
    known.edits[0].id = 4;
    known.edits[0].what = "link.destination";
    known.annotations.insert(9, {true, QStringLiteral("look")});
    const protocol::HitBatch hits = someHits(11, 500);
    std::int64_t id = 0;
    {
        Store store(m_path, m_sealing);
        QVERIFY(store.isOpen());
        QVERIFY(!store.known());
        store.begin();
        id = store.putHits(0, protocol::HitBatch(hits.begin(), hits.begin() + 10));
        QCOMPARE(store.putHits(id, hits), id); // the same chunk, with more
        store.putPlace(known);
        store.putNotes(known);
        store.commit();
        QCOMPARE(store.problem(), QString());
    }
    Store store(m_path, m_sealing);
    QVERIFY(!store.damaged());
    const auto chunks = store.chunks();
    QCOMPARE(chunks.size(), 1U);
    QCOMPARE(chunks[0].last, 510U);
    const state::ColumnsPtr columns = store.hitsOf(chunks[0]);
    QCOMPARE(columns->size(), hits.size());
    for (std::size_t row = 0; row < hits.size(); ++row)
        QVERIFY(columns->hitAt(row) == hits[row]);
    const std::optional<state::Known> back = store.known();
    QVERIFY(back);
    QCOMPARE(back->place.cursor, known.place.cursor);
    QCOMPARE(back->place.filter, known.place.filter);
    QCOMPARE(back->place.gaps.size(), 1U);
    QCOMPARE(back->place.gaps[0].first, 11U); // what is covered is among the hits
    QCOMPARE(back->heardAtMs, known.heardAtMs);
    QVERIFY(back->hello == known.hello);
    QVERIFY(back->watermark == known.watermark);
    QCOMPARE(back->window->topLinks, known.window->topLinks);
    QCOMPARE(back->edits, known.edits);
    QCOMPARE(back->annotations[9].comment, QStringLiteral("look"));
    QCOMPARE(store.setAside(), 0U);
}

void TestArchiveStore::aRecordOfAnotherNameOrKeyDoesNotOpen()
{
    const QByteArray sealed = m_sealing.seal("one", "secret");
    QCOMPARE(m_sealing.open("one", sealed, 100), QByteArray("secret"));
    QVERIFY(!m_sealing.open("two", sealed, 100));
    QVERIFY(!m_sealing.open("one", sealed, 5)); // larger than it may be
    QVERIFY(!Sealing(Sealing::newKey()).open("one", sealed, 100));
    for (qsizetype i = 0; i < sealed.size(); ++i) {
        QByteArray changed = sealed;
        changed[i] = static_cast<char>(changed[i] ^ 1);
        QVERIFY(!m_sealing.open("one", changed, 100));
        QVERIFY(!m_sealing.open("one", sealed.first(i), 100));
    }
}

void TestArchiveStore::hitsAndAnswersAreBounded()
{
    Store store(m_path, m_sealing);
    store.begin();
    const auto chunks = static_cast<std::uint64_t>(Store::hitsMax) / Store::chunkHits + 5;
    protocol::HitBatch hits(Store::chunkHits);
    for (std::uint64_t chunk = 0; chunk < chunks; ++chunk) {
        for (std::size_t i = 0; i < hits.size(); ++i)
            hits[i].seq = protocol::HitSeq(chunk * Store::chunkHits + i + 1);
        store.putHits(0, hits);
    }
    for (int i = 0; i < Store::answersMax + 50; ++i)
        store.putAnswer(QStringLiteral("/v1/links/%1").arg(i), {}, "{}", i);
    store.dropOldest();
    store.commit();
    QCOMPARE(store.problem(), QString());
    const auto left = store.chunks();
    QCOMPARE(left.size() * Store::chunkHits, static_cast<std::size_t>(Store::hitsMax));
    QCOMPARE(left.front().first, 5 * Store::chunkHits + 1); // the oldest left
    QVERIFY(!store.answer(QStringLiteral("/v1/links/0"), {}));
    QVERIFY(store.answer(QStringLiteral("/v1/links/%1").arg(Store::answersMax), {}));
    store.putAnswer(QStringLiteral("/large"), {}, QByteArray(static_cast<qsizetype>(Store::answerBytes) + 1, 'x'), 1);
    QVERIFY(!store.answer(QStringLiteral("/large"), {}));
}

void TestArchiveStore::anAnswerOfAnotherRangeStandsInForOneThatIsMissing()
{
    Store store(m_path, m_sealing);
    const QString path = QStringLiteral("/v1/rollups");
    store.putAnswer(path, QStringLiteral("by=country&from=1&to=2"), "old", 100);
    store.putAnswer(path, QStringLiteral("by=country&from=2&to=3"), "new", 200);
    store.putAnswer(path, QStringLiteral("by=device&from=2&to=3"), "other", 300);
    QCOMPARE(store.answer(path, QStringLiteral("by=country&from=1&to=2"))->body, QByteArray("old"));
    const auto near = store.answer(path, QStringLiteral("by=country&from=8&to=9"));
    QCOMPARE(near->body, QByteArray("new"));
    QCOMPARE(near->query, QStringLiteral("by=country&from=2&to=3"));
    QVERIFY(!store.answer(path, QStringLiteral("by=city&from=2&to=3")));
    QVERIFY(!store.answer(QStringLiteral("/v1/links"), QStringLiteral("by=country&from=2&to=3")));
}

void TestArchiveStore::aTamperedRecordIsSetAsideAndItsHitsAreAskedForAgain()
{
    constexpr std::uint64_t chunk = Store::chunkHits;
    {
        Run run(m_folder->path());
        run.open(m_key);
        run.archive->noteHello(helloOf("d1", 0));
        run.archive->noteFrame(frameOf(1, chunk));
        run.settle();
        run.archive->noteFrame(frameOf(chunk + 1, chunk));
        run.settle();
        run.archive->noteFrame(frameOf(2 * chunk + 1, 3));
    }
    const QString db = m_folder->filePath(QDir(m_folder->path()).entryList({QStringLiteral("*.db")}).value(0));
    // Two chunks change places: each is as it was sealed, but under another name.
    execute(db, "CREATE TEMP TABLE was AS SELECT id, sealed FROM hits;"
                "UPDATE hits SET sealed=(SELECT sealed FROM was WHERE was.id=3-hits.id) WHERE id IN (1, 2)");
    Run run(m_folder->path());
    const archive::Opened opened = run.open(m_key);
    QVERIFY(opened.found);
    QVERIFY(!opened.damaged);
    QCOMPARE(opened.setAside, 2U);
    QCOMPARE(run.seqs, (std::vector<std::uint64_t>{2 * chunk + 1, 2 * chunk + 2, 2 * chunk + 3}));
    QCOMPARE(opened.place.gaps.size(), 2U);
    QCOMPARE(opened.place.gaps[0].first, 1U);
    QCOMPARE(opened.place.gaps[1].last, 2 * chunk);
}

void TestArchiveStore::anotherKeyBeginsAnewAndKeepsTheFile()
{
    {
        Store store(m_path, m_sealing);
        store.putHits(0, someHits(1, 5));
    }
    const Sealing other(Sealing::newKey());
    Store store(m_path, other);
    QVERIFY(store.isOpen());
    QVERIFY(store.damaged());
    QVERIFY(store.chunks().empty());
    QVERIFY(QFile::exists(m_path + QStringLiteral(".damaged-1")));
}

void TestArchiveStore::brokenFilesAreSetAside_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::newRow("text") << QByteArray("hello").repeated(500);
    QTest::newRow("a header and nonsense") << QByteArray("SQLite format 3\0", 16) + QByteArray(8000, '\xff');
}

void TestArchiveStore::brokenFilesAreSetAside()
{
    QFETCH(QByteArray, bytes);
    QFile file(m_path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(bytes);
    file.close();
    Store store(m_path, m_sealing);
    QVERIFY2(store.isOpen(), qPrintable(store.problem()));
    QVERIFY(store.damaged());
    store.begin();
    store.putHits(0, someHits(1, 5));
    store.commit();
    QCOMPARE(store.chunks().size(), 1U);
    // A file cut off in its middle is whole no more; what there is of it is set aside too.
    QFile kept(m_path + QStringLiteral(".damaged-1"));
    QCOMPARE(kept.size(), bytes.size());
}

void TestArchiveStore::theNextRunGoesOnFromTheCursor()
{
    {
        Run run(m_folder->path());
        QVERIFY(!run.open(m_key).found);
        run.archive->noteHello(helloOf("d1", 100));
        protocol::StreamFilter filter;
        filter.countries = {"DE"};
        run.archive->noteSubscribed({1, protocol::HitSeq(100)}, filter);
        run.archive->noteFrame(frameOf(101, 30));
        run.archive->noteFrame(frameOf(131, 20));
        run.archive->noteFetched(frameOf(51, 10));
    }
    Run run(m_folder->path());
    const archive::Opened opened = run.open(m_key, {}); // the last one, whatever its address
    QVERIFY(opened.found && opened.loaded);
    QCOMPARE(opened.address, QStringLiteral("http://a"));
    QCOMPARE(opened.place.dataId, std::string("d1"));
    QCOMPARE(opened.place.cursor.value, 150U);
    QCOMPARE(opened.place.filter.countries, std::vector<std::string>{"DE"});
    QVERIFY(opened.place.gaps.empty());
    QCOMPARE(run.seqs.size(), 60U);
    QVERIFY(std::is_sorted(run.seqs.begin(), run.seqs.end()));
    QCOMPARE(run.known[0][0].value<state::Known>().hello->workspace, std::string("acme"));
}

void TestArchiveStore::aFolderThatWasRestoredCountsAnew()
{
    {
        Run run(m_folder->path());
        run.open(m_key);
        run.archive->noteHello(helloOf("d1", 0));
        run.archive->noteFrame(frameOf(1, 100));
        run.archive->noteHello(helloOf("d1", 40));
        run.archive->noteFrame(frameOf(41, 2));
    }
    Run run(m_folder->path());
    QCOMPARE(run.open(m_key).place.cursor.value, 42U);
    QCOMPARE(run.seqs, (std::vector<std::uint64_t>{41, 42}));
}

void TestArchiveStore::whatTheDiskCannotFollowBecomesAGap()
{
    const auto most = static_cast<std::size_t>(Archive::waitingHitsMax);
    {
        Run run(m_folder->path());
        run.open(m_key);
        run.archive->noteHello(helloOf("d1", 0));
        // Its thread is kept busy for as long as the frames come.
        QSemaphore busy;
        QMetaObject::invokeMethod(run.archive, [&busy] { busy.acquire(); }, Qt::QueuedConnection);
        auto large = std::make_shared<protocol::Frame>();
        large->first = protocol::HitSeq(1);
        large->last = protocol::HitSeq(most);
        large->hits.resize(most);
        for (std::size_t i = 0; i < most; ++i)
            large->hits[i].seq = protocol::HitSeq(i + 1);
        run.archive->noteFrame(large);
        run.archive->noteFrame(frameOf(most + 1, 10));
        busy.release();
        run.settle();
        run.archive->noteFrame(frameOf(most + 11, 10));
    }
    Run run(m_folder->path());
    const archive::Opened opened = run.open(m_key);
    QCOMPARE(opened.place.cursor.value, most + 20);
    QCOMPARE(opened.place.gaps.size(), 1U);
    QCOMPARE(opened.place.gaps[0].first, most + 1);
    QCOMPARE(opened.place.gaps[0].last, most + 10);
    QCOMPARE(run.seqs.size(), most + 10);
}

void TestArchiveStore::aHoleBetweenTwoRunsIsAGap()
{
    Run run(m_folder->path());
    run.open(m_key);
    run.archive->noteHello(helloOf("d1", 0));
    run.archive->noteFrame(frameOf(1, 10));
    run.archive->noteSubscribed({2, protocol::HitSeq(50)}, {}); // began anew, without the cursor
    run.archive->noteFrame(frameOf(51, 10));
    // And one that the line knows of, half of it fetched already.
    state::GapReport gap{61, 80, state::GapReport::State::Fetching, 70, {}};
    run.archive->noteGap(gap);
    run.archive->noteFrame(frameOf(81, 1));
    run.archive->flush();
    const archive::Opened opened = run.open(m_key);
    QCOMPARE(opened.place.gaps.size(), 2U);
    QCOMPARE(opened.place.gaps[0].first, 11U);
    QCOMPARE(opened.place.gaps[0].last, 50U);
    QCOMPARE(opened.place.gaps[1].first, 71U);
    QCOMPARE(opened.place.gaps[1].last, 80U);
}

void TestArchiveStore::aQuestionWaitsForTheKey()
{
    {
        Run run(m_folder->path());
        run.open(m_key);
        run.archive->noteHello(helloOf("d1", 0));
        run.archive->keep(QStringLiteral("/v1/reports"), QStringLiteral("by=link"), "known");
    }
    QList<std::optional<state::StoredAnswer>> told;
    const auto take = [&told](const std::optional<state::StoredAnswer>& answer) { told.append(answer); };
    Run run(m_folder->path());
    run.archive->find(QStringLiteral("/v1/reports"), QStringLiteral("by=link"), this, take);
    run.settle();
    QCoreApplication::processEvents();
    QCOMPARE(told.size(), 0);
    run.open(m_key);
    QTRY_COMPARE(told.size(), 1);
    QCOMPARE(told[0]->body, QByteArray("known"));
    run.archive->find(QStringLiteral("/v1/reports"), QStringLiteral("by=city"), this, take);
    QTRY_COMPARE(told.size(), 2);
    QVERIFY(!told[1]);

    Run without(m_folder->path()); // no key is to be had
    without.archive->find(QStringLiteral("/v1/reports"), QStringLiteral("by=link"), this, take);
    without.archive->giveUp();
    QTRY_COMPARE(told.size(), 3);
    QVERIFY(!told[2]);
}

QTEST_GUILESS_MAIN(TestArchiveStore)
#include "tst_archive_store.moc"
