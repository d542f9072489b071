// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include "backend/links/slug_neighbours.h"

using links::SlugNeighbours;

class SlugNeighboursTest : public QObject {
    Q_OBJECT

    static links::Link linkOf(std::uint64_t id, std::uint32_t domain, const std::string& slug)
    {
        links::Link link;
        link.id = protocol::LinkId(id);
        link.domain = protocol::DomainId(domain);
        link.slug = slug;
        link.destination = "https://acme.example/";
        return link;
    }

private slots:
    void lettersApart_data()
    {
        QTest::addColumn<std::string>("a");
        QTest::addColumn<std::string>("b");
        QTest::addColumn<int>("apart");
        const auto row = [](const char* a, const char* b, int apart) {
            QTest::addRow("%s %s", a, b) << std::string(a) << std::string(b) << apart;
        };
        row("spring", "spring", 0);
        row("sprng", "spring", 1);
        row("sprnig", "spring", 1);
        row("springg", "spring", 1);
        row("sprong", "spring", 1);
        row("psrnig", "spring", 2);
        row("summer", "spring", 3);
        row("", "ab", 2);
    }

    void lettersApart()
    {
        QFETCH(std::string, a);
        QFETCH(std::string, b);
        QFETCH(int, apart);
        QCOMPARE(SlugNeighbours::distance(a, b, 2), apart);
        QCOMPARE(SlugNeighbours::distance(b, a, 2), apart);
    }

    void findsTheNearestOfTheDomain()
    {
        std::vector<links::Link> all{linkOf(1, 1, "spring"), linkOf(2, 1, "string"), linkOf(3, 2, "sprng"),
                                     linkOf(4, 1, "sprang"), linkOf(5, 1, "ab"),     linkOf(6, 1, "")};
        all[3].state = links::LinkState::Deleted;
        const auto snapshot = links::Snapshot::build({}, {}, all);
        SlugNeighbours neighbours;
        for (const char* slug : {"SPRNG", "ax", "axy", "", "winter"})
            neighbours.want(protocol::DomainId(1), slug);
        neighbours.want(protocol::DomainId(1), std::string(200, 'x'));
        const auto found = neighbours.find(*snapshot);
        QCOMPARE(found.size(), std::size_t(6));
        QCOMPARE(found[0].size(), std::size_t(2));
        QCOMPARE(found[0][0].slug, std::string("spring"));
        QCOMPARE(found[0][0].distance, 1);
        QCOMPARE(found[0][1].slug, std::string("string"));
        QCOMPARE(found[1].at(0).link, protocol::LinkId(5));
        for (std::size_t at = 2; at < found.size(); ++at)
            QVERIFY(found[at].empty());
    }

    void boundsWhatItGivesAndTakes()
    {
        std::vector<links::Link> all;
        for (std::uint64_t id = 1; id <= 500; ++id)
            all.push_back(linkOf(id, 1, "spring" + std::to_string(id)));
        const auto snapshot = links::Snapshot::build({}, {}, all);
        SlugNeighbours neighbours;
        for (int at = 0; at < 1000; ++at)
            neighbours.want(protocol::DomainId(1), "spring12");
        const auto found = neighbours.find(*snapshot);
        QCOMPARE(found.size(), SlugNeighbours::wantedMax);
        QCOMPARE(found[0].size(), SlugNeighbours::eachMax);
        QCOMPARE(found[0][0].slug, std::string("spring12"));
    }
};

QTEST_GUILESS_MAIN(SlugNeighboursTest)
#include "tst_slug_neighbours.moc"
