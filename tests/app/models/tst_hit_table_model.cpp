// SPDX-License-Identifier: GPL-3.0-or-later
#include <QAbstractItemModelTester>
#include <QItemSelectionModel>
#include <QSignalSpy>
#include <QtTest>

#include "app/models/hit_table_model.h"
#include "app/models/slug_suggestions.h"

using models::HitTableModel;
using protocol::Hit;
using protocol::HitSeq;

namespace {

constexpr std::int64_t noon = 1'772'366'400'000; // 2026-03-01T12:00:00Z

struct Fixture {
    explicit Fixture(std::size_t capacity = 100) : live(capacity), model(live)
    {
        model.setNow([this] { return now; });
    }
    void arrive(std::vector<Hit> hits)
    {
        auto frame = std::make_shared<protocol::Frame>();
        frame->first = HitSeq(cursor + 1);
        for (Hit& hit : hits) {
            hit.seq = HitSeq(++cursor);
            if (hit.time.value == 0)
                hit.time = protocol::UtcMs(noon);
        }
        frame->last = HitSeq(cursor);
        frame->hits = std::move(hits);
        live.applyFrame(frame);
    }
    void arrive(int count) { arrive(std::vector<Hit>(static_cast<std::size_t>(count))); }
    QString text(int row, int column, int role = Qt::DisplayRole) const
    {
        return model.index(row, column).data(role).toString();
    }

    std::int64_t now = noon;
    std::uint64_t cursor = 0;
    state::LiveState live;
    HitTableModel model;
};

} // namespace

class TestHitTableModel : public QObject {
    Q_OBJECT

private slots:
    void showsTheNewestFirst();
    void keepsItsCountOnceFull();
    void keepsPersistentIndexesOnTheirHits();
    void holdsStillWhileHeld();
    void keepsPinnedRowsWhenTheRingLetsGo();
    void isReleasedOnlyWhenNoReasonIsLeft();
    void tellsTimeInWords();
    void refreshesTheTimeColumnAlone();
    void neverShowsMarkupOrControls();
    void tellsUnknownFromEmpty();
    void namesTheFilterOfACell();
    void suggestsTheSlugThatWasMeant();
    void measuresDistances();
    void marksAndComments();
    void givesEachRowItsTone();
    void marksRepeats();
    void knowsEveryColumn();
};

void TestHitTableModel::showsTheNewestFirst()
{
    Fixture f;
    QAbstractItemModelTester tester(&f.model);
    f.arrive(3);
    QCOMPARE(f.model.rowCount(), 3);
    QCOMPARE(f.model.seqAt(0).value, 3U);
    QCOMPARE(f.model.index(2, 0).data(HitTableModel::SeqRole).toULongLong(), 1U);
    f.arrive(2);
    QCOMPARE(f.model.seqAt(0).value, 5U);
}

void TestHitTableModel::keepsItsCountOnceFull()
{
    Fixture f(10);
    f.arrive(10);
    QSignalSpy inserted(&f.model, &QAbstractItemModel::rowsInserted);
    QSignalSpy removed(&f.model, &QAbstractItemModel::rowsRemoved);
    QSignalSpy changed(&f.model, &QAbstractItemModel::dataChanged);
    f.arrive(4);
    QCOMPARE(inserted.size() + removed.size(), 0);
    QCOMPARE(changed.size(), 1);
    QCOMPARE(f.model.rowCount(), 10);
    QCOMPARE(f.model.seqAt(0).value, 14U);
    QCOMPARE(f.model.seqAt(9).value, 5U);
}

void TestHitTableModel::keepsPersistentIndexesOnTheirHits()
{
    Fixture f(10);
    f.arrive(10);
    const QPersistentModelIndex eighth = f.model.indexOf(HitSeq(8));
    const QPersistentModelIndex second = f.model.indexOf(HitSeq(2));
    f.arrive(4);
    QCOMPARE(eighth.data(HitTableModel::SeqRole).toULongLong(), 8U);
    QVERIFY(!second.isValid());
}

