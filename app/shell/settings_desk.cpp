// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shell/settings_desk.h"

#include "app/pages/settings/domains_panel.h"
#include "app/pages/settings/edits_panel.h"
#include "app/pages/settings/settings_page.h"
#include "app/pages/settings/tokens_panel.h"

namespace shell {

using connection::Connection;
using settings::SettingsPage;

namespace {
constexpr qint64 logMs = 30 * protocol::msPerDay;
} // namespace

SettingsDesk::SettingsDesk(Connection& line, state::LiveState& state, SettingsPage& page, QObject* parent)
    : QObject(parent), m_line(line), m_state(state), m_page(page)
{
    connect(&page, &SettingsPage::everythingWanted, this, &SettingsDesk::ask);
    connect(&page, &SettingsPage::domainAddRequested, this,
            [this](const QString& host) { m_domainChange = m_line.addDomain(host); });
    connect(&page, &SettingsPage::domainVerifyRequested, this,
            [this](quint64 domain) { m_domainChange = m_line.verifyDomain(domain); });
    connect(&page, &SettingsPage::tokenCreateRequested, this,
            [this](const QString& name, const QString& role) { m_tokenChange = m_line.createToken(name, role); });
    connect(&page, &SettingsPage::tokenRevokeRequested, this,
            [this](quint64 token) { m_tokenChange = m_line.revokeToken(token); });
    connect(&line, &Connection::domainsArrived, this,
            [this](quint64, const QList<state::Domain>& domains) { m_page.domains()->setDomains(domains); });
    connect(&line, &Connection::domainChanged, this, [this](quint64, const state::Domain& domain) {
        m_page.domains()->setAnswer(domain);
        emit domainsChanged();
    });
    connect(&line, &Connection::tokensArrived, this,
            [this](quint64, const QList<state::Token>& tokens) { m_page.tokens()->setTokens(tokens); });
    connect(&line, &Connection::tokenCreated, this, [this](quint64, const state::Token& token, const QString& secret) {
        m_page.tokens()->setCreated(token, secret);
    });
    connect(&line, &Connection::tokenRevoked, this, [this] { m_tokens = m_line.getTokens(); });
    connect(&line, &Connection::editsArrived, this, [this](quint64 request, const state::EditPage& edits) {
        if (request == m_edits)
            m_page.edits()->setEdits(edits.items);
    });
    connect(&state, &state::LiveState::connectionChanged, this, [this] { m_page.setConnection(m_state.connection()); });
    connect(&line, &Connection::failed, this, &SettingsDesk::onFailed);
    connect(&state, &state::LiveState::editAdded, m_page.edits(), &settings::EditsPanel::addEdit);
}

void SettingsDesk::setSession(const connection::Session& session)
{
    m_role = session.role;
    m_page.setRole(session.role);
    if (m_page.isVisible())
        ask();
}

void SettingsDesk::ask()
{
    if (m_role.isEmpty()) // not connected yet
        return;
    m_domains = m_line.getDomains();
    m_edits = m_line.getEdits(0, m_state.serverNowMs() - logMs);
    const state::Phase phase = m_state.connection().phase;
    const bool down = phase == state::Phase::Offline || phase == state::Phase::Disconnected;
    // Without a backend nobody is refused what this console was told when there was one.
    if (m_role == QLatin1StringView("admin") || down)
        m_tokens = m_line.getTokens();
}

void SettingsDesk::onFailed(quint64 request, const state::Problem& problem)
{
    if (request == 0)
        return;
    if (request == m_domains)
        m_page.domains()->setFailed(problem);
    else if (request == m_tokens)
        m_page.tokens()->setFailed(problem);
    else if (request == m_edits)
        m_page.edits()->setFailed(problem);
    else if (request == m_domainChange)
        m_page.domains()->setRefused(problem);
    else if (request == m_tokenChange)
        m_page.tokens()->setRefused(problem);
}

} // namespace shell
