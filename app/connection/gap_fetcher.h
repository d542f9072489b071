// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QTimer>

#include <deque>
#include <functional>
#include <memory>

#include "app/connection/api_client.h"
#include "app/state/connection_status.h"
#include "backend/protocol/messages.h"

namespace connection {

// Fetches what the stream did not bring: one range after the other, page by page, the next page only after the last was
// applied. Lives on the connection's thread. Full (rangesMax waiting): a new range is joined to the last one. A range
// that fails five times is given up, and said to be.
class GapFetcher final : public QObject {
public:
    static constexpr std::size_t rangesMax = 256;
    static constexpr int triesMax = 5;

    struct Outputs {
        std::function<void(const state::GapReport&)> changed;
        std::function<void(const std::shared_ptr<const protocol::Frame>&)> page;
        std::function<void(const QString& code)> violation;
    };

    GapFetcher(ApiClient& api, std::uint64_t hitsMax, int retryMs, Outputs outputs, QObject* parent = nullptr);

    // Sequences from `first` to `last`, both missing.
    void add(std::uint64_t first, std::uint64_t last, const protocol::StreamFilter& filter);
    void setOnline(bool online);
    void pageApplied();
    void clear();
    std::size_t waiting() const { return m_ranges.size(); }

private:
    struct Range {
        state::GapReport report;
        protocol::StreamFilter filter;
        int tries = 0;
    };

    void fetchNext();
    void onReply(const Reply& reply);
    std::shared_ptr<const protocol::Frame> takePage(const Reply& reply, Range& range);
    void retry(const QString& why);
    void report(Range& range, state::GapReport::State state, const QString& detail = {});

    ApiClient& m_api;
    std::uint64_t m_hitsMax;
    Outputs m_outputs;
    std::deque<Range> m_ranges;
    QTimer m_retryTimer;
    bool m_online = false;
    bool m_busy = false;           // a request is under way
    bool m_awaitsReceiver = false; // a page was handed on and not yet applied
    quint64 m_generation = 0;
};

} // namespace connection
