// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/qr_codes/qr_files.h"

#include <QRegularExpression>
#include <QSaveFile>

#include "app/qr/qr_drawing.h"

namespace qr_codes {

namespace {

constexpr qsizetype nameCharsMax = 80; // file systems end at 255 bytes

QString plainPart(const QString& text)
{
    static const QRegularExpression others(QStringLiteral("[^\\p{L}\\p{N}_]+"));
    QString part = text.left(nameCharsMax);
    part.replace(others, QStringLiteral("-"));
    while (part.startsWith(QLatin1Char('-')))
        part.remove(0, 1);
    while (part.endsWith(QLatin1Char('-')))
        part.chop(1);
    return part;
}

} // namespace

QString endingOf(FileKind kind)
{
    switch (kind) {
    case FileKind::Svg:
        return QStringLiteral("svg");
    case FileKind::Png:
        return QStringLiteral("png");
    case FileKind::Pdf:
        break;
    }
    return QStringLiteral("pdf");
}

QString fileNameOf(const QString& slug, const QString& placement, FileKind kind)
{
    QStringList parts{plainPart(slug), plainPart(placement)};
    parts.removeAll(QString());
    const QString stem = parts.isEmpty() ? QStringLiteral("qr") : parts.join(QLatin1Char('-'));
    return stem + QLatin1Char('.') + endingOf(kind);
}

QString writeCode(const qr::QrCode& code, FileKind kind, const QString& path)
{
    const QByteArray bytes = kind == FileKind::Svg   ? qr::svgOf(code)
                             : kind == FileKind::Png ? qr::pngOf(code)
                                                     : qr::pdfOf(code);
    QSaveFile file(path);
    if (bytes.isEmpty())
        return code.problem().code;
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size() || !file.commit())
        return file.errorString();
    return {};
}

QStringList placementsFrom(const QString& text)
{
    static const QRegularExpression separators(QStringLiteral("[,;\\r\\n]"));
    QStringList placements;
    for (const QString& part : text.split(separators))
        placements << part.simplified();
    placements.removeAll(QString());
    placements.removeDuplicates();
    return placements;
}

} // namespace qr_codes
