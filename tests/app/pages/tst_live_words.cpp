// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include "app/pages/live/cell_menu.h"
#include "app/pages/live/column_layout.h"
#include "app/pages/live/filter_bar.h"
#include "app/pages/live/live_words.h"

using namespace live;
using models::HitTableWords;

class tst_LiveWords : public QObject {
    Q_OBJECT

private slots:
    void everyReasonHasASentence()
    {
        for (int value = 0; value <= static_cast<int>(protocol::HitReason::Loop); ++value) {
            protocol::Hit hit;
            hit.reason = static_cast<protocol::HitReason>(value);
            hit.domain = "go.acme.example";
            hit.slug = "sprng";
            QVERIFY2(Words::redirectStory(hit, {}).endsWith(QLatin1Char('.')) ||
                         Words::redirectStory(hit, {}).endsWith(QLatin1Char('?')),
                     qPrintable(QString::number(value)));
        }
    }

    void aMissSaysWhatToDo()
    {
        protocol::Hit hit;
        hit.hitClass = protocol::HitClass::Miss;
        hit.reason = protocol::HitReason::UnknownSlug;
        hit.domain = "go.acme.example";
        hit.slug = "sprng";
        const QString story = Words::redirectStory(hit, QStringLiteral("spring"));
        QVERIFY(story.contains(QStringLiteral("sprng")));
        QVERIFY(story.contains(QStringLiteral("“spring”")));
    }

    void aBotIsExplainedByItsSignal()
    {
        protocol::Hit hit;
        QVERIFY(Words::botStory(hit).startsWith(QStringLiteral("A person")));
        hit.botCategory = protocol::BotCategory::Preview;
        hit.botReason = "agent:Slackbot";
        QVERIFY(Words::botStory(hit).contains(QStringLiteral("“Slackbot”")));
        QVERIFY(Words::botStory(hit).contains(QStringLiteral("preview")));
    }

    void theRulesPassedOverAreTold()
    {
        protocol::Hit hit;
        hit.status = 302;
        hit.rule = "r4";
        hit.ruleVersion = 7;
        hit.variant = "b";
        hit.passedOver = "r1:country r3:hours";
        const QString story = Words::redirectStory(hit, {});
        QVERIFY(story.contains(QStringLiteral("Rule r4 (version 7)")));
        QVERIFY(story.contains(QStringLiteral("variant b")));
        QVERIFY(story.contains(QStringLiteral("r1: its country did not hold; r3: its weekday and hour did not hold")));
        const QString named = Words::redirectStory(
            hit, {},
            {{QStringLiteral("r4"), QStringLiteral("Evening")}, {QStringLiteral("r1"), QStringLiteral("<b>")}});
        QVERIFY(named.contains(QStringLiteral("Rule “Evening” (r4) (version 7)")));
        QVERIFY(named.contains(QStringLiteral("“<b>” (r1): its country")));
    }

    void anEditTellsWhoChangedWhat()
    {
        protocol::Edit edit;
        edit.time = protocol::UtcMs(1'772'366'400'000);
        edit.what = "link.destination";
        edit.actor = "maria\n";
        edit.subject = "go.acme.example/spring";
        edit.changes = {{"destination", "https://a.example/", "https://b.example/"}, {"campaign", "", "x"}};
        const QStringList story = Words::editStory(edit);
        QCOMPARE(story.size(), 3);
        QVERIFY(story[0].contains(QStringLiteral("maria")) && !story[0].contains(QLatin1Char('\n')));
        QCOMPARE(story[1], QStringLiteral("destination: https://a.example/ \u2192 https://b.example/"));
        QCOMPARE(story[2], QStringLiteral("campaign: \u2014 \u2192 x"));
    }

    void everyOfflineReasonIsToldInWords()
    {
        for (int value = 0; value <= static_cast<int>(state::OfflineReason::TlsError); ++value)
            QVERIFY(!Words::offline(static_cast<state::OfflineReason>(value)).isEmpty());
    }

    void hostileTextIsMadeVisible()
    {
        const QString shown = Words::safe("a\xE2\x80\xAE"
                                          "b\n\x01");
        QVERIFY(!shown.contains(QChar(0x202E)));
        QVERIFY(!shown.contains(QLatin1Char('\n')));
    }

