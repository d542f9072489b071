// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/exports/pictures.h"

#include <QBuffer>
#include <QPainter>
#include <QPdfWriter>
#include <QSvgGenerator>
#include <QWidget>

namespace exports {

namespace {

constexpr double pngScale = 2;
constexpr int dotsPerInch = 96;

// Paints the ground too: panels leave theirs to the window behind them.
void paint(QWidget& widget, QPainter& painter)
{
    painter.fillRect(widget.rect(), widget.palette().window());
    widget.render(&painter, {}, {}, QWidget::DrawChildren);
}

QByteArray pngOf(QWidget& widget)
{
    QImage image(widget.size() * pngScale, QImage::Format_ARGB32_Premultiplied);
    image.setDevicePixelRatio(pngScale);
    image.fill(Qt::transparent);
    QPainter painter(&image);
    paint(widget, painter);
    painter.end();
    QByteArray bytes;
    QBuffer buffer(&bytes);
    return image.save(&buffer, "PNG") ? bytes : QByteArray();
}

QByteArray svgOf(QWidget& widget, const QString& title)
{
    QByteArray bytes;
    QBuffer buffer(&bytes);
    QSvgGenerator generator;
    generator.setOutputDevice(&buffer);
    generator.setSize(widget.size());
    generator.setViewBox(widget.rect());
    generator.setResolution(dotsPerInch);
    generator.setTitle(title);
    QPainter painter(&generator);
    paint(widget, painter);
    return painter.end() ? bytes : QByteArray();
}

QByteArray pdfOf(QWidget& widget, const QString& title)
{
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    {
        QPdfWriter writer(&buffer);
        writer.setResolution(dotsPerInch);
        writer.setTitle(title);
        writer.setPageMargins({});
        writer.setPageSize(QPageSize(QSizeF(widget.size()) / dotsPerInch, QPageSize::Inch));
        QPainter painter(&writer);
        paint(widget, painter);
    }
    return bytes;
}

} // namespace

QByteArray pictureOf(QWidget& widget, const QString& format, const QString& title)
{
    if (widget.size().isEmpty())
        return {};
    if (format == QLatin1String("svg"))
        return svgOf(widget, title);
    if (format == QLatin1String("pdf"))
        return pdfOf(widget, title);
    return pngOf(widget);
}

} // namespace exports
