// SPDX-License-Identifier: GPL-3.0-or-later
#include <QFile>
#include <QTest>

#include "backend/imports/drafts.h"
#include "backend/protocol/words.h"

using namespace imports;
using Texts = std::vector<std::string>;

namespace {

std::string fixture(const char* name)
{
    QFile file(QStringLiteral(CLICKROOM_SOURCE_DIR "/tests/backend/imports/files/") + QLatin1StringView(name));
    if (!file.open(QIODevice::ReadOnly))
        qFatal("%s: %s", name, qPrintable(file.errorString()));
    return file.readAll().toStdString();
}

// "row host/slug → destination" of what could be taken.
Texts places(const Drafts& drafts)
{
    Texts out;
    for (const Draft& draft : drafts.drafts)
        out.push_back(std::to_string(draft.row) + " " + draft.host + "/" + draft.link.slug + " " +
                      draft.link.destination);
    return out;
}

Texts refusals(const std::vector<RowProblem>& list)
{
    Texts out;
    for (const RowProblem& one : list)
        out.push_back(std::to_string(one.problem.row) + " " + one.host + "/" + one.slug + " " + one.problem.code + " " +
                      one.problem.field);
    return out;
}

} // namespace

class tst_ExportFiles : public QObject {
    Q_OBJECT

private slots:
    void bitly();
    void dub();
    void shlink();
    void yourlsDump();
    void yourlsTables();
    void ownExport();
    void ownColumns();
    void formatsAreTold_data();
    void formatsAreTold();
    void clicksAreKeptWhenAsked();
    void theDomainIsForRowsWithoutOne();
    void missingColumnsAreNamed();
    void encodingsAndSeparators_data();
    void encodingsAndSeparators();
};

void tst_ExportFiles::bitly()
{
    const Drafts read = readDrafts(fixture("bitly.csv"), {Format::Bitly, "", false});
    QVERIFY(!read.broken);
    QCOMPARE(read.rows, std::size_t(4));
    QCOMPARE(places(read), (Texts{"2 go.acme.example/spring https://shop.acme.example/spring?utm_source=bitly",
                                  "3 go.acme.example/4XyZ12 https://shop.acme.example/shoes"}));
    QCOMPARE(refusals(read.refused), (Texts{"4 bit.ly/3Nothing destination_empty destination",
                                            "5 go.acme.example/evil destination_scheme destination"}));
    QCOMPARE(read.drafts[0].link.notes, "Spring, the \"big\" launch");
    QCOMPARE(read.drafts[0].link.tags, (Texts{"launch", "print"}));
    // Archived codes still hang on walls.
    QCOMPARE(read.drafts[1].link.tags, Texts{"archived"});
    QVERIFY(read.drafts[1].link.state == links::LinkState::Active);
}

void tst_ExportFiles::dub()
{
    const Drafts read = readDrafts(fixture("dub.csv"), {Format::Dub, "", false});
    QVERIFY(!read.broken);
    QCOMPARE(places(read), (Texts{"2 go.acme.example/drop https://shop.acme.example/drop",
                                  "3 go.acme.example/a/b c https://shop.acme.example/ab",
                                  "4 go.acme.example/ https://www.acme.example/"}));
    QCOMPARE(refusals(read.refused), Texts{"5 go.acme.example/late not_a_time expiresAt"});
    QCOMPARE(protocol::rfc3339(read.drafts[0].link.expiresAt), "2031-01-01T00:00:00.000Z");
    QCOMPARE(read.drafts[0].link.notes, "=Drop");
    QCOMPARE(read.drafts[0].link.tags, (Texts{"tiktok", "launch"}));
    QCOMPARE(read.drafts[1].link.tags, Texts{"archived"});
}

void tst_ExportFiles::shlink()
{
    const Drafts read = readDrafts(fixture("shlink.csv"), {Format::Shlink, "", false});
    QVERIFY(!read.broken);
    QCOMPARE(places(read), (Texts{"2 s.acme.example/abc12 https://shop.acme.example/zwei",
                                  "3 default.example/XyZ https://shop.acme.example/default"}));
    QCOMPARE(read.drafts[0].link.notes, "Zweizeilig\r\nmit Umbruch");
    QCOMPARE(read.drafts[0].link.tags, (Texts{"eins", "zwei"}));
    QCOMPARE(read.drafts[1].link.tags, (Texts{"drei", "vier"}));
}

