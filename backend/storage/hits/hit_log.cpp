// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/storage/hits/hit_log.h"

#include <algorithm>

namespace storage {

namespace {

// A batch in pieces of about this size: a reader holds one at a time, and a torn one costs no more.
constexpr std::size_t frameBytes = 256 * 1024;
constexpr std::uint64_t markEveryBytes = 64 * 1024;

} // namespace

void appendHitFrames(std::string& out, const protocol::PackedHits& hits)
{
    for (std::size_t from = 0; from < hits.size();) {
        std::size_t to = from + 1;
        while (to < hits.size() && hits.bytes(from, to).size() < frameBytes)
            ++to;
        appendFrame(out, [&](std::string& frame) {
            frame += static_cast<char>(LogFrame::Hits);
            frame += hits.bytes(from, to);
        });
        from = to;
    }
}

void appendLateMarks(std::string& out, std::span<const LateMark> marks)
{
    appendFrame(out, [&](std::string& frame) {
        frame += static_cast<char>(LogFrame::LateMarks);
        for (const LateMark& mark : marks) {
            protocol::putVarint(frame, mark.seq);
            protocol::putVarint(frame, mark.workspace);
        }
    });
}

bool readLogFrame(std::string_view payload, const std::function<void(const protocol::HitView&)>& hit,
                  std::vector<LateMark>& lateMarks)
{
    if (payload.empty())
        return false;
    protocol::VarintReader bytes(payload.substr(1));
    if (payload.front() == static_cast<char>(LogFrame::LateMarks)) {
        while (bytes.left() > 0)
            lateMarks.push_back({bytes.number(), static_cast<std::uint32_t>(bytes.number())});
        return bytes.isWhole();
    }
    if (payload.front() != static_cast<char>(LogFrame::Hits))
        return false;
    protocol::HitView view;
    while (takeHit(bytes, view))
        hit(view);
    return bytes.isWhole();
}

bool LogReader::next(const std::function<void(const protocol::HitView&)>& hit, std::vector<LateMark>& lateMarks)
{
    lateMarks.clear();
    std::string_view payload;
    return m_frames.next(payload) && readLogFrame(payload, hit, lateMarks);
}

void PieceIndex::forget()
{
    m_readTo = 0;
    m_firstSeq = m_lastSeq = 0;
    m_lastTime = noTime;
    m_totals.clear();
    m_lateMarks.clear();
    m_marks.clear();
}

void PieceIndex::refresh(std::uint64_t sealedTo)
{
    // A piece of which a part is sealed: after a crash between the two, or for the moment until it is removed.
    if (sealedTo > m_sealedTo && m_firstSeq != 0 && m_firstSeq <= sealedTo)
        forget();
    m_sealedTo = sealedTo;
    if (m_file->size() <= m_readTo)
        return;
    LogReader log(*m_file, m_readTo);
    std::vector<LateMark> marks;
    std::uint64_t frameFirst = 0;
    std::int64_t lastTimeBefore = m_lastTime;
    while (log.next(
        [&](const protocol::HitView& hit) {
            if (frameFirst == 0)
                frameFirst = hit.seq.value;
            if (hit.seq.value <= m_sealedTo)
                return;
            if (m_firstSeq == 0)
                m_firstSeq = hit.seq.value;
            m_lastSeq = hit.seq.value;
            m_lastTime = std::max(m_lastTime, hit.time.value);
            addTo(m_totals, hit);
        },
        marks)) {
        if (frameFirst != 0 && (m_marks.empty() || m_readTo - m_marks.back().at >= markEveryBytes))
            m_marks.push_back({frameFirst, m_readTo, lastTimeBefore});
        frameFirst = 0;
        lastTimeBefore = m_lastTime;
        m_lateMarks.insert(m_lateMarks.end(), marks.begin(), marks.end());
        m_readTo = log.at();
    }
}

std::uint64_t PieceIndex::firstSince(protocol::UtcMs from) const
{
    if (m_lastTime < from.value || m_marks.empty())
        return 0;
    const auto beyond = std::find_if(m_marks.begin(), m_marks.end(),
                                     [&](const Mark& mark) { return mark.lastTimeBefore >= from.value; });
    LogReader log(*m_file, std::prev(beyond)->at); // the first has nothing before it
    std::vector<LateMark> marks;
    std::uint64_t found = 0;
    while (found == 0 && log.at() < m_readTo &&
           log.next(
               [&](const protocol::HitView& hit) {
                   if (found == 0 && hit.time >= from && hit.seq.value > m_sealedTo)
                       found = hit.seq.value;
               },
               marks)) {
    }
    return found;
}

bool PieceIndex::scan(std::uint64_t after, std::uint64_t to,
                      const std::function<bool(const protocol::HitView&)>& hit) const
{
    after = std::max(after, m_sealedTo);
    to = std::min(to, m_lastSeq);
    if (to <= after || m_marks.empty())
        return true;
    const auto beyond = std::upper_bound(m_marks.begin(), m_marks.end(), after + 1,
                                         [](std::uint64_t seq, const Mark& mark) { return seq < mark.firstSeq; });
    LogReader log(*m_file, beyond == m_marks.begin() ? 0 : std::prev(beyond)->at);
    std::vector<LateMark> marks;
    bool isPast = false, goesOn = true;
    while (goesOn && !isPast && log.at() < m_readTo &&
           log.next(
               [&](const protocol::HitView& view) {
                   isPast = isPast || view.seq.value >= to;
                   if (goesOn && view.seq.value > after && view.seq.value <= to)
                       goesOn = hit(view);
               },
               marks)) {
    }
    return goesOn;
}

} // namespace storage
