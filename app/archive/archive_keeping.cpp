// SPDX-License-Identifier: GPL-3.0-or-later
// What the archive does on its own thread: opens and loads, gathers, writes.
#include <QCryptographicHash>
#include <QDateTime>
#include <QDir>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSaveFile>

#include <algorithm>
#include <utility>

#include "app/archive/archive.h"

namespace archive {

namespace {

constexpr qint64 indexBytesMax = 256 * 1024;
constexpr std::size_t pagesAtOnce = 16;
constexpr std::size_t hitsKeptForLater = 50'000;

QJsonObject readIndex(const QString& path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly) || file.size() > indexBytesMax)
        return {};
    return QJsonDocument::fromJson(file.readAll()).object();
}

} // namespace

// Which data folder answered at which address: nothing else lies here in clear.
QString Archive::indexPath() const
{
    return m_folder + QStringLiteral("/index.json");
}

void Archive::doOpen(const QString& address, const QByteArray& key, bool load)
{
    close();
    m_sealing = std::make_unique<Sealing>(key);
    const QJsonObject index = readIndex(indexPath());
    m_address = address.isEmpty() ? index[QStringLiteral("last")].toString() : address;
    const std::string dataId =
        index[QStringLiteral("backends")].toObject()[m_address].toString().left(256).toStdString();
    Opened opened;
    opened.address = m_address;
    const bool isOpen = !dataId.empty() && openStore(dataId);
    answerWaiting();
    if (!isOpen) {
        opened.problem = m_store ? m_store->problem() : QString();
        return emit ready(opened);
    }
    opened.damaged = m_store->damaged();
    if (const std::optional<state::Known> known = m_store->known(); known && known->place.dataId == dataId) {
        m_known = *known;
        opened.found = true;
        opened.place = known->place;
        opened.heardAtMs = known->heardAtMs;
    }
    opened.loaded = load && opened.found;
    m_opening = opened;
    if (opened.loaded) {
        emit this->known(m_known);
        m_toLoad = m_store->chunks();
    }
    for (int i = 0; i < chunksUnderWay; ++i)
        loadMore();
}

void Archive::answerWaiting()
{
    m_decided = true;
    for (const auto& look : std::exchange(m_questions, {}))
        look();
}

void Archive::close()
{
    doFlush();
    m_store.reset();
    m_known = {};
    m_tail.clear();
    m_pages.clear();
    m_tailId = 0;
    m_toLoad.clear();
    m_nextLoad = 0;
    m_opening.reset();
    m_awaitsPage = false;
}

void Archive::forgetHits()
{
    m_known.place.cursor = {};
    m_known.place.gaps.clear();
    m_tail.clear();
    m_pages.clear();
    m_tailId = 0;
    m_awaitsPage = false;
    if (m_store)
        m_store->forgetHits();
}

bool Archive::openStore(const std::string& dataId)
{
    QDir().mkpath(m_folder);
    const QByteArray name = QCryptographicHash::hash(QByteArray::fromStdString(dataId), QCryptographicHash::Sha256);
    m_store = std::make_unique<Store>(
        m_folder + QLatin1Char('/') + QString::fromLatin1(name.toHex().left(32)) + QStringLiteral(".db"), *m_sealing);
    return m_store->isOpen();
}

void Archive::loadMore()
{
    if (!m_opening || !m_store)
        return;
    while (m_nextLoad < m_toLoad.size()) {
        const Store::Chunk chunk = m_toLoad[m_nextLoad++];
        if (const state::ColumnsPtr found = m_store->hitsOf(chunk))
            return emit hits(found);
        // What does not open is fetched again, as far as the backend still has it.
        const std::uint64_t last = std::min(chunk.last, m_known.place.cursor.value);
        if (chunk.first > 0 && chunk.first <= last)
            addGap(chunk.first, last);
    }
    Opened opened = *m_opening;
    m_opening.reset();
    opened.place = m_known.place;
    opened.setAside = m_store->setAside();
    opened.problem = m_store->problem();
    emit ready(opened);
}

void Archive::takeHello(const protocol::Hello& hello)
{
    if (!m_sealing)
        return;
    if (!m_store || m_known.place.dataId != hello.dataId) {
        close();
        if (!openStore(hello.dataId))
            return emit failed(m_store->problem());
        if (const std::optional<state::Known> before = m_store->known())
            m_known = *before;
        m_known.place.dataId = hello.dataId;
        m_notesChanged = true;
        QJsonObject index = readIndex(indexPath());
        QJsonObject backends = index[QStringLiteral("backends")].toObject();
        backends[m_address] = QString::fromStdString(hello.dataId);
        index[QStringLiteral("backends")] = backends;
        index[QStringLiteral("last")] = m_address;
        QSaveFile file(indexPath());
        if (file.open(QIODevice::WriteOnly)) {
            file.write(QJsonDocument(index).toJson());
            file.commit();
        }
    }
    // Restored from a copy, it counts anew from there: these sequences mean other hits now.
    if (hello.lastSeq < m_known.place.cursor) {
        forgetHits();
        m_known.annotations.clear();
        m_notesChanged = true;
    }
    m_known.hello = hello;
    heard();
}

