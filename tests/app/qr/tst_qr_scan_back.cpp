// SPDX-License-Identifier: GPL-3.0-or-later
#include <QPainter>
#include <QPainterPath>
#include <QRegularExpression>
#include <QSet>
#include <QSvgRenderer>
#include <QTest>

#include <zbar.h>

#include "app/qr/qr_code.h"
#include "app/qr/qr_drawing.h"
#include "app/qr/scan_address.h"
#include "app/qr/scan_check.h"

using namespace qr;

namespace {

// What a reader sees: all codes in the picture.
QStringList scanned(const QImage& picture)
{
    const QImage grey = picture.convertToFormat(QImage::Format_Grayscale8);
    QByteArray bytes;
    for (int y = 0; y < grey.height(); ++y)
        bytes.append(reinterpret_cast<const char*>(grey.constScanLine(y)), grey.width());
    zbar::zbar_image_scanner_t* scanner = zbar::zbar_image_scanner_create();
    zbar::zbar_image_scanner_set_config(scanner, zbar::ZBAR_NONE, zbar::ZBAR_CFG_ENABLE, 0);
    zbar::zbar_image_scanner_set_config(scanner, zbar::ZBAR_QRCODE, zbar::ZBAR_CFG_ENABLE, 1);
    zbar::zbar_image_t* image = zbar::zbar_image_create();
    zbar::zbar_image_set_format(image, 0x30303859); // "Y800"
    zbar::zbar_image_set_size(image, static_cast<unsigned>(grey.width()), static_cast<unsigned>(grey.height()));
    zbar::zbar_image_set_data(image, bytes.constData(), static_cast<unsigned long>(bytes.size()), nullptr);
    zbar::zbar_scan_image(scanner, image);
    QStringList texts;
    for (const auto* symbol = zbar::zbar_image_first_symbol(image); symbol; symbol = zbar::zbar_symbol_next(symbol))
        texts << QString::fromUtf8(zbar::zbar_symbol_get_data(symbol),
                                   static_cast<qsizetype>(zbar::zbar_symbol_get_data_length(symbol)));
    zbar::zbar_image_destroy(image);
    zbar::zbar_image_scanner_destroy(scanner);
    return texts;
}

QImage drawnSvg(const QByteArray& svg, int pixels)
{
    QSvgRenderer renderer(svg);
    QImage image(pixels, pixels, QImage::Format_RGB32);
    image.fill(Qt::white);
    QPainter painter(&image);
    renderer.render(&painter);
    return image;
}

// The page of a PDF of ours, drawn by its own drawing commands: rectangles and lines filled odd-even, nothing else.
// Qt has no PDF renderer in the packages the tests may use.
QImage drawnPdf(const QByteArray& pdf, int pixels)
{
    const QRegularExpression box(QStringLiteral("/MediaBox \\[0 0 ([0-9.]+) ([0-9.]+)\\]"));
    const double side = box.match(QString::fromLatin1(pdf)).captured(1).toDouble();
    QImage image(pixels, pixels, QImage::Format_RGB32);
    image.fill(Qt::white);
    QPainter painter(&image);
    painter.translate(0, pixels);
    painter.scale(pixels / side, -pixels / side);
    const QTransform page = painter.transform();
    for (qsizetype at = pdf.indexOf("stream\n"); at >= 0; at = pdf.indexOf("stream\n", at + 1)) {
        const qsizetype from = at + 7, to = pdf.indexOf("\nendstream", from);
        if (pdf.mid(at - 3, 3) == "end" || to < 0 || pdf[from] != 'x') // zlib's first byte; metadata is not packed
            continue;
        QByteArray packed = pdf.mid(from, to - from);
        // qUncompress wants the length first; a wrong guess only makes it grow its buffer.
        packed.prepend(QByteArray("\0\1\0\0", 4));
        const QByteArray commands = qUncompress(packed);
        if (!commands.contains(" re\n") && !commands.contains(" l\n"))
            continue;
        QTransform local;
        QList<QTransform> saved;
        QPainterPath path;
        QColor fill = Qt::black;
        QList<double> numbers;
        for (const QByteArray& word : commands.simplified().split(' ')) {
            bool isNumber = false;
            const double number = word.toDouble(&isNumber);
            if (isNumber) {
                numbers << number;
                continue;
            }
            const qsizetype n = numbers.size();
            if (word == "q")
                saved << local;
            else if (word == "Q" && !saved.isEmpty())
                local = saved.takeLast();
            else if (word == "cm" && n >= 6)
                local = QTransform(numbers[n - 6], numbers[n - 5], numbers[n - 4], numbers[n - 3], numbers[n - 2],
                                   numbers[n - 1]) *
                        local;
            else if (word == "m" && n >= 2)
                path.moveTo(numbers[n - 2], numbers[n - 1]);
            else if (word == "l" && n >= 2)
                path.lineTo(numbers[n - 2], numbers[n - 1]);
            else if (word == "re" && n >= 4)
                path.addRect(numbers[n - 4], numbers[n - 3], numbers[n - 2], numbers[n - 1]);
            else if (word == "h")
                path.closeSubpath();
            else if (word == "scn" && n >= 3)
                fill = QColor::fromRgbF(static_cast<float>(numbers[n - 3]), static_cast<float>(numbers[n - 2]),
                                        static_cast<float>(numbers[n - 1]));
            else if (word == "f" || word == "f*") {
                path.setFillRule(word == "f" ? Qt::WindingFill : Qt::OddEvenFill);
                painter.setTransform(local * page);
                painter.fillPath(path, fill);
                path = {};
            } else if (word == "n" || word == "W" || word == "W*") {
                if (word == "n")
                    path = {};
            }
            numbers.clear();
        }
    }
    return image;
}

QString address(const QString& placement)
{
    return scanAddress(QStringLiteral("https://go.acme.example"), QStringLiteral("spring/berlin"), placement);
}

} // namespace

