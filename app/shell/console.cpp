// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shell/console.h"

#include <QFile>

#include "app/pages/links/links_page.h"
#include "app/pages/live/live_page.h"
#include "app/pages/live/live_words.h"
#include "app/pages/qr_codes/qr_dialog.h"
#include "app/pages/qr_performance/qr_page.h"
#include "app/pages/report_parts/range_bar.h"
#include "app/pages/reports/reports_page.h"
#include "app/shell/banner.h"
#include "app/shell/connect_dialog.h"
#include "app/shell/import_desk.h"
#include "app/shell/link_desk.h"
#include "app/shell/live_wiring.h"
#include "app/shell/report_desk.h"
#include "app/shell/settings_desk.h"
#include "app/shell/top_bar.h"
#include "app/widgets/theme/type.h"

namespace shell {

using connection::Connection;
using state::LiveState;

namespace {
constexpr qint64 tokenBytesMax = 4096;
} // namespace

Console::Console(Connection& line, connection::TokenStore& tokens, ArchiveDesk& archive, LiveState& state,
                 MainWindow& window, QObject* parent)
    : QObject(parent), m_line(line), m_tokens(tokens), m_archive(archive), m_state(state), m_window(window),
      m_desk(new LinkDesk(line, state, window.linksPage(), window.page(), this)),
      m_settingsDesk(new SettingsDesk(line, state, window.settingsPage(), this)),
      m_reportsDesk(new ReportDesk(line, state, window.reportsPage(), this)),
      m_qrDesk(new ReportDesk(line, state, window.qrPage(), this)), m_importDesk(new ImportDesk(line, &window))
{
    connect(&m_window.linksPage(), &links::LinksPage::codesRequested, this, &Console::openCodes);
    connect(&m_window.page(), &live::LivePage::codesRequested, this, &Console::openCodes);
    connect(&m_window.linksPage(), &links::LinksPage::importRequested, m_importDesk, &ImportDesk::open);
    connect(m_desk, &LinkDesk::linksPageWanted, &m_window, [this] { m_window.showPage(MainWindow::Links); });
    connect(&m_tokens, &connection::TokenStore::loaded, this, &Console::onLoaded);
    connect(&m_tokens, &connection::TokenStore::failed, this, [this](const QString&, const QString& detail) {
        m_window.banner().say(tr("The token could not be kept: %1").arg(detail), true);
    });
    connect(&m_window, &MainWindow::connectRequested, this, [this] { askForBackend(m_address); });
    connect(&m_window, &MainWindow::retryRequested, &m_line, &Connection::retryNow);
    wireLine();
    wirePage();
    wireReports();
    wireArchive();
}

void Console::wireArchive()
{
    connect(&m_archive, &ArchiveDesk::ready, this, &Console::onArchive);
    connect(&m_archive, &ArchiveDesk::keyInFile, this, [this](const QString& path) {
        m_window.banner().say(
            tr("There is no keychain here: the key of the archive is in a file that only you can read, %1").arg(path),
            false);
    });
    connect(&m_archive, &ArchiveDesk::failed, this, [this](const QString& why) {
        m_window.banner().say(tr("Nothing can be kept for the time offline: %1").arg(why), true);
    });
}

void Console::onArchive(const archive::Opened& opened)
{
    m_archived = opened.address;
    QStringList notes;
    if (opened.damaged)
        notes.append(tr("The archive was damaged, or of another key, and was set aside."));
    if (opened.setAside > 0)
        notes.append(tr("%1 records of the archive could not be opened and were set aside.")
                         .arg(widgets::figure(opened.setAside)));
    m_window.banner().setNote(notes.join(QLatin1Char(' ')));
    if (opened.loaded) {
        m_line.resumeFrom(opened.place);
        connection::Session session; // nothing can be changed until the line is there
        session.role = QStringLiteral("viewer");
        if (m_state.hello())
            session.zone = QString::fromStdString(m_state.hello()->zone);
        m_desk->setSession(session);
        m_settingsDesk->setSession(session);
        m_reportsDesk->setSession(session);
        m_qrDesk->setSession(session);
        m_desk->refresh();
    } else if (m_offline && !opened.found) {
        const QString words = opened.address.isEmpty()
                                  ? tr("There is no archive here: nothing was ever seen.")
                                  : tr("There is no archive of %1: nothing of it was ever seen.").arg(opened.address);
        if (m_unattended)
            return emit failed(words + QLatin1Char(' ') + opened.problem);
        m_window.banner().say(words, true);
    }
    emit this->opened();
    if (const std::optional<Target> target = std::exchange(m_target, std::nullopt))
        m_line.connectTo(target->address, target->token);
}

void Console::wireLine()
{
    wireLive(m_line, m_state);
    connect(&m_state, &LiveState::connectionChanged, this, &Console::onConnection);
    connect(&m_line, &Connection::sessionArrived, this, [this](const connection::Session& session) {
        m_window.topBar().setWorkspace(session.workspace, session.role);
        m_window.page().setRedirectAddress(session.redirectAddress);
        m_redirectAddress = session.redirectAddress;
        m_desk->setSession(session);
        m_settingsDesk->setSession(session);
        m_reportsDesk->setSession(session);
        m_qrDesk->setSession(session);
        m_window.qrPage().setPlan(session.plan);
    });
}

void Console::wirePage()
{
    live::LivePage& page = m_window.page();
    connect(&page, &live::LivePage::streamFilterChosen, &m_line, &Connection::setStreamFilter);
    connect(&page, &live::LivePage::windowChosen, &m_line, &Connection::setWindowSeconds);
    connect(&page, &live::LivePage::windowChosen, &m_state, // a repeat is one within the same window
            [this](qint64 seconds) { m_state.setRepeatWindow(seconds * protocol::msPerSecond); });
    connect(&page, &live::LivePage::startOverRequested, this, &Console::startOver);
    connect(&page, &live::LivePage::diagnosisRequested, &m_line, [this] { m_line.getDiagnosis(); });
    connect(&page, &live::LivePage::rollupsRequested, this,
            [this](protocol::Granularity granularity, protocol::UtcMs from, protocol::UtcMs to, const QString& link) {
                connection::RollupQuery query;
                query.granularity = granularity;
                query.from = from;
                query.to = to;
                query.link = link;
                m_rollupRequest = m_line.getRollups(query);
            });
    connect(&m_line, &Connection::rollupsArrived, this, [this](quint64 request, const connection::Rollups& rollups) {
        if (request == m_rollupRequest) // an older answer is of another question
            m_window.page().setRollups(rollups.rows, rollups.query.granularity, rollups.query.from, rollups.query.to,
                                       rollups.watermark);
    });
    connect(&m_line, &Connection::diagnosisArrived, this, [this](quint64, const connection::Diagnosis& diagnosis) {
        QList<live::DiagnosisStep> steps;
        for (const connection::DiagnosisStep& step : diagnosis.steps)
            steps.append({step.code, step.state, step.detail});
        m_window.page().addDiagnosis(steps);
    });
    connect(&m_line, &Connection::failed, this, [this](quint64 request, const connection::Problem& problem) {
        if (request == m_rollupRequest)
            m_window.page().setRollupsFailed(problem.code, problem.detail);
    });
}

void Console::wireReports()
{
    reports::ReportsPage& page = m_window.reportsPage();
    connect(&page, &reports::ReportsPage::editsWanted, this,
            [this](const state::ReportQuery& query) { m_marksRequest = m_line.getEditMarks(query); });
    connect(&m_line, &Connection::editMarksArrived, this, [this](quint64 request, const state::EditMarksPtr& marks) {
        if (request == m_marksRequest)
            m_window.reportsPage().setMoments(live::Words::thinnedMarks(*marks));
    });
    qr_performance::QrPage& codes = m_window.qrPage();
    connect(&codes, &qr_performance::QrPage::valuePicked, this,
            [this, &codes](const QString& dimension, const QString& value) {
                reports::ReportsPage& all = m_window.reportsPage();
                all.bar()->setChoices(codes.bar()->choices());
                all.narrowTo(dimension, value);
                m_window.showPage(MainWindow::Reports);
            });
    connect(&page, &reports::ReportsPage::editRequested, this, [this](quint64 link) {
        m_window.linksPage().openLink(link);
        m_window.showPage(MainWindow::Links);
    });
}

// Without a backend there would be nothing to start over with: what is known stays.
void Console::startOver()
{
    const state::Phase phase = m_state.connection().phase;
    if (phase != state::Phase::Live && phase != state::Phase::Resuming)
        return m_line.retryNow();
    m_archive.startOver();
    m_line.startOver();
}

void Console::openCodes(const QString& address)
{
    QStringList addresses;
    for (const state::Link& link : m_window.linksPage().model().links())
        addresses.append(link.address());
    qr_codes::openQrDialog(&m_window, reachable(address), addresses);
}

QString Console::reachable(const QString& address) const
{
    const QString local = QStringLiteral("localhost/");
    const QString port = m_redirectAddress.section(QLatin1Char(':'), -1);
    if (!address.startsWith(local) || port.isEmpty() || port == QLatin1String("80"))
        return address;
    return QStringLiteral("http://localhost:%1/%2").arg(port, address.sliced(local.size()));
}

void Console::start(const CommandLine& options, const QString& lastAddress)
{
    m_unattended = options.isUnattended();
    m_window.showPage(MainWindow::pageNamed(options.page));
    m_offline = options.offline;
    m_address = options.backend.isEmpty() ? lastAddress : options.backend.toString();
    if (m_offline)
        return m_archive.open(m_address);
    if (!options.tokenFile.isEmpty()) {
        QFile file(options.tokenFile);
        if (!file.open(QIODevice::ReadOnly))
            return emit failed(tr("The token file cannot be read: %1 (%2)").arg(options.tokenFile, file.errorString()));
        const QString token = QString::fromUtf8(file.read(tokenBytesMax)).trimmed();
        if (token.isEmpty())
            return emit failed(tr("The token file is empty: %1").arg(options.tokenFile));
        if (m_address.isEmpty())
            return emit failed(tr("--token-file needs --connect."));
        return connectTo(QUrl(m_address), token);
    }
    if (m_address.isEmpty())
        return m_unattended ? emit failed(tr("Nothing to connect to: give --connect and --token-file."))
                            : askForBackend({});
    m_archive.open(m_address); // what it holds can be read while the keychain waits for its owner
    m_tokens.load(m_address);
}

void Console::connectTo(const QUrl& address, const QString& token)
{
    m_address = address.toString();
    m_window.setAddress(m_address);
    m_target = Target{address, token};
    // Before the first word of the backend, so that the line goes on from where the archive ends.
    if (m_archived != m_address)
        return m_archive.open(m_address);
    m_target.reset();
    m_line.connectTo(address, token);
}

void Console::onLoaded(const QString& address, const QString& token)
{
    if (m_dialog)
        return m_dialog->setToken(token);
    if (address != m_address)
        return;
    if (!token.isEmpty())
        return connectTo(QUrl(address), token);
    if (m_unattended)
        return emit failed(tr("No token is kept for %1: give --token-file.").arg(address));
    askForBackend(address);
}

void Console::askForBackend(const QString& address)
{
    if (m_dialog) {
        m_dialog->raise();
        return;
    }
    m_dialog = new ConnectDialog(address, &m_window);
    m_dialog->setAttribute(Qt::WA_DeleteOnClose);
    if (m_state.connection().phase == state::Phase::Offline)
        m_dialog->setProblem(live::Words::offline(m_state.connection().reason));
    connect(m_dialog, &ConnectDialog::addressEdited, &m_tokens, &connection::TokenStore::load);
    connect(m_dialog, &QDialog::accepted, this, [this] {
        if (m_dialog->remember())
            m_tokens.save(m_dialog->address().toString(), m_dialog->token());
        connectTo(m_dialog->address(), m_dialog->token());
    });
    m_dialog->open();
}

void Console::onConnection()
{
    const state::ConnectionStatus& status = m_state.connection();
    if (status.phase == state::Phase::Live)
        m_desk->refresh();
    // A token that is refused is the one thing that trying again never mends.
    const bool refused = status.phase == state::Phase::Offline && status.retryAtMs == 0 &&
                         status.reason == state::OfflineReason::Unauthorized;
    if (refused && !m_unattended)
        askForBackend(m_address);
}

} // namespace shell