void tst_ExportFiles::yourlsDump()
{
    const Drafts read = readDrafts(fixture("yourls.sql"), {std::nullopt, "ozh.example", true});
    QVERIFY(!read.broken);
    QVERIFY(read.format == Format::Yourls);
    QCOMPARE(places(read), (Texts{"2 ozh.example/ozh https://shop.acme.example/ozh",
                                  "3 ozh.example/1f https://shop.acme.example/?a=1&b=2",
                                  "4 ozh.example/last https://shop.acme.example/last"}));
    QCOMPARE(read.drafts[0].link.notes, "It's (really), a 'title'\nof two lines\nclicks before the import: 120");
    QCOMPARE(read.drafts[1].link.notes, "clicks before the import: 0");
}

void tst_ExportFiles::yourlsTables()
{
    for (const char* name : {"yourls.csv", "yourls-plugin.csv"}) {
        const Drafts read = readDrafts(fixture(name), {std::nullopt, "ozh.example", false});
        QVERIFY(!read.broken);
        QVERIFY(read.format == Format::Yourls);
        QCOMPARE(read.drafts.size(), std::size_t(2));
        QCOMPARE(places(read)[0], "2 ozh.example/ozh https://shop.acme.example/ozh");
        QCOMPARE(read.drafts[1].link.slug, "1f");
    }
    QCOMPARE(readDrafts(fixture("yourls.csv"), {}).broken->field, "domain");
}

void tst_ExportFiles::ownExport()
{
    const Drafts read = readDrafts(fixture("clickroom.csv"), {});
    QVERIFY(!read.broken);
    QVERIFY(read.format == Format::Csv);
    QCOMPARE(places(read), (Texts{"2 go.acme.example/spring https://shop.acme.example/spring",
                                  "3 go.acme.example/ https://www.acme.example/"}));
    QCOMPARE(refusals(read.passedOver), Texts{"4 go.acme.example/gone deleted state"});
    const links::Link& link = read.drafts[0].link;
    QCOMPARE(link.tags, (Texts{"print", "launch"}));
    QCOMPARE(link.notes, "=SUM(A1)");
    QCOMPARE(link.goal, "signup");
    QCOMPARE(link.utm.medium, "email");
    QCOMPARE(protocol::rfc3339(link.expiresAt), "2027-03-01T12:00:00.000Z");
    QVERIFY(read.drafts[1].link.state == links::LinkState::Paused);
    QCOMPARE(read.drafts[1].link.status, std::uint16_t(301));
}

void tst_ExportFiles::ownColumns()
{
    const Drafts read = readDrafts("Destination,domain,clickLimit,fallback,owner,utm.source,iosApp,status,hasPassword\n"
                                   "https://a.example/,go.example,100,https://b.example/,Kim,mail,myapp://x,307,false\n"
                                   "https://a.example/,go.example,many,,,,,,\n"
                                   "https://a.example/,go.example,,,,,,200,\n"
                                   "https://a.example/,go.example,,,,,,,true\n"
                                   "https://a.example/,-bad-,,,,,,,\n"
                                   "https://a.example/,go.example,,,,,,,,stray\n",
                                   {});
    QCOMPARE(read.drafts.size(), std::size_t(1));
    const Draft& draft = read.drafts.front();
    QVERIFY(draft.generateSlug);
    QCOMPARE(draft.link.clickLimit, std::uint64_t(100));
    QCOMPARE(draft.link.fallback, "https://b.example/");
    QCOMPARE(draft.link.owner, "Kim");
    QCOMPARE(draft.link.utm.source, "mail");
    QCOMPARE(draft.link.iosApp, "myapp://x");
    QCOMPARE(draft.link.status, std::uint16_t(307));
    QCOMPARE(refusals(read.refused),
             (Texts{"3 go.example/ not_a_number clickLimit", "4 go.example/ status_not_redirect status",
                    "5 go.example/ password_protected password", "6 -bad-/ host_label domain",
                    "7 go.example/ too_many_cells row"}));
}

