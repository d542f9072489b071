// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

#include "app/connection/connection.h"
#include "app/state/live_state.h"

namespace settings {
class SettingsPage;
}

namespace shell {

// Joins the line to the Settings page: what is asked for, and which answer belongs to which question. GUI thread.
class SettingsDesk : public QObject {
    Q_OBJECT

public:
    SettingsDesk(connection::Connection& line, state::LiveState& state, settings::SettingsPage& page,
                 QObject* parent = nullptr);

    void setSession(const connection::Session& session);

signals:
    void domainsChanged();

private:
    void ask();
    void onFailed(quint64 request, const state::Problem& problem);

    connection::Connection& m_line;
    state::LiveState& m_state;
    settings::SettingsPage& m_page;
    QString m_role;
    quint64 m_domains = 0, m_tokens = 0, m_edits = 0; // lists asked for
    quint64 m_domainChange = 0, m_tokenChange = 0;
};

} // namespace shell
