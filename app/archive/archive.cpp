// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/archive/archive.h"

#include <QDateTime>
#include <QPointer>

#include <algorithm>

namespace archive {

template <typename Act> void Archive::post(Act act)
{
    QMetaObject::invokeMethod(this, std::move(act), Qt::QueuedConnection);
}

Archive::Archive(QString folder) : m_folder(std::move(folder))
{
    qRegisterMetaType<state::Known>("state::Known");
    qRegisterMetaType<state::ColumnsPtr>("state::ColumnsPtr");
    qRegisterMetaType<archive::Opened>("archive::Opened");
    m_flushTimer.setParent(this);
    m_flushTimer.setSingleShot(true);
    m_flushTimer.setInterval(flushMs);
    connect(&m_flushTimer, &QTimer::timeout, this, &Archive::doFlush);
}

Archive::~Archive()
{
    doFlush();
}

void Archive::open(const QString& address, const QByteArray& key, bool load)
{
    post([this, address, key, load] { doOpen(address, key, load); });
}

void Archive::hitsTaken()
{
    post([this] { loadMore(); });
}

void Archive::noteHello(const protocol::Hello& hello)
{
    post([this, hello] { takeHello(hello); });
}

void Archive::noteSubscribed(const protocol::Subscribed& subscribed, const protocol::StreamFilter& filter)
{
    post([this, subscribed, filter] {
        m_known.place.filter = filter;
        noteHole(subscribed.from.value);
        m_known.place.cursor = std::max(m_known.place.cursor, subscribed.from);
        heard();
    });
}

void Archive::noteFrame(const state::FramePtr& frame)
{
    const auto count = static_cast<std::int64_t>(frame->hits.size());
    if (m_waitingHits.load() + count > waitingHitsMax)
        return post([this, first = frame->first.value, last = frame->last.value] {
            m_known.place.cursor = std::max(m_known.place.cursor, protocol::HitSeq(last));
            addGap(first, last);
        });
    m_waitingHits += count;
    post([this, frame, count] {
        m_waitingHits -= count;
        takeFrame(*frame);
    });
}

void Archive::noteFetched(const state::FramePtr& page)
{
    const auto count = static_cast<std::int64_t>(page->hits.size());
    if (m_waitingHits.load() + count > waitingHitsMax)
        return post([this, first = page->first.value, last = page->last.value] {
            m_awaitsPage = false;
            addGap(first, last);
        });
    m_waitingHits += count;
    post([this, page, count] {
        m_waitingHits -= count;
        takeFetched(*page);
    });
}

void Archive::noteGap(const state::GapReport& gap)
{
    post([this, gap] { putGap(gap); });
}

void Archive::noteWindow(const protocol::Window& window)
{
    post([this, window] {
        m_known.window = window.aggregate;
        heard();
    });
}

void Archive::noteWatermark(const protocol::Watermark& watermark)
{
    post([this, watermark] {
        m_known.watermark = watermark;
        heard();
    });
}

void Archive::noteEdits(const std::vector<protocol::Edit>& edits)
{
    post([this, edits] {
        m_known.edits = edits;
        m_notesChanged = true;
        heard();
    });
}

void Archive::noteAnnotation(protocol::HitSeq seq, const state::Annotation& annotation)
{
    post([this, seq, annotation] {
        if (annotation.isEmpty())
            m_known.annotations.remove(seq.value);
        else
            m_known.annotations.insert(seq.value, annotation);
        m_notesChanged = m_changed = true;
        if (!m_flushTimer.isActive())
            m_flushTimer.start();
    });
}

void Archive::startOver()
{
    post([this] {
        forgetHits();
        m_changed = true;
        doFlush();
    });
}

void Archive::giveUp()
{
    post([this] { answerWaiting(); });
}

void Archive::flush()
{
    post([this] { doFlush(); });
}

void Archive::keep(const QString& path, const QString& query, const QByteArray& body)
{
    if (m_waitingBytes.load() + body.size() > waitingBytesMax)
        return;
    m_waitingBytes += body.size();
    post([this, path, query, body] {
        m_waitingBytes -= body.size();
        if (m_store)
            m_store->putAnswer(path, query, body, QDateTime::currentMSecsSinceEpoch());
    });
}

void Archive::find(const QString& path, const QString& query, QObject* context, Found found)
{
    const auto look = [this, path, query, guard = QPointer<QObject>(context), context, found = std::move(found)] {
        const auto answer = m_store ? m_store->answer(path, query) : std::optional<state::StoredAnswer>();
        const auto tell = [found, answer] { found(answer); };
        if (guard)
            QMetaObject::invokeMethod(context, tell, Qt::QueuedConnection);
    };
    post([this, look] {
        // A page may ask before the key is there.
        if (!m_decided && m_questions.size() < questionsMax)
            m_questions.emplace_back(look);
        else
            look();
    });
}

} // namespace archive
