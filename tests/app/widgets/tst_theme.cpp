// SPDX-License-Identifier: GPL-3.0-or-later
#include <QApplication>
#include <QLabel>
#include <QTest>

#include "app/widgets/theme/appearance.h"
#include "app/widgets/theme/theme.h"
#include "app/widgets/theme/type.h"

using namespace widgets;

class tst_Theme : public QObject {
    Q_OBJECT

private slots:
    void textIsReadableOnEveryGround_data()
    {
        QTest::addColumn<bool>("dark");
        QTest::newRow("dark") << true;
        QTest::newRow("light") << false;
    }

    void textIsReadableOnEveryGround()
    {
        QFETCH(bool, dark);
        const Theme& t = dark ? darkTheme() : lightTheme();
        const std::pair<const char*, QColor> texts[] = {{"text", t.text},     {"quiet", t.quiet},   {"link", t.link},
                                                        {"qr", t.qr},         {"alert", t.alert},   {"good", t.good},
                                                        {"dimmed", t.dimmed}, {"violet", t.violet}, {"teal", t.teal},
                                                        {"rose", t.rose},     {"sand", t.sand}};
        const std::pair<const char*, QColor> grounds[] = {{"ground", t.ground}, {"panel", t.panel}, {"field", t.field}};
        for (const auto& [name, text] : texts)
            for (const auto& [where, ground] : grounds)
                QVERIFY2(contrastRatio(text, ground) >= 4.5,
                         qPrintable(QStringLiteral("%1 on %2: %3").arg(name, where).arg(contrastRatio(text, ground))));
        for (const QColor& text : {t.text, t.quiet})
            for (const QColor& ground : {t.hover, t.selection})
                QVERIFY2(contrastRatio(text, ground) >= (text == t.text ? 7 : 4.2),
                         qPrintable(QString::number(contrastRatio(text, ground))));
    }

    void contrastIsThatOfTheStandard()
    {
        QCOMPARE(qRound(contrastRatio(Qt::black, Qt::white)), 21);
        QCOMPARE(qRound(contrastRatio(Qt::white, Qt::white)), 1);
        QVERIFY(qAbs(contrastRatio(QColor(0x777777), Qt::white) - 4.48) < 0.01);
    }

    void theDarkColoursAreThoseOfTheDesign()
    {
        QCOMPARE(darkTheme().ground, QColor(0x0f1419));
        QCOMPARE(darkTheme().panel, QColor(0x161c24));
        QCOMPARE(darkTheme().link, QColor(0x4cc2ff));
        QCOMPARE(darkTheme().qr, QColor(0xf5a623));
        QCOMPARE(darkTheme().rampLow, QColor(0x3a2c1c));
        QCOMPARE(darkTheme().rampHigh, QColor(0xf5a623));
    }

    void switchesTheWholeApplication()
    {
        Appearance appearance(*qApp);
        appearance.setScheme(Scheme::Light);
        QCOMPARE(qApp->palette().color(QPalette::Window), lightTheme().ground);
        QVERIFY(qApp->styleSheet().contains(lightTheme().line.name()));
        Text label(QStringLiteral("x"), Look::Alert);
        QCOMPARE(label.palette().color(label.foregroundRole()), lightTheme().alert);
        appearance.setScheme(Scheme::Dark);
        QCOMPARE(&themeOf(qApp->palette()), &darkTheme());
        QTRY_COMPARE(label.palette().color(label.foregroundRole()), darkTheme().alert);
        QVERIFY(!qApp->styleSheet().contains(QLatin1Char('@')));
    }

    void figuresLineUp()
    {
        Appearance appearance(*qApp);
        const QFontMetrics metrics(qApp->font());
        QCOMPARE(metrics.horizontalAdvance(QStringLiteral("1111")), metrics.horizontalAdvance(QStringLiteral("8888")));
        QCOMPARE(qApp->font().pixelSize(), basePixels);
    }

    void unknownZeroAndNotYetDiffer()
    {
        QCOMPARE(percent(0, 0), QString(unknownMark));
        QCOMPARE(percent(0, 7), QStringLiteral("0.0 %"));
        QCOMPARE(percent(1, 3), QStringLiteral("33.3 %"));
        QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
        QCOMPARE(figure(quint64(1204883)), QStringLiteral("1,204,883"));
        QVERIFY(unknownMark != notYetMark);
    }

    void durationsAreShort()
    {
        QCOMPARE(shortDuration(3'900), QStringLiteral("3 s"));
        QCOMPARE(shortDuration(61'000), QStringLiteral("1 min"));
        QCOMPARE(shortDuration(3 * 3'600'000), QStringLiteral("3 h"));
        QCOMPARE(shortDuration(72 * 3'600'000LL), QStringLiteral("3 d"));
    }

    void noTextBecomesMarkup()
    {
        const QString hostile = QStringLiteral("<img src=x onerror=1><b>bold</b>");
        Text label(hostile);
        QCOMPARE(label.textFormat(), Qt::PlainText);
        QCOMPARE(label.text(), hostile);
        const QString tip = plainToolTip(hostile);
        QVERIFY(!tip.contains(QStringLiteral("<img")));
        QVERIFY(!tip.contains(QStringLiteral("<b>")));
    }
};

QTEST_MAIN(tst_Theme)
#include "tst_theme.moc"
