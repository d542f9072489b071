// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>

#include <string>
#include <vector>

#include "backend/protocol/csv_writer.h"

// What lies in a file that was exported, and beside it.
inline QByteArray contentsOf(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

inline QJsonObject factsOf(const QString& path)
{
    return QJsonDocument::fromJson(contentsOf(path + QStringLiteral(".json"))).object();
}

inline std::vector<std::vector<std::string>> rowsOf(const QByteArray& csv)
{
    return protocol::readCsv({csv.constData(), static_cast<std::size_t>(csv.size())}, true).rows;
}
