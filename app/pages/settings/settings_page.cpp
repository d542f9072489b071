// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/settings/settings_page.h"

#include <QHBoxLayout>

#include "app/pages/settings/domains_panel.h"
#include "app/pages/settings/edits_panel.h"
#include "app/pages/settings/tokens_panel.h"

namespace settings {

SettingsPage::SettingsPage(QWidget* parent)
    : QWidget(parent), m_domains(new DomainsPanel), m_tokens(new TokensPanel), m_edits(new EditsPanel)
{
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(16, 10, 16, 12);
    row->setSpacing(8);
    for (SettingsPanel* panel : panels())
        row->addWidget(panel, 1);
    connect(m_domains, &DomainsPanel::addRequested, this, &SettingsPage::domainAddRequested);
    connect(m_domains, &DomainsPanel::verifyRequested, this, &SettingsPage::domainVerifyRequested);
    connect(m_tokens, &TokensPanel::createRequested, this, &SettingsPage::tokenCreateRequested);
    connect(m_tokens, &TokensPanel::revokeRequested, this, &SettingsPage::tokenRevokeRequested);
    for (SettingsPanel* panel : panels())
        connect(panel, &SettingsPanel::retryRequested, this, &SettingsPage::everythingWanted);
}

QList<SettingsPanel*> SettingsPage::panels() const
{
    return {m_domains, m_tokens, m_edits};
}

void SettingsPage::setConnection(const state::ConnectionStatus& connection)
{
    const bool down = connection.phase == state::Phase::Offline || connection.phase == state::Phase::Disconnected;
    for (SettingsPanel* panel : panels())
        panel->setOffline(down ? std::optional<qint64>(connection.sinceMs) : std::nullopt);
}

void SettingsPage::setRole(const QString& role)
{
    const bool admin = role == QLatin1String("admin");
    m_domains->setMayEdit(admin);
    m_tokens->setMayEdit(admin);
}

void SettingsPage::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    emit everythingWanted();
}

} // namespace settings
