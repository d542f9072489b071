// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QHash>
#include <QObject>

#include "app/connection/connection.h"
#include "app/state/live_state.h"

namespace reports {
class ReportPage;
}

namespace shell {

// Joins the line to a page that shows reports: what is asked for, and which answer belongs to which question. One
// question of a slot is under way at a time; of those asked meanwhile the newest follows, and the answer that came for
// the older one is dropped: however fast somebody clicks, a slow backend is asked no more than it answers. GUI thread.
class ReportDesk : public QObject {
    Q_OBJECT

public:
    ReportDesk(connection::Connection& line, state::LiveState& state, reports::ReportPage& page,
               QObject* parent = nullptr);

    void setSession(const connection::Session& session);

private:
    void wireQuestions();
    void wireAnswers();
    void ask(int slot, const state::ReportQuery& query);
    // The slot that this answers, once; false where nobody waits for it any more.
    bool take(quint64 request, int& slot);

    connection::Connection& m_line;
    state::LiveState& m_state;
    reports::ReportPage& m_page;
    QHash<int, quint64> m_running;            // by slot
    QHash<int, state::ReportQuery> m_waiting; // by slot
};

} // namespace shell
