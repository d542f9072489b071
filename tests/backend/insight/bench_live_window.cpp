// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include "backend/insight/live_window.h"

using namespace protocol;

// What the live window costs at ten thousand hits a second: a batch of as many, with some views open.
class BenchLiveWindow : public QObject {
    Q_OBJECT

private:
    static HitBatch batch(std::int64_t fromMs)
    {
        HitBatch hits;
        for (std::int64_t i = 0; i < 10'000; ++i) {
            Hit hit;
            hit.time = UtcMs{fromMs + i / 10};
            hit.workspace = WorkspaceId{1};
            hit.domain = "go.acme.example";
            hit.slug = "s" + std::to_string(i % 200);
            hit.referrer = "site" + std::to_string(i % 500) + ".example";
            hit.country = i % 3 == 0 ? "DE" : "FR";
            hit.city = "city" + std::to_string(i % 1000);
            hit.touch = i % 4 == 0 ? TouchType::Qr : TouchType::Link;
            hit.visitor = VisitorKey{static_cast<std::uint64_t>(fromMs + i * 7919)};
            hits.push_back(hit);
        }
        return hits;
    }

    static void add(insight::LiveWindow& window, const HitBatch& hits)
    {
        for (const Hit& hit : hits)
            window.add(viewOf(hit));
    }

private slots:
    void addsTenThousand_data()
    {
        QTest::addColumn<int>("views");
        QTest::newRow("1 view") << 1;
        QTest::newRow("10 views") << 10;
    }

    void addsTenThousand()
    {
        QFETCH(int, views);
        insight::LiveWindow window(2'000'000);
        for (int i = 0; i < views; ++i)
            window.openView(WorkspaceId{1}, {}, 60 + i);
        std::int64_t now = 1772366400000;
        QBENCHMARK
        {
            add(window, batch(now));
            now += 1000;
            window.expire(UtcMs{now});
        }
    }

    void makesTheBatchAlone() // to be taken off the others
    {
        QBENCHMARK
        {
            QVERIFY(!batch(0).empty());
        }
    }

    void aggregatesAMillion()
    {
        insight::LiveWindow window(2'000'000);
        const auto view = window.openView(WorkspaceId{1}, {}, 1800);
        std::int64_t now = 1772366400000;
        for (int i = 0; i < 100; ++i, now += 1000)
            add(window, batch(now));
        QBENCHMARK
        {
            QVERIFY(window.aggregate(view, UtcMs{now}, true).hits > 0);
        }
    }

    void opensAViewOverAMillion()
    {
        insight::LiveWindow window(2'000'000);
        std::int64_t now = 1772366400000;
        for (int i = 0; i < 100; ++i, now += 1000)
            add(window, batch(now));
        QBENCHMARK
        {
            const auto view = window.openView(WorkspaceId{1}, {}, 1800);
            QVERIFY(window.catchUp(2'000'000));
            window.closeView(view);
        }
    }
};

QTEST_GUILESS_MAIN(BenchLiveWindow)
#include "bench_live_window.moc"
