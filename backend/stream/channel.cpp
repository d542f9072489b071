// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/stream/channel.h"

#include <algorithm>

#include "backend/protocol/limits.h"

namespace stream {

using protocol::HitSeq;

namespace {

// Where nothing matches, a frame without hits tells this often how far the stream has come.
constexpr std::int64_t emptyFrameMs = 1000;
// Unsent bytes of a session that catches up; it is sent more when they have left.
constexpr std::int64_t catchUpBytes = 1024 * 1024;
// Frames to one session before others have their turn.
constexpr int catchUpFrames = 8;

} // namespace

Channel::Channel(Selection selection, const ReplayRing& ring, const Surroundings& around)
    : m_selection(std::move(selection)), m_ring(ring), m_around(around), m_cursor(ring.last()), m_scanned(ring.last()),
      m_lastFrameMs(around.steadyMs())
{
}

void Channel::flush()
{
    const bool anyInStep =
        std::any_of(m_members.begin(), m_members.end(), [](const Session* member) { return member->delivery.inStep; });
    if (m_cursor.value + 1 <
        m_ring.first().value) { // the stream itself missed hits: each session is told so on its own
        for (Session* member : m_members)
            member->delivery.inStep = false;
        m_cursor = m_scanned = HitSeq{m_ring.first().value - 1};
    }
    if (!anyInStep)
        m_cursor = m_scanned = m_ring.last();
    const std::int64_t nowMs = m_around.steadyMs();
    while (m_cursor < m_ring.last()) {
        const bool evenEmpty = nowMs - m_lastFrameMs >= emptyFrameMs;
        const MadeFrame frame = makeFrame(m_ring, m_selection, HitSeq{m_cursor.value + 1}, m_scanned, m_ring.last(),
                                          false, m_around.utcMs(), evenEmpty);
        if (frame.hits == 0 && !evenEmpty) {
            m_scanned = frame.last;
            break;
        }
        send(frame);
        m_cursor = m_scanned = frame.last;
        m_lastFrameMs = nowMs;
    }
    for (Session* member : m_members) {
        if (member->delivery.inStep)
            continue;
        keepBacklogShort(*member);
        serve(*member);
    }
}

void Channel::send(const MadeFrame& frame)
{
    for (Session* member : m_members) {
        if (!member->delivery.inStep)
            continue;
        if (!member->canTakeFrame()) {
            member->delivery.inStep = false;
            continue;
        }
        member->sendFrame(frame);
        member->delivery.cursor = frame.last;
    }
}

void Channel::join(Session& session)
{
    session.delivery.channel = this;
    session.delivery.inStep = false;
    m_members.push_back(&session);
    serve(session);
}

void Channel::leave(Session& session)
{
    std::erase(m_members, &session);
    session.delivery.channel = nullptr;
    session.delivery.inStep = false;
}

void Channel::serve(Session& session)
{
    for (int frames = 0; frames < catchUpFrames && !session.delivery.inStep; ++frames)
        if (!serveOne(session))
            return;
}

bool Channel::serveOne(Session& session)
{
    Session::Delivery& place = session.delivery;
    if (place.cursor.value + 1 < m_ring.first().value && place.cursor < m_cursor)
        passOver(session, HitSeq{m_ring.first().value - 1});
    if (place.cursor == m_cursor && !place.gapFirst) {
        place.inStep = true;
        return false;
    }
    const bool hasGap = place.gapDropped > 0;
    if ((place.cursor >= m_cursor && !hasGap) ||
        !session.canTakeFrame(std::min(catchUpBytes, static_cast<std::int64_t>(m_around.options.sessionBytesMax))))
        return false;
    if (hasGap) {
        const MadeFrame notice = makeGapNotice(place.gapFirst, place.cursor, place.gapDropped, m_selection.encoding);
        place.gapFirst = {};
        place.gapDropped = 0;
        session.sendFrame(notice);
        return true;
    }
    // What was passed over without a match belongs to the next frame.
    const HitSeq first = place.gapFirst ? place.gapFirst : HitSeq{place.cursor.value + 1};
    const bool resumed = place.cursor < place.resumeUntil;
    const HitSeq upTo = resumed ? std::min(m_cursor, place.resumeUntil) : m_cursor;
    const MadeFrame frame = makeFrame(m_ring, m_selection, first, place.cursor, upTo, resumed, m_around.utcMs());
    // Before the sending: that may make room, and call us again.
    place.cursor = frame.last;
    place.gapFirst = {};
    session.sendFrame(frame);
    return true;
}

void Channel::keepBacklogShort(Session& session)
{
    const Session::Delivery& place = session.delivery;
    const Options& options = m_around.options;
    const bool resuming = place.cursor < place.resumeUntil;
    const std::uint64_t most =
        resuming ? resumeHits(options) : std::min(options.backlogHitsMax, options.replayHitsMax / 2);
    if (place.cursor >= m_ring.last() || m_ring.last().value - place.cursor.value <= most)
        return;
    // What is left fits in one frame, so that the session is up to date as soon as it can take one.
    const std::uint64_t kept = std::min<std::uint64_t>(most / 4, protocol::limits::hitsPerFrame);
    passOver(session, HitSeq{m_ring.last().value - kept});
}

void Channel::passOver(Session& session, HitSeq to)
{
    Session::Delivery& place = session.delivery;
    if (!place.gapFirst)
        place.gapFirst = HitSeq{place.cursor.value + 1};
    // Of what is not in the ring any more nobody knows what matches: every sequence counts.
    const HitSeq known{std::min(to.value, std::max(place.cursor.value, m_ring.first().value - 1))};
    const std::uint64_t dropped = (known.value - place.cursor.value) + countMatching(m_ring, m_selection, known, to);
    place.cursor = to;
    place.gapDropped += dropped;
    place.droppedHits += dropped;
    m_around.counters.hitsDropped += dropped;
}

} // namespace stream
