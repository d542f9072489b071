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
quint64 Connection::getRollups(const RollupQuery& query)
{
    const quint64 request = ++m_lastRequest;
    QMetaObject::invokeMethod(
        this, [this, request, query] { line().getRollups(request, query); }, Qt::QueuedConnection);
    return request;
}

quint64 Connection::getLinks()
{
    const quint64 request = ++m_lastRequest;
    const auto start = [this, request] { line().getLinks(request, std::make_shared<Links>(), {}); };
    QMetaObject::invokeMethod(this, start, Qt::QueuedConnection);
    return request;
}

quint64 Connection::getDiagnosis(const QString& link)
{
    const quint64 request = ++m_lastRequest;
    QMetaObject::invokeMethod(
        this, [this, request, link] { line().getDiagnosis(request, link); }, Qt::QueuedConnection);
    return request;
}

quint64 Connection::editLink(const LinkEdit& edit)
{
    const quint64 request = ++m_lastRequest;
    QMetaObject::invokeMethod(this, [this, request, edit] { line().editLink(request, edit); }, Qt::QueuedConnection);
    return request;
}

} // namespace connection
