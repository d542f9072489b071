// SPDX-License-Identifier: GPL-3.0-or-later
#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include "backend/enrich/geo_database.h"
#include "backend/protocol/limits.h"
#include "backend/protocol/words.h"
#include "tests/backend/enrich/mmdb_file.h"

using namespace enrich;

namespace {

const std::string resources = std::string(CLICKROOM_SOURCE_DIR) + "/resources/geo/";

IpAddress address(std::string_view text)
{
    return IpAddress::from(text).value_or(IpAddress());
}

QString shown(const Place& place)
{
    return QString::fromStdString(place.country + "|" + place.region + "|" + place.city);
}

const std::string documentation4("\xcb\x00\x71\x00", 4);                                                  // 203.0.113.0
const std::string documentation6("\x20\x01\x0d\xb8\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00", 16); // 2001:db8::

} // namespace

class TestGeoDatabase : public QObject {
    Q_OBJECT

private slots:
    void shippedCountriesAnswerForBothFamilies()
    {
        const auto opened = GeoDatabase::open({resources + "country.mmdb"});
        QVERIFY(opened.problems.empty());
        QCOMPARE(opened.database->files().size(), std::size_t(1));
        QVERIFY(!opened.database->files()[0].cities);
        QCOMPARE(opened.database->find(address("8.8.8.8")).country, std::string("US"));
        QCOMPARE(opened.database->find(address("2a00:1450:4001:80b::200e")).country.size(), std::size_t(2));
        QCOMPARE(opened.database->find(address("::ffff:8.8.8.8")).country, std::string("US"));
        QCOMPARE(opened.database->find(address("127.0.0.1")), Place());
        QCOMPARE(opened.database->find(address("::1")), Place());
        QCOMPARE(opened.database->find(address("10.1.2.3")), Place());
    }

    void citySampleAnswersAsItsTableSays()
    {
        const auto opened = GeoDatabase::open({resources + "city-sample.mmdb", resources + "country.mmdb"});
        QVERIFY(opened.problems.empty());
        QVERIFY(opened.database->files()[0].cities);
        QFile table(QString::fromStdString(resources + "city-sample.csv"));
        QVERIFY(table.open(QIODevice::ReadOnly | QIODevice::Text));
        table.readLine();
        int rows = 0;
        while (!table.atEnd()) {
            const QByteArray line = table.readLine().trimmed();
            const QList<QByteArray> cells = line.split(',');
            if (line.contains('"') || cells.size() != 6)
                continue; // a name with a comma: the others are enough
            ++rows;
            const Place place = opened.database->find(address(cells[1].toStdString()));
            QCOMPARE(shown(place), QString::fromUtf8(cells[2] + "|" + cells[3] + "|" + cells[4]));
        }
        QVERIFY(rows > 2500);
        // What the sample does not know, the next file does.
        QCOMPARE(shown(opened.database->find(address("8.8.8.8"))), QString("US||"));
    }

    void bothLayoutsAreRead()
    {
        for (const bool nested : {false, true}) {
            mmdb::File file;
            file.values = {nested ? mmdb::nestedPlace("DE", "Hesse", "Frankfurt am Main")
                                  : mmdb::flatPlace("DE", "Hesse", "Frankfurt am Main")};
            file.networks = {{documentation4, 24, 0}};
            const auto opened = GeoDatabase::open({save(file.bytes())});
            QVERIFY(opened.problems.empty());
            QCOMPARE(shown(opened.database->find(address("203.0.113.77"))), QString("DE|Hesse|Frankfurt am Main"));
            QCOMPARE(opened.database->find(address("203.0.114.1")), Place());
        }
    }

