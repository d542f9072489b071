// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QSet>
#include <QTimer>

#include "app/connection/connection.h"
#include "app/state/live_state.h"

namespace links {
class LinksPage;
}
namespace live {
class LivePage;
}

namespace shell {

// Joins the line to the Links page, and the Live page to it: what is asked for, and which answer belongs to which
// question. GUI thread.
class LinkDesk : public QObject {
    Q_OBJECT

public:
    LinkDesk(connection::Connection& line, state::LiveState& state, links::LinksPage& links, live::LivePage& live,
             QObject* parent = nullptr);

    // All links anew, with the domains and the clicks of the last day.
    void refresh();
    void setSession(const connection::Session& session);

signals:
    // The Links page has something to show that was asked for elsewhere.
    void linksPageWanted();

private:
    void wireQuestions();
    void wireAnswers();
    void wireLive();
    void onEdit(const protocol::Edit& edit);
    void fetchEdited();
    void onLink(quint64 request, const state::Link& link);
    void onFailed(quint64 request, const state::Problem& problem);
    void onLinks(const connection::Links& links);
    void onFound(quint64 request, const connection::Links& found);
    void tellLive();
    void askClicks();
    void onClicks(const connection::Rollups& rollups);

    connection::Connection& m_line;
    state::LiveState& m_state;
    links::LinksPage& m_links;
    live::LivePage& m_live;
    quint64 m_listRequest = 0, m_saveRequest = 0, m_lintRequest = 0, m_simulateRequest = 0, m_rehearseRequest = 0,
            m_historyRequest = 0, m_clicksRequest = 0, m_domainsRequest = 0, m_pastRequest = 0, m_searchRequest = 0,
            m_addressRequest = 0, m_suggestRequest = 0;
    QString m_suggestDomain, m_suggestSlug; // what the suggestions are asked for
    QSet<quint64> m_fetches;                // requests for single links
    QSet<quint64> m_edited;                 // links that others may have changed
    QTimer m_editedSoon, m_clicksSoon, m_clicksAgain;
};

} // namespace shell
