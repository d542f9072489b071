// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/connection/gap_fetcher.h"

#include <QUrlQuery>

#include <algorithm>

#include "backend/protocol/codec.h"
#include "backend/protocol/limits.h"

namespace connection {

namespace limits = protocol::limits;

GapFetcher::GapFetcher(ApiClient& api, std::uint64_t hitsMax, int retryMs, Outputs outputs, QObject* parent)
    : QObject(parent), m_api(api), m_hitsMax(hitsMax), m_outputs(std::move(outputs))
{
    m_retryTimer.setParent(this);
    m_retryTimer.setSingleShot(true);
    m_retryTimer.setInterval(retryMs);
    connect(&m_retryTimer, &QTimer::timeout, this, &GapFetcher::fetchNext);
}

void GapFetcher::add(std::uint64_t first, std::uint64_t last, const protocol::StreamFilter& filter)
{
    if (last - first >= m_hitsMax) {
        // The older part is more than the console keeps: it stays a gap, and is shown as one.
        state::GapReport old;
        old.first = first;
        old.last = last - m_hitsMax;
        old.state = state::GapReport::State::Failed;
        old.detail = QStringLiteral("too_long");
        m_outputs.changed(old);
        first = last - m_hitsMax + 1;
    }
    if (m_ranges.size() >= rangesMax && m_ranges.back().filter == filter && first > m_ranges.back().report.last) {
        Range& joined = m_ranges.back();
        joined.report.last = last;
        report(joined, state::GapReport::State::Missing);
        return;
    }
    Range range;
    range.report.first = first;
    range.report.last = last;
    range.report.coveredTo = first - 1;
    range.filter = filter;
    if (m_ranges.size() >= 2 * rangesMax) {
        report(range, state::GapReport::State::Failed, QStringLiteral("too_many"));
        return;
    }
    report(range, state::GapReport::State::Missing);
    m_ranges.push_back(std::move(range));
    fetchNext();
}

void GapFetcher::setOnline(bool online)
{
    m_online = online;
    if (online)
        fetchNext();
    else
        m_retryTimer.stop();
}

void GapFetcher::pageApplied()
{
    m_awaitsReceiver = false;
    fetchNext();
}

void GapFetcher::clear()
{
    ++m_generation;
    m_ranges.clear();
    m_retryTimer.stop();
    m_busy = false;
    m_awaitsReceiver = false;
}

void GapFetcher::fetchNext()
{
    if (!m_online || m_busy || m_awaitsReceiver || m_ranges.empty() || m_retryTimer.isActive())
        return;
    Range& range = m_ranges.front();
    QUrlQuery query;
    query.addQueryItem(QStringLiteral("after"), QString::number(range.report.coveredTo));
    const std::uint64_t left = range.report.last - range.report.coveredTo;
    query.addQueryItem(QStringLiteral("limit"), QString::number(std::min<std::uint64_t>(left, limits::hitsPerFrame)));
    if (!range.filter.isEmpty())
        query.addQueryItem(QStringLiteral("filter"), QString::fromLatin1(QUrl::toPercentEncoding(
                                                         QString::fromStdString(protocol::jsonOf(range.filter)))));
    m_busy = true;
    report(range, state::GapReport::State::Fetching);
    m_api.get(QStringLiteral("/v1/hits"), query, "application/cbor", static_cast<qint64>(limits::serverMessageBytes),
              [this, generation = m_generation](const Reply& reply) {
                  if (generation == m_generation)
                      onReply(reply);
              });
}

void GapFetcher::onReply(const Reply& reply)
{
    m_busy = false;
    if (m_ranges.empty())
        return;
    if (reply.problem.isSet() && !m_online)
        return; // no fault of the range: asked again when the line is back
    if (reply.problem.isSet())
        return retry(reply.problem.code);
    const std::shared_ptr<const protocol::Frame> page = takePage(reply, m_ranges.front());
    if (!page)
        return;
    Range& range = m_ranges.front();
    range.tries = 0;
    if (range.report.coveredTo >= range.report.last) {
        report(range, state::GapReport::State::Fetched);
        m_ranges.pop_front();
    } else {
        report(range, state::GapReport::State::Fetching);
    }
    // Last, since the receiver may ask for the next page within this call.
    m_awaitsReceiver = true;
    m_outputs.page(page);
}

// A page is a frame message that goes on from where the last one ended. Nothing: it was none, and what follows from
// that is done.
std::shared_ptr<const protocol::Frame> GapFetcher::takePage(const Reply& reply, Range& range)
{
    const protocol::Decoded decoded = protocol::decode(
        {reply.body.constData(), static_cast<std::size_t>(reply.body.size())}, protocol::Encoding::Cbor);
    const auto* frame = decoded.message ? std::get_if<protocol::Frame>(&*decoded.message) : nullptr;
    if (!frame) {
        m_outputs.violation(QStringLiteral("gap_page"));
        retry(QString::fromStdString(decoded.error.empty() ? "not_a_frame" : decoded.error));
        return nullptr;
    }
    const std::uint64_t after = range.report.coveredTo;
    if (frame->last.value <= after) {
        // The backend has not stored so far yet, or never will.
        retry(QStringLiteral("no_progress"));
        return nullptr;
    }
    auto page = std::make_shared<protocol::Frame>(*frame);
    const std::uint64_t covered = std::min(frame->last.value, range.report.last);
    std::erase_if(page->hits,
                  [&](const protocol::Hit& hit) { return hit.seq.value <= after || hit.seq.value > covered; });
    range.report.coveredTo = covered;
    return page;
}

void GapFetcher::retry(const QString& why)
{
    Range& range = m_ranges.front();
    if (++range.tries >= triesMax) {
        report(range, state::GapReport::State::Failed, why);
        m_ranges.pop_front();
        return fetchNext();
    }
    report(range, state::GapReport::State::Missing, why);
    m_retryTimer.start();
}

void GapFetcher::report(Range& range, state::GapReport::State state, const QString& detail)
{
    range.report.state = state;
    range.report.detail = detail.left(128);
    m_outputs.changed(range.report);
}

} // namespace connection
