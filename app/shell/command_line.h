// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QStringList>
#include <QUrl>

namespace shell {

// The program's command line, checked. Stable: others script against it.
struct CommandLine {
    QUrl backend; // of the API; empty = the last one, or asked for
    QString tokenFile;
    QString trustFile; // certificates to trust beside the system's; empty = none
    bool offline = false;
    QString archiveFolder; // empty = the program's own
    QString layout = QStringLiteral("default");
    QString page = QStringLiteral("live"); // shown first: live, links, reports, qr or settings
    QString picture;                       // PNG to write; empty = none
    int afterSeconds = 5;
    QString csv; // CSV to write with it; empty = none
    bool software = false;

    // What stops the program before it starts: help, the version or an error.
    bool stop = false;
    int exitCode = 0;
    QString message;

    // Takes pictures or files and ends by itself.
    bool isUnattended() const { return !picture.isEmpty() || !csv.isEmpty(); }

    static CommandLine parse(const QStringList& arguments);
};

} // namespace shell
