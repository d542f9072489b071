// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include "app/state/connection_status.h"
#include "app/state/links.h"

namespace settings {

class DomainsPanel;
class EditsPanel;
class SettingsPanel;
class TokensPanel;

// The Settings page: domains, tokens, and the log of what was changed by whom. Asks its owner by signals; offers
// nothing that the role would be refused.
class SettingsPage : public QWidget {
    Q_OBJECT

public:
    explicit SettingsPage(QWidget* parent = nullptr);

    void setRole(const QString& role);
    void setConnection(const state::ConnectionStatus& connection);
    DomainsPanel* domains() const { return m_domains; }
    TokensPanel* tokens() const { return m_tokens; }
    EditsPanel* edits() const { return m_edits; }

signals:
    // The page is shown, or asked for anew.
    void everythingWanted();
    void domainAddRequested(const QString& host);
    void domainVerifyRequested(quint64 domain);
    void tokenCreateRequested(const QString& name, const QString& role);
    void tokenRevokeRequested(quint64 token);

protected:
    void showEvent(QShowEvent* event) override;

private:
    QList<SettingsPanel*> panels() const;

    DomainsPanel* m_domains;
    TokensPanel* m_tokens;
    EditsPanel* m_edits;
};

} // namespace settings