void TestHitTableModel::holdsStillWhileHeld()
{
    Fixture f(10);
    f.arrive(6);
    QSignalSpy pending(&f.model, &HitTableModel::pendingChanged);
    f.model.setHeld(HitTableModel::Scrolled, true);
    QSignalSpy inserted(&f.model, &QAbstractItemModel::rowsInserted);
    QSignalSpy changed(&f.model, &QAbstractItemModel::dataChanged);
    f.arrive(3);
    f.arrive(4);
    QCOMPARE(inserted.size() + changed.size(), 0);
    QCOMPARE(f.model.rowCount(), 6);
    QCOMPARE(f.model.pendingRows(), 7U);
    QCOMPARE(pending.last().first().toULongLong(), 7U);
    QCOMPARE(f.model.leftWhileHeld(), 3U);
    QCOMPARE(f.text(5, 0), QStringLiteral("…"));
    QCOMPARE(f.model.seqAt(0).value, 6U);
    f.model.setHeld(HitTableModel::Scrolled, false);
    QCOMPARE(f.model.rowCount(), 10);
    QCOMPARE(f.model.seqAt(0).value, 13U);
    QCOMPARE(f.model.seqAt(9).value, 4U);
    QCOMPARE(f.model.pendingRows(), 0U);
}

void TestHitTableModel::keepsPinnedRowsWhenTheRingLetsGo()
{
    Fixture f(10);
    Hit hit;
    hit.slug = "spring";
    f.arrive({hit, hit, hit});
    f.model.setHeld(HitTableModel::Selected, true);
    f.model.pin(1, 1);
    f.arrive(50);
    QCOMPARE(f.model.seqAt(1).value, 2U);
    QCOMPARE(f.text(1, HitTableModel::Link), QStringLiteral("/spring"));
    QCOMPARE(f.model.rowOf(HitSeq(2)), 1);
    QCOMPARE(f.model.hitAt(1)->slug, std::string("spring"));
    QVERIFY(!f.model.hitAt(0));
    QCOMPARE(f.text(0, HitTableModel::Link), QStringLiteral("…"));
}

void TestHitTableModel::isReleasedOnlyWhenNoReasonIsLeft()
{
    Fixture f;
    QSignalSpy held(&f.model, &HitTableModel::heldChanged);
    f.model.setHeld(HitTableModel::Paused, true);
    f.model.setHeld(HitTableModel::Selected, true);
    f.arrive(1);
    f.model.setHeld(HitTableModel::Paused, false);
    QVERIFY(f.model.isHeld());
    QCOMPARE(f.model.rowCount(), 0);
    f.model.setHeld(HitTableModel::Selected, false);
    QCOMPARE(f.model.rowCount(), 1);
    QCOMPARE(held.size(), 2);
}

