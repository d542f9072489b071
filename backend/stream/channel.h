// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "backend/stream/session.h"

namespace stream {

// All sessions with one selection. Those in step get the same frames, made once; one that cannot take a frame falls
// behind, is served from the replay ring at its own pace, and falls in step again. One that is too far behind is passed
// over: what it misses is counted, and told by a gap notice. Every sequence is covered by exactly one frame or notice
// of a session, in order.
class Channel {
public:
    Channel(Selection selection, const ReplayRing& ring, const Surroundings& around);

    const Selection& selection() const { return m_selection; }
    bool isEmpty() const { return m_members.empty(); }

    // Sends what came since the last flush, and serves those behind.
    void flush();

    // The session's delivery says from where on; frames follow at once.
    void join(Session& session);
    void leave(Session& session);
    // Sends a session that is behind as much as it can take now.
    void serve(Session& session);

    // How far back a cursor can be resumed from the ring.
    static std::uint64_t resumeHits(const Options& options) { return options.replayHitsMax / 4 * 3; }

private:
    void send(const MadeFrame& frame);
    bool serveOne(Session& session);
    void keepBacklogShort(Session& session);
    void passOver(Session& session, protocol::HitSeq to);

    Selection m_selection;
    const ReplayRing& m_ring;
    Surroundings m_around;
    std::vector<Session*> m_members;
    protocol::HitSeq m_cursor;  // covered by the frames of those in step
    protocol::HitSeq m_scanned; // nothing matches between the cursor and here
    std::int64_t m_lastFrameMs = 0;
};

} // namespace stream
