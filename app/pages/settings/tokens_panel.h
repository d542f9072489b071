// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/pages/settings/settings_panel.h"

class QComboBox;
class QLineEdit;
class QPushButton;

namespace settings {

// Who may come in: tokens with their role and last use. A new one's secret is shown once.
class TokensPanel : public SettingsPanel {
    Q_OBJECT

public:
    explicit TokensPanel(QWidget* parent = nullptr);

    void setTokens(const QList<state::Token>& tokens);
    void setMayEdit(bool may);
    void setCreated(const state::Token& token, const QString& secret);
    void setRefused(const state::Problem& problem);
    QString secret() const; // that is shown; empty = none

signals:
    void createRequested(const QString& name, const QString& role);
    void revokeRequested(quint64 token);

private:
    void show();
    void addToken(const state::Token& token);
    void buildSecret();

    QList<state::Token> m_tokens;
    QLineEdit* m_name;
    QComboBox* m_role;
    QPushButton* m_create;
    QWidget* m_secretBox;
    QLineEdit* m_secret;
    quint64 m_asked = 0; // of which token the revocation waits to be confirmed
    bool m_mayEdit = true;
};

} // namespace settings
