// SPDX-License-Identifier: GPL-3.0-or-later
#include <QFileInfo>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QtTest>

#include "app/connection/token_store.h"

using connection::TokenStore;

class TestTokenStore : public QObject {
    Q_OBJECT

private slots:
    void keepsTokensInAFileForItsOwnerAlone();
    void forgetsATokenThatIsRemoved();
    void saysWhenItCannotWrite();
    void takesABrokenFileForAnEmptyOne();
};

void TestTokenStore::keepsTokensInAFileForItsOwnerAlone()
{
    QTemporaryDir folder;
    const QString below = folder.filePath(QStringLiteral("settings/clickroom"));
    TokenStore store(below, false);
    QSignalSpy saved(&store, &TokenStore::saved);
    QSignalSpy loaded(&store, &TokenStore::loaded);
    store.save(QStringLiteral("http://a:1"), QStringLiteral("first"));
    store.save(QStringLiteral("http://b:1"), QStringLiteral("second"));
    QCOMPARE(saved.size(), 2);
    QCOMPARE(store.place(), TokenStore::Place::File);
    const QFile::Permissions others =
        QFile::ReadGroup | QFile::WriteGroup | QFile::ReadOther | QFile::WriteOther | QFile::ExeOwner;
    QVERIFY(!(QFileInfo(store.filePath()).permissions() & others));
    TokenStore again(below, false);
    QSignalSpy reloaded(&again, &TokenStore::loaded);
    again.load(QStringLiteral("http://a:1"));
    again.load(QStringLiteral("http://c:1"));
    QCOMPARE(reloaded[0][1].toString(), QStringLiteral("first"));
    QCOMPARE(reloaded[1][1].toString(), QString());
}

void TestTokenStore::forgetsATokenThatIsRemoved()
{
    QTemporaryDir folder;
    TokenStore store(folder.path(), false);
    store.save(QStringLiteral("a"), QStringLiteral("secret-token"));
    store.remove(QStringLiteral("a"));
    QSignalSpy loaded(&store, &TokenStore::loaded);
    store.load(QStringLiteral("a"));
    QCOMPARE(loaded[0][1].toString(), QString());
    QFile file(store.filePath());
    QVERIFY(file.open(QIODevice::ReadOnly));
    QVERIFY(!file.readAll().contains("secret-token"));
}

void TestTokenStore::saysWhenItCannotWrite()
{
    TokenStore store(QStringLiteral("/proc/nowhere"), false);
    QSignalSpy failed(&store, &TokenStore::failed);
    store.save(QStringLiteral("a"), QStringLiteral("t"));
    QCOMPARE(failed.size(), 1);
}

void TestTokenStore::takesABrokenFileForAnEmptyOne()
{
    QTemporaryDir folder;
    TokenStore store(folder.path(), false);
    QFile file(store.filePath());
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("{\"a\": [1,");
    file.close();
    QSignalSpy loaded(&store, &TokenStore::loaded);
    store.load(QStringLiteral("a"));
    QCOMPARE(loaded[0][1].toString(), QString());
}

QTEST_GUILESS_MAIN(TestTokenStore)
#include "tst_token_store.moc"