void Archive::takeFrame(const protocol::Frame& frame)
{
    state::ResumePoint& place = m_known.place;
    noteHole(frame.first.value - 1);
    for (const protocol::Hit& hit : frame.hits)
        if (hit.seq > place.cursor && (m_tail.empty() || hit.seq > m_tail.back().seq))
            m_tail.push_back(hit);
    place.cursor = std::max(place.cursor, frame.last);
    heard();
    if (m_tail.size() >= Store::chunkHits)
        doFlush();
}

void Archive::takeFetched(const protocol::Frame& page)
{
    m_awaitsPage = false;
    protocol::HitBatch sorted = page.hits;
    std::sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) { return a.seq < b.seq; });
    if (!sorted.empty())
        m_pages.push_back(std::move(sorted));
    heard();
    if (m_pages.size() >= pagesAtOnce)
        doFlush();
}

// A line that began anew leaves out what came since: that is a gap, unless it is known as one.
void Archive::noteHole(std::uint64_t before)
{
    const std::uint64_t first = m_known.place.cursor.value + 1;
    const auto& gaps = m_known.place.gaps;
    if (m_known.place.cursor && before >= first &&
        std::none_of(gaps.cbegin(), gaps.cend(), [first](const auto& gap) { return gap.first == first; }))
        addGap(first, before);
}

void Archive::addGap(std::uint64_t first, std::uint64_t last)
{
    state::GapReport gap;
    gap.first = first;
    gap.last = last;
    gap.coveredTo = first - 1;
    putGap(gap);
}

void Archive::putGap(const state::GapReport& gap)
{
    std::vector<state::GapReport>& gaps = m_known.place.gaps;
    const auto known =
        std::find_if(gaps.begin(), gaps.end(), [&](const auto& other) { return other.first == gap.first; });
    if (known != gaps.end())
        // It counts as covered once its page is here to be written, see doFlush().
        m_awaitsPage = gap.coveredTo > known->coveredTo;
    // The older part of a very long gap is more than a console keeps; it is not asked for again.
    const bool over = gap.detail == QLatin1String("too_long");
    if (gap.state == state::GapReport::State::Fetched || gap.coveredTo >= gap.last || over) {
        if (known != gaps.end())
            gaps.erase(known);
    } else if (known != gaps.end()) {
        *known = gap;
    } else if (gaps.size() < state::LiveState::gapsMax) {
        gaps.push_back(gap);
    }
    heard();
}

void Archive::heard()
{
    m_known.heardAtMs = QDateTime::currentMSecsSinceEpoch();
    m_changed = true;
    if (!m_flushTimer.isActive())
        m_flushTimer.start();
}

// In pieces that a chunk may hold; the last piece stays open for more. Returns how many hits are in full ones.
std::size_t Archive::writeTail()
{
    std::size_t full = 0;
    while (full < m_tail.size()) {
        const auto from = m_tail.begin() + static_cast<std::ptrdiff_t>(full);
        const std::size_t count = std::min(m_tail.size() - full, Store::chunkHits);
        m_tailId = m_store->putHits(m_tailId, protocol::HitBatch(from, from + static_cast<std::ptrdiff_t>(count)));
        if (count < Store::chunkHits)
            break;
        full += count;
        m_tailId = 0;
    }
    return full;
}

void Archive::doFlush()
{
    m_flushTimer.stop();
    if (!m_store || !m_store->isOpen() || !m_changed || m_known.place.dataId.empty())
        return;
    if (m_awaitsPage)
        return m_flushTimer.start();
    m_store->begin();
    const std::size_t full = writeTail();
    for (const protocol::HitBatch& page : m_pages)
        m_store->putHits(0, page);
    m_store->putPlace(m_known);
    if (m_notesChanged)
        m_store->putNotes(m_known);
    m_store->dropOldest();
    m_store->commit();
    if (!m_store->problem().isEmpty())
        return keepForLater();
    m_tail.erase(m_tail.begin(), m_tail.begin() + static_cast<std::ptrdiff_t>(full));
    m_pages.clear();
    m_changed = m_notesChanged = m_failed = false;
}

// Nothing of it was written. What does not fit in memory becomes a gap, which the next run fetches.
void Archive::keepForLater()
{
    m_tailId = 0; // the hits of an older chunk with this number may come twice; they are taken once
    if (m_tail.size() > hitsKeptForLater) {
        addGap(m_tail.front().seq.value, m_tail.back().seq.value);
        m_tail.clear();
    }
    for (const protocol::HitBatch& page : m_pages)
        addGap(page.front().seq.value, page.back().seq.value);
    m_pages.clear();
    if (!std::exchange(m_failed, true))
        emit failed(m_store->problem());
    m_flushTimer.start();
}

} // namespace archive
