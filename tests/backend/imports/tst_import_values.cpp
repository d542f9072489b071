// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include "backend/imports/encoding.h"
#include "backend/imports/values.h"
#include "backend/protocol/words.h"

using namespace imports;
using namespace std::string_literals;

class tst_ImportValues : public QObject {
    Q_OBJECT

private slots:
    void timesOfAllForms_data();
    void timesOfAllForms();
    void shortUrls_data();
    void shortUrls();
    void tags();
    void encodings();
};

void tst_ImportValues::timesOfAllForms_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("expected"); // empty = none
    const std::pair<const char*, const char*> rows[] = {{"2024-01-05T10:30:00Z", "2024-01-05T10:30:00.000Z"},
                                                        {"2024-01-05T10:30:00.123456Z", "2024-01-05T10:30:00.000Z"},
                                                        {"2024-01-05T10:30:00+0200", "2024-01-05T08:30:00.000Z"},
                                                        {"2024-01-05T10:30:00-05:30", "2024-01-05T16:00:00.000Z"},
                                                        {"2024-01-05 10:30:00", "2024-01-05T10:30:00.000Z"},
                                                        {"2024-01-05 10:30:00 UTC", "2024-01-05T10:30:00.000Z"},
                                                        {"2024-01-05", "2024-01-05T00:00:00.000Z"},
                                                        {"1/5/2024 3:04 PM", "2024-01-05T15:04:00.000Z"},
                                                        {"01/05/2024 12:04 am", "2024-01-05T00:04:00.000Z"},
                                                        {"Jan 5, 2024", "2024-01-05T00:00:00.000Z"},
                                                        {"January 5, 2024, 3:04 PM", "2024-01-05T15:04:00.000Z"},
                                                        {"1704450600", "2024-01-05T10:30:00.000Z"},
                                                        {"1704450600000", "2024-01-05T10:30:00.000Z"},
                                                        {"2024-02-29", "2024-02-29T00:00:00.000Z"},
                                                        {"2023-02-29", ""},
                                                        {"13/45/2024", ""},
                                                        {"2024-01-05T25:00:00Z", ""},
                                                        {"2024", ""},
                                                        {"99999999999999999999999", ""},
                                                        {"tomorrow", ""},
                                                        {"2024-01-05T10:30:00Zx", ""},
                                                        {"-1", ""},
                                                        {"", ""}};
    for (const auto& [text, expected] : rows)
        QTest::addRow("%s", text) << QString::fromLatin1(text) << QString::fromLatin1(expected);
}

void tst_ImportValues::timesOfAllForms()
{
    QFETCH(QString, text);
    QFETCH(QString, expected);
    const auto time = timeFrom(text.toStdString());
    QCOMPARE(QString::fromStdString(time ? protocol::rfc3339(*time) : std::string()), expected);
}

void tst_ImportValues::shortUrls_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("host");
    QTest::addColumn<QString>("slug");
    const char* rows[][3] = {{"https://bit.ly/3AbC", "bit.ly", "3AbC"},
                             {"HTTP://Go.Acme.Example:443/a/b?x=1#y", "go.acme.example", "a/b"},
                             {"go.acme.example/%C3%A4%20b", "go.acme.example", "ä b"},
                             {"go.acme.example/100%", "go.acme.example", "100%"},
                             {"https://go.acme.example", "go.acme.example", ""},
                             {"https://go.acme.example/", "go.acme.example", ""},
                             {"[\"https://bit.ly/one\",\"https://bit.ly/two\"]", "bit.ly", "one"},
                             {"ftp://bit.ly/x", nullptr, nullptr},
                             {"https://user@bit.ly/x", nullptr, nullptr},
                             {"/only/a/path", nullptr, nullptr},
                             {"", nullptr, nullptr}};
    for (const auto& row : rows)
        QTest::addRow("%s", row[0]) << QString::fromUtf8(row[0]) << QString::fromUtf8(row[1])
                                    << QString::fromUtf8(row[2]);
}

void tst_ImportValues::shortUrls()
{
    QFETCH(QString, text);
    QFETCH(QString, host);
    QFETCH(QString, slug);
    const auto url = shortUrlFrom(text.toStdString());
    QCOMPARE(url.has_value(), !host.isEmpty());
    if (url) {
        QCOMPARE(QString::fromStdString(url->host), host);
        QCOMPARE(QString::fromStdString(url->slug), slug);
    }
}

void tst_ImportValues::tags()
{
    using Tags = std::vector<std::string>;
    QCOMPARE(tagsFrom("a, b ,a,,c"), (Tags{"a", "b", "c"}));
    QCOMPARE(tagsFrom("a|b, with comma|c"), (Tags{"a", "b, with comma", "c"}));
    QCOMPARE(tagsFrom("a;b"), (Tags{"a", "b"}));
    QCOMPARE(tagsFrom("[\"a\", \"b\"]"), (Tags{"a", "b"}));
    QCOMPARE(tagsFrom("[]"), Tags());
    QCOMPARE(tagsFrom("  "), Tags());
}

void tst_ImportValues::encodings()
{
    QCOMPARE(textOf("\xef\xbb\xbf"
                    "a"),
             "a"s);
    QCOMPARE(textOf("\xc3\xa4"), "ä"s);
    QCOMPARE(textOf("\xe4 \x80"), "ä €"s); // Windows-1252
    QCOMPARE(textOf("\xff\xfe"
                    "a\0\xe4\0\x3d\xd8\x00\xde"s),
             "aä😀"s);
    QCOMPARE(textOf("\xfe\xff\0a\0\xe4"s), "aä"s);
    QCOMPARE(textOf("a\0b\0,\0c\0"s), "ab,c"s); // without a mark
    QCOMPARE(textOf("\0a\0b\0,\0c"s), "ab,c"s);
    QCOMPARE(textOf("\xff\xfe\x3d\xd8"s), "\xef\xbf\xbd"s); // half a pair
    QVERIFY(!textOf("a,b\n1,\0"s));
    QCOMPARE(textOf(""), ""s);
}

QTEST_APPLESS_MAIN(tst_ImportValues)
#include "tst_import_values.moc"
