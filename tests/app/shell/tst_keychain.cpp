// SPDX-License-Identifier: GPL-3.0-or-later
// The desktop's real keychain: a Secret Service of this test's own, on a message bus of its own.
#include <QDir>
#include <QFile>
#include <QProcess>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QtTest>

#include "app/connection/token_store.h"
#include "app/shell/archive_desk.h"

using connection::TokenStore;

class TestKeychain : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void takesAFileWhereThereIsNoKeychain();
    void theKeychainComesUp();
    void keepsATokenInTheKeychainAndNowhereElse();
    void forgetsATokenThatIsRemoved();
    void keepsTheArchivesKeyInTheKeychainAndNowhereElse();
    void anArchiveWhoseKeyIsGoneIsSetAside();
    void cleanupTestCase();

private:
    // A run of the console with its archive; tells what the opening found.
    archive::Opened run(const std::function<void(archive::Archive&)>& act = {});
    QString archiveFolder() const { return m_home.filePath(QStringLiteral("archive")); }

    QTemporaryDir m_home;
    QProcess m_bus;
};

void TestKeychain::initTestCase()
{
    qputenv("HOME", m_home.path().toUtf8());
    qputenv("XDG_DATA_HOME", m_home.filePath(QStringLiteral("data")).toUtf8());
    qputenv("XDG_RUNTIME_DIR", m_home.path().toUtf8());
    qputenv("XDG_CURRENT_DESKTOP", "GNOME");
    qputenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere");
}

void TestKeychain::takesAFileWhereThereIsNoKeychain()
{
    TokenStore store(m_home.filePath(QStringLiteral("without")));
    QSignalSpy saved(&store, &TokenStore::saved);
    store.save(QStringLiteral("https://a.example:8081"), QStringLiteral("crt_third"));
    QTRY_COMPARE(saved.size(), 1);
    QCOMPARE(store.place(), TokenStore::Place::File);
    QVERIFY(QFile::exists(store.filePath()));
}

void TestKeychain::theKeychainComesUp()
{
    m_bus.start(QStringLiteral("dbus-daemon"), {QStringLiteral("--session"), QStringLiteral("--print-address"),
                                                QStringLiteral("--nofork"), QStringLiteral("--nopidfile")});
    QVERIFY2(m_bus.waitForReadyRead(), "dbus-daemon says no address");
    qputenv("DBUS_SESSION_BUS_ADDRESS", m_bus.readLine().trimmed());
    // Goes to the background once it is ready, and ends with its bus.
    QProcess keyring;
    keyring.setStandardErrorFile(QProcess::nullDevice());
    keyring.setStandardOutputFile(QProcess::nullDevice());
    keyring.start(QStringLiteral("gnome-keyring-daemon"),
                  {QStringLiteral("--daemonize"), QStringLiteral("--unlock"), QStringLiteral("--components=secrets")});
    QVERIFY(keyring.waitForStarted());
    keyring.write("password of the keyring\n");
    keyring.closeWriteChannel();
    QVERIFY2(keyring.waitForFinished() && keyring.exitCode() == 0, "gnome-keyring-daemon does not come up");
}

void TestKeychain::keepsATokenInTheKeychainAndNowhereElse()
{
    const QString folder = m_home.filePath(QStringLiteral("settings"));
    {
        TokenStore store(folder);
        QSignalSpy saved(&store, &TokenStore::saved);
        store.save(QStringLiteral("https://a.example:8081"), QStringLiteral("crt_first"));
        store.save(QStringLiteral("https://b.example:8081"), QStringLiteral("crt_second"));
        QTRY_COMPARE(saved.size(), 2);
        QCOMPARE(store.place(), TokenStore::Place::Keychain);
        QVERIFY(!QFile::exists(store.filePath()));
    }
    TokenStore again(folder);
    QSignalSpy loaded(&again, &TokenStore::loaded);
    again.load(QStringLiteral("https://a.example:8081"));
    QTRY_COMPARE(loaded.size(), 1);
    QCOMPARE(loaded[0][1].toString(), QStringLiteral("crt_first"));
    again.load(QStringLiteral("https://c.example:8081"));
    QTRY_COMPARE(loaded.size(), 2);
    QCOMPARE(loaded[1][1].toString(), QString());
    QCOMPARE(again.place(), TokenStore::Place::Keychain);
}

