// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shell/report_desk.h"

#include <algorithm>

#include "app/pages/report_parts/report_page.h"

namespace shell {

using connection::Connection;
using reports::ReportPage;

ReportDesk::ReportDesk(Connection& line, state::LiveState& state, ReportPage& page, QObject* parent)
    : QObject(parent), m_line(line), m_state(state), m_page(page)
{
    m_page.setClock([this] { return m_state.serverNowMs(); });
    wireQuestions();
    wireAnswers();
    connect(&m_state, &state::LiveState::connectionChanged, this,
            [this] { m_page.setConnection(m_state.connection()); });
    connect(&m_line, &Connection::linksArrived, this,
            [this](quint64, const connection::Links& links) { m_page.setCatalogue(links.items); });
    connect(&m_state, &state::LiveState::watermarkChanged, &m_page, &ReportPage::noteRollup);
}

void ReportDesk::setSession(const connection::Session& session)
{
    m_page.setZone(session.zone);
}

void ReportDesk::wireQuestions()
{
    connect(&m_page, &ReportPage::reportWanted, this, &ReportDesk::ask);
    connect(&m_page, &ReportPage::hoursWanted, this,
            [this](const state::ReportQuery& query) { ask(ReportPage::hoursSlot, query); });
    connect(&m_page, &ReportPage::reconciliationWanted, this,
            [this](const state::ReportQuery& query) { ask(ReportPage::reconciliationSlot, query); });
    connect(&m_page, &ReportPage::restatementsWanted, this,
            [this](const state::ReportQuery& query) { ask(ReportPage::restatementsSlot, query); });
}

void ReportDesk::ask(int slot, const state::ReportQuery& query)
{
    if (m_running.contains(slot))
        m_waiting.insert(slot, query);
    else
        m_running.insert(slot, slot == ReportPage::hoursSlot            ? m_line.getHours(query)
                               : slot == ReportPage::reconciliationSlot ? m_line.getReconciliation(query)
                               : slot == ReportPage::restatementsSlot   ? m_line.getRestatements(query)
                                                                        : m_line.getReport(query));
}

bool ReportDesk::take(quint64 request, int& slot)
{
    const auto running = std::find(m_running.cbegin(), m_running.cend(), request);
    if (running == m_running.cend())
        return false;
    slot = running.key();
    m_running.erase(running);
    if (!m_waiting.contains(slot))
        return true;
    ask(slot, m_waiting.take(slot));
    return false;
}

void ReportDesk::wireAnswers()
{
    connect(&m_line, &Connection::reportArrived, this, [this](quint64 request, const state::ReportPtr& report) {
        if (int slot = 0; take(request, slot))
            m_page.setReport(slot, report);
    });
    connect(&m_line, &Connection::hoursArrived, this, [this](quint64 request, const state::HoursPtr& hours) {
        if (int slot = 0; take(request, slot))
            m_page.setHours(hours);
    });
    connect(&m_line, &Connection::reconciliationArrived, this,
            [this](quint64 request, const state::ReconciliationPtr& reconciliation) {
                if (int slot = 0; take(request, slot))
                    m_page.setReconciliation(reconciliation);
            });
    connect(&m_line, &Connection::restatementsArrived, this,
            [this](quint64 request, const state::RestatementsPtr& restatements) {
                if (int slot = 0; take(request, slot))
                    m_page.setRestatements(restatements);
            });
    connect(&m_line, &Connection::failed, this, [this](quint64 request, const state::Problem& problem) {
        if (int slot = 0; take(request, slot))
            m_page.setFailed(slot, problem);
    });
}

} // namespace shell
