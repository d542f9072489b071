// SPDX-License-Identifier: GPL-3.0-or-later
#include <QApplication>
#include <QElapsedTimer>
#include <QIcon>
#include <QLibraryInfo>
#include <QLocale>
#include <QStandardPaths>
#include <QThread>
#include <QTranslator>

#include <cstdio>

#include "app/connection/trusted_certificates.h"
#include "app/shell/console.h"
#include "app/shell/unattended.h"
#include "app/widgets/map/world_map.h"

namespace {

// The system's language and figures; where the system has none ("C"), English with its thousands separated.
void chooseLanguage(QApplication& application)
{
    if (QLocale::system().language() == QLocale::C)
        QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
    static QTranslator qts;
    if (qts.load(QLocale(), QStringLiteral("qtbase"), QStringLiteral("_"),
                 QLibraryInfo::path(QLibraryInfo::TranslationsPath)))
        QApplication::installTranslator(&qts);
    application.setLayoutDirection(QLocale().textDirection());
}

void introduce()
{
    QApplication::setApplicationName(QStringLiteral("clickroom"));
    QApplication::setOrganizationName(QStringLiteral("clickroom"));
    QApplication::setApplicationVersion(QStringLiteral(CLICKROOM_VERSION));
    QApplication::setWindowIcon(QIcon(QStringLiteral(":/icons/clickroom.svg")));
}

QString archiveFolderOf(const shell::CommandLine& options)
{
    if (!options.archiveFolder.isEmpty())
        return options.archiveFolder;
    return QStandardPaths::writableLocation(QStandardPaths::AppLocalDataLocation) + QStringLiteral("/archive");
}

// A thread for one object, ended and joined whatever way the program leaves. The object is destroyed where it lives.
class OwnThread {
public:
    OwnThread(const QString& name, QObject* object)
    {
        m_thread.setObjectName(name);
        object->moveToThread(&m_thread);
        QObject::connect(&m_thread, &QThread::finished, object, &QObject::deleteLater);
        m_thread.start();
    }
    ~OwnThread()
    {
        m_thread.quit();
        m_thread.wait();
    }

private:
    QThread m_thread;
};

// For measuring: how long after the start of the program, where CLICKROOM_TIMES is set.
void sayTimes(const QElapsedTimer& since, const char* what)
{
    if (qEnvironmentVariableIsSet("CLICKROOM_TIMES"))
        std::fprintf(stderr, "%s after %lld ms\n", what, static_cast<long long>(since.elapsed()));
}

void say(const QString& message, FILE* to)
{
    if (!message.isEmpty())
        std::fprintf(to, "%s\n", qPrintable(message));
}

bool trustCertificates(const QString& file)
{
    const QString problem = file.isEmpty() ? QString() : connection::trustCertificatesOf(file);
    if (!problem.isEmpty())
        say(QCoreApplication::translate("main", "The certificates cannot be read: %1 (%2)").arg(file, problem), stderr);
    return problem.isEmpty();
}

} // namespace

int main(int argc, char* argv[])
{
    QElapsedTimer started;
    started.start();
    QApplication application(argc, argv);
    introduce();
    chooseLanguage(application);
    const shell::CommandLine options = shell::CommandLine::parse(QApplication::arguments());
    if (options.stop) {
        say(options.message, options.exitCode == 0 ? stdout : stderr);
        return options.exitCode;
    }
    if (!trustCertificates(options.trustFile))
        return 1;
    widgets::chooseGraphics(options.software);
    // Unattended runs neither read nor leave traces: the same command gives the same picture.
    const shell::Settings settings = options.isUnattended() ? shell::Settings() : shell::Settings::load(options.layout);
    widgets::Appearance appearance(application);
    state::LiveState state;
    const QString archiveFolder = archiveFolderOf(options);
    auto* writer = new QObject;
    const OwnThread writerThread(QStringLiteral("export"), writer);
    auto* archive = new archive::Archive(archiveFolder);
    const OwnThread archiveThread(QStringLiteral("archive"), archive); // ends after the line, whose last words it keeps
    connection::Options lineOptions;
    lineOptions.answers = archive;
    auto* line = new connection::Connection(lineOptions);
    const OwnThread lineThread(QStringLiteral("connection"), line);
    const bool screen = QApplication::platformName() != QLatin1String("offscreen");
    connection::TokenStore tokens(QStandardPaths::writableLocation(QStandardPaths::AppConfigLocation), screen);
    shell::MainWindow window(state, appearance, settings);
    connection::TokenStore archiveKey(archiveFolder, screen);
    const bool keeps = !options.isUnattended() || !options.archiveFolder.isEmpty() || options.offline;
    shell::ArchiveDesk archiveDesk(*archive, *line, state, archiveKey, keeps);
    shell::Console console(*line, tokens, archiveDesk, state, window);
    shell::ExportDesk exportDesk(*writer, state, window);
    shell::Unattended unattended(options, state, window, exportDesk);

    int exitCode = 0;
    const auto end = [&](int code, const QString& message) {
        say(message, stderr);
        exitCode = code;
        QMetaObject::invokeMethod(&application, [code] { QApplication::exit(code); }, Qt::QueuedConnection);
    };
    if (options.isUnattended())
        QObject::connect(&unattended, &shell::Unattended::finished, &application, end);
    QObject::connect(&console, &shell::Console::opened, &unattended, &shell::Unattended::noteOpened);
    QObject::connect(&console, &shell::Console::opened, &application, [&] { sayTimes(started, "archive shown"); });
    QObject::connect(&console, &shell::Console::failed, &application, [&](const QString& words) { end(1, words); });
    window.show();
    sayTimes(started, "window shown");
    if (options.isUnattended())
        unattended.start();
    console.start(options, settings.address);
    QApplication::exec();
    if (!options.isUnattended())
        window.settings().save(options.layout);
    return exitCode;
}
