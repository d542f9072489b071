// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace qr {

// "https://go.acme.example"; http for the names of this machine, which have no certificate.
QString originOf(const QString& host);

// What a QR code of a link holds: the link's address with the marker that tells a scan from a click, and with the
// placement, where one is given, that tells one poster from the other. The only place where such an address is made;
// links::qrMarkerOf reads it. `slug` and `placement` may hold any text.
QString scanAddress(const QString& origin, const QString& slug, const QString& placement);

} // namespace qr
