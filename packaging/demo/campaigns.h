// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "packaging/demo/audience.h"

namespace demo {

struct Placement {
    std::string name; // "poster-hauptbahnhof"
    std::string city; // "DE:Berlin", or empty = anywhere
};

// One link of the links file: domain,slug,destination,campaign,channel,weight,launch,home,placements.
struct CampaignLink {
    std::string domain, slug;
    std::string
        channel; // mail, search, video, press, messenger, direct, qr, or an app: instagram, tiktok, linkedin, facebook
    double weight = 1;
    double launchSeconds = 0;          // its first share
    std::vector<std::string> home;     // countries
    std::vector<Placement> placements; // of a QR code
};

// Throws std::runtime_error with the row.
std::vector<CampaignLink> linksFrom(std::string_view csv);

// How much traffic a link has at a moment: a quiet floor and waves. A wave follows a share: a steep ramp, a peak, a
// slow decay, and often a second, lower wave when others pass the link on. Further shares come every few minutes for as
// long as the demo runs.
class Waves {
public:
    Waves(double firstShareSeconds, double untilSeconds, Random& random);

    double at(double seconds) const; // 0 … 1
    const std::vector<double>& shares() const { return m_shares; }

private:
    struct Wave {
        double start = 0, height = 0, rampSeconds = 0, decaySeconds = 0;
    };
    std::vector<Wave> m_waves; // in the order of their starts
    std::vector<double> m_shares;
};

} // namespace demo
