// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "backend/redirect/answer_ring.h"
#include "backend/redirect/answerer.h"
#include "backend/redirect/poller.h"
#include "backend/redirect/wire.h"

namespace redirect {

class Loop;

// One visitor's connection on its loop: reads requests, keeps their answers in order, writes what may leave. Waits with
// no buffer of its own; only an unfinished request is kept. Owned by the loop, which frees it once it is finished().
class Connection {
public:
    // How it came in.
    struct Arrival {
        enum class Welcome : std::uint8_t { Served, TurnedAway };

        Socket socket; // never blocks
        enrich::IpAddress peer;
        bool counted = false;    // among its address' connections
        std::uint32_t place = 0; // of that count
        Welcome welcome = Welcome::Served;
    };

    Connection(Loop& loop, std::uint32_t index, Arrival arrival);

    void start();
    // The socket has become ready.
    void onReady(const Poller::Event& event);
    // Reads on where it had more to read than one turn is for.
    void onTurn();
    // The password that came with the request of this number is checked: its answer is made now.
    void answerChecked(std::uint32_t number, const PasswordCheck& check);
    // The answer with this number may leave. advance() follows once a batch is settled.
    void settle(std::uint32_t number);
    // Reads, answers and writes as far as it goes.
    void advance();
    void checkDeadline(std::int64_t nowNs);
    // Answers what was asked, then closes.
    void beginStop();
    void close();

    // Closed, and nobody will come back to it: no ticket is out.
    bool isFinished() const { return m_closed && m_held == 0; }
    const Arrival& arrival() const { return m_arrival; }
    std::uint32_t index() const { return m_index; }
    bool settledInBatch = false; // the loop's mark while it works through a batch of tickets

private:
    void goOn();
    void wait();
    bool mayRead() const;
    Wire::Result readOnce(std::size_t& bytes);
    void onReadable();
    bool readRequests(std::string_view fresh);
    bool takeRequest(std::string_view& bytes);
    void refuse(std::uint16_t status);
    void flush();
    void onAllWritten();
    void linger();
    void setDeadline();

    Loop& m_loop;
    const std::uint32_t m_index;
    Arrival m_arrival;
    Wire m_wire; // over the arrival's socket
    const std::int64_t m_startedNs;
    std::string m_partial;      // the start of a request, or requests that wait for room in the ring
    bool m_checkPartial = true; // it may hold a whole request, or an error
    std::size_t m_needed = 0;   // bytes of it that make a request whole, where that is known
    AnswerRing m_answers;
    std::size_t m_held = 0; // answers whose tickets are out
    std::string m_out;
    std::size_t m_outSent = 0;
    bool m_isWatched = false;   // by the loop's poller
    bool m_readable = true;     // a read may find something: not known otherwise
    bool m_peerEnded = false;   // an end or an error waits behind what can be read
    bool m_waitsTurn = false;   // in the loop's list of those that read again
    bool m_writing = false;     // the socket has no room for what waits to leave
    bool m_noMore = false;      // no further request is taken
    bool m_mayHaveRest = false; // the peer may still be sending: linger, lest a reset eats our last answer
    bool m_lingering = false;
    bool m_closed = false;
    std::size_t m_lingered = 0;
    std::int64_t m_headStartNs = 0;
    std::int64_t m_deadlineNs = 0;
};

} // namespace redirect