class tst_QrScanBack : public QObject {
    Q_OBJECT

private slots:
    void readsAsWhatItHolds_data();
    void readsAsWhatItHolds();
    void longAddressesRead();
    void readsTurnedAndBlurred();
    void theCheckReadsEverySize();
    void theCheckMendsAsFarAsItSays();
    void theCheckIsNotFooled();
};

void tst_QrScanBack::readsAsWhatItHolds_data()
{
    QTest::addColumn<QrDesign>("design");
    const std::pair<const char*, std::pair<QColor, QColor>> colours[] = {
        {"black on white", {Qt::black, Qt::white}},
        {"navy on cream", {QColor(0x10, 0x20, 0x60), QColor(0xff, 0xf8, 0xe0)}},
        {"wine on rose", {QColor(0x70, 0x10, 0x30), QColor(0xff, 0xe0, 0xe8)}}};
    const char* letters[] = {"L", "M", "Q", "H"};
    const auto row = [&](int level, int pixels, int colour, double logo) {
        const auto& [name, pair] = colours[colour];
        QrDesign design;
        design.text = address(QStringLiteral("poster-%1").arg(pixels));
        design.correction = static_cast<Correction>(level);
        design.pixels = pixels;
        design.foreground = pair.first;
        design.background = pair.second;
        design.logoShare = logo;
        QTest::addRow("%s, %d px, %s, logo %.2f", letters[level], pixels, name, logo) << design;
    };
    for (int level = 0; level < 4; ++level)
        for (const double logo : {0.0, 0.15, 0.2, 0.25, 0.3}) {
            for (const int pixels : {160, 512})
                row(level, pixels, 0, logo);
            row(level, 400, 1, logo);
            row(level, 333, 2, logo);
        }
    row(1, 2048, 0, 0.3);
}

void tst_QrScanBack::readsAsWhatItHolds()
{
    QFETCH(QrDesign, design);
    const QrCode code(design);
    QVERIFY2(!code.problem().isSet(), qPrintable(code.problem().code));
    const QStringList expected{design.text};
    QCOMPARE(scanned(QImage::fromData(pngOf(code))), expected);
    QCOMPARE(scanned(drawnSvg(svgOf(code), design.pixels)), expected);
    QCOMPARE(scanned(drawnPdf(pdfOf(code), design.pixels)), expected);
    const auto check = scanCheck(imageOf(code));
    QVERIFY(check);
    QCOMPARE(check->text, design.text);
    QVERIFY(check->correction == code.correction());
    QCOMPARE(check->mended > 0, design.logoShare > 0);
    QVERIFY2(check->mended <= check->mendable, qPrintable(QString::number(check->mended)));
}

