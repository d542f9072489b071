// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>
#include <QXmlStreamReader>

#include "app/qr/qr_code.h"
#include "app/qr/qr_drawing.h"
#include "app/qr/scan_address.h"

using namespace qr;

namespace {

QrDesign plain()
{
    QrDesign design;
    design.text =
        scanAddress(QStringLiteral("https://go.acme.example"), QStringLiteral("spring"), QStringLiteral("poster-a"));
    return design;
}

} // namespace

class tst_QrDesign : public QObject {
    Q_OBJECT

private slots:
    void theAddressCarriesTheMarker();
    void badDesignsAreRefused_data();
    void badDesignsAreRefused();
    void textThatDoesNotFitIsRefused();
    void aLogoRaisesTheCorrection();
    void anImageHasWholeModulesAndItsQuietZone();
    void outlinesFillExactlyTheDarkModules();
    void theSvgIsPlainXml();
    void thePdfHasVectorsAndNoImage();
};

void tst_QrDesign::theAddressCarriesTheMarker()
{
    const QString acme = originOf(QStringLiteral("go.acme.example"));
    QCOMPARE(acme, QStringLiteral("https://go.acme.example"));
    QCOMPARE(originOf(QStringLiteral("localhost")), QStringLiteral("http://localhost"));
    QCOMPARE(scanAddress(acme, QStringLiteral("spring"), QStringLiteral("poster-a")),
             QStringLiteral("https://go.acme.example/spring?qr=poster-a"));
    QCOMPARE(scanAddress(acme, QStringLiteral("spring"), QString()),
             QStringLiteral("https://go.acme.example/spring?qr=1"));
    QCOMPARE(scanAddress(acme, QString(), QStringLiteral("van")), QStringLiteral("https://go.acme.example/?qr=van"));
    // Nothing in a name gets out of its place.
    QCOMPARE(scanAddress(acme, QStringLiteral("a/b ä?x#y"), QStringLiteral("a&b=c d%")),
             QStringLiteral("https://go.acme.example/a/b%20%C3%A4%3Fx%23y?qr=a%26b%3Dc%20d%25"));
}

void tst_QrDesign::badDesignsAreRefused_data()
{
    QTest::addColumn<QrDesign>("design");
    QTest::addColumn<QString>("code");
    QTest::addColumn<QString>("field");
    const auto row = [](const char* name, auto change, const char* code, const char* field) {
        QrDesign design = plain();
        change(design);
        QTest::newRow(name) << design << QString::fromLatin1(code) << QString::fromLatin1(field);
    };
    row("as it is", [](QrDesign&) {}, "", "");
    row("no text", [](QrDesign& d) { d.text.clear(); }, "empty", "text");
    row("narrow quiet zone", [](QrDesign& d) { d.quietModules = 3; }, "out_of_range", "quietModules");
    row("tiny image", [](QrDesign& d) { d.pixels = 10; }, "out_of_range", "pixels");
    row("huge image", [](QrDesign& d) { d.pixels = 1'000'000; }, "out_of_range", "pixels");
    row("modules under two pixels", [](QrDesign& d) { d.pixels = 64; }, "too_small", "pixels");
    row("not a number", [](QrDesign& d) { d.millimetres = qQNaN(); }, "out_of_range", "millimetres");
    row("half of it logo", [](QrDesign& d) { d.logoShare = 0.5; }, "out_of_range", "logoShare");
    row("grey on grey", [](QrDesign& d) { d.foreground = QColor(150, 150, 150); }, "contrast", "foreground");
    row("yellow on white", [](QrDesign& d) { d.foreground = Qt::yellow; }, "contrast", "foreground");
    row(
        "white on black",
        [](QrDesign& d) {
            d.foreground = Qt::white;
            d.background = Qt::black;
        },
        "inverted", "foreground");
    row("see-through ink", [](QrDesign& d) { d.foreground.setAlpha(128); }, "transparent", "foreground");
    row("see-through paper", [](QrDesign& d) { d.background = Qt::transparent; }, "transparent", "background");
    row(
        "navy on cream",
        [](QrDesign& d) {
            d.foreground = QColor(0x10, 0x20, 0x60);
            d.background = QColor(0xff, 0xf8, 0xe0);
        },
        "", "");
}

void tst_QrDesign::badDesignsAreRefused()
{
    QFETCH(QrDesign, design);
    QFETCH(QString, code);
    QFETCH(QString, field);
    const QrCode made(design);
    QCOMPARE(made.problem().code, code);
    QCOMPARE(made.problem().field, field);
    QCOMPARE(imageOf(made).isNull(), !code.isEmpty());
    QCOMPARE(svgOf(made).isEmpty(), !code.isEmpty());
    QCOMPARE(pngOf(made).isEmpty(), !code.isEmpty());
    QCOMPARE(pdfOf(made).isEmpty(), !code.isEmpty());
}

