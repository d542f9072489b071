// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/settings/settings_panel.h"

#include <QDateTime>
#include <QHBoxLayout>
#include <QHash>
#include <QVBoxLayout>

#include "backend/protocol/words.h"

#include "app/widgets/scroll_area.h"
#include "app/widgets/theme/type.h"

namespace settings {

SettingsPanel::SettingsPanel(const QString& title, const QString& subtitle, QWidget* parent)
    : QWidget(parent), m_form(new QHBoxLayout), m_said(new widgets::Text), m_entries(new QVBoxLayout)
{
    setProperty("frame", QStringLiteral("card"));
    setAttribute(Qt::WA_StyledBackground);
    setAccessibleName(title);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(16, 12, 10, 10);
    column->setSpacing(8);
    column->addWidget(new widgets::Text(title, widgets::Look::Strong));
    auto* below = new widgets::Text(subtitle, widgets::Look::Quiet);
    below->setWordWrap(true);
    column->addWidget(below);
    m_form->setSpacing(6);
    column->addLayout(m_form);
    m_said->setWrapAnywhere();
    m_said->hide();
    column->addWidget(m_said);
    auto* content = new QWidget;
    auto* inner = new QVBoxLayout(content);
    inner->setContentsMargins(0, 4, 8, 0);
    m_entries->setSpacing(12);
    inner->addLayout(m_entries);
    inner->addStretch();
    m_stack = new widgets::StatusStack(widgets::scrolled(content));
    column->addWidget(m_stack, 1);
    connect(m_stack, &widgets::StatusStack::actionRequested, this, &SettingsPanel::retryRequested);
    showWaiting(tr("Reading…"));
}

void SettingsPanel::setOffline(std::optional<qint64> sinceMs)
{
    if (sinceMs == m_offlineSinceMs)
        return;
    m_offlineSinceMs = sinceMs;
    if (m_hasEntries)
        showEntries();
    else
        showWaiting(sinceMs ? tr("Not connected") : tr("Reading…"));
}

void SettingsPanel::setFailed(const state::Problem& problem)
{
    if (m_offlineSinceMs && m_hasEntries)
        return; // what was known stays
    if (m_offlineSinceMs)
        return m_stack->setStatus(widgets::PanelStatus{widgets::PanelState::Waiting,
                                                       tr("Not connected"),
                                                       tr("Of this nothing was seen while there was a backend."),
                                                       {},
                                                       {}});
    m_stack->setStatus(widgets::PanelStatus{
        widgets::PanelState::Failed, tr("This could not be read"), words(problem), {}, tr("Try again")});
}

void SettingsPanel::say(const QString& text, bool bad)
{
    m_said->setLook(bad ? widgets::Look::Alert : widgets::Look::Good);
    m_said->setText(text);
    m_said->setVisible(!text.isEmpty());
}

QString SettingsPanel::said() const
{
    return m_said->text();
}

void SettingsPanel::clearEntries()
{
    while (QLayoutItem* item = m_entries->takeAt(0)) {
        if (QWidget* widget = item->widget()) {
            widget->hide();
            widget->deleteLater(); // one of its buttons may have led here
        }
        delete item;
    }
}

QVBoxLayout* SettingsPanel::addEntry()
{
    auto* entry = new QWidget;
    auto* column = new QVBoxLayout(entry);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(3);
    m_entries->addWidget(entry);
    return column;
}

void SettingsPanel::showWaiting(const QString& title)
{
    m_hasEntries = false;
    m_stack->setStatus(widgets::PanelStatus{widgets::PanelState::Waiting, title, {}, {}, {}});
}

void SettingsPanel::showEntries()
{
    m_hasEntries = true;
    if (!m_offlineSinceMs)
        return m_stack->setStatus({});
    const QString since = QDateTime::fromMSecsSinceEpoch(*m_offlineSinceMs).toString(QStringLiteral("HH:mm"));
    m_stack->setStatus(widgets::PanelStatus{widgets::PanelState::Offline,
                                            *m_offlineSinceMs > 0 ? tr("Offline since %1.").arg(since) : tr("Offline."),
                                            tr("Showing what was known then."),
                                            {},
                                            {}});
}

QString SettingsPanel::safe(const std::string& text, std::size_t bytesMax)
{
    return QString::fromStdString(protocol::visibleText(text, bytesMax));
}

QString SettingsPanel::words(const state::Problem& problem)
{
    static const QHash<QString, const char*> known{
        {QStringLiteral("unreachable"), QT_TR_NOOP("The backend does not answer.")},
        {QStringLiteral("timeout"), QT_TR_NOOP("The backend did not answer in time.")},
        {QStringLiteral("forbidden"), QT_TR_NOOP("Your role does not allow this.")},
        {QStringLiteral("host_taken"), QT_TR_NOOP("This domain is there already.")},
        {QStringLiteral("host_empty"), QT_TR_NOOP("A domain needs a name.")},
        {QStringLiteral("host_character"), QT_TR_NOOP("A domain holds letters, digits, dashes and dots.")},
        {QStringLiteral("host_label"), QT_TR_NOOP("A part of the domain is empty, too long or begins with a dash.")},
        {QStringLiteral("txt_record_missing"),
         QT_TR_NOOP("The TXT record was not found. A new record may take a while to be seen everywhere.")},
        {QStringLiteral("txt_record_different"), QT_TR_NOOP("A TXT record is there, but it says something else.")},
    };
    const char* text = known.value(problem.code);
    return text ? tr(text) : tr("Refused: %1.").arg(safe(problem.code).replace(QLatin1Char('_'), QLatin1Char(' ')));
}

} // namespace settings
