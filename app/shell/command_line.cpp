// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shell/command_line.h"

#include <QCommandLineParser>
#include <QCoreApplication>

namespace shell {

namespace {

QString tr(const char* text)
{
    return QCoreApplication::translate("shell::CommandLine", text);
}

CommandLine stopped(int exitCode, const QString& message)
{
    CommandLine line;
    line.stop = true;
    line.exitCode = exitCode;
    line.message = message;
    return line;
}

const QStringList& pageWords()
{
    static const QStringList words{QStringLiteral("live"), QStringLiteral("links"), QStringLiteral("reports"),
                                   QStringLiteral("qr"), QStringLiteral("settings")};
    return words;
}

void takePage(CommandLine& line, const QString& word)
{
    line.page = word;
    if (!pageWords().contains(word))
        line = stopped(2, tr("--page takes one of %1, not “%2”.").arg(pageWords().join(QStringLiteral(", ")), word));
}

void takeSeconds(CommandLine& line, const QString& text)
{
    bool isNumber = false;
    line.afterSeconds = text.toInt(&isNumber);
    if (!isNumber || line.afterSeconds < 0 || line.afterSeconds > 86'400)
        line = stopped(2, tr("--after takes seconds, 0 to 86400, not “%1”.").arg(text));
    else if (!line.isUnattended())
        line = stopped(2, tr("--after goes with --screenshot or --export."));
}

bool isBackend(const QUrl& url)
{
    const bool web = url.scheme() == QLatin1String("http") || url.scheme() == QLatin1String("https");
    return url.isValid() && web && !url.host().isEmpty();
}

} // namespace

CommandLine CommandLine::parse(const QStringList& arguments)
{
    QCommandLineParser parser;
    parser.setApplicationDescription(tr("Clickroom: the operator console for live link analytics."));
    const QCommandLineOption help = parser.addHelpOption();
    const QCommandLineOption version = parser.addVersionOption();
    const QCommandLineOption connect(
        QStringLiteral("connect"), tr("The backend's API, for instance http://127.0.0.1:8081."), QStringLiteral("URL"));
    const QCommandLineOption token(QStringLiteral("token-file"), tr("A file that holds the access token."),
                                   QStringLiteral("FILE"));
    const QCommandLineOption trust(QStringLiteral("trust"),
                                   tr("A PEM file of certificates to trust, beside those of the system."),
                                   QStringLiteral("FILE"));
    const QCommandLineOption offline(QStringLiteral("offline"), tr("Do not connect: show what is kept."));
    const QCommandLineOption archive(QStringLiteral("archive"), tr("The folder of what is kept for the time offline."),
                                     QStringLiteral("FOLDER"));
    const QCommandLineOption layout(QStringLiteral("layout"), tr("The saved layout to use."), QStringLiteral("NAME"));
    const QCommandLineOption page(QStringLiteral("page"),
                                  tr("The page to show first: %1.").arg(pageWords().join(QStringLiteral(", "))),
                                  QStringLiteral("NAME"));
    const QCommandLineOption screenshot(QStringLiteral("screenshot"), tr("Write a picture of the window, then end."),
                                        QStringLiteral("FILE.png"));
    const QCommandLineOption after(QStringLiteral("after"),
                                   tr("Seconds of live traffic before the picture or the file (5)."),
                                   QStringLiteral("SECONDS"));
    const QCommandLineOption csv(QStringLiteral("export"), tr("Write what the table shows, then end."),
                                 QStringLiteral("FILE.csv"));
    const QCommandLineOption software(QStringLiteral("software"), tr("Draw the map without GL."));
    parser.addOptions({connect, token, trust, offline, archive, layout, page, screenshot, after, csv, software});
    if (!parser.parse(arguments))
        return stopped(2, tr("%1 See --help.").arg(parser.errorText()));
    if (parser.isSet(help))
        return stopped(0, parser.helpText());
    if (parser.isSet(version))
        return stopped(0,
                       QCoreApplication::applicationName() + QLatin1Char(' ') + QCoreApplication::applicationVersion());
    if (!parser.positionalArguments().isEmpty())
        return stopped(2, tr("“%1” is not an option. See --help.").arg(parser.positionalArguments().constFirst()));

    CommandLine line;
    line.backend = QUrl(parser.value(connect), QUrl::StrictMode);
    if (parser.isSet(connect) && !isBackend(line.backend))
        return stopped(
            2, tr("--connect takes an address like http://127.0.0.1:8081, not “%1”.").arg(parser.value(connect)));
    line.tokenFile = parser.value(token);
    line.trustFile = parser.value(trust);
    line.offline = parser.isSet(offline);
    if (line.offline && parser.isSet(connect))
        return stopped(2, tr("--offline and --connect exclude each other."));
    line.archiveFolder = parser.value(archive);
    if (parser.isSet(layout))
        line.layout = parser.value(layout).left(64);
    line.picture = parser.value(screenshot);
    line.csv = parser.value(csv);
    line.software = parser.isSet(software);
    if (parser.isSet(after))
        takeSeconds(line, parser.value(after));
    if (parser.isSet(page) && !line.stop)
        takePage(line, parser.value(page));
    return line;
}

} // namespace shell
