// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QHash>
#include <QObject>
#include <QString>
#include <QTimer>

#include <deque>
#include <memory>
#include <optional>

#include "app/state/archived.h"
#include "app/state/connection_status.h"
#include "app/state/hit_columns.h"
#include "app/state/hit_ring.h"
#include "app/state/lag_meter.h"
#include "backend/protocol/messages.h"

namespace state {

using FramePtr = std::shared_ptr<const protocol::Frame>;

// The figures of the integrity strip. All since the start, or since startOver().
struct Counters {
    std::uint64_t received = 0;   // hits by frames
    std::uint64_t sent = 0;       // by the backend's own count, never less than what arrived
    std::uint64_t dropped = 0;    // matched but not sent, by the backend's count; each becomes a gap that is fetched
    std::uint64_t fetched = 0;    // hits that came by fetching gaps
    std::uint64_t doubles = 0;    // hits refused because their sequence was not newer: a breach of protocol
    std::uint64_t violations = 0; // breaches of protocol of any kind
    std::uint64_t late = 0, lost = 0; // the backend's own, since it started
    std::uint64_t gapsOpen = 0, gapsFetched = 0, gapsFailed = 0;
    std::uint64_t missingSequences = 0; // in open and failed gaps (sequences, of which the filter may match few)
    std::uint64_t frames = 0;
    protocol::HitSeq cursor;            // everything up to here was received
    protocol::HitSeq serverLast;        // newest hit the backend knows of
    std::optional<std::int64_t> skewMs; // backend's clock minus ours
    std::optional<std::int64_t> roundTripMs;
    QString lastViolation; // code
};

// What the console knows now. Lives on the GUI thread; connection's signals are its slots, one queued call per frame.
// Never blocks; everything it keeps is bounded. Signals: at most one of each kind per frame applied.
class LiveState final : public QObject {
    Q_OBJECT

public:
    static constexpr std::size_t editsMax = 1000, gapsMax = 1000, annotationsMax = 100'000, commentCharsMax = 1000;

    explicit LiveState(std::size_t capacity = HitRing::defaultCapacity, QObject* parent = nullptr);
    ~LiveState() override;

    const HitRing& ring() const { return m_ring; }
    const Counters& counters() const { return m_counters; }
    const LagMeter& lag() const { return m_lag; } // of the recent frames: p50Ms(), p95Ms()
    const ConnectionStatus& connection() const { return m_connection; }
    const std::optional<protocol::Hello>& hello() const { return m_hello; }
    const std::optional<protocol::WindowAggregate>& window() const { return m_window; }
    const std::optional<protocol::Watermark>& watermark() const { return m_watermark; }
    const std::deque<protocol::Edit>& edits() const { return m_edits; } // oldest first
    const std::vector<GapReport>& gaps() const { return m_gaps; }
    const std::optional<protocol::Bye>& lastBye() const { return m_bye; }
    // The stream filter in force at the backend: for every hit after filterFrom().
    const protocol::StreamFilter& streamFilter() const { return m_filter; }
    protocol::HitSeq filterFrom() const { return m_filterFrom; }
    std::uint64_t notYetRolledUp() const;
    std::int64_t serverNowMs() const; // our clock plus the skew

    Annotation annotation(protocol::HitSeq seq) const { return m_annotations.value(seq.value); }
    void setMarked(protocol::HitSeq seq, bool marked);
    void setComment(protocol::HitSeq seq, const QString& comment);
    void setRepeatWindow(std::int64_t windowMs);

    // What an earlier run knew, before a line is made: rows and figures stand there as of then. Nothing of it counts as
    // received.
    void restore(const state::Known& known);
    void restoreHits(const state::ColumnsPtr& hits); // in any order
    // When the backend was last heard of, while what is shown is of an earlier run; 0 = not.
    std::int64_t restoredFromMs() const { return m_restoredFromMs; }

public slots:
    void applyHello(const protocol::Hello& hello);
    void applySubscribed(const protocol::Subscribed& subscribed, const protocol::StreamFilter& filter);
    void applyFrame(const state::FramePtr& frame);
    void applyFetched(const state::FramePtr& frame); // of a gap
    void applyGap(const state::GapReport& gap);
    void applyStatus(const protocol::SessionStatus& status);
    void applyClock(qint64 skewMs, qint64 roundTripMs);
    void applyWindow(const protocol::Window& window);
    void applyWatermark(const protocol::Watermark& watermark);
    void applyEdit(const protocol::Edit& edit);
    void applyPastEdits(const std::vector<protocol::Edit>& edits); // fetched; those that are known are left out
    void applyBye(const protocol::Bye& bye);
    void applyConnection(const state::ConnectionStatus& status);
    void applyViolation(const QString& code);
    // F5, or another data folder: forgets hits and counters. Marks and comments go too, since sequences mean other
    // hits.
    void startOver();

signals:
    void applied(int frames);                                      // to connection: credit for so many frames
    void fetchedApplied();                                         // to connection: the next page of a gap may come
    void hitsAppended();                                           // the ring has new rows, and perhaps lost old ones
    void olderInserted(const std::vector<state::RowNumber>& rows); // see HitRing::Inserted
    void cleared();
    void countersChanged(); // at most 10 times a second
    void windowChanged();
    void watermarkChanged();
    void connectionChanged();
    void editAdded(const protocol::Edit& edit);
    void pastEditsAdded();
    void gapsChanged();
    void filterChanged();
    void annotationChanged(protocol::HitSeq seq);
    void repeatsChanged();

private:
    void noteCounters();
    void noteViolation(const QString& code);
    void countGaps();
    void markRepeatsSoon();
    void markSomeRepeats();
    void appendInOrder(const protocol::Frame& frame);
    void storeAnnotation(protocol::HitSeq seq, const Annotation& annotation);

    HitRing m_ring;
    Counters m_counters;
    LagMeter m_lag;
    ConnectionStatus m_connection;
    std::optional<protocol::Hello> m_hello;
    std::optional<protocol::WindowAggregate> m_window;
    std::optional<protocol::Watermark> m_watermark;
    std::optional<protocol::Bye> m_bye;
    std::deque<protocol::Edit> m_edits;
    std::vector<GapReport> m_gaps;
    protocol::StreamFilter m_filter;
    protocol::HitSeq m_filterFrom;
    QHash<quint64, Annotation> m_annotations;
    std::uint64_t m_sentBase = 0; // by earlier sessions
    std::uint64_t m_droppedBase = 0;
    std::uint64_t m_droppedSeen = 0; // told by this session's frames
    bool m_cursorKnown = false;
    std::int64_t m_restoredFromMs = 0;
    QTimer m_countersTimer;
    QTimer m_repeatsTimer;
};

} // namespace state
