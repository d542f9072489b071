// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/redirect/connection.h"

#include <algorithm>
#include <array>

#include "backend/redirect/loop.h"

namespace redirect {

namespace {

constexpr std::int64_t nsPerMs = 1'000'000;
// What a peer may still send after our last answer, and for how long, before it is cut off.
constexpr std::size_t lingerBytesMax = 256 * 1024;
constexpr std::int64_t lingerMs = 1000;
// Answers are gathered up to this size for one write.
constexpr std::size_t gatherBytes = 64 * 1024;
constexpr std::size_t outBytesKept = 4096;

// A control byte cannot be part of any request; found in an unfinished one it saves waiting for the end of a TLS
// greeting.
bool holdsControl(std::string_view bytes)
{
    return std::any_of(bytes.begin(), bytes.end(), [](char c) {
        return static_cast<unsigned char>(c) < 0x20 && c != '\r' && c != '\n' && c != '\t';
    });
}

} // namespace

Connection::Connection(Loop& loop, std::uint32_t index, Arrival arrival)
    : m_loop(loop), m_index(index), m_arrival(std::move(arrival)),
      m_wire(m_arrival.socket.descriptor(), loop.tlsIdentity()), m_startedNs(loop.nowNs())
{
}

void Connection::start()
{
    if (m_arrival.welcome == Arrival::Welcome::TurnedAway) {
        // Before a word was said nobody knows whether TLS is spoken: then the end must be word enough.
        if (m_wire.isShaking())
            return close();
        m_mayHaveRest = true;
        refuse(503);
        return advance();
    }
    goOn(); // the request has mostly come with the connection
}

void Connection::onReady(const Poller::Event& event)
{
    m_readable = m_readable || event.readable || m_wire.isShaking(); // a handshake may have waited for room to write
    m_peerEnded = m_peerEnded || event.ended;
    m_writing = m_writing && !event.writable;
    goOn();
}

void Connection::onTurn()
{
    m_waitsTurn = false;
    goOn();
}

void Connection::goOn()
{
    if (m_closed)
        return;
    if (m_readable && mayRead())
        onReadable();
    else
        advance();
}

bool Connection::mayRead() const
{
    return m_lingering || (!m_noMore && m_answers.size() < m_loop.limits().pipelined);
}

// Until the socket is ready, or until this connection's next turn where it is.
void Connection::wait()
{
    if (m_closed)
        return;
    if (m_readable && mayRead()) {
        if (!m_waitsTurn)
            m_loop.readAgain(m_index);
        m_waitsTurn = true;
    } else if (!m_isWatched && (m_writing || mayRead())) {
        m_isWatched = true;
        if (!m_loop.watch(*this))
            close();
    }
}

Wire::Result Connection::readOnce(std::size_t& bytes)
{
    const Wire::Result result = m_wire.read(m_loop.scratch(), bytes);
    // What comes after a read that left nothing behind is told of anew.
    if (result == Wire::Result::Later || (result == Wire::Result::Done && m_wire.isDrained() && !m_peerEnded))
        m_readable = false;
    return result;
}

void Connection::onReadable()
{
    std::size_t bytes = 0;
    const Wire::Result result = readOnce(bytes);
    if (result == Wire::Result::Later)
        return advance();
    if (result == Wire::Result::End && !m_lingering) {
        // The peer has only ended its half: it may still be waiting for answers.
        m_noMore = true;
        if (m_answers.empty() && m_out.empty())
            close();
        return;
    }
    m_lingered += m_lingering ? bytes : 0;
    if (result != Wire::Result::Done || m_lingered > lingerBytesMax) {
        if (m_wire.isShaking())
            m_loop.countTlsFailure();
        return close();
    }
    if (m_lingering)
        return wait();
    readRequests({m_loop.scratch().data(), bytes});
    advance();
}

void Connection::advance()
{
    for (;;) {
        flush();
        if (m_closed || m_lingering)
            return;
        // More requests may have come along with those whose answers have now left.
        bool progress = false;
        if (m_checkPartial && !m_partial.empty() && mayRead())
            progress = readRequests({});
        if (!progress)
            break;
    }
    wait();
    setDeadline();
}

// Takes requests from what was kept and what has just come, as many as the ring has room for. True: at least one was
// taken.
bool Connection::readRequests(std::string_view fresh)
{
    std::string_view bytes = fresh;
    if (!m_partial.empty()) {
        // Parsing starts over with each attempt, so it waits for a line's end: only that can complete or spoil a
        // request.
        m_checkPartial = m_checkPartial || fresh.find('\n') != std::string_view::npos;
        m_partial += fresh;
        m_checkPartial = m_checkPartial || (m_needed != 0 && m_partial.size() >= m_needed);
        bytes = m_partial;
        if (!m_checkPartial && m_partial.size() <= m_loop.limits().urlBytes && !holdsControl(fresh))
            return false;
    }
    const std::size_t before = bytes.size();
    bool taken = false;
    m_checkPartial = true;
    while (!bytes.empty() && !m_noMore && m_answers.size() < m_loop.limits().pipelined) {
        if (!takeRequest(bytes)) {
            m_checkPartial = false;
            break;
        }
        taken = true;
    }
    if (m_noMore) {
        m_mayHaveRest = m_mayHaveRest || !bytes.empty();
        m_partial = std::string();
        return taken;
    }
    if (bytes.empty()) {
        m_partial = std::string();
    } else {
        if (m_partial.empty() || taken)
            m_headStartNs = m_loop.nowNs();
        if (m_partial.empty())
            m_partial = bytes;
        else
            m_partial.erase(0, before - bytes.size());
    }
    return taken;
}

// False: the bytes are only the start of a request.
bool Connection::takeRequest(std::string_view& bytes)
{
    // One empty line before a request is forgiven (RFC 9112, 2.2).
    std::string_view head = bytes;
    if (head.starts_with("\r\n"))
        head.remove_prefix(2);
    if (head.empty() || head == "\r")
        return false;
    const HeadResult result = readHead(head, m_loop.limits(), m_loop.head());
    m_needed = 0;
    if (result.state == HeadResult::State::NeedMore) {
        if (result.bytes != 0)
            m_needed = result.bytes + (bytes.size() - head.size());
        if (result.bytes != 0 || !holdsControl(head))
            return false;
        m_loop.countRefused();
        refuse(400);
        return true;
    }
    if (result.state == HeadResult::State::Refused) {
        m_loop.countRefused();
        refuse(result.status);
        return true;
    }
    bytes = head.substr(result.bytes);
    const RequestHead& request = m_loop.head();
    const bool close = !request.keepAlive || m_loop.isStopping();
    const std::uint64_t ticket = (static_cast<std::uint64_t>(m_index) << 32) | m_answers.nextNumber();
    AnswerRing::Answer& answer = m_answers.push();
    const auto outcome = m_loop.answerer().answer(request, m_arrival.peer, ticket, close, answer.text);
    answer.ready = outcome == Answerer::Outcome::Now;
    m_held += answer.ready ? 0 : 1;
    if (close) {
        m_noMore = true;
        m_mayHaveRest = m_mayHaveRest || request.hasBody || m_loop.isStopping();
    }
    return true;
}

void Connection::refuse(std::uint16_t status)
{
    AnswerRing::Answer& answer = m_answers.push();
    m_loop.answerer().refuse(status, answer.text);
    answer.ready = true;
    m_noMore = true;
    m_mayHaveRest = true;
}

// Also where the visitor has left meanwhile: what reached the link is a hit.
void Connection::answerChecked(std::uint32_t number, const PasswordCheck& check)
{
    RequestHead& request = m_loop.head();
    readHead(check.request, m_loop.limits(), request);
    std::string unread;
    std::string& text = m_closed ? unread : m_answers.at(number).text;
    const auto outcome = m_loop.answerer().answerChecked(request, m_arrival.peer, check, text);
    if (outcome == Answerer::Outcome::Now) {
        settle(number);
        advance();
    }
}

void Connection::settle(std::uint32_t number)
{
    --m_held;
    if (!m_closed)
        m_answers.settle(number);
}

void Connection::flush()
{
    while (!m_writing && !m_closed && !m_lingering) {
        while (!m_answers.empty() && m_answers.front().ready && m_out.size() < gatherBytes) {
            m_out += m_answers.front().text;
            m_answers.pop();
        }
        if (m_out.empty())
            return onAllWritten();
        std::size_t bytes = 0;
        const Wire::Result result = m_wire.write(std::string_view(m_out).substr(m_outSent), bytes);
        if (result == Wire::Result::Broken || result == Wire::Result::End)
            return close();
        m_outSent += bytes;
        if (result == Wire::Result::Done && m_outSent < m_out.size())
            continue;
        if (m_outSent < m_out.size()) {
            m_deadlineNs = m_loop.nowNs() + m_loop.limits().idleTimeMs * nsPerMs;
            m_writing = true;
            return;
        }
        m_out.clear();
        m_outSent = 0;
    }
}

void Connection::onAllWritten()
{
    if (m_out.capacity() > outBytesKept)
        m_out = std::string();
    if (!m_noMore || !m_answers.empty())
        return;
    if (m_mayHaveRest)
        linger();
    else
        close();
}

void Connection::linger()
{
    m_wire.shutdownSend();
    m_lingering = true;
    m_deadlineNs = m_loop.nowNs() + lingerMs * nsPerMs;
    wait();
}

// Deadlines of writing and of lingering stand from their start on; those of reading follow what was last read.
void Connection::setDeadline()
{
    if (m_closed || m_lingering || m_writing)
        return;
    const Limits& limits = m_loop.limits();
    if (!m_answers.empty())
        m_deadlineNs = 0; // the pipeline's turn
    else if (m_wire.isShaking())
        m_deadlineNs = m_startedNs + limits.headerTimeMs * nsPerMs;
    else if (!m_partial.empty())
        m_deadlineNs = m_headStartNs + limits.headerTimeMs * nsPerMs;
    else
        m_deadlineNs = m_loop.nowNs() + limits.idleTimeMs * nsPerMs;
}

void Connection::checkDeadline(std::int64_t nowNs)
{
    if (m_closed || m_deadlineNs == 0 || nowNs < m_deadlineNs)
        return;
    if (m_lingering || m_writing || m_partial.empty())
        return close();
    m_loop.countTimeout();
    refuse(408);
    advance();
}

void Connection::beginStop()
{
    if (m_closed || m_noMore)
        return;
    // What the peer has already sent is still answered; a request that is only half here may be finished within the
    // grace.
    if (mayRead())
        onReadable();
    if (m_closed || !m_partial.empty())
        return;
    m_noMore = true;
    m_mayHaveRest = true;
    if (m_answers.empty() && m_out.empty())
        close();
}

void Connection::close()
{
    if (m_closed)
        return;
    m_closed = true;
    m_arrival.socket.close();
    m_partial = std::string();
    m_out = std::string();
}

} // namespace redirect
