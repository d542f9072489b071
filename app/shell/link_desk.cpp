// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shell/link_desk.h"

#include "app/pages/links/history_panel.h"
#include "app/pages/links/link_editor.h"
#include "app/pages/links/links_page.h"
#include "app/pages/links/rehearsal_panel.h"
#include "app/pages/links/simulator.h"
#include "app/pages/live/live_page.h"

namespace shell {

using connection::Connection;
using links::LinksPage;

namespace {

constexpr int editedSoonMs = 100; // a bulk import is many edits and one question
constexpr qsizetype fetchedOneByOne = 8;
constexpr int clicksSoonMs = 3000; // after a rollup, while somebody looks
constexpr int clicksAgainMs = 30'000;
constexpr qint64 pastMs = 2 * protocol::msPerHour; // as far back as the charts go by minutes
constexpr qint64 dayMs = 24 * protocol::msPerHour;

} // namespace

LinkDesk::LinkDesk(Connection& line, state::LiveState& state, LinksPage& links, live::LivePage& live, QObject* parent)
    : QObject(parent), m_line(line), m_state(state), m_links(links), m_live(live)
{
    m_editedSoon.setSingleShot(true);
    m_editedSoon.setInterval(editedSoonMs);
    connect(&m_editedSoon, &QTimer::timeout, this, &LinkDesk::fetchEdited);
    m_clicksSoon.setSingleShot(true);
    m_clicksSoon.setInterval(clicksSoonMs);
    connect(&m_clicksSoon, &QTimer::timeout, this, &LinkDesk::askClicks);
    connect(&m_state, &state::LiveState::watermarkChanged, this, [this] {
        if (m_links.isVisible() && !m_clicksSoon.isActive())
            m_clicksSoon.start();
    });
    m_clicksAgain.setInterval(clicksAgainMs);
    connect(&m_clicksAgain, &QTimer::timeout, this, &LinkDesk::askClicks);
    m_clicksAgain.start();
    wireQuestions();
    wireAnswers();
    wireLive();
}

void LinkDesk::wireQuestions()
{
    connect(&m_links, &LinksPage::saveRequested, this,
            [this](const state::LinkDraft& draft) { m_saveRequest = m_line.saveLink(draft); });
    connect(&m_links, &LinksPage::undoRequested, this, [this](quint64 link) { m_saveRequest = m_line.undoLink(link); });
    connect(&m_links, &LinksPage::lintRequested, this,
            [this](const state::LinkDraft& draft) { m_lintRequest = m_line.lint(draft); });
    connect(&m_links, &LinksPage::simulateRequested, this,
            [this](const state::TrialRequest& request) { m_simulateRequest = m_line.simulate(request); });
    connect(&m_links, &LinksPage::rehearseRequested, this,
            [this](const state::LinkDraft& draft, int hits) { m_rehearseRequest = m_line.rehearse(draft, hits); });
    connect(&m_links, &LinksPage::historyRequested, this, [this](quint64 link) {
        if (link != 0)
            m_historyRequest = m_line.getEdits(link, 0);
    });
    connect(&m_links, &LinksPage::linkWanted, this, [this](quint64 link) { m_fetches.insert(m_line.getLink(link)); });
    connect(&m_links, &LinksPage::linksWanted, this, &LinkDesk::refresh);
    connect(&m_links, &LinksPage::searchRequested, this, [this](const models::LinkFilter& filter) {
        m_searchRequest = m_line.findLinks({filter.text, filter.state, filter.tag, filter.campaign, {}, {}});
    });
    connect(&m_state, &state::LiveState::editAdded, this, &LinkDesk::onEdit);
}

void LinkDesk::wireAnswers()
{
    connect(&m_line, &Connection::linksArrived, this, [this](quint64 request, const connection::Links& links) {
        if (request == m_listRequest)
            onLinks(links);
    });
    connect(&m_line, &Connection::linksFound, this, &LinkDesk::onFound);
    connect(&m_line, &Connection::slugsSuggested, this, [this](quint64 request, const QStringList& slugs) {
        if (request == m_suggestRequest)
            m_live.setSuggestion(m_suggestDomain, m_suggestSlug, slugs.value(0));
    });
    connect(&m_line, &Connection::linkEdited, this, &LinkDesk::onLink);
    connect(&m_line, &Connection::linted, this, [this](quint64 request, const state::Findings& findings) {
        if (request == m_lintRequest) // an older answer is of what was typed before
            m_links.editor()->setFindings(findings);
    });
    connect(&m_line, &Connection::simulated, this, [this](quint64 request, const state::Simulation& simulation) {
        if (request == m_simulateRequest)
            m_links.simulator()->setResult(simulation);
    });
    connect(&m_line, &Connection::rehearsed, this, [this](quint64 request, const state::Rehearsal& rehearsal) {
        if (request == m_rehearseRequest)
            m_links.rehearsal()->setResult(rehearsal);
    });
    connect(&m_line, &Connection::editsArrived, this, [this](quint64 request, const state::EditPage& page) {
        if (request == m_pastRequest)
            m_state.applyPastEdits(page.items);
        else if (request == m_historyRequest && page.link == m_links.editor()->linkId())
            m_links.history()->setEdits(page.items);
    });
    connect(&m_line, &Connection::domainsArrived, this,
            [this](quint64, const QList<state::Domain>& domains) { m_links.setDomains(domains); });
    connect(&m_line, &Connection::rollupsArrived, this, [this](quint64 request, const connection::Rollups& rollups) {
        if (request == m_clicksRequest)
            onClicks(rollups);
    });
    connect(&m_line, &Connection::failed, this, &LinkDesk::onFailed);
}

void LinkDesk::wireLive()
{
    connect(&m_live, &live::LivePage::editRequested, this, [this](quint64 link) {
        m_links.openLink(link);
        emit linksPageWanted();
    });
    connect(&m_live, &live::LivePage::addressRequested, this, [this](const QString& address) {
        if (m_links.openAddress(address))
            return emit linksPageWanted();
        connection::LinkSearch search; // one of more links than are listed
        search.domain = address.section(QLatin1Char('/'), 0, 0);
        search.slug = address.section(QLatin1Char('/'), 1);
        m_addressRequest = m_line.findLinks(search);
    });
    connect(&m_live, &live::LivePage::suggestionWanted, this, [this](const QString& domain, const QString& slug) {
        m_suggestDomain = domain;
        m_suggestSlug = slug;
        m_suggestRequest = m_line.getSuggestions(domain, slug);
    });
    connect(&m_live, &live::LivePage::createRequested, this, [this](const QString& domain, const QString& slug) {
        m_links.openNew(domain, slug);
        emit linksPageWanted();
    });
    connect(&m_live, &live::LivePage::pauseRequested, this, [this](quint64 link) {
        m_links.pause(link);
        emit linksPageWanted();
    });
}

void LinkDesk::refresh()
{
    m_listRequest = m_line.getLinks();
    m_domainsRequest = m_line.getDomains();
    m_pastRequest = m_line.getEdits(0, m_state.serverNowMs() - pastMs);
    askClicks();
}

void LinkDesk::setSession(const connection::Session& session)
{
    const bool may = session.role != QLatin1StringView("viewer");
    m_links.setMayEdit(may);
    m_live.setMayEdit(may);
    m_links.setConventions(session.utmSources, session.utmMediums);
}

void LinkDesk::onEdit(const protocol::Edit& edit)
{
    if (edit.what == "links.imported") // one edit, many links
        return refresh();
    if (!edit.link)
        return;
    m_links.noteEdit(edit);
    m_edited.insert(edit.link.value);
    m_editedSoon.start();
}

void LinkDesk::fetchEdited()
{
    const QSet<quint64> edited = std::exchange(m_edited, {});
    if (edited.size() > fetchedOneByOne)
        return refresh();
    for (const quint64 link : edited)
        m_fetches.insert(m_line.getLink(link));
}

void LinkDesk::onLink(quint64 request, const state::Link& link)
{
    if (m_fetches.remove(request))
        m_links.putLink(link);
    else if (request == m_saveRequest)
        m_links.editor()->setSaved(link);
    else
        return;
    tellLive();
}

void LinkDesk::onFailed(quint64 request, const state::Problem& problem)
{
    m_fetches.remove(request);
    if (request == m_listRequest)
        m_links.setLinksFailed(problem);
    else if (request == m_saveRequest)
        m_links.editor()->setFailed(problem);
    else if (request == m_simulateRequest)
        m_links.simulator()->setFailed(problem);
    else if (request == m_rehearseRequest)
        m_links.rehearsal()->setFailed(problem);
    else if (request == m_historyRequest)
        m_links.history()->setFailed(problem);
    else if (request == m_lintRequest)
        m_links.editor()->setFindings({}); // what was found before is of another draft
}

void LinkDesk::onLinks(const connection::Links& list)
{
    m_links.setLinks(list.items, list.cut);
    tellLive();
}

void LinkDesk::onFound(quint64 request, const connection::Links& found)
{
    if (request != m_searchRequest && request != m_addressRequest)
        return; // of what was typed before
    m_links.addLinks(found.items);
    if (request == m_addressRequest && !found.items.empty()) {
        m_links.openLink(found.items.front().id);
        emit linksPageWanted();
    }
}

void LinkDesk::tellLive()
{
    QStringList addresses;
    QHash<quint64, live::RuleNames> ruleNames;
    for (const state::Link& link : m_links.model().links()) {
        addresses.append(link.address());
        for (const state::Rule& rule : link.rules)
            if (!rule.name.isEmpty())
                ruleNames[link.id].insert(rule.id, rule.name);
    }
    m_live.setKnownLinks(addresses);
    m_live.setRuleNames(ruleNames);
}

void LinkDesk::askClicks()
{
    if (!m_state.hello())
        return;
    connection::RollupQuery query;
    query.granularity = protocol::Granularity::Hour;
    query.perLink = true;
    const qint64 now = m_state.serverNowMs();
    query.to = protocol::UtcMs((now / protocol::msPerHour + 1) * protocol::msPerHour);
    query.from = protocol::UtcMs(query.to.value - dayMs);
    m_clicksRequest = m_line.getRollups(query);
}

void LinkDesk::onClicks(const connection::Rollups& rollups)
{
    QHash<quint64, quint64> clicks;
    for (const protocol::RollupRow& row : rollups.rows)
        clicks[row.link.value] += row.humanClicks;
    m_links.setClicks(clicks);
}

} // namespace shell
