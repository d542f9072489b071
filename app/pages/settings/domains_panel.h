// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/pages/settings/settings_panel.h"

class QLineEdit;
class QPushButton;

namespace settings {

// The hosts that serve links: how far each has come, what to do next, and in a sentence why it does not route.
class DomainsPanel : public SettingsPanel {
    Q_OBJECT

public:
    explicit DomainsPanel(QWidget* parent = nullptr);

    void setDomains(const QList<state::Domain>& domains);
    void setMayEdit(bool may);
    void setAnswer(const state::Domain& domain); // added or verified
    void setRefused(const state::Problem& problem);
    static QString sentence(const state::Domain& domain);

signals:
    void addRequested(const QString& host);
    void verifyRequested(quint64 domain);

private:
    void show();
    void addDomain(const state::Domain& domain);

    QList<state::Domain> m_domains;
    QLineEdit* m_host;
    QPushButton* m_add;
    bool m_mayEdit = true, m_loaded = false;
};

} // namespace settings
