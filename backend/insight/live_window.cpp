// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/insight/live_window.h"

#include <algorithm>
#include <deque>
#include <limits>
#include <map>
#include <unordered_map>

#include "backend/insight/trend.h"
#include "backend/insight/window_counts.h"
#include "backend/protocol/limits.h"

namespace insight {

using protocol::msPerMinute;
using protocol::msPerSecond;
using protocol::UtcMs;

namespace {

// What a flood of made-up names may take; a busy day of real traffic stays far below.
constexpr std::size_t textsMax = 1'000'000;
constexpr std::size_t textBytesMax = 64 * 1024 * 1024;
constexpr std::int64_t always = std::numeric_limits<std::int64_t>::min();

struct View {
    View(protocol::WorkspaceId viewWorkspace, const protocol::StreamFilter& viewFilter, std::int64_t viewSeconds,
         StringTable& table)
        : workspace(viewWorkspace), filter(viewFilter), windowSeconds(viewSeconds),
          compact(viewWorkspace, viewFilter, table), counts(bucketSecondsFor(viewSeconds))
    {
    }

    protocol::WorkspaceId workspace;
    protocol::StreamFilter filter;
    std::int64_t windowSeconds;
    CompactFilter compact;
    WindowCounts counts;
    RecentSeconds recent;
    std::size_t references = 1;
    // A hit of the ring is counted exactly when it matches and is younger than this; only ever moves on.
    std::int64_t boundaryMs = always;
    // Places in the count of all ordered hits, but for what has left the ring since: see settle(). None before `tail`
    // is younger than the boundary; none before `countedFrom` is counted yet, though those from `wantedFrom` on shall
    // be.
    std::uint64_t tail = 0;
    std::uint64_t countedFrom = 0;
    std::uint64_t wantedFrom = 0;

    bool isBehind() const { return countedFrom > wantedFrom; }
    // Brings the places up to the first hit that is still there: for one view when it is looked at, not for all of them
    // with every hit that leaves.
    void settle(std::uint64_t base)
    {
        for (std::uint64_t* place : {&tail, &countedFrom, &wantedFrom})
            *place = std::max(*place, base);
    }
};

// The views that a hit may match: those of its link, and those of any. With a thousand views of a few links each, all
// but a few never see the hit.
class ViewIndex {
public:
    void add(View& view)
    {
        if (view.compact.links().empty())
            m_ofAnyLink.push_back(&view);
        for (const StringTable::Id link : view.compact.links()) {
            std::vector<View*>& views = m_byLink[link];
            if (views.empty() || views.back() != &view) // once, should two names share a number
                views.push_back(&view);
        }
    }
    void remove(View& view)
    {
        std::erase(m_ofAnyLink, &view);
        for (const StringTable::Id link : view.compact.links()) {
            const auto place = m_byLink.find(link);
            if (place != m_byLink.end() && std::erase(place->second, &view) > 0 && place->second.empty())
                m_byLink.erase(place);
        }
    }
    template <class Act> void visit(const CompactHit& hit, const Act& act) const
    {
        for (View* view : m_ofAnyLink)
            act(*view);
        if (const auto place = m_byLink.find(hit.texts[CompactHit::Link]); place != m_byLink.end()) {
            for (View* view : place->second)
                act(*view);
        }
    }

private:
    std::vector<View*> m_ofAnyLink;
    std::unordered_map<StringTable::Id, std::vector<View*>> m_byLink;
};

} // namespace

struct LiveWindow::Parts {
    explicit Parts(std::size_t hitsLimit) : hitsMax(std::max<std::size_t>(1, hitsLimit)), table(textsMax, textBytesMax)
    {
    }

    std::size_t size() const { return ordered.size() + stragglers.size(); }

    void add(const protocol::HitView& hit)
    {
        while (size() >= hitsMax)
            dropOldest(true);
        const CompactHit compact = compactHit(hit, ordered.empty() ? CompactHit() : ordered.back(), table);
        lastSeq = std::max(lastSeq, hit.seq);
        index.visit(compact, [&](View& view) { count(view, compact); });
        if (ordered.empty() || compact.timeMs >= ordered.back().timeMs)
            ordered.push_back(compact);
        else
            stragglers.emplace(compact.timeMs, compact);
    }

    static void count(View& view, const CompactHit& hit)
    {
        if (!view.compact.matches(hit))
            return;
        if (hit.isClick())
            view.recent.add(hit.timeMs);
        if (hit.timeMs > view.boundaryMs)
            view.counts.add(hit);
    }

