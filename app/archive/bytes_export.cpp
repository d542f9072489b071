// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/archive/bytes_export.h"

#include <QCoreApplication>
#include <QCryptographicHash>
#include <QJsonDocument>
#include <QPointer>
#include <QSaveFile>

#include <utility>

namespace archive {

namespace {

QString written(const QString& path, const QByteArray& bytes)
{
    QSaveFile file(path);
    if (file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size() && file.commit())
        return {};
    return file.errorString();
}

} // namespace

void writeBytes(QObject& writer, const QString& path, const QByteArray& bytes, QJsonObject facts, QObject* context,
                std::function<void(const QString& problem)> done)
{
    auto write = [path, bytes, facts = std::move(facts), guard = QPointer<QObject>(context),
                  done = std::move(done)]() mutable {
        facts[QStringLiteral("bytes")] = bytes.size();
        facts[QStringLiteral("sha256")] =
            QString::fromLatin1(QCryptographicHash::hash(bytes, QCryptographicHash::Sha256).toHex());
        QString problem = written(path, bytes);
        if (problem.isEmpty())
            problem = written(path + QStringLiteral(".json"), QJsonDocument(facts).toJson());
        const auto tell = [guard, done, problem] {
            if (guard)
                done(problem);
        };
        QMetaObject::invokeMethod(QCoreApplication::instance(), tell, Qt::QueuedConnection);
    };
    QMetaObject::invokeMethod(&writer, std::move(write), Qt::QueuedConnection);
}

} // namespace archive
