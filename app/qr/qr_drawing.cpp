// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/qr/qr_drawing.h"

#include <QBuffer>
#include <QPainter>
#include <QPainterPath>
#include <QPdfWriter>

namespace qr {

namespace {

constexpr int pdfDotsPerInch = 1200;
constexpr double millimetresPerMetre = 1000;

QPainterPath pathOf(const QrCode& code)
{
    QPainterPath path;
    path.setFillRule(Qt::OddEvenFill);
    for (const QPolygon& shape : code.outlines()) {
        path.addPolygon(shape);
        path.closeSubpath();
    }
    return path;
}

} // namespace

QImage imageOf(const QrCode& code)
{
    if (code.problem().isSet())
        return {};
    const int pixels = code.design().pixels;
    QImage image(pixels, pixels, QImage::Format_RGB32);
    image.fill(code.design().background);
    const int perModule = pixels / code.wholeSide();
    const int offset = (pixels - perModule * code.wholeSide()) / 2;
    QPainter painter(&image);
    painter.translate(offset, offset);
    painter.scale(perModule, perModule);
    painter.fillPath(pathOf(code), code.design().foreground);
    painter.end();
    // So that a program that places it does so at the size on paper.
    const int dotsPerMetre = qRound(pixels * millimetresPerMetre / code.design().millimetres);
    image.setDotsPerMeterX(dotsPerMetre);
    image.setDotsPerMeterY(dotsPerMetre);
    return image;
}

QByteArray pngOf(const QrCode& code)
{
    QByteArray png;
    QBuffer buffer(&png);
    buffer.open(QIODevice::WriteOnly);
    const QImage image = imageOf(code);
    return !image.isNull() && image.save(&buffer, "PNG") ? png : QByteArray();
}

QByteArray svgOf(const QrCode& code)
{
    if (code.problem().isSet())
        return {};
    const QByteArray side = QByteArray::number(code.wholeSide());
    const QByteArray size = QByteArray::number(code.design().millimetres) + "mm";
    QByteArray path;
    for (const QPolygon& shape : code.outlines()) {
        QPoint at = shape.first();
        path += 'M' + QByteArray::number(at.x()) + ' ' + QByteArray::number(at.y());
        for (const QPoint& next : shape.sliced(1)) {
            path += next.y() == at.y() ? 'h' + QByteArray::number(next.x() - at.x())
                                       : 'v' + QByteArray::number(next.y() - at.y());
            at = next;
        }
        path += 'z';
    }
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
           "<svg xmlns=\"http://www.w3.org/2000/svg\" version=\"1.1\" width=\"" +
           size + "\" height=\"" + size + "\" viewBox=\"0 0 " + side + ' ' + side +
           "\" shape-rendering=\"crispEdges\">\n<title>" + code.design().text.toHtmlEscaped().toUtf8() +
           "</title>\n<rect width=\"" + side + "\" height=\"" + side + "\" fill=\"" +
           code.design().background.name().toUtf8() + "\"/>\n<path fill=\"" + code.design().foreground.name().toUtf8() +
           "\" fill-rule=\"evenodd\" d=\"" + path + "\"/>\n</svg>\n";
}

QByteArray pdfOf(const QrCode& code)
{
    if (code.problem().isSet())
        return {};
    QByteArray pdf;
    QBuffer buffer(&pdf);
    buffer.open(QIODevice::WriteOnly);
    {
        QPdfWriter writer(&buffer);
        const double side = code.design().millimetres;
        writer.setPageSize(QPageSize(QSizeF(side, side), QPageSize::Millimeter, {}, QPageSize::ExactMatch));
        writer.setPageMargins(QMarginsF(0, 0, 0, 0));
        writer.setResolution(pdfDotsPerInch);
        writer.setTitle(code.design().text);
        QPainter painter(&writer);
        const QRectF page(0, 0, writer.width(), writer.height());
        painter.fillRect(page, code.design().background);
        painter.scale(page.width() / code.wholeSide(), page.height() / code.wholeSide());
        painter.fillPath(pathOf(code), code.design().foreground);
    }
    return pdf;
}

} // namespace qr