    // The oldest hit leaves; `early`: although a view may still want it.
    void dropOldest(bool early)
    {
        const bool straggler =
            ordered.empty() || (!stragglers.empty() && stragglers.begin()->first < ordered.front().timeMs);
        const CompactHit hit = straggler ? stragglers.begin()->second : ordered.front();
        index.visit(hit, [&](View& view) {
            const bool counted = straggler || orderedBase >= view.countedFrom;
            if (counted && hit.timeMs > view.boundaryMs && view.compact.matches(hit))
                view.counts.remove(hit);
        });
        if (straggler) {
            stragglers.erase(stragglers.begin());
        } else {
            ordered.pop_front();
            ++orderedBase;
        }
        releaseTexts(hit, table);
        if (early)
            coveredFromMs = std::max(coveredFromMs, hit.timeMs + 1);
    }

    // Takes off the view what has left its window by `nowMs`.
    void advance(View& view, std::int64_t nowMs)
    {
        latestNowMs = std::max(latestNowMs, nowMs);
        const std::int64_t boundary = nowMs - view.windowSeconds * msPerSecond;
        if (boundary <= view.boundaryMs)
            return;
        view.settle(orderedBase);
        const auto remove = [&](const CompactHit& hit) {
            if (hit.timeMs > view.boundaryMs && view.compact.matches(hit))
                view.counts.remove(hit);
        };
        for (; view.tail < orderedBase + ordered.size(); ++view.tail) {
            const CompactHit& hit = ordered[static_cast<std::size_t>(view.tail - orderedBase)];
            if (hit.timeMs > boundary)
                break;
            if (view.tail >= view.countedFrom)
                remove(hit);
        }
        for (auto place = stragglers.upper_bound(view.boundaryMs);
             place != stragglers.end() && place->first <= boundary; ++place)
            remove(place->second);
        view.boundaryMs = boundary;
    }

    // Sets out what of the ring the view shall count. The trend looks further back than a short window does.
    void begin(View& view) const
    {
        const std::int64_t now = latestNowMs != always ? latestNowMs : ordered.empty() ? 0 : ordered.back().timeMs;
        view.boundaryMs = now - view.windowSeconds * msPerSecond;
        const std::int64_t from = std::min(view.boundaryMs, now - (trendMinutesBefore + 2) * msPerMinute);
        const auto placeAfter = [this](std::int64_t timeMs) {
            const auto byTime = [](const CompactHit& hit, std::int64_t ms) { return hit.timeMs <= ms; };
            const auto hit = std::lower_bound(ordered.begin(), ordered.end(), timeMs, byTime);
            return orderedBase + static_cast<std::uint64_t>(hit - ordered.begin());
        };
        view.wantedFrom = placeAfter(from);
        view.countedFrom = orderedBase + ordered.size();
        view.tail = placeAfter(view.boundaryMs);
        for (auto place = stragglers.upper_bound(from); place != stragglers.end(); ++place)
            count(view, place->second);
    }

    // Counts up to `budget` more hits, the newest first: what is shown soonest is what matters most.
    void catchUp(View& view, std::size_t& budget) const
    {
        view.settle(orderedBase);
        for (; budget > 0 && view.isBehind(); --budget)
            count(view, ordered[static_cast<std::size_t>(--view.countedFrom - orderedBase)]);
    }

    // Nothing before this time is counted, or not all of it.
    std::int64_t countedFromMs(const View& view) const
    {
        if (!view.isBehind())
            return coveredFromMs;
        return std::max(coveredFromMs,
                        ordered[static_cast<std::size_t>(view.countedFrom - 1 - orderedBase)].timeMs + 1);
    }

    void fillVelocity(const View& view, std::int64_t nowMs, protocol::WindowAggregate& aggregate) const
    {
        const std::int64_t second = nowMs / msPerSecond;
        const std::uint64_t lastMinute = view.recent.count(second, 60);
        aggregate.clicksPerMinute = static_cast<double>(lastMinute);
        std::int64_t minutes = trendMinutesBefore;
        if (const std::int64_t fromMs = countedFromMs(view); fromMs != always)
            minutes = std::clamp<std::int64_t>((nowMs - fromMs) / msPerMinute - 1, 0, trendMinutesBefore);
        // The silence before a launch is not its usual rate: measured from the first click of these minutes on.
        const std::int64_t active = view.recent.activeSeconds(second - 60, minutes * 60);
        if (active > 0)
            minutes = std::min(minutes, (active + 59) / 60);
        aggregate.trend = trendOf(lastMinute, view.recent.count(second - 60, minutes * 60), static_cast<int>(minutes));
    }

