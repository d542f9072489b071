// SPDX-License-Identifier: GPL-3.0-or-later
#include <map>
#include <set>

#include <QFile>
#include <QTest>

#include "packaging/demo/traffic.h"

using namespace demo;

namespace {

std::string contents(const char* name)
{
    QFile file(QString(CLICKROOM_SOURCE_DIR) + name);
    return file.open(QIODevice::ReadOnly) ? file.readAll().toStdString() : std::string();
}

std::string header(const runtime::OutgoingRequest& request, std::string_view name)
{
    for (const auto& [key, value] : request.headers) {
        if (key == name)
            return value;
    }
    return {};
}

std::vector<runtime::OutgoingRequest> all(Traffic& traffic)
{
    std::vector<runtime::OutgoingRequest> out;
    while (auto request = traffic.next())
        out.push_back(std::move(*request));
    return out;
}

} // namespace

class TestDemoTraffic : public QObject {
    Q_OBJECT

private slots:
    void initTestCase()
    {
        m_audience = std::make_unique<Audience>(contents("/resources/geo/city-sample.csv"));
        m_links = linksFrom(contents("/packaging/demo/links.csv"));
        QVERIFY(m_links.size() >= 10);
    }

    void sameSeedSameTraffic()
    {
        Traffic one(*m_audience, m_links, {50, 20, 7}), two(*m_audience, m_links, {50, 20, 7}),
            other(*m_audience, m_links, {50, 20, 8});
        const auto first = all(one), second = all(two), third = all(other);
        QCOMPARE(first.size(), second.size());
        for (std::size_t i = 0; i < first.size(); ++i) {
            QCOMPARE(first[i].headers, second[i].headers);
            QCOMPARE(first[i].notBeforeMs, second[i].notBeforeMs);
        }
        QVERIFY(first.size() != third.size() || first.front().headers != third.front().headers);
    }

    void minuteHoldsEverythingACampaignHas()
    {
        Traffic traffic(*m_audience, m_links, {60, 60, 1});
        const auto requests = all(traffic);
        std::map<std::string, std::uint64_t> kinds = traffic.kinds();
        for (const char* kind : {"click", "scan", "repeat", "preview", "scanner", "robot", "head", "prefetch", "miss"})
            QVERIFY2(kinds[kind] > 0, kind);
        QVERIFY(kinds["scan"] * 10 > kinds["click"]);
        std::set<std::string> hosts, addresses, agents, placements;
        std::int64_t last = 0;
        for (const auto& request : requests) {
            QVERIFY(request.notBeforeMs >= last);
            last = request.notBeforeMs;
            hosts.insert(header(request, "Host"));
            addresses.insert(header(request, "X-Forwarded-For"));
            agents.insert(header(request, "User-Agent"));
            if (const std::size_t at = request.target.find("?qr="); at != std::string::npos)
                placements.insert(request.target.substr(at));
        }
        QVERIFY(last < 60'000);
        QVERIFY(hosts.size() >= 2 && addresses.size() > 300 && agents.size() > 20 && placements.size() > 15);
        // Never above what was asked for, but for the robots and bursts that come with it.
        QVERIFY(requests.size() < 60 * 60 * 3 / 2);
    }

    void rateGrowsFromTheFloorToAPeak()
    {
        Traffic traffic(*m_audience, m_links, {100, 60, 1});
        std::map<std::int64_t, int> bySecond;
        for (const auto& request : all(traffic))
            ++bySecond[request.notBeforeMs / 1000];
        int peak = 0;
        for (const auto& [second, count] : bySecond)
            peak = std::max(peak, count);
        QVERIFY2(peak > 2 * bySecond[0], qPrintable(QString("%1 against %2").arg(peak).arg(bySecond[0])));
    }

    void longRunsStayBoundedAndDoNotEnd()
    {
        Traffic traffic(*m_audience, m_links, {20, 86'400, 1});
        std::int64_t last = 0;
        for (int i = 0; i < 50'000; ++i) {
            const auto request = traffic.next();
            QVERIFY(request);
            last = request->notBeforeMs;
        }
        QVERIFY(last > 50'000 / 40 * 1000);
    }

    void badTablesAreRefused()
    {
        for (const char* csv : {"", "a,b\n", "network,address,country,region,city,weight\nx,y,z\n",
                                "h\n1.2.3.0/24,1.2.3.4,DE,a,b,0\n", "h\n1.2.3.0/33,1.2.3.4,DE,a,b,1\n"})
            QVERIFY_THROWS_EXCEPTION(std::runtime_error, Audience{csv});
        for (const char* csv : {"", "domain\n", "slug,domain\n", "domain,slug\n,x\n", "domain,slug\n\"x"})
            QVERIFY_THROWS_EXCEPTION(std::runtime_error, linksFrom(csv));
    }

private:
    std::unique_ptr<Audience> m_audience;
    std::vector<CampaignLink> m_links;
};

QTEST_GUILESS_MAIN(TestDemoTraffic)
#include "tst_demo_traffic.moc"
