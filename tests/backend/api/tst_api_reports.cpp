// SPDX-License-Identifier: GPL-3.0-or-later
// Reports: what they count, against what was sent; what they refuse.
#include "tests/backend/api/api_fixture.h"

#include "backend/protocol/words.h"
#include "backend/storage/reader.h"

namespace {

constexpr std::int64_t hourMs = protocol::msPerHour, dayMs = protocol::msPerDay;

QString text(std::int64_t time)
{
    return QString::fromStdString(protocol::rfc3339(protocol::UtcMs(time)));
}

} // namespace

class ApiReportsTest : public QObject {
    Q_OBJECT

    std::unique_ptr<ApiFixture> m_api;
    std::int64_t m_today = 0; // start of this UTC day

    const QJsonObject report(const QString& query, int status = 200)
    {
        const Answer answer = m_api->get("/v1/reports?" + query);
        if (answer.status != status)
            qWarning() << answer.status << answer.body;
        return answer.status == status ? answer.json : QJsonObject();
    }

    QString days(int from, int to) const
    {
        return "from=" + text(m_today + from * dayMs) + "&to=" + text(m_today + to * dayMs);
    }

    protocol::Hit hit(const std::string& slug, std::int64_t time, std::uint64_t visitor)
    {
        protocol::Hit one = m_api->hitOf(slug);
        one.time = protocol::UtcMs(time);
        one.visitor = protocol::VisitorKey(visitor);
        one.country = "DE";
        return one;
    }

    void roll()
    {
        const auto last = m_api->pipeline->counters().lastSeq.load();
        QCOMPARE(m_api->send("POST", "/v1/rollups/run", m_api->admin, {{"x", 1}}).status, 202);
        QTRY_COMPARE(m_api->pipeline->counters().watermark.load(), last);
    }

private slots:
    void initTestCase()
    {
        m_api = std::make_unique<ApiFixture>();
        m_today = m_api->clock.utcMs() / dayMs * dayMs;
        for (const auto& [slug, campaign] :
             {std::pair("a", "spring"), std::pair("b", "spring"), std::pair("c", "autumn")})
            QCOMPARE(m_api
                         ->post("/v1/links", {{"domain", "localhost"},
                                              {"slug", slug},
                                              {"destination", "https://acme.example/"},
                                              {"campaign", campaign},
                                              {"tags", QJsonArray{QString("tag-") + slug}}})
                         .status,
                     201);
        std::vector<protocol::Hit> hits;
        for (int day = 1; day <= 10; ++day) {
            const std::int64_t noon = m_today - day * dayMs + 12 * hourMs;
            for (int at = 0; at < day; ++at)
                hits.push_back(hit("a", noon + at, static_cast<std::uint64_t>(1 + at % 3)));
            hits.push_back(hit("b", noon, 1)); // the same visitor as one of a's
            hits.back().country = "US";
            hits.back().touch = protocol::TouchType::Qr;
            hits.back().placement = "poster";
        }
        hits.push_back(hit("b", m_today - dayMs, 50));
        hits.back().botCategory = protocol::BotCategory::Preview;
        m_api->storeHits(hits);
        roll();
    }

    void cleanupTestCase() { m_api.reset(); }

    void totalsAndSeriesAddUp()
    {
        const QJsonObject whole = report(days(-10, 0));
        QCOMPARE(whole["granularity"], "day");
        QCOMPARE(whole["by"], "none");
        QCOMPARE(whole["zone"], "UTC");
        QCOMPARE(whole["series"].toArray().size(), 10);
        const QJsonObject totals = whole["totals"].toObject();
        QCOMPARE(totals["clicks"], 55 + 10 + 1);
        QCOMPARE(totals["human_clicks"], 55 + 10);
        QCOMPARE(totals["scans"], 10);
        // Days of 1, 2 and eight times 3 visitors; b's is among them each day.
        QCOMPARE(totals["uniques"], 1 + 2 + 8 * 3);
        QCOMPARE(totals["unique_scanners"], 10);
        QCOMPARE(whole["uniques"]["estimated"], false);
        const QJsonObject first = whole["series"].toArray().first().toObject();
        QCOMPARE(first["at"], text(m_today - 10 * dayMs));
        QCOMPARE(first["clicks"], 11);
        QCOMPARE(first["uniques"], 3);
        QVERIFY(!first.contains("partial"));
        QCOMPARE(whole["first"], first["at"]);
        QCOMPARE(whole["last"], text(m_today - dayMs));
        QCOMPARE(whole["freshness"]["to_come"], 0);
        QCOMPARE(whole["freshness"]["watermark"]["seq"].toInteger(), 66);
        QCOMPARE(whole["kept"]["minutes_days"], 14);
        QVERIFY(whole["compared"].isNull());
    }

