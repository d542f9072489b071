// SPDX-License-Identifier: GPL-3.0-or-later
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QtTest>

#include <random>

#include "app/connection/api_reader.h"

using namespace connection;

class TestApiReader : public QObject {
    Q_OBJECT

private slots:
    void readsASession();
    void readsRollups();
    void boundsWhatItReads();
    void takesWrongTypesForNothing();
    void readsProblems();
    void tellsFactsOfADiagnosis();
    void survivesMutations();
};

void TestApiReader::readsASession()
{
    const auto session = sessionFrom(
        R"({"workspace":"w","role":"viewer","plan":"starter","token":"t","streamUrl":"ws://h/","redirect":"h:1","dataId":"d"})");
    QVERIFY(session);
    QCOMPARE(session->workspace, QStringLiteral("w"));
    QCOMPARE(session->tokenName, QStringLiteral("t"));
    QCOMPARE(session->redirectAddress, QStringLiteral("h:1"));
    QVERIFY(!sessionFrom(R"({"workspace":"w"})"));
    QVERIFY(!sessionFrom("[]"));
    QVERIFY(!sessionFrom(""));
}

void TestApiReader::readsRollups()
{
    const auto rollups = rollupsFrom(
        R"({"rows":[{"bucket":"2026-03-01T12:00:00.000Z","link":3,"domain":"d","slug":"s","value":"DE","hits":9,
        "clicks":7,"human_clicks":5,"scans":2,"uniques":4}],"watermark":{"seq":8,"lastSeq":9,"time":"2026-03-01T12:00:00.000Z","intervalSeconds":60}})");
    QVERIFY(rollups);
    const protocol::RollupRow& row = rollups->rows.at(0);
    QCOMPARE(row.bucket.value, 1'772'366'400'000);
    QCOMPARE(row.link.value, 3U);
    QCOMPARE(row.humanClicks, 5U);
    QCOMPARE(*row.uniques, 4U);
    QCOMPARE(rollups->watermark.time.value, 1'772'366'400'000);
    QCOMPARE(rollups->watermark.intervalSeconds, 60);
}

void TestApiReader::boundsWhatItReads()
{
    QJsonArray rows;
    for (std::size_t i = 0; i < rollupRowsMax + 5; ++i)
        rows.append(QJsonObject{{"clicks", 1}});
    const auto rollups = rollupsFrom(QJsonDocument(QJsonObject{{"rows", rows}}).toJson());
    QCOMPARE(rollups->rows.size(), rollupRowsMax);
    QVERIFY(rollups->cut);
    const QString longText(50'000, QLatin1Char('x'));
    const auto link =
        linkFrom(QJsonDocument(QJsonObject{{"id", 1}, {"slug", longText}, {"tags", QJsonArray{longText}}}).toJson());
    QCOMPARE(link->slug.size(), textCharsMax);
    QCOMPARE(link->tags.at(0).size(), textCharsMax);
}

void TestApiReader::takesWrongTypesForNothing()
{
    const auto rollups = rollupsFrom(
        R"({"rows":[{"clicks":-5,"hits":1e300,"scans":"7","bucket":{},"uniques":"x"},7,null],"watermark":[]})");
    QCOMPARE(rollups->rows.size(), 3U);
    QCOMPARE(rollups->rows[0].clicks, 0U);
    QCOMPARE(rollups->rows[0].hits, 0U);
    QCOMPARE(rollups->rows[0].bucket.value, 0);
    QVERIFY(!rollups->rows[0].uniques);
    QVERIFY(!rollupsFrom(R"({"rows":{}})"));
    Links links;
    QString next = QStringLiteral("old");
    QVERIFY(!linksFrom("{}", links, next));
    QVERIFY(linksFrom(R"({"items":[],"next":5})", links, next));
    QVERIFY(next.isEmpty());
}

void TestApiReader::readsProblems()
{
    const Problem problem =
        problemFrom(422, R"({"type":"/problems/slug-taken","title":"Taken","field":"slug","status":1})");
    QCOMPARE(problem.status, 422);
    QCOMPARE(problem.code, QStringLiteral("slug_taken"));
    QCOMPARE(problem.field, QStringLiteral("slug"));
    QCOMPARE(problemFrom(502, "<html>").code, QStringLiteral("http_502"));
}

void TestApiReader::tellsFactsOfADiagnosis()
{
    const auto diagnosis =
        diagnosisFrom(R"({"cause":null,"checks":[{"code":"hits_seen","result":"ok","hits":12,"whole":true,
        "reasons":{"unknown_slug":3}},{"code":"people_seen","result":"note","botClicks":9},{"code":"new_one","result":"surprise"}]})");
    QCOMPARE(diagnosis->steps.size(), 3U);
    QCOMPARE(diagnosis->steps[0].state, QStringLiteral("ok"));
    QCOMPARE(diagnosis->steps[0].facts[QStringLiteral("hits")], QStringLiteral("12"));
    QCOMPARE(diagnosis->steps[0].facts[QStringLiteral("reasons")], QStringLiteral("unknown_slug 3"));
    QCOMPARE(diagnosis->steps[1].state, QStringLiteral("warning"));
    QCOMPARE(diagnosis->steps[1].detail, QStringLiteral("botClicks 9"));
    QCOMPARE(diagnosis->steps[2].state, QStringLiteral("unknown"));
    QVERIFY(diagnosis->cause.isEmpty());
}

void TestApiReader::survivesMutations()
{
    std::mt19937 random(41);
    const QByteArray good =
        R"({"rows":[{"bucket":"2026-03-01T12:00:00.000Z","clicks":7}],"items":[{"id":1,"tags":["a"]}],"checks":[{"code":"x","f":{"a":1}}],"next":"2","streamUrl":"ws://x"})";
    for (int round = 0; round < 20'000; ++round) {
        QByteArray bytes = good;
        for (auto n = random() % 4 + 1; n > 0; --n)
            bytes[static_cast<qsizetype>(random() % static_cast<unsigned>(bytes.size()))] = static_cast<char>(random());
        Links links;
        QString next;
        linksFrom(bytes, links, next);
        QVERIFY(links.items.size() <= 2);
        if (const auto rollups = rollupsFrom(bytes))
            QVERIFY(rollups->rows.size() <= 2);
        sessionFrom(bytes);
        diagnosisFrom(bytes);
        problemFrom(400, bytes);
    }
}

QTEST_GUILESS_MAIN(TestApiReader)
#include "tst_api_reader.moc"
