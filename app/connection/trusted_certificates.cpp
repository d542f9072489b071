// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/connection/trusted_certificates.h"

#include <QCoreApplication>
#include <QFile>
#include <QSslCertificate>
#include <QSslConfiguration>

namespace connection {

namespace {
constexpr qint64 fileBytesMax = 1024 * 1024;
}

QString trustCertificatesOf(const QString& path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return file.errorString();
    const QList<QSslCertificate> found = QSslCertificate::fromData(file.read(fileBytesMax), QSsl::Pem);
    if (found.isEmpty())
        return QCoreApplication::translate("connection", "no certificate in it");
    QSslConfiguration configuration = QSslConfiguration::defaultConfiguration();
    configuration.addCaCertificates(found);
    QSslConfiguration::setDefaultConfiguration(configuration);
    return {};
}

} // namespace connection
