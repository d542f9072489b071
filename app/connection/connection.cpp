// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/connection/connection.h"

#include <QMetaObject>

#include "app/connection/live_line.h"

namespace connection {

namespace {

void registerTypes()
{
    // By the names that the signals use: queued connections look them up by it.
    qRegisterMetaType<connection::FramePtr>("connection::FramePtr");
    qRegisterMetaType<protocol::Hello>("protocol::Hello");
    qRegisterMetaType<protocol::Subscribed>("protocol::Subscribed");
    qRegisterMetaType<protocol::StreamFilter>("protocol::StreamFilter");
    qRegisterMetaType<protocol::SessionStatus>("protocol::SessionStatus");
    qRegisterMetaType<protocol::Window>("protocol::Window");
    qRegisterMetaType<protocol::Watermark>("protocol::Watermark");
    qRegisterMetaType<protocol::Edit>("protocol::Edit");
    qRegisterMetaType<protocol::Alert>("protocol::Alert");
    qRegisterMetaType<protocol::Bye>("protocol::Bye");
    qRegisterMetaType<state::ConnectionStatus>("state::ConnectionStatus");
    qRegisterMetaType<state::GapReport>("state::GapReport");
}

} // namespace

Connection::Connection(Options options, QObject* parent) : QObject(parent), m_options(options)
{
    registerTypes();
}

Connection::~Connection() = default;

LiveLine& Connection::line()
{
    if (!m_line)
        m_line = std::make_unique<LiveLine>(*this, m_options);
    return *m_line;
}

void Connection::connectTo(const QUrl& baseUrl, const QString& token)
{
    QMetaObject::invokeMethod(this, [this, baseUrl, token] { line().connectTo(baseUrl, token); });
}

void Connection::resumeFrom(const state::ResumePoint& place)
{
    QMetaObject::invokeMethod(this, [this, place] { line().resumeFrom(place); });
}

void Connection::disconnectFromServer()
{
    QMetaObject::invokeMethod(this, [this] { line().disconnectFromServer(); });
}

void Connection::retryNow()
{
    QMetaObject::invokeMethod(this, [this] { line().retryNow(); });
}

void Connection::startOver()
{
    QMetaObject::invokeMethod(this, [this] { line().startOver(); });
}

void Connection::setStreamFilter(const protocol::StreamFilter& filter)
{
    QMetaObject::invokeMethod(this, [this, filter] { line().setStreamFilter(filter); });
}

void Connection::setWindowSeconds(qint64 seconds)
{
    QMetaObject::invokeMethod(this, [this, seconds] { line().setWindowSeconds(seconds); });
}

void Connection::grantFrames(int frames)
{
    QMetaObject::invokeMethod(this, [this, frames] { line().grantFrames(frames); });
}

void Connection::continueFetching()
{
    QMetaObject::invokeMethod(this, [this] { line().continueFetching(); });
}

// The answer must not come before the caller has the number it belongs to: these are always queued.
template <typename Call> quint64 Connection::ask(Call call)
{
    const quint64 request = ++m_lastRequest;
    QMetaObject::invokeMethod(this, [this, request, call] { call(line(), request); }, Qt::QueuedConnection);
    return request;
}

quint64 Connection::getRollups(const RollupQuery& query)
{
    return ask([query](LiveLine& line, quint64 request) { line.getRollups(request, query); });
}

quint64 Connection::getLinks()
{
    return ask([](LiveLine& line, quint64 request) { line.getLinks(request, std::make_shared<Links>(), {}); });
}

quint64 Connection::getDiagnosis(const QString& link)
{
    return ask([link](LiveLine& line, quint64 request) { line.getDiagnosis(request, link); });
}

quint64 Connection::findLinks(const LinkSearch& search)
{
    return ask([search](LiveLine& line, quint64 request) { line.links().find(request, search); });
}

quint64 Connection::getSuggestions(const QString& domain, const QString& slug)
{
    return ask([domain, slug](LiveLine& line, quint64 request) { line.links().getSuggestions(request, domain, slug); });
}

quint64 Connection::saveLink(const state::LinkDraft& draft)
{
    return ask([draft](LiveLine& line, quint64 request) { line.links().save(request, draft); });
}

quint64 Connection::undoLink(quint64 link)
{
    return ask([link](LiveLine& line, quint64 request) { line.links().undo(request, link); });
}

quint64 Connection::getLink(quint64 link)
{
    return ask([link](LiveLine& line, quint64 request) { line.links().getOne(request, link); });
}

quint64 Connection::getEdits(quint64 link, qint64 sinceMs)
{
    return ask([link, sinceMs](LiveLine& line, quint64 request) { line.links().getEdits(request, link, sinceMs); });
}

quint64 Connection::simulate(const state::TrialRequest& trial)
{
    return ask([trial](LiveLine& line, quint64 request) { line.links().simulate(request, trial); });
}

quint64 Connection::lint(const state::LinkDraft& draft)
{
    return ask([draft](LiveLine& line, quint64 request) { line.links().lint(request, draft); });
}

quint64 Connection::rehearse(const state::LinkDraft& draft, int hits)
{
    return ask([draft, hits](LiveLine& line, quint64 request) { line.links().rehearse(request, draft, hits); });
}

quint64 Connection::getDomains()
{
    return ask([](LiveLine& line, quint64 request) { line.links().getDomains(request); });
}

quint64 Connection::addDomain(const QString& host)
{
    return ask([host](LiveLine& line, quint64 request) { line.links().addDomain(request, host); });
}

quint64 Connection::verifyDomain(quint64 domain)
{
    return ask([domain](LiveLine& line, quint64 request) { line.links().verifyDomain(request, domain); });
}

quint64 Connection::getTokens()
{
    return ask([](LiveLine& line, quint64 request) { line.links().getTokens(request); });
}

quint64 Connection::createToken(const QString& name, const QString& role)
{
    return ask([name, role](LiveLine& line, quint64 request) { line.links().createToken(request, name, role); });
}

quint64 Connection::revokeToken(quint64 token)
{
    return ask([token](LiveLine& line, quint64 request) { line.links().revokeToken(request, token); });
}

quint64 Connection::importFile(const state::ImportRequest& asked)
{
    return ask([asked](LiveLine& line, quint64 request) { line.links().importFile(request, asked); });
}

quint64 Connection::getReport(const state::ReportQuery& query)
{
    return ask([query](LiveLine& line, quint64 request) { line.reports().getReport(request, query); });
}

quint64 Connection::getHours(const state::ReportQuery& query)
{
    return ask([query](LiveLine& line, quint64 request) { line.reports().getHours(request, query); });
}

quint64 Connection::getReconciliation(const state::ReportQuery& query)
{
    return ask([query](LiveLine& line, quint64 request) { line.reports().getReconciliation(request, query); });
}

quint64 Connection::getRestatements(const state::ReportQuery& query)
{
    return ask([query](LiveLine& line, quint64 request) { line.reports().getRestatements(request, query); });
}

quint64 Connection::getEditMarks(const state::ReportQuery& query)
{
    return ask([query](LiveLine& line, quint64 request) { line.reports().getEditMarks(request, query); });
}

void Connection::cancelImport()
{
    QMetaObject::invokeMethod(this, [this] { line().links().cancelImport(); }, Qt::QueuedConnection);
}

} // namespace connection
