// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/state/live_state.h"

#include <QDateTime>

#include <algorithm>

namespace state {

namespace {

constexpr int countersIntervalMs = 100;     // figures on screen step ten times a second at most
constexpr int marksDelayMs = 200;           // pages of a gap come one after the other: marked once, after the last
constexpr std::size_t marksAtOnce = 20'000; // about 5 ms

} // namespace

LiveState::LiveState(std::size_t capacity, QObject* parent) : QObject(parent), m_ring(capacity)
{
    qRegisterMetaType<state::FramePtr>("state::FramePtr");
    m_countersTimer.setSingleShot(true);
    m_countersTimer.setInterval(countersIntervalMs);
    connect(&m_countersTimer, &QTimer::timeout, this, &LiveState::countersChanged);
    m_repeatsTimer.setSingleShot(true);
    connect(&m_repeatsTimer, &QTimer::timeout, this, &LiveState::markSomeRepeats);
}

LiveState::~LiveState() = default;

void LiveState::noteCounters()
{
    if (!m_countersTimer.isActive())
        m_countersTimer.start();
}

void LiveState::noteViolation(const QString& code)
{
    ++m_counters.violations;
    m_counters.lastViolation = code.left(64);
    noteCounters();
}

void LiveState::applyViolation(const QString& code)
{
    noteViolation(code);
}

void LiveState::restore(const Known& known)
{
    m_hello = known.hello;
    m_window = known.window;
    m_watermark = known.watermark;
    m_edits.assign(known.edits.begin(), known.edits.end());
    m_annotations = known.annotations;
    m_filter = known.place.filter;
    m_counters.cursor = known.place.cursor;
    m_counters.serverLast = known.hello ? std::max(known.hello->lastSeq, known.place.cursor) : known.place.cursor;
    m_cursorKnown = known.place.cursor.value > 0;
    m_restoredFromMs = known.heardAtMs;
    m_connection.sinceMs = known.heardAtMs;
    for (const GapReport& gap : known.place.gaps)
        applyGap(gap);
    noteCounters();
    emit connectionChanged();
    emit windowChanged();
    emit watermarkChanged();
    emit pastEditsAdded();
    emit filterChanged();
}

void LiveState::restoreHits(const ColumnsPtr& hits)
{
    if (hits->size() == 0)
        return;
    markRepeatsSoon();
    if (m_ring.size() == 0 || protocol::HitSeq(hits->seqs.front()) > m_ring.seqAt(m_ring.endRow() - 1)) {
        m_ring.append(*hits);
        return emit hitsAppended();
    }
    protocol::HitBatch apart;
    for (std::size_t row = 0; row < hits->size(); ++row)
        apart.push_back(hits->hitAt(row));
    const HitRing::Inserted done = m_ring.insertOlder(apart);
    if (!done.rows.empty())
        emit olderInserted(done.rows);
}

void LiveState::applyHello(const protocol::Hello& hello)
{
    if (m_hello && m_hello->dataId != hello.dataId)
        m_annotations.clear();
    m_hello = hello;
    m_bye.reset();
    m_counters.serverLast = hello.lastSeq;
    // The backend counts each session from zero. What an earlier one sent and we did not get is sent again after the
    // cursor.
    m_sentBase = m_counters.received;
    m_counters.sent = m_counters.received;
    m_droppedBase = m_counters.dropped;
    m_droppedSeen = 0;
    noteCounters();
    emit connectionChanged();
}

void LiveState::applySubscribed(const protocol::Subscribed& subscribed, const protocol::StreamFilter& filter)
{
    m_filter = filter;
    m_filterFrom = subscribed.from;
    if (!m_cursorKnown || subscribed.from > m_counters.cursor)
        m_counters.cursor = subscribed.from;
    m_cursorKnown = true;
    noteCounters();
    emit filterChanged();
}

void LiveState::applyFrame(const FramePtr& frame)
{
    if (!frame)
        return;
    ++m_counters.frames;
    const RowNumber end = m_ring.endRow();
    appendInOrder(*frame);
    m_counters.cursor = std::max(m_counters.cursor, frame->last);
    m_counters.serverLast = std::max(m_counters.serverLast, frame->last);
    m_cursorKnown = true;
    m_counters.sent = std::max(m_counters.sent, m_counters.received);
    m_droppedSeen += frame->dropped;
    m_counters.dropped = std::max(m_counters.dropped, m_droppedBase + m_droppedSeen);
    if (!frame->resumed && !frame->hits.empty())
        m_lag.add(std::max<std::int64_t>(0, frame->lagMs) + m_counters.roundTripMs.value_or(0) / 2);
    noteCounters();
    if (m_ring.endRow() != end)
        emit hitsAppended();
    emit applied(1);
}

// Hits come in order and newer than the cursor; whatever does not is refused, so that no row can stand there twice.
void LiveState::appendInOrder(const protocol::Frame& frame)
{
    protocol::HitSeq newest = m_counters.cursor;
    if (m_ring.size() > 0)
        newest = std::max(newest, m_ring.seqAt(m_ring.endRow() - 1));
    const auto good = [&frame, &newest](const protocol::Hit& hit) {
        if (hit.seq <= newest || hit.seq < frame.first || hit.seq > frame.last)
            return false;
        newest = hit.seq;
        return true;
    };
    const auto firstBad = std::find_if_not(frame.hits.begin(), frame.hits.end(), good);
    if (firstBad == frame.hits.end()) {
        m_ring.append(frame.hits);
        m_counters.received += frame.hits.size();
        return;
    }
    protocol::HitBatch kept(frame.hits.begin(), firstBad);
    std::copy_if(firstBad + 1, frame.hits.end(), std::back_inserter(kept), good);
    m_ring.append(kept);
    m_counters.received += kept.size();
    m_counters.doubles += frame.hits.size() - kept.size();
    noteViolation(QStringLiteral("sequence_back"));
}

void LiveState::applyFetched(const FramePtr& frame)
{
    if (!frame)
        return;
    const HitRing::Inserted done = m_ring.insertOlder(frame->hits);
    m_counters.fetched += done.rows.size();
    noteCounters();
    if (!done.rows.empty())
        emit olderInserted(done.rows);
    if (!done.rows.empty())
        markRepeatsSoon();
    emit fetchedApplied();
}

void LiveState::applyGap(const GapReport& gap)
{
    const auto known =
        std::find_if(m_gaps.begin(), m_gaps.end(), [&](const GapReport& other) { return other.first == gap.first; });
    if (known != m_gaps.end()) {
        *known = gap;
    } else {
        if (m_gaps.size() >= gapsMax) {
            const auto done = std::find_if(m_gaps.begin(), m_gaps.end(), [](const GapReport& other) {
                return other.state == GapReport::State::Fetched;
            });
            m_gaps.erase(done == m_gaps.end() ? m_gaps.begin() : done);
        }
        m_gaps.push_back(gap);
    }
    if (gap.state == GapReport::State::Fetched)
        ++m_counters.gapsFetched;
    countGaps();
    noteCounters();
    emit gapsChanged();
}

void LiveState::countGaps()
{
    m_counters.gapsOpen = m_counters.gapsFailed = m_counters.missingSequences = 0;
    for (const GapReport& gap : m_gaps) {
        if (gap.state == GapReport::State::Fetched)
            continue;
        ++(gap.state == GapReport::State::Failed ? m_counters.gapsFailed : m_counters.gapsOpen);
        const std::uint64_t from = std::max(gap.first, gap.coveredTo + 1);
        if (gap.last >= from)
            m_counters.missingSequences += gap.last - from + 1;
    }
}

void LiveState::applyStatus(const protocol::SessionStatus& status)
{
    // The stream is in order, so all that this count covers has arrived before it.
    const std::uint64_t sent = m_sentBase + status.sentHits;
    if (sent < m_counters.received)
        noteViolation(QStringLiteral("sent_below_received"));
    m_counters.sent = std::max(sent, m_counters.received);
    m_counters.dropped = std::max(m_droppedBase + status.droppedHits, m_droppedBase + m_droppedSeen);
    m_counters.serverLast = std::max(m_counters.serverLast, status.lastSeq);
    m_counters.late = status.lateHits;
    m_counters.lost = status.lostHits;
    noteCounters();
}

void LiveState::applyClock(qint64 skewMs, qint64 roundTripMs)
{
    m_counters.skewMs = skewMs;
    m_counters.roundTripMs = roundTripMs;
    noteCounters();
}

void LiveState::applyWindow(const protocol::Window& window)
{
    m_window = window.aggregate;
    emit windowChanged();
}

void LiveState::applyWatermark(const protocol::Watermark& watermark)
{
    m_watermark = watermark;
    m_counters.serverLast = std::max(m_counters.serverLast, watermark.lastSeq);
    noteCounters();
    emit watermarkChanged();
}

void LiveState::applyEdit(const protocol::Edit& edit)
{
    if (m_edits.size() >= editsMax)
        m_edits.pop_front();
    m_edits.push_back(edit);
    emit editAdded(edit);
}

void LiveState::applyPastEdits(const std::vector<protocol::Edit>& edits)
{
    for (const protocol::Edit& edit : edits)
        if (std::none_of(m_edits.cbegin(), m_edits.cend(), [&](const auto& known) { return known.id == edit.id; }))
            m_edits.push_back(edit);
    std::sort(m_edits.begin(), m_edits.end(), [](const auto& a, const auto& b) { return a.id < b.id; });
    if (m_edits.size() > editsMax)
        m_edits.erase(m_edits.begin(), m_edits.end() - static_cast<std::ptrdiff_t>(editsMax));
    emit pastEditsAdded();
}

void LiveState::applyBye(const protocol::Bye& bye)
{
    m_bye = bye;
    emit connectionChanged();
}

void LiveState::applyConnection(const ConnectionStatus& status)
{
    m_connection = status;
    if (status.phase == Phase::Live)
        m_restoredFromMs = 0;
    // What is shown is as old as the earlier run, however short this one was offline.
    if (m_restoredFromMs != 0)
        m_connection.sinceMs = m_restoredFromMs;
    emit connectionChanged();
}

void LiveState::startOver()
{
    Counters fresh;
    fresh.skewMs = m_counters.skewMs;
    fresh.roundTripMs = m_counters.roundTripMs;
    m_counters = fresh;
    m_sentBase = m_droppedBase = m_droppedSeen = 0;
    m_cursorKnown = false;
    m_filterFrom = protocol::HitSeq();
    m_lag.clear();
    m_gaps.clear();
    m_edits.clear();
    m_window.reset();
    m_watermark.reset();
    m_ring.clear();
    emit cleared();
    emit windowChanged();
    emit watermarkChanged();
    emit gapsChanged();
    noteCounters();
}

std::uint64_t LiveState::notYetRolledUp() const
{
    if (!m_watermark)
        return 0;
    const protocol::HitSeq last = std::max(m_watermark->lastSeq, m_counters.serverLast);
    return last.value - std::min(last.value, m_watermark->seq.value);
}

std::int64_t LiveState::serverNowMs() const
{
    return QDateTime::currentMSecsSinceEpoch() + m_counters.skewMs.value_or(0);
}

void LiveState::setMarked(protocol::HitSeq seq, bool marked)
{
    Annotation annotation = m_annotations.value(seq.value);
    annotation.marked = marked;
    storeAnnotation(seq, annotation);
}

void LiveState::setComment(protocol::HitSeq seq, const QString& comment)
{
    Annotation annotation = m_annotations.value(seq.value);
    annotation.comment = comment.left(commentCharsMax);
    storeAnnotation(seq, annotation);
}

void LiveState::storeAnnotation(protocol::HitSeq seq, const Annotation& annotation)
{
    if (!annotation.marked && annotation.comment.isEmpty())
        m_annotations.remove(seq.value);
    else if (m_annotations.contains(seq.value) || static_cast<std::size_t>(m_annotations.size()) < annotationsMax)
        m_annotations.insert(seq.value, annotation);
    emit annotationChanged(seq);
}

void LiveState::setRepeatWindow(std::int64_t windowMs)
{
    m_ring.setRepeatWindow(windowMs);
    m_repeatsTimer.start(0);
}

void LiveState::markRepeatsSoon()
{
    m_repeatsTimer.start(marksDelayMs);
}

void LiveState::markSomeRepeats()
{
    if (m_ring.markMoreRepeats(marksAtOnce))
        m_repeatsTimer.start(0);
    else
        emit repeatsChanged();
}

} // namespace state