    void filesOfTheOtherFamilyLeaveItToTheNext()
    {
        mmdb::File v4, v6, country;
        v4.values = {mmdb::flatPlace("DE", "Hesse", "Kassel")};
        v4.networks = {{documentation4, 24, 0}};
        v6.ipVersion = 6;
        v6.values = {mmdb::flatPlace("FR", "Brittany", "Rennes")};
        v6.networks = {{documentation6, 32, 0}};
        country.ipVersion = 6;
        country.values = {mmdb::nestedPlace("AT", "", "")};
        country.networks = {{std::string(12, '\0') + std::string("\xc6\x33\x64\x00", 4), 120, 0}}; // 198.51.100.0/24
        const auto opened = GeoDatabase::open({save(v4.bytes()), save(v6.bytes()), save(country.bytes())});
        QVERIFY(opened.problems.empty());
        QCOMPARE(shown(opened.database->find(address("203.0.113.1"))), QString("DE|Hesse|Kassel"));
        QCOMPARE(shown(opened.database->find(address("2001:db8::1"))), QString("FR|Brittany|Rennes"));
        QCOMPARE(shown(opened.database->find(address("198.51.100.9"))), QString("AT||"));
        QCOMPARE(shown(opened.database->find(address("::ffff:203.0.113.1"))), QString("DE|Hesse|Kassel"));
        QCOMPARE(opened.database->find(address("2001:db9::1")), Place());
    }

