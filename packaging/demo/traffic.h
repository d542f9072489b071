// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <queue>
#include <string>
#include <vector>

#include "backend/runtime/http_sender.h"
#include "packaging/demo/campaigns.h"

namespace demo {

struct TrafficOptions {
    double ratePerSecond = 40; // of people's clicks when every link is at its peak
    double seconds = 60;
    std::uint64_t seed = 1;
};

// The requests of the whole demo, one after the other in the order of their times: the same for the same seed. Made
// while it runs, in bounded memory: a tenth of a second ahead, and the bursts that are due.
class Traffic {
public:
    Traffic(const Audience& audience, std::vector<CampaignLink> links, TrafficOptions options);

    std::optional<runtime::OutgoingRequest> next();
    // How many of each kind were made so far: click, scan, repeat, preview, scanner, robot, head, prefetch, miss,
    // foreign host.
    const std::map<std::string, std::uint64_t>& kinds() const { return m_kinds; }

private:
    struct Planned {
        double at = 0;
        std::uint64_t order = 0;
        runtime::OutgoingRequest request;
        bool operator>(const Planned& other) const { return at != other.at ? at > other.at : order > other.order; }
    };
    struct Recent {
        Visitor visitor;
        std::size_t link = 0;
        std::string target;
    };

    void planSlice();
    void planShare(std::size_t link, double at);
    void planArrival(std::size_t link, double at);
    void planRobot(double at);
    void planMiss(double at, const Visitor& visitor, const CampaignLink& link);
    void add(double at, const char* kind, runtime::OutgoingRequest request);
    runtime::OutgoingRequest visit(const Visitor& visitor, const CampaignLink& link, std::string target) const;
    runtime::OutgoingRequest call(const Robot& robot, const CampaignLink& link);

    const Audience& m_audience;
    std::vector<CampaignLink> m_links;
    TrafficOptions m_options;
    Random m_random;
    std::vector<Waves> m_waves;
    std::vector<std::size_t> m_nextShare; // per link
    double m_weights = 0;
    double m_now = 0; // everything before is planned
    std::uint64_t m_order = 0;
    std::priority_queue<Planned, std::vector<Planned>, std::greater<>> m_planned;
    std::deque<Recent> m_recent;
    std::map<std::string, std::uint64_t> m_kinds;
};

} // namespace demo
