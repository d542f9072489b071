// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/connection/link_calls.h"

#include <QJsonDocument>
#include <QJsonObject>

#include "app/connection/answering.h"
#include "app/connection/api_reader.h"
#include "app/connection/link_json.h"
#include "backend/protocol/limits.h"
#include "backend/protocol/words.h"

namespace connection {

namespace {

constexpr qint64 linkBytesMax = 4LL * 1024 * 1024; // with as many rules as there may be
constexpr qint64 listBytesMax = 16LL * 1024 * 1024;
constexpr qint64 trialBytesMax = 8LL * 1024 * 1024;
constexpr int foundMax = 200;

QByteArray compact(const QJsonObject& object)
{
    return QJsonDocument(object).toJson(QJsonDocument::Compact);
}

QString linkPath(quint64 link, const char* more = "")
{
    return QStringLiteral("/v1/links/%1%2").arg(QString::number(link), QLatin1StringView(more));
}

} // namespace

ApiClient::Done LinkCalls::answerLink(quint64 request)
{
    return answering(m_out, request, linkFrom,
                     [this, request](const Link& link) { emit m_out.linkEdited(request, link); });
}

ApiClient::Done LinkCalls::answerDomain(quint64 request)
{
    return answering(m_out, request, domainFrom,
                     [this, request](const state::Domain& domain) { emit m_out.domainChanged(request, domain); });
}

void LinkCalls::save(quint64 request, const state::LinkDraft& draft)
{
    if (draft.link.id == 0)
        return m_api.post(QStringLiteral("/v1/links"), jsonOf(draft), draft.key.toUtf8(), linkBytesMax,
                          answerLink(request));
    const QByteArray version =
        draft.expectedVersion == 0 ? QByteArray() : '"' + QByteArray::number(draft.expectedVersion) + '"';
    m_api.patch(linkPath(draft.link.id), jsonOf(draft), version, answerLink(request));
}

void LinkCalls::undo(quint64 request, quint64 link)
{
    m_api.post(linkPath(link, "/undo"), "{}", {}, linkBytesMax, answerLink(request));
}

void LinkCalls::getOne(quint64 request, quint64 link)
{
    m_api.get(linkPath(link), {}, "application/json", linkBytesMax, answerLink(request));
}

void LinkCalls::find(quint64 request, const LinkSearch& search)
{
    QUrlQuery query;
    addText(query, "limit", QString::number(foundMax));
    addText(query, "q", search.text);
    addText(query, "state", search.state);
    addText(query, "tag", search.tag);
    addText(query, "campaign", search.campaign);
    addText(query, "domain", search.domain);
    if (search.slug) // empty is the domain's root link
        query.addQueryItem(QStringLiteral("slug"), QString::fromLatin1(QUrl::toPercentEncoding(*search.slug)));
    const auto read = [](const QByteArray& json) {
        std::optional<Links> found(std::in_place);
        QString next;
        if (!linksFrom(json, *found, next))
            return std::optional<Links>();
        found->cut = found->cut || !next.isEmpty();
        return found;
    };
    m_api.get(QStringLiteral("/v1/links"), query, "application/json", listBytesMax,
              answering(m_out, request, read,
                        [this, request](const Links& found) { emit m_out.linksFound(request, found); }));
}

void LinkCalls::getSuggestions(quint64 request, const QString& domain, const QString& slug)
{
    QUrlQuery query;
    addText(query, "domain", domain);
    addText(query, "slug", slug);
    m_api.get(QStringLiteral("/v1/suggestions"), query, "application/json", linkBytesMax,
              answering(m_out, request, suggestionsFrom,
                        [this, request](const QStringList& slugs) { emit m_out.slugsSuggested(request, slugs); }));
}

void LinkCalls::getEdits(quint64 request, quint64 link, qint64 sinceMs)
{
    QUrlQuery query;
    addText(query, "limit", QString::number(protocol::limits::pageItemsMax));
    if (sinceMs > 0)
        addText(query, "since", QString::fromStdString(protocol::rfc3339(protocol::UtcMs(sinceMs))));
    m_api.get(link == 0 ? QStringLiteral("/v1/edits") : linkPath(link, "/edits"), query, "application/json",
              listBytesMax, answering(m_out, request, editsFrom, [this, request, link](state::EditPage& page) {
                  page.link = link;
                  emit m_out.editsArrived(request, page);
              }));
}

void LinkCalls::simulate(quint64 request, const state::TrialRequest& trial)
{
    m_api.post(QStringLiteral("/v1/simulate"), jsonOf(trial), {}, trialBytesMax,
               answering(m_out, request, simulationFrom, [this, request](const state::Simulation& simulation) {
                   emit m_out.simulated(request, simulation);
               }));
}

void LinkCalls::lint(quint64 request, const state::LinkDraft& draft)
{
    m_api.post(QStringLiteral("/v1/lint"), lintJson(draft), {}, trialBytesMax,
               answering(m_out, request, findingsFrom,
                         [this, request](const state::Findings& findings) { emit m_out.linted(request, findings); }));
}

void LinkCalls::rehearse(quint64 request, const state::LinkDraft& draft, int hits)
{
    m_api.post(QStringLiteral("/v1/rehearse"), rehearsalJson(draft, hits), {}, trialBytesMax,
               answering(m_out, request, rehearsalFrom, [this, request](const state::Rehearsal& rehearsal) {
                   emit m_out.rehearsed(request, rehearsal);
               }));
}

void LinkCalls::getDomains(quint64 request)
{
    m_api.get(QStringLiteral("/v1/domains"), {}, "application/json", listBytesMax,
              answering(m_out, request, domainsFrom, [this, request](const QList<state::Domain>& domains) {
                  emit m_out.domainsArrived(request, domains);
              }));
}

void LinkCalls::addDomain(quint64 request, const QString& host)
{
    m_api.post(QStringLiteral("/v1/domains"), compact({{QStringLiteral("host"), host}}), {}, linkBytesMax,
               answerDomain(request));
}

void LinkCalls::verifyDomain(quint64 request, quint64 domain)
{
    m_api.post(QStringLiteral("/v1/domains/%1/verify").arg(domain), "{}", {}, linkBytesMax, answerDomain(request));
}

void LinkCalls::getTokens(quint64 request)
{
    m_api.get(QStringLiteral("/v1/tokens"), {}, "application/json", listBytesMax,
              answering(m_out, request, tokensFrom, [this, request](const QList<state::Token>& tokens) {
                  emit m_out.tokensArrived(request, tokens);
              }));
}

void LinkCalls::createToken(quint64 request, const QString& name, const QString& role)
{
    m_api.post(QStringLiteral("/v1/tokens"), compact({{QStringLiteral("name"), name}, {QStringLiteral("role"), role}}),
               {}, linkBytesMax, answering(m_out, request, newTokenFrom, [this, request](const NewToken& made) {
                   emit m_out.tokenCreated(request, made.token, made.secret);
               }));
}

void LinkCalls::revokeToken(quint64 request, quint64 token)
{
    m_api.remove(QStringLiteral("/v1/tokens/%1").arg(token), [this, request](const Reply& reply) {
        if (reply.problem.isSet())
            return void(emit m_out.failed(request, reply.problem));
        emit m_out.tokenRevoked(request);
    });
}

} // namespace connection