void TestHitTableModel::tellsTimeInWords()
{
    Fixture f;
    f.arrive(1);
    const std::pair<std::int64_t, const char*> ages[] = {{0, "now"},
                                                         {-5000, "now"},
                                                         {999, "now"},
                                                         {1000, "1 s ago"},
                                                         {59'999, "59 s ago"},
                                                         {60'000, "1 min ago"},
                                                         {3'599'999, "59 min ago"},
                                                         {3'600'000, "1 h ago"},
                                                         {48 * 3'600'000LL, "2 d ago"}};
    for (const auto& [age, text] : ages) {
        f.now = noon + age;
        QCOMPARE(f.text(0, HitTableModel::Time), QString::fromLatin1(text));
    }
    f.now = noon + 3000;
    QCOMPARE(f.text(0, HitTableModel::Time, HitTableModel::ShortRole), QStringLiteral("3 s"));
    QCOMPARE(f.text(0, HitTableModel::Time, Qt::ToolTipRole), QStringLiteral("2026-03-01 12:00:00.000 UTC"));
}

void TestHitTableModel::refreshesTheTimeColumnAlone()
{
    Fixture f;
    f.arrive(5);
    QSignalSpy changed(&f.model, &QAbstractItemModel::dataChanged);
    f.model.refreshTimes(1, 99);
    QCOMPARE(changed.size(), 1);
    QCOMPARE(changed[0][0].toModelIndex(), f.model.index(1, HitTableModel::Time));
    QCOMPARE(changed[0][1].toModelIndex(), f.model.index(4, HitTableModel::Time));
}

void TestHitTableModel::neverShowsMarkupOrControls()
{
    Fixture f;
    Hit hit;
    hit.domain = "<b>x</b>";
    hit.referrer = "evil\u202Etxt\n\x01";
    hit.campaign = std::string("\xff\xfe", 2);
    hit.city = std::string(100'000, 'x');
    f.arrive({hit});
    QVERIFY(f.text(0, HitTableModel::Link, Qt::ToolTipRole).contains(QStringLiteral("&lt;b&gt;x&lt;/b&gt;")));
    const QString referrer = f.text(0, HitTableModel::Referrer);
    for (const QChar c : referrer)
        QVERIFY(c != QChar(0x202E) && c >= QChar(' '));
    QVERIFY(!f.text(0, HitTableModel::Campaign).isEmpty());
    QVERIFY(f.text(0, HitTableModel::City).size() <= 1100);
}

void TestHitTableModel::tellsUnknownFromEmpty()
{
    Fixture f;
    f.arrive(1);
    QCOMPARE(f.text(0, HitTableModel::Country), QStringLiteral("—"));
    QCOMPARE(f.text(0, HitTableModel::Referrer), QStringLiteral("—"));
    QCOMPARE(f.text(0, HitTableModel::Bot), QString()); // a person: nothing to say
    QCOMPARE(f.text(0, HitTableModel::Status), QStringLiteral("0"));
}

void TestHitTableModel::namesTheFilterOfACell()
{
    Fixture f;
    Hit hit;
    hit.country = "DE";
    hit.domain = "go.acme.example";
    hit.slug = "spring";
    hit.city = "New York";
    hit.botCategory = protocol::BotCategory::Preview;
    hit.botReason = "agent:Slackbot";
    f.arrive({hit});
    QCOMPARE(f.text(0, HitTableModel::Country, HitTableModel::FilterTextRole), QStringLiteral("country:DE"));
    QCOMPARE(f.text(0, HitTableModel::Link, HitTableModel::FilterTextRole),
             QStringLiteral("link:go.acme.example/spring"));
    QCOMPARE(f.text(0, HitTableModel::Bot, HitTableModel::FilterTextRole), QStringLiteral("bot_category:preview"));
    QCOMPARE(f.text(0, HitTableModel::Bot), QStringLiteral("preview · Slackbot"));
    QCOMPARE(f.text(0, HitTableModel::Time, HitTableModel::FilterTextRole), QString());
    // Every filter that a cell names keeps its own row.
    for (int column = 0; column < HitTableModel::ColumnCount; ++column) {
        const QString text = f.text(0, column, HitTableModel::FilterTextRole);
        if (text.isEmpty())
            continue;
        const protocol::FilterParse parse = protocol::parseFilter(text.toStdString());
        QVERIFY2(parse.error.empty(), qPrintable(text));
        f.model.setDisplayFilter(parse.root);
        QVERIFY2(f.model.rowCount() == 1, qPrintable(text));
    }
}

void TestHitTableModel::suggestsTheSlugThatWasMeant()
{
    Fixture f;
    f.model.setKnownLinks({QStringLiteral("go.acme.example/spring"), QStringLiteral("go.acme.example/sprint-review"),
                           QStringLiteral("other.example/sprng")});
    Hit miss;
    miss.domain = "go.acme.example";
    miss.slug = "sprng";
    miss.hitClass = protocol::HitClass::Miss;
    miss.reason = protocol::HitReason::UnknownSlug;
    Hit far = miss;
    far.slug = "autumn";
    Hit click = miss;
    click.hitClass = protocol::HitClass::Click;
    click.reason = protocol::HitReason::None;
    f.arrive({miss, far, click});
    QCOMPARE(f.text(2, HitTableModel::Link, HitTableModel::SuggestionRole), QStringLiteral("spring"));
    QVERIFY(f.text(2, HitTableModel::Bot, Qt::ToolTipRole).contains(QStringLiteral("did you mean spring?")));
    QCOMPARE(f.text(2, HitTableModel::Bot), QStringLiteral("no such slug"));
    QCOMPARE(f.text(1, HitTableModel::Link, HitTableModel::SuggestionRole), QString());
    QCOMPARE(f.text(0, HitTableModel::Link, HitTableModel::SuggestionRole), QString());
}

void TestHitTableModel::measuresDistances()
{
    using models::SlugSuggestions;
    QCOMPARE(SlugSuggestions::distance(u"spring", u"spring", 2), 0);
    QCOMPARE(SlugSuggestions::distance(u"sprnig", u"spring", 2), 1);
    QCOMPARE(SlugSuggestions::distance(u"sprng", u"spring", 2), 1);
    QCOMPARE(SlugSuggestions::distance(u"spirnh", u"spring", 2), 2);
    QCOMPARE(SlugSuggestions::distance(u"spirnhx", u"spring", 2), 3);
    QCOMPARE(SlugSuggestions::distance(u"a", u"spring", 2), 3);
    QCOMPARE(SlugSuggestions::distance(u"", u"", 2), 0);
}

void TestHitTableModel::marksAndComments()
{
    Fixture f;
    f.arrive(2);
    QSignalSpy changed(&f.model, &QAbstractItemModel::dataChanged);
    f.live.setMarked(HitSeq(1), true);
    f.live.setComment(HitSeq(1), QStringLiteral("the first"));
    QCOMPARE(changed.size(), 2);
    QCOMPARE(f.text(1, HitTableModel::Mark), QStringLiteral("★"));
    QCOMPARE(f.text(1, HitTableModel::Comment), QStringLiteral("the first"));
    QVERIFY(!f.model.index(0, 0).data(HitTableModel::IsMarkedRole).toBool());
}

void TestHitTableModel::givesEachRowItsTone()
{
    Fixture f;
    Hit click, bot, miss, probe, blocked;
    bot.botCategory = protocol::BotCategory::Scanner;
    miss.hitClass = protocol::HitClass::Miss;
    miss.botCategory = protocol::BotCategory::Scanner;
    probe.hitClass = protocol::HitClass::Probe;
    blocked.hitClass = protocol::HitClass::Blocked;
    f.arrive({click, bot, miss, probe, blocked});
    const HitTableModel::Tone tones[] = {HitTableModel::Tone::Blocked, HitTableModel::Tone::Quiet,
                                         HitTableModel::Tone::Miss, HitTableModel::Tone::Bot,
                                         HitTableModel::Tone::Normal};
    for (int row = 0; row < 5; ++row)
        QCOMPARE(f.model.index(row, 0).data(HitTableModel::ToneRole).toInt(), static_cast<int>(tones[row]));
}

void TestHitTableModel::marksRepeats()
{
    Fixture f;
    Hit hit;
    hit.visitor = protocol::VisitorKey(5);
    f.arrive({hit, hit});
    QCOMPARE(f.text(0, HitTableModel::Repeat), QStringLiteral("repeat"));
    QCOMPARE(f.text(1, HitTableModel::Repeat), QString());
    QCOMPARE(f.model.rowCount(), 2); // marked, never removed
    QSignalSpy changed(&f.model, &QAbstractItemModel::dataChanged);
    f.live.setRepeatWindow(-1);
    QTRY_COMPARE(changed.size(), 1);
    QCOMPARE(f.text(0, HitTableModel::Repeat), QString());
}

void TestHitTableModel::knowsEveryColumn()
{
    Fixture f;
    f.arrive(1);
    QSet<QString> keys;
    for (int column = 0; column < HitTableModel::ColumnCount; ++column) {
        QVERIFY(!f.model.headerData(column, Qt::Horizontal).toString().isEmpty());
        keys.insert(HitTableModel::columnKey(column));
        QVERIFY(f.model.index(0, column).data(Qt::TextAlignmentRole).isValid());
    }
    QCOMPARE(keys.size(), static_cast<qsizetype>(HitTableModel::ColumnCount));
    QCOMPARE(HitTableModel::columnKey(HitTableModel::UtmSource), QStringLiteral("utm_source"));
}

QTEST_MAIN(TestHitTableModel)
#include "tst_hit_table_model.moc"
