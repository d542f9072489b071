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

// Joins the line to a page that shows reports: what is asked for, and which answer belongs to which question; an answer
// to a question that was asked anew meanwhile is dropped. GUI thread.
class ReportDesk : public QObject {
    Q_OBJECT

public:
    ReportDesk(connection::Connection& line, state::LiveState& state, reports::ReportPage& page,
               QObject* parent = nullptr);

    void setSession(const connection::Session& session);

private:
    void wireQuestions();
    void wireAnswers();
    // The slot that this is the newest question of; forgets it.
    bool take(quint64 request, int& slot);

    connection::Connection& m_line;
    state::LiveState& m_state;
    reports::ReportPage& m_page;
    QHash<int, quint64> m_newest; // by slot
};

} // namespace shell