    void namesAreBoundedAndVisible()
    {
        mmdb::File file;
        file.values = {mmdb::flatPlace("de", std::string(100'000, 'x'), "a\x1b[31m\xe2\x80\xae\xff"),
                       mmdb::flatPlace("<b>", "x", "y"), mmdb::flatPlace("ZZ", "x", "y")};
        file.networks = {{documentation4, 25, 0},
                         {std::string("\xcb\x00\x71\x80", 4), 26, 1},
                         {std::string("\xcb\x00\x71\xc0", 4), 26, 2}};
        const auto opened = GeoDatabase::open({save(file.bytes())});
        QVERIFY(opened.problems.empty());
        const Place place = opened.database->find(address("203.0.113.1"));
        QCOMPARE(place.country, std::string("DE"));
        QVERIFY(place.region.size() <= protocol::limits::placeNameBytes);
        QCOMPARE(place.city, protocol::visibleText(place.city, protocol::limits::placeNameBytes));
        QVERIFY(place.city.find('\x1b') == std::string::npos);
        QCOMPARE(opened.database->find(address("203.0.113.129")), Place());
        QCOMPARE(opened.database->find(address("203.0.113.200")), Place());
    }

    void filesThatLieAreRefused_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        mmdb::File sound;
        sound.values = {mmdb::flatPlace("DE", "a", "b")};
        sound.networks = {{documentation4, 24, 0}};
        const std::string good = sound.bytes();
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("text") << QByteArray("this is no database\n");
        QTest::newRow("cut in half") << QByteArray::fromStdString(good.substr(0, good.size() / 2));
        QTest::newRow("metadata cut") << QByteArray::fromStdString(good.substr(0, good.size() - 20));
        QTest::newRow("metadata alone") << QByteArray::fromStdString(good.substr(good.find("\xab\xcd\xef")));
        const auto with = [&](const std::string& value) {
            mmdb::File file = sound;
            file.values = {value};
            return QByteArray::fromStdString(file.bytes());
        };
        QTest::newRow("map of nothing") << with(mmdb::map({}));
        QTest::newRow("other fields") << with(mmdb::map({{"asn", mmdb::number(64512, 32)}}));
        QTest::newRow("country is a number") << with(mmdb::map({{"country_code", mmdb::number(49, 16)}}));
        QTest::newRow("pointer to itself") << with(mmdb::pointer(0));
        QTest::newRow("pointer outside") << with(mmdb::pointer(0x7fffffff));
        QTest::newRow("map of millions") << with(mmdb::claim(7, 10'000'000) + mmdb::text("country_code"));
        QTest::newRow("text of megabytes")
            << with(mmdb::claim(7, 1) + mmdb::text("country_code") + mmdb::claim(2, 16'000'000) + "DE");
        QTest::newRow("key is a pointer to itself") << with(mmdb::claim(7, 1) + mmdb::pointer(1) + mmdb::text("DE"));
        std::string deep;
        for (int i = 0; i < 5000; ++i)
            deep += mmdb::claim(7, 1) + mmdb::text("a");
        QTest::newRow("five thousand maps deep") << with(deep + mmdb::text("x"));
        // The tree's first node points to itself on both sides: no address ever ends.
        std::string circle = good;
        circle.replace(0, 6, 6, '\0');
        QTest::newRow("tree in a circle") << QByteArray::fromStdString(circle);
        std::string wild = good;
        wild.replace(0, 6, 6, '\xff');
        QTest::newRow("tree points outside") << QByteArray::fromStdString(wild);
    }

    void filesThatLieAreRefused()
    {
        QFETCH(QByteArray, bytes);
        QElapsedTimer timer;
        timer.start();
        const auto opened = GeoDatabase::open({save(bytes.toStdString()), resources + "country.mmdb"});
        QCOMPARE(opened.problems.size(), std::size_t(1));
        QVERIFY(opened.problems[0].find(".mmdb: this geo database cannot be used: ") != std::string::npos);
        // The others still serve.
        QCOMPARE(opened.database->find(address("8.8.8.8")).country, std::string("US"));
        QVERIFY2(timer.elapsed() < 10'000, "a hostile file made opening hang");
    }

    void missingFilesAreNamed()
    {
        const auto opened =
            GeoDatabase::open({m_folder.filePath("missing.mmdb").toStdString(), m_folder.path().toStdString()});
        QCOMPARE(opened.problems.size(), std::size_t(2));
        QVERIFY(opened.problems[0].find("missing.mmdb") != std::string::npos);
        QCOMPARE(opened.database->find(address("8.8.8.8")), Place());
    }

    void flippedBytesNeverCrash()
    {
        mmdb::File file;
        file.ipVersion = 6;
        file.values = {mmdb::nestedPlace("DE", "Hesse", "Kassel"), mmdb::flatPlace("FR", "Brittany", "Rennes"),
                       mmdb::pointer(0)};
        file.networks = {{documentation6, 32, 0},
                         {std::string("\x2a", 1) + std::string(15, '\0'), 8, 1},
                         {std::string("\x26", 1) + std::string(15, '\0'), 8, 2}};
        const std::string good = file.bytes();
        std::uint32_t state = 7;
        const auto next = [&state] { return state = state * 1664525 + 1013904223, state >> 8; };
        int usable = 0;
        for (int round = 0; round < 3000; ++round) {
            std::string bad = good;
            for (std::uint32_t flips = 1 + next() % 8; flips > 0; --flips)
                bad[next() % bad.size()] = static_cast<char>(next());
            if (round % 5 == 0)
                bad.resize(next() % bad.size());
            const auto opened = GeoDatabase::open({save(bad)});
            usable += opened.problems.empty();
            for (const char* text : {"2001:db8::1", "2a00::1", "2600::7", "1.2.3.4", "::1"}) {
                const Place place = opened.database->find(address(text));
                QVERIFY(place.city.size() <= protocol::limits::placeNameBytes && place.country.size() <= 2);
            }
        }
        QVERIFY(usable > 0 && usable < 3000);
    }

    void cityFilesOfADataFolderComeFirst()
    {
        QTemporaryDir data;
        QDir(data.path()).mkdir("geo");
        for (const char* name : {"/geo/country.mmdb", "/geo/My-CITY-v6.mmdb", "/geo/a-city.mmdb", "/geo/notes.txt"}) {
            QFile file(data.path() + name);
            QVERIFY(file.open(QIODevice::WriteOnly));
        }
        const auto files = GeoDatabase::filesOf(data.path().toStdString(), resources + "country.mmdb");
        const std::string geo = data.path().toStdString() + "/geo/";
        QCOMPARE(files, (std::vector<std::string>{geo + "My-CITY-v6.mmdb", geo + "a-city.mmdb", geo + "country.mmdb",
                                                  resources + "country.mmdb"}));
        QVERIFY(GeoDatabase::filesOf("/nowhere", "/nowhere/x.mmdb").empty());
    }

private:
    std::string save(const std::string& bytes)
    {
        const QString path = m_folder.filePath(QString("%1.mmdb").arg(m_saved++ % 8));
        QFile::remove(path);
        QFile file(path);
        if (!file.open(QIODevice::WriteOnly) ||
            file.write(bytes.data(), static_cast<qint64>(bytes.size())) != static_cast<qint64>(bytes.size()))
            qFatal("cannot write %s", qPrintable(path));
        return path.toStdString();
    }

    QTemporaryDir m_folder;
    int m_saved = 0;
};

QTEST_GUILESS_MAIN(TestGeoDatabase)
#include "tst_geo_database.moc"
