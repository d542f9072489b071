// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/qr/scan_address.h"

#include <QUrl>

namespace qr {

QString originOf(const QString& host)
{
    const bool loopback = host == QLatin1String("localhost") || host.endsWith(QLatin1String(".localhost")) ||
                          host.startsWith(QLatin1String("127.")) || host == QLatin1String("[::1]");
    return (loopback ? QStringLiteral("http://") : QStringLiteral("https://")) + host;
}

QString scanAddress(const QString& origin, const QString& slug, const QString& placement)
{
    const QByteArray path = QUrl::toPercentEncoding(slug, "/");
    const QByteArray marker = placement.isEmpty() ? QByteArrayLiteral("1") : QUrl::toPercentEncoding(placement);
    return origin + QLatin1Char('/') + QLatin1StringView(path) + QLatin1String("?qr=") + QLatin1StringView(marker);
}

} // namespace qr
