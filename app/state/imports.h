// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QList>
#include <QMetaType>
#include <QString>
#include <QStringList>

namespace state {

// A file of links for the backend. `format` is one of csv, bitly, shlink, yourls, dub; empty = told by its header.
struct ImportRequest {
    static constexpr qint64 fileBytesMax = 32 * 1024 * 1024;

    QByteArray file;
    QString format, domain;
    bool keepClicks = false;
    bool dryRun = true;
};

// One row that has something to say: refused (`problem` and `field`), or skipped ("exists", "repeated", "deleted").
struct ImportRow {
    quint64 row = 0;
    QString domain, slug, problem, field, skipped;
};

struct ImportAnswer {
    static constexpr qsizetype rowsMax = 1000;

    QString format;
    bool dryRun = true;
    quint64 rows = 0, made = 0, skipped = 0, failed = 0;
    QStringList domains; // that are, or would be, added
    QList<ImportRow> said;
};

} // namespace state

Q_DECLARE_METATYPE(state::ImportRequest)
Q_DECLARE_METATYPE(state::ImportAnswer)