    std::size_t hitsMax;
    StringTable table;
    std::deque<CompactHit> ordered;                     // times never fall
    std::uint64_t orderedBase = 0;                      // place of ordered.front() in the count of all ordered hits
    std::multimap<std::int64_t, CompactHit> stragglers; // came with a time before that of the newest ordered hit
    std::map<ViewId, std::unique_ptr<View>> views;
    ViewIndex index; // of the same
    ViewId lastView = 0;
    protocol::HitSeq lastSeq;
    std::int64_t coveredFromMs = always;
    std::int64_t latestNowMs = always;
};

LiveWindow::LiveWindow(std::size_t hitsMax) : m_parts(std::make_unique<Parts>(hitsMax)) {}

LiveWindow::~LiveWindow() = default;

void LiveWindow::coverFrom(UtcMs time)
{
    m_parts->coveredFromMs = std::max(m_parts->coveredFromMs, time.value);
}

void LiveWindow::add(const protocol::HitView& hit)
{
    m_parts->add(hit);
}

LiveWindow::ViewId LiveWindow::openView(protocol::WorkspaceId workspace, const protocol::StreamFilter& filter,
                                        std::int64_t windowSeconds)
{
    namespace limits = protocol::limits;
    const std::int64_t seconds = std::clamp(windowSeconds == 0 ? limits::windowSecondsDefault : windowSeconds,
                                            limits::windowSecondsMin, limits::windowSecondsMax);
    protocol::StreamFilter normal = filter;
    normal.normalise();
    for (auto& [id, view] : m_parts->views) {
        if (view->workspace == workspace && view->windowSeconds == seconds && view->filter == normal) {
            ++view->references;
            return id;
        }
    }
    auto view = std::make_unique<View>(workspace, normal, seconds, m_parts->table);
    m_parts->begin(*view);
    m_parts->index.add(*view);
    m_parts->views.emplace(++m_parts->lastView, std::move(view));
    return m_parts->lastView;
}

bool LiveWindow::catchUp(std::size_t hits)
{
    for (auto& [id, view] : m_parts->views)
        m_parts->catchUp(*view, hits);
    return std::none_of(m_parts->views.begin(), m_parts->views.end(),
                        [](const auto& entry) { return entry.second->isBehind(); });
}

void LiveWindow::closeView(ViewId id)
{
    const auto place = m_parts->views.find(id);
    if (place == m_parts->views.end() || --place->second->references > 0)
        return;
    m_parts->index.remove(*place->second);
    place->second->compact.release(m_parts->table);
    m_parts->views.erase(place);
}

protocol::WindowAggregate LiveWindow::aggregate(ViewId id, UtcMs now, bool withQr)
{
    protocol::WindowAggregate aggregate;
    const auto place = m_parts->views.find(id);
    if (place == m_parts->views.end())
        return aggregate;
    View& view = *place->second;
    view.settle(m_parts->orderedBase);
    m_parts->advance(view, now.value);
    aggregate.windowSeconds = view.windowSeconds;
    aggregate.from = UtcMs{now.value - view.windowSeconds * msPerSecond};
    aggregate.to = now;
    // The boundary is later than the window's start where the clock was set back: what had left does not come again.
    aggregate.coveredFrom = UtcMs{std::max({aggregate.from.value, view.boundaryMs, m_parts->countedFromMs(view)})};
    aggregate.seq = m_parts->lastSeq;
    view.counts.fill(aggregate, m_parts->table, withQr);
    m_parts->fillVelocity(view, now.value, aggregate);
    return aggregate;
}

void LiveWindow::expire(UtcMs now)
{
    Parts& parts = *m_parts;
    parts.latestNowMs = std::max(parts.latestNowMs, now.value);
    for (auto& [id, view] : parts.views)
        parts.advance(*view, now.value);
    const std::int64_t oldest = now.value - protocol::limits::windowSecondsMax * msPerSecond;
    while ((!parts.ordered.empty() && parts.ordered.front().timeMs <= oldest) ||
           (!parts.stragglers.empty() && parts.stragglers.begin()->first <= oldest))
        parts.dropOldest(false);
}

std::size_t LiveWindow::size() const
{
    return m_parts->size();
}

std::size_t LiveWindow::views() const
{
    return m_parts->views.size();
}

} // namespace insight