    void breakdownsNameValuesAndOthers()
    {
        const QJsonObject byCountry = report(days(-10, 0) + "&by=country&limit=1&split=1");
        const QJsonObject first = byCountry["values"].toArray().first().toObject();
        QCOMPARE(byCountry["values"].toArray().size(), 1);
        QCOMPARE(byCountry["values_total"], 2);
        QCOMPARE(first["value"], "DE");
        QCOMPARE(first["clicks"], 56);
        QCOMPARE(first["series"].toArray().size(), 10);
        QVERIFY(first["uniques"].isNull());
        QCOMPARE(byCountry["others"]["clicks"], 10);
        const QJsonObject byLink = report(days(-10, 0) + "&by=link");
        const QJsonObject link = byLink["values"].toArray().at(1).toObject();
        QCOMPARE(link["value"], "localhost/b");
        QVERIFY(link["link"].toInteger() > 0);
        QCOMPARE(link["uniques"], 10);
        QCOMPARE(link["clicks"], 11);
        const QJsonObject placed = report(days(-10, 0) + "&by=placement&where=placement:poster");
        QCOMPARE(placed["values"].toArray().size(), 1);
        QCOMPARE(placed["values"].toArray().first()["uniques"], 10);
        QCOMPARE(placed["totals"]["clicks"], 10);
        const QJsonObject american = report(days(-10, 0) + "&by=link&where=country:US");
        QCOMPARE(american["where"], "country:US");
        QCOMPARE(american["totals"]["clicks"], 10);
        QCOMPARE(american["values"].toArray().size(), 1);
    }

    void linksAreChosenAndTheirVisitorsUnited()
    {
        for (const char* chosen :
             {"&campaign=spring", "&link=localhost/a,localhost/b", "&tag=tag-a,tag-b", "&domain=localhost"}) {
            const QJsonObject both = report(days(-10, 0) + chosen);
            QCOMPARE(both["totals"]["clicks"], 66);
            QCOMPARE(both["totals"]["uniques"], 1 + 2 + 8 * 3);
        }
        QCOMPARE(report(days(-10, 0) + "&campaign=spring&tag=tag-b")["totals"]["clicks"], 11);
        QCOMPARE(report(days(-10, 0) + "&campaign=autumn")["totals"]["clicks"], 0);
        QCOMPARE(report(days(-10, 0) + "&campaign=winter")["totals"]["hits"], 0);
    }

