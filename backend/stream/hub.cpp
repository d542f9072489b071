// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/stream/hub.h"

#include <algorithm>

#include "backend/protocol/limits.h"
#include "backend/runtime/spare_memory.h"

namespace stream {

using protocol::ByeReason;
using protocol::HitSeq;
using protocol::PackedHits;
using protocol::UtcMs;

namespace {
constexpr int tickMs = 1000;
// A new filter counts the window's past in steps of about 20 ms, so that frames go out in between.
constexpr std::size_t catchUpHits = 20'000;
constexpr auto planWithQr = "professional";
// A crowd: each of its sessions may have had a megabyte under way.
constexpr std::size_t crowdSessions = 64;
constexpr int ticksTillCalm = 10; // by then its stragglers have gone too
} // namespace

Hub::Hub(const Seams& seams, const Surroundings& around, QObject* parent)
    : QObject(parent), m_seams(seams), m_around(around),
      m_ring(around.options.replayHitsMax, around.options.replayBytesMax), m_window(around.options.windowHitsMax),
      m_flushTimer(this), m_windowTimer(this), m_windowPause(this), m_tickTimer(this), m_catchUpTimer(this)
{
    m_flushTimer.setSingleShot(true);
    m_flushTimer.setTimerType(Qt::PreciseTimer);
    connect(&m_flushTimer, &QTimer::timeout, this, [this] {
        emit flushDue();
        flush();
    });
    m_windowPause.setSingleShot(true);
    connect(&m_windowTimer, &QTimer::timeout, this, &Hub::beginWindows);
    connect(&m_windowPause, &QTimer::timeout, this, &Hub::sendWindows);
    connect(&m_tickTimer, &QTimer::timeout, this, &Hub::tick);
    connect(&m_catchUpTimer, &QTimer::timeout, this, [this] {
        if (m_window.catchUp(catchUpHits))
            m_catchUpTimer.stop();
    });
}

Hub::~Hub() = default;

void Hub::preload(const std::shared_ptr<const PackedHits>& hits)
{
    if (hits->empty())
        return;
    if (!m_preloadedFrom) {
        m_preloadedFrom = hits->firstSeq();
        m_preloadedFromTime = hits->at(0).time;
        m_ring.startAfter(HitSeq{hits->firstSeq().value - 1});
    }
    append(hits);
}

// Takes the hits that are new; what is missing before them makes the ring start over.
void Hub::append(const std::shared_ptr<const PackedHits>& hits)
{
    const std::size_t fresh = hits->placeAfter(m_ring.last());
    if (fresh == hits->size())
        return;
    const HitSeq next = hits->seq(fresh);
    if (next.value > m_ring.last().value + 1)
        m_ring.startAfter(HitSeq{next.value - 1});
    m_ring.append(hits, fresh);
    if (m_ring.first() <= next) // they have been read
        return m_ring.visit(HitSeq{next.value - 1}, m_ring.last(),
                            [&](const protocol::HitView& hit) { return m_window.add(hit), true; });
    for (std::size_t at = fresh; at < hits->size(); ++at)
        m_window.add(hits->at(at));
}

void Hub::start()
{
    const ServerFacts facts = m_seams.facts();
    const UtcMs now{m_around.utcMs()};
    if (!m_preloadedFrom && facts.lastSeq) {
        m_window.coverFrom(now);
        if (m_ring.size() == 0)
            m_ring.startAfter(facts.lastSeq);
    } else if (m_preloadedFrom && facts.firstSeq && m_preloadedFrom > facts.firstSeq) {
        m_window.coverFrom(m_preloadedFromTime);
    }
    m_window.expire(now);
    m_started = true;
    m_windowTimer.start(m_around.options.windowIntervalMs);
    m_tickTimer.start(tickMs);
}

void Hub::stop()
{
    m_flushTimer.stop();
    m_windowTimer.stop();
    m_windowPause.stop();
    m_tickTimer.stop();
    m_catchUpTimer.stop();
    flush();
    for (Session* session : m_sessions)
        session->bye(ByeReason::ShuttingDown);
}

void Hub::takeHits(const std::shared_ptr<const PackedHits>& hits)
{
    if (hits->empty())
        return;
    const bool missing = m_started && hits->firstSeq().value > m_ring.last().value + 1;
    if (missing)
        takeLoss(HitSeq{hits->firstSeq().value - 1});
    // Long bursts are flushed in between, so that what channels have not sent yet never leaves the ring.
    m_unflushed += hits->size();
    if (m_started && m_unflushed > m_around.options.replayHitsMax / 4)
        flush();
    append(hits);
    flushSoon();
}

void Hub::takeLoss(HitSeq last)
{
    if (last <= m_ring.last())
        return;
    flush();
    m_ring.startAfter(last);
    m_window.coverFrom(UtcMs{m_around.utcMs()});
    flushSoon();
}

void Hub::flushSoon()
{
    if (!m_started || m_flushTimer.isActive())
        return;
    const std::int64_t wait = m_flushedMs + m_around.options.frameIntervalMs - m_around.steadyMs();
    if (wait <= 0)
        flush();
    else
        m_flushTimer.start(static_cast<int>(wait));
}

void Hub::flush()
{
    m_flushedMs = m_around.steadyMs();
    m_unflushed = 0;
    for (auto& [selection, channel] : m_channels)
        channel->flush();
    m_ring.forgetRecent();
}

void Hub::takeWatermark(const protocol::Watermark& watermark)
{
    m_watermark = watermark;
    sendToAll(watermark, {});
}

void Hub::takeEdit(const protocol::Edit& edit)
{
    if (edit.workspace)
        sendToAll(edit, edit.workspace);
}

// To the sessions of the workspace, or to every session where there is none. Encoded once per encoding.
void Hub::sendToAll(const protocol::Message& message, protocol::WorkspaceId workspace)
{
    std::map<protocol::Encoding, Encoded> forms;
    for (Session* session : m_sessions) {
        if (workspace && session->grant().workspace != workspace)
            continue;
        const auto [form, isNew] = forms.try_emplace(session->encoding());
        if (isNew)
            form->second = encoded(message, session->encoding());
        session->send(form->second);
    }
}

int Hub::sessionsOf(protocol::WorkspaceId workspace) const
{
    return static_cast<int>(std::count_if(m_sessions.begin(), m_sessions.end(), [&](const Session* session) {
        return session->grant().workspace == workspace;
    }));
}

void Hub::open(QWebSocket* socket, protocol::Encoding encoding, const Grant& grant, const std::string& token)
{
    const Options& options = m_around.options;
    const bool full = static_cast<int>(m_sessions.size()) >= options.sessionsMax;
    if (full || sessionsOf(grant.workspace) >= options.sessionsPerWorkspaceMax) {
        ++m_around.counters.refused;
        refuse(socket, encoding, ByeReason::TooManySessions, full ? "sessions" : "workspace",
               full ? options.sessionsMax : options.sessionsPerWorkspaceMax);
        return;
    }
    auto* session = new Session(socket, encoding, grant, token, m_around, this);
    m_sessions.push_back(session);
    m_sessionsPeak = std::max(m_sessionsPeak, m_sessions.size());
    m_around.counters.sessions = m_sessions.size();
    connect(session, &Session::subscribeAsked, this,
            [this, session](const protocol::Subscribe& asked) { subscribe(*session, asked); });
    connect(session, &Session::pinged, this,
            [this, session](qint64 echo) { sendStatus(*session, m_seams.facts(), echo); });
    connect(session, &Session::roomMade, this, [session] {
        if (session->delivery.channel && !session->delivery.inStep)
            session->delivery.channel->serve(*session);
    });
    // Queued: a send may find the line broken in the middle of a walk over all sessions.
    connect(session, &Session::closed, this, [this, session] { remove(*session); }, Qt::QueuedConnection);

    const ServerFacts facts = m_seams.facts();
    protocol::Hello hello;
    hello.server = m_seams.server;
    hello.dataId = m_seams.dataId;
    hello.workspace = grant.workspaceName;
    hello.plan = grant.plan;
    hello.privacy = grant.privacy;
    hello.zone = grant.zone;
    hello.role = grant.role;
    hello.firstSeq = facts.firstSeq;
    hello.lastSeq = std::max(facts.lastSeq, m_ring.last());
    hello.time = UtcMs{m_around.utcMs()};
    hello.creditFrames = protocol::limits::creditFramesMax;
    session->sendNow(hello);
    if (m_watermark)
        session->sendNow(*m_watermark);
}

void Hub::remove(Session& session)
{
    const auto place = std::find(m_sessions.begin(), m_sessions.end(), &session);
    if (place == m_sessions.end())
        return;
    if (static_cast<std::size_t>(place - m_sessions.begin()) < m_windowNext)
        --m_windowNext;
    m_sessions.erase(place);
    m_around.counters.sessions = m_sessions.size();
    leaveChannel(session);
    m_window.closeView(session.delivery.view);
    session.deleteLater();
}

Channel& Hub::channelOf(const Selection& selection)
{
    const auto [place, isNew] = m_channels.try_emplace(selection);
    if (isNew)
        place->second = std::make_unique<Channel>(selection, m_ring, m_around);
    else
        place->second->flush();
    return *place->second;
}

void Hub::leaveChannel(Session& session)
{
    Channel* channel = session.delivery.channel;
    if (!channel)
        return;
    channel->leave(session);
    if (channel->isEmpty())
        m_channels.erase(Selection(channel->selection()));
}

bool Hub::openView(Session& session, const protocol::StreamFilter& filter, std::int64_t windowSeconds)
{
    const std::size_t before = session.delivery.view;
    session.delivery.view = m_window.openView(session.grant().workspace, filter, windowSeconds);
    m_window.closeView(before);
    m_catchUpTimer.start(0);
    if (m_window.views() <= m_around.options.windowViewsMax)
        return true;
    session.bye(ByeReason::TooManySessions, "filter", static_cast<std::int64_t>(m_around.options.windowViewsMax));
    return false;
}

void Hub::subscribe(Session& session, const protocol::Subscribe& asked)
{
    namespace limits = protocol::limits;
    if (asked.windowSeconds != 0 && asked.windowSeconds < limits::windowSecondsMin)
        return session.bye(ByeReason::BadMessage, "windowSeconds", limits::windowSecondsMin);
    if (asked.windowSeconds > limits::windowSecondsMax)
        return session.bye(ByeReason::BadMessage, "windowSeconds", limits::windowSecondsMax);
    if (const std::string problem = asked.filter.problem(); !problem.empty()) {
        const bool count = problem.starts_with("filter ");
        return session.bye(ByeReason::BadFilter, problem.substr(0, problem.find(' ')),
                           static_cast<std::int64_t>(count ? limits::filterValues : limits::filterValueBytes));
    }
    Selection selection{session.grant().workspace, asked.filter, session.encoding()};
    selection.filter.normalise();
    if (!openView(session, selection.filter, asked.windowSeconds))
        return;
    if (session.delivery.channel)
        session.delivery.channel->flush(); // under the filter they came under
    Channel& next = channelOf(selection);
    if (session.delivery.channel != &next)
        leaveChannel(session);
    else
        next.leave(session);
    place(session, asked);
    session.sendNow(protocol::Subscribed{asked.id, session.delivery.cursor});
    next.join(session);
}

// From where on the subscription holds.
void Hub::place(Session& session, const protocol::Subscribe& asked)
{
    Session::Delivery& delivery = session.delivery;
    const HitSeq last = m_ring.last();
    if (!asked.cursor) {
        // A session that was behind goes on where it was: nothing between is lost, or doubled.
        const bool behind = delivery.subscribed && (delivery.cursor < last || delivery.gapFirst);
        delivery.cursor = behind ? delivery.cursor : last;
        delivery.resumeUntil = behind ? delivery.resumeUntil : HitSeq{};
    } else {
        delivery.gapFirst = {};
        delivery.gapDropped = 0;
        delivery.resumeUntil = last;
        // A cursor beyond all that is stored belongs to another count: the answer is earlier than what was asked for.
        const HitSeq newest = std::max(last, m_seams.facts().lastSeq);
        const std::uint64_t resumable = Channel::resumeHits(m_around.options);
        const std::uint64_t oldest =
            std::max(m_ring.first().value - 1, last.value > resumable ? last.value - resumable : 0);
        delivery.cursor = *asked.cursor > newest ? last : std::max(*asked.cursor, HitSeq{oldest});
    }
    delivery.subscribed = true;
}

void Hub::sendStatus(Session& session, const ServerFacts& facts, std::int64_t echo)
{
    protocol::SessionStatus status;
    status.sentHits = session.delivery.sentHits;
    status.droppedHits = session.delivery.droppedHits;
    status.lastSeq = std::max(facts.lastSeq, m_ring.last());
    status.time = UtcMs{m_around.utcMs()};
    status.echo = echo;
    status.lateHits = facts.late;
    status.lostHits = facts.lost;
    session.send(encoded(status, session.encoding()));
}

void Hub::beginWindows()
{
    if (m_windowPause.isActive())
        return; // the last round is under way
    m_windowNext = 0;
    sendWindows();
}

void Hub::sendWindows()
{
    const Options& options = m_around.options;
    const UtcMs now{m_around.utcMs()};
    const std::int64_t begun = m_around.steadyMs();
    while (m_windowNext < m_sessions.size()) {
        Session* session = m_sessions[m_windowNext++];
        if (!session->delivery.subscribed || session->isEnding())
            continue;
        const bool withQr = session->grant().plan == planWithQr;
        const auto [form, isNew] = m_windowsMade.try_emplace({session->delivery.view, withQr, session->encoding()});
        if (isNew)
            form->second =
                encoded(protocol::Window{m_window.aggregate(session->delivery.view, now, withQr)}, session->encoding());
        session->send(form->second);
        if (m_around.steadyMs() - begun >= options.windowSliceMs && m_windowNext < m_sessions.size())
            return m_windowPause.start(options.windowSliceMs * 2);
    }
    m_windowsMade.clear();
}

void Hub::tick()
{
    m_window.expire(UtcMs{m_around.utcMs()});
    flush(); // tells how far the stream has come where nothing matches
    const ServerFacts facts = m_seams.facts();
    const bool checkTokens = m_around.steadyMs() - m_tokensCheckedMs >= m_around.options.tokenCheckMs;
    if (checkTokens)
        m_tokensCheckedMs = m_around.steadyMs();
    for (Session* session : m_sessions) {
        if (checkTokens && !m_seams.authenticate(session->token())) {
            session->bye(ByeReason::TokenRevoked);
            continue;
        }
        session->checkLife();
        if (!session->isEnding())
            sendStatus(*session, facts, 0);
    }
    if (m_sessionsPeak >= crowdSessions && m_sessions.size() < m_sessionsPeak / 2) {
        m_sessionsPeak = m_sessions.size();
        m_giveBackIn = ticksTillCalm;
        runtime::giveBackSpareMemory();
    } else if (m_giveBackIn > 0 && --m_giveBackIn == 0) {
        runtime::giveBackSpareMemory();
    }
}

} // namespace stream
