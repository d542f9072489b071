// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QJsonObject>
#include <QObject>
#include <QString>

#include <functional>

namespace archive {

// Writes a finished picture and what it comes from beside it, on the writer's thread; each appears whole or not at all.
// `done` is called on the context's thread with what went wrong, empty where nothing did; not at all where the context
// is gone by then.
void writeBytes(QObject& writer, const QString& path, const QByteArray& bytes, QJsonObject facts, QObject* context,
                std::function<void(const QString& problem)> done);

} // namespace archive