    void rangesAreWidenedToTheirBuckets()
    {
        const QString within =
            "from=" + text(m_today - dayMs + 12 * hourMs + 60'000) + "&to=" + text(m_today - dayMs + 13 * hourMs + 1);
        const QJsonObject minutes = report(within);
        QCOMPARE(minutes["granularity"], "minute");
        QCOMPARE(minutes["totals"]["clicks"], 0);
        QCOMPARE(minutes["to"], text(m_today - dayMs + 13 * hourMs + 60'000));
        const QJsonObject hours = report(within + "&granularity=hour");
        QCOMPARE(hours["from"], text(m_today - dayMs + 12 * hourMs));
        QCOMPARE(hours["totals"]["clicks"], 2);
        QVERIFY(hours["totals"]["uniques"].isNull()); // an hour of a day: sets are by day
        const QJsonObject wide = report(within + "&granularity=day");
        QCOMPARE(wide["from"], text(m_today - dayMs));
        QCOMPARE(wide["to"], text(m_today));
        QCOMPARE(wide["totals"]["uniques"], 1);
        QCOMPARE(report(days(-1, 0) + "&granularity=hour")["totals"]["uniques"], 1);
    }

    void otherRangesAreCompared()
    {
        const QJsonObject before = report(days(-2, 0) + "&by=link&compare=previous")["compared"].toObject();
        QCOMPARE(before["from"], text(m_today - 4 * dayMs));
        QCOMPARE(before["to"], text(m_today - 2 * dayMs));
        QCOMPARE(before["totals"]["clicks"], 4 + 3 + 2);
        QCOMPARE(before["values"].toArray().size(), 2);
        QCOMPARE(before["values"].toArray().first()["clicks"], 7);
        const QJsonObject weekdays = report(days(-2, 0) + "&compare=weekdays")["compared"].toObject();
        QCOMPARE(weekdays["from"], text(m_today - 9 * dayMs));
        QCOMPARE(weekdays["totals"]["clicks"], 9 + 8 + 2);
        const QJsonObject given = report(days(-2, 0) + "&compare=" + text(m_today - 10 * dayMs))["compared"].toObject();
        QCOMPARE(given["totals"]["clicks"], 10 + 9 + 2);
        const QJsonObject campaign =
            report(days(-2, 0) + "&granularity=day&compare=campaign:spring")["compared"].toObject();
        QCOMPARE(campaign["from"], text(m_today - 10 * dayMs));
        QCOMPARE(campaign["totals"]["clicks"], 10 + 9 + 2);
        QCOMPARE(report(days(-2, 0) + "&granularity=hour&compare=campaign:spring")["compared"]["from"],
                 text(m_today - 10 * dayMs + 12 * hourMs));
        report(days(-2, 0) + "&compare=campaign:winter", 404);
        report(days(-2, 0) + "&compare=yesterday", 400);
    }

    void everyHourOfTheWeekIsThere()
    {
        const Answer answer = m_api->get("/v1/reports/hours?" + days(-10, 0) + "&link=localhost/a");
        const QJsonArray cells = answer.json["cells"].toArray();
        QCOMPARE(cells.size(), 168);
        qint64 times = 0, clicks = 0, atNoon = 0;
        for (const QJsonValue& cell : cells) {
            times += cell["times"].toInteger();
            clicks += cell["clicks"].toInteger();
            atNoon += cell["hour"].toInt() == 12 ? cell["clicks"].toInteger() : 0;
        }
        QCOMPARE(times, 240);
        QCOMPARE(clicks, 55);
        QCOMPARE(atNoon, 55);
        const int weekday = QDateTime::fromMSecsSinceEpoch(m_today - 10 * dayMs, QTimeZone::UTC).date().dayOfWeek();
        QCOMPARE(cells[(weekday - 1) * 24 + 12]["times"], 2); // ten days: three weekdays twice
    }

    void theRawCountStandsBesideTheRollups()
    {
        const QString range = "/v1/reports/reconciliation?per_link=1&" + days(-10, 1);
        const QJsonObject equal = m_api->get(range).json;
        QCOMPARE(equal["rows"].toArray().size(), 2);
        QCOMPARE(equal["totals"]["state"], "equal");
        QCOMPARE(equal["totals"]["raw"]["clicks"], 66);
        QCOMPARE(equal["totals"]["rolled"]["clicks"], 66);
        QCOMPARE(equal["rows"].toArray().first()["slug"], "a");
        m_api->storeHits({hit("a", m_today - 3 * dayMs, 1), hit("b", m_today, 1)});
        const QJsonObject toCome = m_api->get(range).json;
        QCOMPARE(toCome["totals"]["state"], "to_come");
        QCOMPARE(toCome["totals"]["why"], "after_watermark");
        QCOMPARE(toCome["totals"]["to_come"], 2);
        QCOMPARE(toCome["totals"]["late"], m_api->get("/v1/stats").json["late"]);
        QCOMPARE(toCome["totals"]["rolled"]["clicks"], 66);
        roll();
        const QJsonObject again = m_api->get(range).json;
        QCOMPARE(again["totals"]["state"], "equal");
        QCOMPARE(again["totals"]["rolled"]["clicks"], 68);
        QVERIFY(m_api->get("/v1/reports/reconciliation?" + days(-10, 0)).json["rows"].toArray().isEmpty());
    }

    void whatCameLateIsTold()
    {
        const QString path = "/v1/reports/restatements?" + days(-10, 0);
        const QJsonArray items = m_api->get(path).json["items"].toArray();
        QCOMPARE(items.size(), 1); // the hit of three days ago, of the test before
        QCOMPARE(items[0]["reason"], "late");
        QCOMPARE(items[0]["from"], text(m_today - 3 * dayMs));
        QCOMPARE(items[0]["to"], text(m_today - 3 * dayMs + hourMs));
        QCOMPARE(items[0]["domain"], "localhost");
        QCOMPARE(items[0]["slug"], "a");
        QCOMPARE(items[0]["several"], false);
        QCOMPARE(items[0]["change"].toObject(),
                 (QJsonObject{{"hits", 1}, {"clicks", 1}, {"human_clicks", 1}, {"scans", 0}}));
        QVERIFY(items[0]["before"].isNull());
        const Answer page = m_api->get(path + "&limit=1");
        QCOMPARE(page.json["next"].toString(), QString::number(items[0]["id"].toInteger()));
        const Answer after = m_api->get(path + "&limit=1&cursor=" + page.json["next"].toString());
        QVERIFY(after.json["items"].toArray().isEmpty() && after.json["next"].isNull());
        QVERIFY(m_api->get(path + "&link=localhost/b").json["items"].toArray().isEmpty());
        QCOMPARE(m_api->get(path + "&link=localhost/none").problem(), "not-found");
        QCOMPARE(m_api->get(path + "&cursor=x").problem(), "not-a-number");

        const QJsonObject told = report(days(-10, 0))["restated"].toObject();
        QCOMPARE(told["count"], 1);
        QCOMPARE(told["several"], 0);
        QCOMPARE(told["beyond"], 0);
        QCOMPARE(told["last"], items[0]["noted_at"]);
        QCOMPARE(told["change"], items[0]["change"]);
        QVERIFY(report(days(-2, 0))["restated"].isNull());
        QVERIFY(report(days(-10, 0) + "&link=localhost/b")["restated"].isNull());
        QVERIFY(report(days(-10, 0) + "&where=country:DE")["restated"]["change"].isNull());
        QCOMPARE(report(days(-10, 0) + "&where=country:DE")["restated"]["count"], 1);
        const QJsonObject hours = m_api->get("/v1/reports/hours?" + days(-10, 0)).json;
        QCOMPARE(hours["restated"]["count"], 1);
        const std::int64_t within = m_today - 3 * dayMs + hourMs / 2;
        QCOMPARE(
            report("granularity=minute&from=" + text(within) + "&to=" + text(within + 60'000))["restated"]["beyond"],
            1);
    }

    void rollupsAreMadeAgainOnRequest()
    {
        const QJsonObject before = report(days(-10, 0) + "&by=placement");
        QCOMPARE(m_api->send("POST", "/v1/rollups/rebuild", m_api->admin, {{"x", 1}}).status, 202);
        QVERIFY(m_api->get("/v1/rollups/progress").json["running"].toBool() || !m_api->pipeline->counters().rebuilding);
        QTRY_VERIFY(!m_api->get("/v1/rollups/progress").json["running"].toBool());
        const QJsonObject progress = m_api->get("/v1/rollups/progress").json;
        QCOMPARE(progress["done"], progress["of"]);
        const QJsonObject after = report(days(-10, 0) + "&by=placement");
        QCOMPARE(after["values"], before["values"]);
        QCOMPARE(after["totals"], before["totals"]);
    }

    void whatIsNotInYetIsPartial()
    {
        m_api->storeHits({hit("a", m_api->clock.utcMs(), 9)});
        QCOMPARE(report("")["freshness"]["to_come"], 1);
        roll();
        const QJsonObject now = report("");
        QCOMPARE(now["freshness"]["to_come"], 0);
        QVERIFY(now["series"].toArray().last()["partial"].toBool());
    }

    void whatCannotBeAnsweredIsRefusedByName_data()
    {
        QTest::addColumn<QString>("query");
        QTest::addColumn<int>("status");
        QTest::addColumn<QString>("code");
        QTest::addColumn<QString>("field");
        QTest::newRow("long") << "from=2024-01-01T00:00:00Z&to=2025-01-03T00:00:00Z" << 400 << "range-too-long"
                              << "from";
        QTest::newRow("empty") << "from=2025-01-03T00:00:00Z&to=2025-01-03T00:00:00Z" << 400 << "empty-range" << "from";
        QTest::newRow("old minutes") << "from=2025-01-03T00:00:00Z&to=2025-01-03T01:00:00Z&granularity=minute" << 422
                                     << "granularity-gone" << "granularity";
        QTest::newRow("week") << "granularity=week" << 400 << "unknown-word" << "granularity";
        QTest::newRow("by") << "by=moon" << 400 << "unknown-word" << "by";
        QTest::newRow("where") << "where=country" << 400 << "unknown-word" << "where";
        QTest::newRow("two dimensions") << "where=country:DE&by=city" << 422 << "one-dimension" << "by";
        QTest::newRow("limit") << "limit=1001" << 400 << "out-of-range" << "limit";
        QTest::newRow("link") << "link=localhost/none" << 404 << "not-found" << "link";
        QTest::newRow("domain") << "domain=other.example" << 404 << "not-found" << "domain";
        QTest::newRow("many") << "tag=" + QString("x,").repeated(101) << 400 << "too-many" << "tag";
    }

    void whatCannotBeAnsweredIsRefusedByName()
    {
        QFETCH(QString, query);
        QFETCH(int, status);
        QFETCH(QString, code);
        QFETCH(QString, field);
        const Answer answer = m_api->get("/v1/reports?" + query);
        QCOMPARE(answer.status, status);
        QCOMPARE(answer.problem(), code);
        QCOMPARE(answer.json["field"].toString(), field);
    }

    // Hours of the week against what the zone's clock showed at each hit.
    void hoursOfTheWeekAreTheZones_data()
    {
        QTest::addColumn<QByteArray>("zone");
        for (const char* zone : {"Asia/Kolkata", "Asia/Kathmandu", "Australia/Lord_Howe", "Europe/Berlin"})
            QTest::newRow(zone) << QByteArray(zone);
    }

    void hoursOfTheWeekAreTheZones()
    {
        QFETCH(QByteArray, zone);
        std::vector<protocol::Hit> more;
        for (int at = 0; at < 50; ++at)
            more.push_back(hit("c", m_today - dayMs - at * 37 * 60'000LL, 1));
        m_api->storeHits(more);
        QCOMPARE(m_api->send("PATCH", "/v1/workspaces/1", m_api->admin, {{"zone", QString::fromLatin1(zone)}}).status,
                 200);
        roll();
        QTRY_VERIFY(!m_api->get("/v1/rollups/progress").json["running"].toBool());
        const Answer answer = m_api->get("/v1/reports/hours?" + days(-9, -1));
        QCOMPARE(answer.json["zone"].toString(), QString::fromLatin1(zone));
        const std::int64_t from = protocol::utcMsFrom(answer.json["from"].toString().toStdString())->value;
        const std::int64_t to = protocol::utcMsFrom(answer.json["to"].toString().toStdString())->value;
        const QTimeZone clock(zone);
        std::array<qint64, 168> expected{};
        protocol::HitSeq covered;
        for (const protocol::Hit& one :
             storage::Reader(m_api->store->folder()).hitsAfter({}, 10'000, protocol::WorkspaceId(1), {}, covered)) {
            const QDateTime shown = QDateTime::fromMSecsSinceEpoch(one.time.value, clock);
            if (one.time.value >= from && one.time.value < to)
                ++expected[(shown.date().dayOfWeek() - 1) * 24 + shown.time().hour()];
        }
        const QJsonArray cells = answer.json["cells"].toArray();
        for (int at = 0; at < 168; ++at)
            QCOMPARE(cells[at]["hits"].toInteger(), expected[at]);
        QVERIFY(std::count_if(expected.begin(), expected.end(), [](qint64 hits) { return hits > 0; }) > 20);
    }

    void anotherWorkspaceSeesNothing()
    {
        QCOMPARE(m_api->post("/v1/workspaces", {{"name", "other"}}).status, 201);
        const QByteArray token = m_api->makeToken("viewer", "other");
        const Answer answer = m_api->send("GET", "/v1/reports?by=link&" + days(-10, 0), token);
        QCOMPARE(answer.status, 200);
        QCOMPARE(answer.json["totals"]["hits"], 0);
        QVERIFY(answer.json["restated"].isNull());
        QCOMPARE(m_api->send("GET", "/v1/reports?link=localhost/a", token).status, 404);
        const Answer restated = m_api->send("GET", "/v1/reports/restatements?" + days(-10, 0), token);
        QCOMPARE(restated.status, 200);
        QVERIFY(restated.json["items"].toArray().isEmpty());
    }
};

QTEST_GUILESS_MAIN(ApiReportsTest)
#include "tst_api_reports.moc"
