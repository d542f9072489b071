// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shell/unattended.h"

#include "app/pages/live/live_page.h"
#include "app/pages/live/live_words.h"

namespace shell {

namespace {
// A backend that was just started needs a moment; one that is not there after this long will not come.
constexpr int patienceMs = 20'000;
constexpr QSize pictureSize(1920, 1080);
} // namespace

Unattended::Unattended(const CommandLine& options, state::LiveState& state, MainWindow& window, ExportDesk& exportDesk,
                       QObject* parent)
    : QObject(parent), m_options(options), m_state(state), m_window(window), m_exports(exportDesk)
{
    m_patience.setSingleShot(true);
    m_traffic.setSingleShot(true);
    connect(&m_patience, &QTimer::timeout, this, [this] { emit finished(1, whyNotLive()); });
    connect(&m_traffic, &QTimer::timeout, this, &Unattended::takePicture);
    connect(&m_state, &state::LiveState::connectionChanged, this, &Unattended::onConnection);
    connect(&m_exports, &ExportDesk::exported, this, [this] { emit finished(0, {}); });
    connect(&m_exports, &ExportDesk::failed, this, [this](const QString& detail) {
        emit finished(1, tr("%1 could not be written: %2").arg(m_options.csv, detail));
    });
}

void Unattended::start()
{
    m_window.resize(pictureSize);
    m_patience.start(patienceMs);
}

void Unattended::noteOpened()
{
    if (!m_options.offline || !m_patience.isActive())
        return;
    m_patience.stop();
    m_traffic.start(m_options.afterSeconds * 1000);
}

QString Unattended::whyNotLive() const
{
    const state::ConnectionStatus& status = m_state.connection();
    QString words =
        tr("Not connected: %1 %2").arg(live::Words::offline(status.reason), live::Words::offlineAdvice(status.reason));
    if (!status.detail.isEmpty())
        words += QStringLiteral(" (") + status.detail + QLatin1Char(')');
    return words;
}

void Unattended::onConnection()
{
    const state::ConnectionStatus& status = m_state.connection();
    if (status.phase == state::Phase::Live && m_patience.isActive()) {
        m_patience.stop();
        m_traffic.start(m_options.afterSeconds * 1000);
    }
    // What does not mend by itself need not be waited for.
    if (status.phase == state::Phase::Offline && status.retryAtMs == 0 && m_patience.isActive()) {
        m_patience.stop();
        emit finished(1, whyNotLive());
    }
}

void Unattended::takePicture()
{
    if (!m_options.offline && m_state.connection().phase != state::Phase::Live)
        return emit finished(1, whyNotLive());
    m_window.page().refreshNow();
    if (!m_options.picture.isEmpty() && !m_window.grab().save(m_options.picture, "PNG"))
        return emit finished(1, tr("The picture could not be written: %1").arg(m_options.picture));
    if (m_options.csv.isEmpty())
        return emit finished(0, {});
    m_exports.exportLive(m_options.csv);
}

} // namespace shell