void tst_QrDesign::textThatDoesNotFitIsRefused()
{
    QrDesign design = plain();
    design.text = QString(textBytesMax, QLatin1Char('a'));
    QVERIFY(!QrCode(design).problem().isSet());
    design.text += QLatin1Char('a');
    QCOMPARE(QrCode(design).problem().code, QStringLiteral("too_long"));
    design.text = QString(1'000'000, QChar(0x20ac));
    QCOMPARE(QrCode(design).problem().code, QStringLiteral("too_long"));
    design.text = QStringLiteral("https://go.acme.example/") + QChar(0) + QStringLiteral("x");
    QCOMPARE(QrCode(design).problem().code, QStringLiteral("empty"));
}

void tst_QrDesign::aLogoRaisesTheCorrection()
{
    QrDesign design = plain();
    design.correction = Correction::Low;
    design.logoShare = 0.15;
    QCOMPARE(neededCorrection(design), Correction::Quartile);
    design.logoShare = 0.3;
    QCOMPARE(neededCorrection(design), Correction::High);
    const QrCode code(design);
    QCOMPARE(code.correction(), Correction::High);
    QVERIFY(code.logoSide() > 0);
    QVERIFY(code.logoSide() <= 0.3 * code.side());
    QCOMPARE(code.logoSide() % 2, 1);
    const int from = (code.side() - code.logoSide()) / 2;
    for (int y = from; y < from + code.logoSide(); ++y)
        for (int x = from; x < from + code.logoSide(); ++x)
            QVERIFY(!code.dark(x, y));
}

void tst_QrDesign::anImageHasWholeModulesAndItsQuietZone()
{
    QrDesign design = plain();
    design.pixels = 517; // no multiple of anything
    const QrCode code(design);
    const QImage image = imageOf(code);
    QCOMPARE(image.size(), QSize(517, 517));
    const int perModule = 517 / code.wholeSide(), offset = (517 - perModule * code.wholeSide()) / 2;
    QVERIFY(perModule >= pixelsPerModuleMin);
    for (int y = 0; y < image.height(); ++y) {
        for (int x = 0; x < image.width(); ++x) {
            const int moduleX = (x - offset) / perModule - design.quietModules;
            const int moduleY = (y - offset) / perModule - design.quietModules;
            const bool inside = x >= offset && y >= offset;
            const QColor expected = inside && code.dark(moduleX, moduleY) ? design.foreground : design.background;
            if (image.pixelColor(x, y) != expected)
                QFAIL(qPrintable(QStringLiteral("pixel %1, %2").arg(x).arg(y)));
        }
    }
}

void tst_QrDesign::outlinesFillExactlyTheDarkModules()
{
    QrDesign design = plain();
    design.logoShare = 0.25;
    const QrCode code(design);
    const QList<QPolygon> shapes = code.outlines();
    for (int y = 0; y < code.side(); ++y) {
        for (int x = 0; x < code.side(); ++x) {
            // Odd-even by hand: how many vertical sides lie left of the module's middle.
            int crossings = 0;
            const double atX = x + design.quietModules + 0.5, atY = y + design.quietModules + 0.5;
            for (const QPolygon& shape : shapes)
                for (qsizetype i = 0; i < shape.size(); ++i) {
                    const QPoint a = shape[i], b = shape[(i + 1) % shape.size()];
                    crossings +=
                        a.x() == b.x() && a.x() < atX && std::min(a.y(), b.y()) < atY && std::max(a.y(), b.y()) > atY;
                }
            QCOMPARE(crossings % 2 == 1, code.dark(x, y));
        }
    }
}

void tst_QrDesign::theSvgIsPlainXml()
{
    QrDesign design = plain();
    design.text = QStringLiteral("https://go.acme.example/a?b=1&c=<script>\"'");
    const QByteArray svg = svgOf(QrCode(design));
    QXmlStreamReader xml(svg);
    QStringList elements;
    QString title;
    while (!xml.atEnd()) {
        if (xml.readNext() != QXmlStreamReader::StartElement)
            continue;
        elements << xml.name().toString();
        if (xml.name() == QLatin1String("title"))
            title = xml.readElementText();
    }
    QVERIFY2(!xml.hasError(), qPrintable(xml.errorString()));
    QCOMPARE(elements, (QStringList{"svg", "title", "rect", "path"}));
    QCOMPARE(title, design.text);
    QVERIFY(svg.contains("width=\"40mm\""));
}

void tst_QrDesign::thePdfHasVectorsAndNoImage()
{
    const QByteArray pdf = pdfOf(QrCode(plain()));
    QVERIFY(pdf.startsWith("%PDF-"));
    QVERIFY(!pdf.contains("/Subtype /Image"));
    // 40 mm are 113.39 points.
    QVERIFY2(pdf.contains("/MediaBox [0 0 113"), pdf.mid(pdf.indexOf("/MediaBox"), 60));
}

QTEST_MAIN(tst_QrDesign)
#include "tst_qr_design.moc"