void TestKeychain::forgetsATokenThatIsRemoved()
{
    TokenStore store(m_home.filePath(QStringLiteral("settings")));
    QSignalSpy saved(&store, &TokenStore::saved);
    QSignalSpy loaded(&store, &TokenStore::loaded);
    store.remove(QStringLiteral("https://a.example:8081"));
    QTRY_COMPARE(saved.size(), 1);
    store.load(QStringLiteral("https://a.example:8081"));
    QTRY_COMPARE(loaded.size(), 1);
    QCOMPARE(loaded[0][1].toString(), QString());
}

archive::Opened TestKeychain::run(const std::function<void(archive::Archive&)>& act)
{
    archive::Archive archive(archiveFolder());
    connection::Connection line;
    state::LiveState state;
    TokenStore keys(archiveFolder());
    shell::ArchiveDesk desk(archive, line, state, keys, true);
    QSignalSpy ready(&desk, &shell::ArchiveDesk::ready), inFile(&desk, &shell::ArchiveDesk::keyInFile),
        failed(&desk, &shell::ArchiveDesk::failed);
    desk.open(QStringLiteral("https://a.example:8081"));
    if (!QTest::qWaitFor([&ready] { return !ready.isEmpty(); }) || !inFile.isEmpty() || !failed.isEmpty() ||
        keys.place() != TokenStore::Place::Keychain)
        return {};
    if (act)
        act(archive);
    QCoreApplication::processEvents(); // what was posted to the archive is done before it goes
    return ready[0][0].value<archive::Opened>();
}

void TestKeychain::keepsTheArchivesKeyInTheKeychainAndNowhereElse()
{
    const archive::Opened first = run([](archive::Archive& archive) {
        protocol::Hello hello;
        hello.dataId = "d1";
        archive.noteHello(hello);
        archive.keep(QStringLiteral("/v1/links"), {}, "of acme.example");
        archive.flush();
    });
    QCOMPARE(first.address, QStringLiteral("https://a.example:8081"));
    QVERIFY(!first.found);
    QVERIFY(!QFile::exists(archiveFolder() + QStringLiteral("/tokens.json")));
    std::optional<state::StoredAnswer> answer;
    const archive::Opened again = run([&answer, this](archive::Archive& archive) {
        archive.find(QStringLiteral("/v1/links"), {}, this,
                     [&answer](const std::optional<state::StoredAnswer>& found) { answer = found; });
        QTRY_VERIFY(answer);
    });
    QVERIFY(again.found && again.loaded && !again.damaged);
    QCOMPARE(answer->body, QByteArray("of acme.example"));
    QVERIFY(!QFile::exists(archiveFolder() + QStringLiteral("/tokens.json")));
}

void TestKeychain::anArchiveWhoseKeyIsGoneIsSetAside()
{
    TokenStore keys(archiveFolder());
    QSignalSpy saved(&keys, &TokenStore::saved);
    keys.remove(QStringLiteral("archive"));
    QTRY_COMPARE(saved.size(), 1);
    const archive::Opened opened = run(); // with a new key
    QCOMPARE(opened.address, QStringLiteral("https://a.example:8081"));
    QVERIFY(!opened.found && !opened.loaded);
    QVERIFY(!QDir(archiveFolder()).entryList({QStringLiteral("*.damaged-*")}).isEmpty());
}

void TestKeychain::cleanupTestCase()
{
    m_bus.terminate();
    m_bus.waitForFinished();
}

QTEST_GUILESS_MAIN(TestKeychain)
#include "tst_keychain.moc"
