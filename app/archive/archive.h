// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QTimer>

#include <atomic>
#include <functional>
#include <memory>
#include <optional>

#include "app/archive/store.h"
#include "app/state/archived.h"
#include "app/state/live_state.h"

namespace archive {

// What was found when an archive was opened.
struct Opened {
    bool found = false;  // something was known of this backend
    bool loaded = false; // and was told
    QString address;
    state::ResumePoint place;
    std::int64_t heardAtMs = 0;
    quint64 setAside = 0; // records that did not open: another key, or tampered with
    bool damaged = false; // the whole file; it was moved aside
    QString problem;      // why nothing can be kept; empty = all is well
};

// Keeps what the console sees, for the time without a backend. Lives on a thread of main's; every function may be
// called from any thread and is carried out on its own, in order. At most waitingHitsMax hits and waitingBytesMax of
// answers wait for the disk: beyond, hits are noted as a gap, to be fetched by the next run, and answers are left out.
// Written every flushMs, all or nothing: the cursor never runs ahead of the hits.
class Archive final : public QObject, public state::AnswerStore {
    Q_OBJECT

public:
    static constexpr int flushMs = 2000;
    static constexpr std::int64_t waitingHitsMax = 200'000, waitingBytesMax = 64LL * 1024 * 1024;
    static constexpr std::size_t questionsMax = 256; // that wait for open()
    static constexpr int chunksUnderWay = 4;         // of hits restored, between this and who takes them

    explicit Archive(QString folder);
    ~Archive() override;

    // What is kept of the backend at this address (empty = the last one) is told by known(), hits() for each chunk as
    // the receiver takes them, then ready(). Without `load` it is only gone on with: ready() at once.
    void open(const QString& address, const QByteArray& key, bool load);
    void hitsTaken();
    // There is none to be opened: who asks for an answer gets nothing. Until then, or open(), questions wait.
    void giveUp();

    void noteHello(const protocol::Hello& hello);
    void noteSubscribed(const protocol::Subscribed& subscribed, const protocol::StreamFilter& filter);
    void noteFrame(const state::FramePtr& frame);
    void noteFetched(const state::FramePtr& page);
    void noteGap(const state::GapReport& gap);
    void noteWindow(const protocol::Window& window);
    void noteWatermark(const protocol::Watermark& watermark);
    void noteEdits(const std::vector<protocol::Edit>& edits); // all that are known
    void noteAnnotation(protocol::HitSeq seq, const state::Annotation& annotation);
    void startOver();
    void flush();

    void keep(const QString& path, const QString& query, const QByteArray& body) override;
    void find(const QString& path, const QString& query, QObject* context, Found found) override;

signals:
    void known(const state::Known& known);
    void hits(const state::ColumnsPtr& hits);
    void ready(const archive::Opened& opened);
    void failed(const QString& problem); // of the disk; once until it works again

private:
    template <typename Act> void post(Act act);
    void answerWaiting();
    void doOpen(const QString& address, const QByteArray& key, bool load);
    bool openStore(const std::string& dataId);
    void loadMore();
    void takeHello(const protocol::Hello& hello);
    void takeFrame(const protocol::Frame& frame);
    void takeFetched(const protocol::Frame& page);
    void addGap(std::uint64_t first, std::uint64_t last);
    void noteHole(std::uint64_t before);
    void putGap(const state::GapReport& gap);
    void heard();
    void forgetHits();
    void close();
    void doFlush();
    std::size_t writeTail();
    void keepForLater();
    QString indexPath() const;

    QString m_folder;
    std::atomic<std::int64_t> m_waitingHits{0}, m_waitingBytes{0};

    // On the archive's own thread.
    std::unique_ptr<Sealing> m_sealing;
    std::unique_ptr<Store> m_store;
    QString m_address;
    bool m_decided = false;                         // whether there is an archive
    std::vector<std::function<void()>> m_questions; // asked before that was known
    state::Known m_known;
    bool m_notesChanged = false, m_changed = false, m_awaitsPage = false, m_failed = false;
    protocol::HitBatch m_tail; // of the chunk that is being filled
    std::int64_t m_tailId = 0;
    std::vector<protocol::HitBatch> m_pages; // fetched, to be written
    std::vector<Store::Chunk> m_toLoad;      // newest last
    std::size_t m_nextLoad = 0;
    std::optional<Opened> m_opening;
    QTimer m_flushTimer;
};

} // namespace archive

Q_DECLARE_METATYPE(archive::Opened)
