// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include "backend/protocol/hit_columns.h"
#include "backend/protocol/rollup.h"
#include "backend/protocol/words.h"
#include "tests/backend/protocol/message_samples.h"

using namespace protocol;

namespace {

template <class E, class From> void checkWords(int first, int last, From from)
{
    for (int number = first; number <= last; ++number) {
        const auto value = static_cast<E>(number);
        QVERIFY2(word(value) != "unknown", qPrintable(QString::number(number)));
        QCOMPARE(from(word(value)), std::optional<E>(value));
    }
    QCOMPARE(word(static_cast<E>(last + 1)), std::string_view("unknown"));
    QVERIFY(!from("unknown word"));
}

} // namespace

class TstWords : public QObject {
    Q_OBJECT

private slots:
    void everyEnumeratorHasAWordAndBack()
    {
        checkWords<HitClass>(1, 5, hitClassFrom);
        checkWords<TouchType>(1, 2, touchTypeFrom);
        checkWords<DeviceType>(0, 3, deviceTypeFrom);
        checkWords<HitReason>(0, 13, hitReasonFrom);
        checkWords<BotCategory>(0, 12, botCategoryFrom);
        checkWords<Granularity>(1, 3, granularityFrom);
        checkWords<Dimension>(0, static_cast<int>(dimensionCount) - 1, dimensionFrom);
        checkWords<ByeReason>(1, 9, byeReasonFrom);
    }

    void timesRoundTrip()
    {
        QCOMPARE(rfc3339(UtcMs{0}), std::string("1970-01-01T00:00:00.000Z"));
        QCOMPARE(rfc3339(UtcMs{1772366400123}), std::string("2026-03-01T12:00:00.123Z"));
        QCOMPARE(rfc3339(UtcMs{-1}), std::string("1969-12-31T23:59:59.999Z"));
        for (const std::int64_t ms : {0LL, 951782399999LL, 1772366400123LL, -62167219200000LL, 253402300799999LL})
            QCOMPARE(utcMsFrom(rfc3339(UtcMs{ms})), std::optional(UtcMs{ms}));
        QCOMPARE(rfc3339(UtcMs{INT64_MAX}), std::string("9999-12-31T23:59:59.999Z"));
        QCOMPARE(rfc3339(UtcMs{INT64_MIN}), std::string("0000-01-01T00:00:00.000Z"));
        QCOMPARE(utcMsFrom("2026-03-01T13:00:00+01:00"), std::optional(UtcMs{1772366400000}));
        QCOMPARE(utcMsFrom("2026-03-01T12:00:00.5Z"), std::optional(UtcMs{1772366400500}));
    }

    void brokenTimesAreRefused()
    {
        for (const char* text : {"", "2026-03-01", "2026-02-30T00:00:00Z", "2026-03-01T24:00:00Z",
                                 "2026-03-01T12:00:00", "2026-03-01T12:00:00.Z", "2026-03-01T12:00:00Zx",
                                 "2026-03-01T12:00:00+1:00", "2026-03-01T12:00:00+01", "x026-03-01T12:00:00Z"})
            QVERIFY2(!utcMsFrom(text), text);
    }

    void hostileTextBecomesVisible()
    {
        QCOMPARE(visibleText("plain \u00FC \U0001F600", 100), std::string("plain \u00FC \U0001F600"));
        QCOMPARE(visibleText(std::string_view("a\0b\x1b[31m\x7f", 9), 100), std::string("a\u2400b\u241B[31m\u2421"));
        QCOMPARE(visibleText("a\u202Eb", 100), std::string("a\u27E8U+202E\u27E9b"));
        QCOMPARE(visibleText("a\r\nb\u2028c", 100), std::string("a\u240D\u240Ab\u27E8U+2028\u27E9c"));
        QCOMPARE(visibleText("\xC0\xAF\xED\xA0\x80\xFF", 100), std::string("\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD"));
        QCOMPARE(visibleText("ab\u00FC", 3), std::string("ab"));
        QCOMPARE(visibleText("a\u202Eb", 6), std::string("a"));
        QVERIFY(visibleText(std::string(100'000, 'x'), 512).size() == 512);
    }

    void theChannelIsDerived()
    {
        Hit hit;
        QCOMPARE(channelOf(hit), std::string("direct"));
        hit.referrer = "news.example";
        QCOMPARE(channelOf(hit), std::string("news.example"));
        hit.utmSource = "mail";
        QCOMPARE(channelOf(hit), std::string("mail"));
        hit.utmMedium = "email";
        QCOMPARE(channelOf(hit), std::string("mail / email"));
    }

    void everyColumnRoundTripsAsText()
    {
        const Hit hit = samples::fullHit();
        Hit copy;
        copy.link = hit.link; // what has no column
        copy.ruleVersion = hit.ruleVersion;
        std::size_t place = 0;
        for (const HitColumnInfo& info : hitColumns()) {
            QCOMPARE(static_cast<std::size_t>(info.column), place++);
            QCOMPARE(hitColumnFrom(info.name), std::optional(info.column));
            QVERIFY2(setHitValue(copy, info.column, hitValue(hit, info.column)), info.name.data());
        }
        QVERIFY(copy == hit);
        Hit empty;
        QVERIFY(!setHitValue(empty, HitColumn::Class, "clack"));
        QVERIFY(!setHitValue(empty, HitColumn::Status, "70000"));
        QVERIFY(!setHitValue(empty, HitColumn::Seq, "-1"));
        QVERIFY(!setHitValue(empty, HitColumn::Visitor, "12"));
        QVERIFY(!setHitValue(empty, HitColumn::Bot, "yes"));
        QVERIFY(!hitColumnFrom("Seq"));
    }

    void theContractsFirstColumnsStandFirst()
    {
        std::string names;
        for (const HitColumnInfo& info : hitColumns().first(23))
            names += std::string(info.name) + ',';
        QCOMPARE(names, std::string("seq,time,class,domain,slug,touch,placement,country,region,city,device,os,browser,"
                                    "language,referrer,bot,"
                                    "bot_category,bot_reason,campaign,destination,rule,variant,status,"));
    }
};

QTEST_GUILESS_MAIN(TstWords)
#include "tst_words.moc"
