// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace connection {

// From now on every encrypted line of this program also trusts the certificates of a PEM file: a backend's own, or the
// authority that signed it. Empty = done; else what is wrong with the file. Before the first connection.
QString trustCertificatesOf(const QString& file);

} // namespace connection
