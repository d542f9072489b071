// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shell/banner.h"

#include <QDateTime>
#include <QHBoxLayout>
#include <QPushButton>

#include "app/pages/live/live_words.h"
#include "app/widgets/theme/type.h"

namespace shell {

namespace {
constexpr int farewellMs = 8000; // long enough to be read twice
}

Banner::Banner(QWidget* parent)
    : QWidget(parent), m_text(new widgets::Text), m_retry(new QPushButton(tr("Try now"))),
      m_other(new QPushButton(tr("Connect…")))
{
    setProperty("frame", QStringLiteral("banner"));
    setAttribute(Qt::WA_StyledBackground);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(16, 7, 16, 7);
    m_text->setWordWrap(true);
    row->addWidget(m_text, 1);
    row->addWidget(m_retry);
    row->addWidget(m_other);
    m_countdown.setInterval(1000);
    m_farewell.setSingleShot(true);
    m_farewell.setInterval(farewellMs);
    connect(&m_countdown, &QTimer::timeout, this, &Banner::showOffline);
    connect(&m_farewell, &QTimer::timeout, this, &QWidget::hide);
    connect(m_retry, &QPushButton::clicked, this, &Banner::retryRequested);
    connect(m_other, &QPushButton::clicked, this, &Banner::connectRequested);
    hide();
}

QString Banner::text() const
{
    return m_text->text();
}

void Banner::setConnection(const state::ConnectionStatus& status, bool known)
{
    m_status = status;
    m_known = known;
    const bool keptOffline = status.phase == state::Phase::Disconnected && known;
    if (status.phase == state::Phase::Offline || keptOffline) {
        m_wasOffline = true;
        m_farewell.stop();
        m_countdown.start();
        showOffline();
        return;
    }
    m_countdown.stop();
    if (status.startedOver)
        return say(tr("Another data folder answered: what was on screen belonged to another count and is gone."),
                   false);
    if (status.phase == state::Phase::Live && std::exchange(m_wasOffline, false))
        return say(tr("Back since %1. Nothing is missing.")
                       .arg(QDateTime::currentDateTime().toString(QStringLiteral("HH:mm:ss"))),
                   false);
    if (!m_wasOffline && !m_farewell.isActive())
        hide();
}

void Banner::setMissed(quint64 sequences, bool beingFetched)
{
    if (sequences == 0 || !m_farewell.isActive())
        return;
    say(beingFetched
            ? tr("Back. %1 hits came meanwhile and are being fetched.").arg(widgets::figure(sequences))
            : tr("Back, but %1 hits that came meanwhile could not be fetched.").arg(widgets::figure(sequences)),
        !beingFetched);
}

void Banner::say(const QString& text, bool bad)
{
    m_text->setLook(bad ? widgets::Look::Alert : widgets::Look::Normal);
    m_text->setText(text);
    setAccessibleName(text);
    m_retry->hide();
    m_other->hide();
    show();
    m_farewell.start();
}

void Banner::showOffline()
{
    const QString since = live::Words::moment(m_status.sinceMs);
    QStringList parts;
    if (m_status.sinceMs > 0)
        parts.append(m_known ? tr("Offline since %1. Showing what was known then.").arg(since)
                             : tr("Offline since %1.").arg(since));
    const qint64 left = m_status.retryAtMs - QDateTime::currentMSecsSinceEpoch();
    const bool lost = m_status.phase == state::Phase::Offline;
    if (lost)
        parts.append(live::Words::offline(m_status.reason));
    if (m_status.retryAtMs > 0)
        parts.append(left > 1000 ? tr("Trying again in %1 s.").arg(left / 1000) : tr("Trying again."));
    else if (lost)
        parts.append(live::Words::offlineAdvice(m_status.reason));
    parts.append(m_note);
    parts.removeAll(QString());
    const QString text = parts.join(QLatin1Char(' '));
    m_text->setLook(widgets::Look::Normal);
    m_text->setText(text);
    m_text->setToolTip(widgets::plainToolTip(m_status.detail));
    setAccessibleName(text);
    m_retry->setVisible(lost);
    m_other->show();
    show();
}

} // namespace shell
