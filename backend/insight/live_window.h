// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <memory>

#include "backend/protocol/stream_filter.h"
#include "backend/protocol/window.h"

namespace insight {

// The recent past in compact form (interned strings), and exact sliding aggregates over it for any number of
// (workspace, filter, length) views. Not thread-safe; one owner. Full (`hitsMax`): the oldest hits leave early and
// every aggregate says so by `coveredFrom`. Names beyond a million distinct ones are counted together, as "(other)".
class LiveWindow {
public:
    explicit LiveWindow(std::size_t hitsMax);
    ~LiveWindow();

    // Hits before this time were not given, or not all of them: every aggregate says so.
    void coverFrom(protocol::UtcMs time);

    // Hits come in the order of their sequence. A hit older than the newest by time (late, or a clock set back) is
    // counted where it belongs.
    void add(const protocol::HitView& hit);

    // A view counts what comes after it was made at once, and what the ring held before by catchUp. Views with the same
    // arguments are one, counted by reference.
    using ViewId = std::size_t;
    ViewId openView(protocol::WorkspaceId workspace, const protocol::StreamFilter& filter, std::int64_t windowSeconds);
    void closeView(ViewId view);
    // Counts up to `hits` more of the past for views that are new, the newest first (about a microsecond each). True
    // when none is behind; until then the view's aggregate says by `coveredFrom` how far back it reaches.
    bool catchUp(std::size_t hits);

    // `now`: the backend's clock. `withQr`: the plan allows the heatmap.
    protocol::WindowAggregate aggregate(ViewId view, protocol::UtcMs now, bool withQr);

    // Drops what no view can need any more. Call once a second or so.
    void expire(protocol::UtcMs now);

    std::size_t size() const;
    std::size_t views() const;

private:
    struct Parts;
    std::unique_ptr<Parts> m_parts;
};

} // namespace insight