    void filtersAreQuotedAndJoined()
    {
        QCOMPARE(filterValue(QStringLiteral("DE")), QStringLiteral("DE"));
        for (const char* value : {"São Paulo", "a\"b", "x,y", "", "(z)", "not", "a\\b"}) {
            const QString text = QStringLiteral("city:") + filterValue(QString::fromUtf8(value));
            const protocol::FilterParse parse = protocol::parseFilter(text.toStdString());
            QVERIFY2(parse.error.empty(), qPrintable(text));
            QCOMPARE(parse.root.values.size(), 1U);
            QCOMPARE(QString::fromStdString(parse.root.values[0]), QString::fromUtf8(value));
        }
        QCOMPARE(joinedFilters({}, QStringLiteral("bot"), false), QStringLiteral("bot"));
        QCOMPARE(joinedFilters(QStringLiteral("a:1"), QStringLiteral("b:2"), true), QStringLiteral("a:1 or b:2"));
        const QString joined = joinedFilters(QStringLiteral("country:DE or country:US"), QStringLiteral("bot"), false);
        QCOMPARE(joined, QStringLiteral("(country:DE or country:US) and bot"));
    }

    void onlyTheWebIsOpened()
    {
        QVERIFY(!openableUrl(QStringLiteral("https://www.acme.example/a?b=c")).isEmpty());
        QVERIFY(!openableUrl(QStringLiteral("http://acme.example")).isEmpty());
        for (const char* address :
             {"file:///etc/passwd", "javascript:alert(1)", "ssh://host", "acme.example", "", "https://", "vscode://x"})
            QVERIFY2(openableUrl(QString::fromUtf8(address)).isEmpty(), address);
    }

    void aMarkOfSeveralEditsSaysForHowMany()
    {
        state::EditMarks marks;
        protocol::Edit edit;
        edit.what = "link.created";
        edit.subject = "go.acme.example/spring";
        edit.link = protocol::LinkId(7);
        marks.marks = {{1'772'366'400'000, 1'772'366'400'000, 1, edit},
                       {1'772'366'500'000, 1'772'366'700'000, 1234, edit}};
        const QList<widgets::ChartMark> shown = Words::thinnedMarks(marks);
        QCOMPARE(shown.size(), 2);
        QCOMPARE(shown[0].label, QStringLiteral("go.acme.example/spring"));
        QCOMPARE(shown[0].details.last(), QStringLiteral("created"));
        QVERIFY2(shown[1].label.contains(QLocale().toString(1234)), qPrintable(shown[1].label));
        QCOMPARE(shown[1].timeMs, 1'772'366'600'000);
        QCOMPARE(shown[1].key, 7U);
        QVERIFY(shown[1].details.size() >= 4);
    }

    void columnsGoByPriority()
    {
        const ColumnLayout layout;
        const auto shown = [&](int room) {
            QSet<int> columns;
            int width = 0;
            for (const ColumnLayout::Placed& one : layout.place(room)) {
                columns.insert(one.column);
                width += one.width;
            }
            if (room >= 480 && width != room)
                return QSet<int>{-width};
            return columns;
        };
        QCOMPARE(shown(1000), layout.wanted());
        const QSet<int> always{HitTableWords::Time, HitTableWords::Link, HitTableWords::Touch, HitTableWords::Bot};
        QCOMPARE(shown(480), always);
        QCOMPARE(shown(300), always); // never these, however narrow
        QVERIFY(!shown(780).contains(HitTableWords::Campaign));
        QVERIFY(shown(780).contains(HitTableWords::Referrer));
        for (int room = 470; room < 1400; room += 7)
            QVERIFY(shown(room).contains(always));
    }

    void chosenColumnsStayWithinTheRules()
    {
        ColumnLayout layout;
        layout.setWanted(HitTableWords::Time, false);
        QVERIFY(layout.wanted().contains(HitTableWords::Time));
        layout.setAllWanted({HitTableWords::City});
        QVERIFY(layout.wanted().contains(HitTableWords::City));
        QVERIFY(layout.wanted().contains(HitTableWords::Bot));
        QVERIFY(!layout.wanted().contains(HitTableWords::Referrer));
    }
};

QTEST_MAIN(tst_LiveWords)
#include "tst_live_words.moc"