void tst_ExportFiles::formatsAreTold_data()
{
    QTest::addColumn<QByteArray>("file");
    QTest::addColumn<QString>("format");
    for (const auto& [name, format] :
         {std::pair{"bitly.csv", "bitly"}, std::pair{"dub.csv", "dub"}, std::pair{"shlink.csv", "shlink"},
          std::pair{"yourls.sql", "yourls"}, std::pair{"clickroom.csv", "csv"}})
        QTest::newRow(name) << QByteArray::fromStdString(fixture(name)) << QString::fromLatin1(format);
    QTest::newRow("Bitly's API") << QByteArray("id,long_url,title,created_at,custom_bitlinks,archived\n"
                                               "bit.ly/1,https://a.example/,,,[],false\n")
                                 << QStringLiteral("bitly");
    QTest::newRow("Dub's API") << QByteArray("domain,key,url,clicks\ngo.example,a,https://a.example/,1\n")
                               << QStringLiteral("dub");
}

void tst_ExportFiles::formatsAreTold()
{
    QFETCH(QByteArray, file);
    QFETCH(QString, format);
    const Drafts read = readDrafts(file.toStdString(), {std::nullopt, "fallback.example", false});
    QCOMPARE(QString::fromStdString(std::string(word(read.format))), format);
    QVERIFY(!read.broken);
    QVERIFY(!read.drafts.empty());
    QVERIFY(formatFrom(format.toStdString()) == read.format);
}

void tst_ExportFiles::clicksAreKeptWhenAsked()
{
    QCOMPARE(readDrafts(fixture("shlink.csv"), {Format::Shlink, "", true}).drafts[1].link.notes,
             "clicks before the import: 7");
    QCOMPARE(readDrafts(fixture("shlink.csv"), {Format::Shlink, "", false}).drafts[1].link.notes, "");
}

void tst_ExportFiles::theDomainIsForRowsWithoutOne()
{
    const Drafts read = readDrafts("domain,slug,destination\n,a,https://a.example/\nown.example,b,https://a.example/\n",
                                   {Format::Csv, "go.example", false});
    QCOMPARE(read.drafts[0].host, "go.example");
    QCOMPARE(read.drafts[1].host, "own.example");
    const Drafts without = readDrafts("domain,slug,destination\n,a,https://a.example/\n", {});
    QCOMPARE(refusals(without.refused), Texts{"2 /a missing domain"});
}

void tst_ExportFiles::missingColumnsAreNamed()
{
    const auto problem = readDrafts("domain,slug\na,b\n", {}).broken;
    QCOMPARE(problem->code, "missing_column");
    QCOMPARE(problem->field, "destination");
    QCOMPARE(readDrafts("slug,destination\na,https://a.example/\n", {}).broken->field, "domain");
    QCOMPARE(readDrafts("", {}).broken->code, "empty");
    QCOMPARE(readDrafts("\n\n  \n", {}).broken->code, "empty");
    QCOMPARE(readDrafts("just some words\nand more\n", {}).broken->code, "missing_column");
}

void tst_ExportFiles::encodingsAndSeparators_data()
{
    QTest::addColumn<QByteArray>("file");
    const QString text =
        QStringLiteral("domain;slug;destination;notes\r\n\r\ngo.example;grün;https://a.example/;\"zwei\r\n"
                       "Zeilen; und „mehr“\"\r\n");
    QTest::newRow("UTF-8") << text.toUtf8();
    QTest::newRow("with a mark") << QByteArray("\xef\xbb\xbf") + text.toUtf8();
    const auto utf16 = reinterpret_cast<const char*>(text.utf16());
    QTest::newRow("UTF-16") << QByteArray("\xff\xfe") + QByteArray(utf16, text.size() * 2);
    QTest::newRow("Windows-1252") << text.toLatin1().replace("?mehr?", "\x84mehr\x93");
    QTest::newRow("Excel's own line") << QByteArray("sep=;\r\n") + text.toUtf8();
    QTest::newRow("tabs") << text.toUtf8().replace("; und", ", und").replace(';', '\t').replace(", und", "; und");
}

void tst_ExportFiles::encodingsAndSeparators()
{
    QFETCH(QByteArray, file);
    const Drafts read = readDrafts(file.toStdString(), {});
    QVERIFY(!read.broken);
    QCOMPARE(read.drafts.size(), std::size_t(1));
    QCOMPARE(read.drafts[0].link.slug, "grün");
    QCOMPARE(read.drafts[0].link.notes, "zwei\r\nZeilen; und „mehr“");
}

QTEST_APPLESS_MAIN(tst_ExportFiles)
#include "tst_export_files.moc"