void tst_QrScanBack::longAddressesRead()
{
    for (int bytes = 20; bytes <= 400; bytes += 38) {
        for (const double logo : {0.0, 0.3}) {
            QrDesign design;
            design.text = scanAddress(QStringLiteral("https://go.acme.example"), QString(bytes, QLatin1Char('x')),
                                      QStringLiteral("größe 1&2"));
            design.pixels = 1200;
            design.logoShare = logo;
            QCOMPARE(scanned(imageOf(QrCode(design))), QStringList{design.text});
        }
    }
}

void tst_QrScanBack::readsTurnedAndBlurred()
{
    QrDesign design;
    design.text = address(QStringLiteral("lamp post"));
    design.pixels = 400;
    design.logoShare = 0.25;
    const QImage drawn = imageOf(QrCode(design));
    for (const int degrees : {7, 45, 90, 180}) {
        QImage wall(700, 700, QImage::Format_RGB32);
        wall.fill(QColor(0xc0, 0xc0, 0xb8));
        QPainter painter(&wall);
        painter.setRenderHint(QPainter::SmoothPixmapTransform);
        painter.translate(350, 350);
        painter.rotate(degrees);
        painter.drawImage(-200, -200, drawn);
        painter.end();
        const QImage blurred = wall.scaled(350, 350, Qt::IgnoreAspectRatio, Qt::SmoothTransformation);
        QVERIFY2(scanned(blurred).contains(design.text), qPrintable(QString::number(degrees)));
    }
}

void tst_QrScanBack::theCheckReadsEverySize()
{
    QSet<int> sides;
    for (int level = 0; level < 4; ++level)
        for (int bytes = 1; bytes <= textBytesMax; bytes += bytes < 60 ? 11 : 67)
            for (const char* kind : {"7", "A", "z", "\u20ac"}) {
                QrDesign design;
                design.text = QString::fromUtf8(QByteArray(kind).repeated(bytes)).left(bytes);
                if (design.text.toUtf8().size() > textBytesMax)
                    continue;
                design.correction = static_cast<Correction>(level);
                design.pixels = 400;
                const QrCode code(design);
                QVERIFY2(!code.problem().isSet(), qPrintable(code.problem().code));
                sides.insert(code.side());
                const auto check = scanCheck(imageOf(code));
                QVERIFY2(check, qPrintable(QStringLiteral("side %1, %2").arg(code.side()).arg(level)));
                QCOMPARE(check->text, design.text);
                QCOMPARE(check->mended, 0);
            }
    QVERIFY2(sides.size() > 20, qPrintable(QString::number(sides.size())));
}

void tst_QrScanBack::theCheckMendsAsFarAsItSays()
{
    QrDesign design;
    design.text = address(QStringLiteral("poster-a"));
    design.correction = Correction::High;
    design.pixels = 512;
    const QImage whole = imageOf(QrCode(design));
    // A growing stain: read right or not at all, never wrong.
    bool failedOnce = false;
    int most = 0;
    for (int side = 0; side < 300; side += 6) {
        QImage stained = whole;
        QPainter painter(&stained);
        painter.fillRect(256 - side / 2, 300 - side / 2, side, side, Qt::white);
        painter.end();
        const auto check = scanCheck(stained);
        failedOnce = failedOnce || !check;
        if (check) {
            QCOMPARE(check->text, design.text);
            most = std::max(most, check->mended);
        }
    }
    QVERIFY(failedOnce);
    QVERIFY(most >= 3);
}

void tst_QrScanBack::theCheckIsNotFooled()
{
    QVERIFY(!scanCheck({}));
    QImage empty(300, 300, QImage::Format_RGB32);
    empty.fill(Qt::white);
    QVERIFY(!scanCheck(empty));
    empty.fill(Qt::black);
    QVERIFY(!scanCheck(empty));
    QImage square(300, 300, QImage::Format_RGB32);
    square.fill(Qt::white);
    QPainter painter(&square);
    painter.fillRect(50, 50, 200, 200, Qt::black);
    painter.end();
    QVERIFY(!scanCheck(square));
}

QTEST_MAIN(tst_QrScanBack)
#include "tst_qr_scan_back.moc"
