// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include "backend/enrich/request_text.h"
#include "backend/protocol/limits.h"

class TestRequestText : public QObject {
    Q_OBJECT

private slots:
    void referrerIsTheHostAlone_data()
    {
        QTest::addColumn<QByteArray>("referer");
        QTest::addColumn<QByteArray>("host");
        QTest::newRow("plain") << QByteArray("https://www.Example.COM/path?q=1#f") << QByteArray("www.example.com");
        QTest::newRow("bare") << QByteArray("http://example.com") << QByteArray("example.com");
        QTest::newRow("port") << QByteArray("http://example.com:8080/x") << QByteArray("example.com");
        QTest::newRow("user") << QByteArray("http://user:secret@example.com/") << QByteArray("example.com");
        QTest::newRow("several at") << QByteArray("http://a@b@example.com/") << QByteArray("example.com");
        QTest::newRow("query at once") << QByteArray("http://example.com?a@b") << QByteArray("example.com");
        QTest::newRow("dot") << QByteArray("http://example.com./") << QByteArray("example.com");
        QTest::newRow("ipv4") << QByteArray("http://192.0.2.7/x") << QByteArray("192.0.2.7");
        QTest::newRow("ipv6") << QByteArray("http://[2001:DB8::1]:80/x") << QByteArray("2001:db8::1");
        QTest::newRow("idn") << QByteArray("http://b\xc3\xbc"
                                           "cher.example/")
                             << QByteArray("b\xc3\xbc"
                                           "cher.example");
        QTest::newRow("punycode") << QByteArray("http://xn--bcher-kva.example/") << QByteArray("xn--bcher-kva.example");
        QTest::newRow("app") << QByteArray("android-app://com.google.android.gm/")
                             << QByteArray("com.google.android.gm");
        QTest::newRow("spaces around") << QByteArray("  https://t.co/x ") << QByteArray("t.co");
        QTest::newRow("scheme in capitals") << QByteArray("HTTPS://T.CO/") << QByteArray("t.co");
        for (const char* garbage :
             {"", "-", "about:blank", "javascript:alert(1)", "file:///etc/passwd", "example.com", "http://",
              "http:///x", "https://:80/", "http://[::1", "http://[]/", "http://[zz]/", "http://a b/",
              "http://<b>x</b>/", "http://.x/", "http://a\"b/", "//example.com/", "http:example.com"})
            QTest::newRow(garbage) << QByteArray(garbage) << QByteArray();
        QTest::newRow("control") << QByteArray("http://a\x01"
                                               "b/")
                                 << QByteArray();
        QTest::newRow("NUL") << QByteArray("http://a\0b/", 11) << QByteArray();
        QTest::newRow("too long") << QByteArray("http://") + QByteArray(254, 'a') + "/" << QByteArray();
    }

    void referrerIsTheHostAlone()
    {
        QFETCH(QByteArray, referer);
        QFETCH(QByteArray, host);
        QCOMPARE(QByteArray::fromStdString(enrich::referrerHost(referer.toStdString())), host);
    }

    void hostileHostsBecomeVisible()
    {
        const std::string bidi = enrich::referrerHost("http://\xe2\x80\xae"
                                                      "moc.elpmaxe/");
        QVERIFY(bidi.find("\xe2\x80\xae") == std::string::npos);
        const std::string invalid = enrich::referrerHost("http://\xff\xfe.example/");
        QCOMPARE(QString::fromUtf8(invalid).toStdString(), invalid);
        QVERIFY(enrich::referrerHost("http://" + std::string(64 * 1024, '\xff')).empty());
    }

    void languageIsThePrimaryTag_data()
    {
        QTest::addColumn<QString>("header");
        QTest::addColumn<QString>("language");
        QTest::newRow("plain") << "de" << "de";
        QTest::newRow("region") << "de-AT,de;q=0.9,en;q=0.8" << "de";
        QTest::newRow("capitals") << "EN-us" << "en";
        QTest::newRow("weight") << "fr;q=0.5" << "fr";
        QTest::newRow("script") << "zh-Hant-TW" << "zh";
        QTest::newRow("three letters") << "gsw-CH" << "gsw";
        QTest::newRow("underscore") << "pt_BR" << "pt";
        QTest::newRow("spaces") << "  es , en" << "es";
        for (const char* none : {"", "*", "-", "x", "english", "d3", "1234", ",de", ";q=1", "<b>", "\xff\xfe"})
            QTest::newRow(none) << QString::fromLatin1(none) << "";
    }

    void languageIsThePrimaryTag()
    {
        QFETCH(QString, header);
        QFETCH(QString, language);
        QCOMPARE(QString::fromStdString(enrich::primaryLanguage(header.toLatin1().toStdString())), language);
    }

    void lowerAsciiCutsAndKeepsOtherBytes()
    {
        QCOMPARE(enrich::lowerAscii("AbC\xc3\x84"), std::string("abc\xc3\x84"));
        QCOMPARE(enrich::lowerAscii(std::string(64 * 1024, 'A')).size(), enrich::agentScanBytes);
    }
};

QTEST_GUILESS_MAIN(TestRequestText)
#include "tst_request_text.moc"
