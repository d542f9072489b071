// SPDX-License-Identifier: GPL-3.0-or-later
#include "packaging/demo/campaigns.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>
#include <stdexcept>

#include "backend/protocol/csv_writer.h"

namespace demo {

namespace {

constexpr double floorShare = 0.22;    // of the full height, between waves
constexpr double waveSecondsMax = 400; // after which a wave has died away

std::vector<std::string> split(std::string_view text, char separator)
{
    std::vector<std::string> parts;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find(separator), text.size());
        if (end > 0)
            parts.emplace_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return parts;
}

double number(const std::string& text, double fallback)
{
    double value = fallback;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return std::isfinite(value) && value >= 0 ? value : fallback;
}

} // namespace

std::vector<CampaignLink> linksFrom(std::string_view csv)
{
    const protocol::CsvDocument document = protocol::readCsv(csv, true);
    if (!document.error.empty())
        throw std::runtime_error("the links file: " + document.error);
    std::map<std::string, std::size_t> columns;
    if (!document.rows.empty()) {
        for (std::size_t i = 0; i < document.rows.front().size(); ++i)
            columns[document.rows.front()[i]] = i;
    }
    if (!columns.contains("domain") || !columns.contains("slug"))
        throw std::runtime_error("the links file needs a header with domain and slug");
    std::vector<CampaignLink> links;
    for (std::size_t row = 1; row < document.rows.size(); ++row) {
        const auto cell = [&](const char* name) {
            const auto column = columns.find(name);
            const std::vector<std::string>& cells = document.rows[row];
            return column != columns.end() && column->second < cells.size() ? cells[column->second] : std::string();
        };
        CampaignLink link;
        link.domain = cell("domain");
        link.slug = cell("slug");
        link.channel = cell("channel");
        link.weight = number(cell("weight"), 1);
        link.launchSeconds = number(cell("launch"), 0);
        link.home = split(cell("home"), ' ');
        for (const std::string& placement : split(cell("placements"), '|')) {
            const std::size_t at = std::min(placement.find('@'), placement.size());
            link.placements.push_back({placement.substr(0, at), placement.substr(std::min(at + 1, placement.size()))});
        }
        if (link.domain.empty())
            throw std::runtime_error("the links file, row " + std::to_string(row + 1) + ": no domain");
        links.push_back(std::move(link));
    }
    if (links.empty())
        throw std::runtime_error("the links file holds no links");
    return links;
}

Waves::Waves(double firstShareSeconds, double untilSeconds, Random& random)
{
    for (double share = firstShareSeconds; share < untilSeconds; share += 70 + 160 * fraction(random)) {
        const double height = m_shares.empty() ? 1 : 0.35 + 0.6 * fraction(random);
        m_shares.push_back(share);
        m_waves.push_back({share, height, 3 + 5 * fraction(random), 18 + 30 * fraction(random)});
        if (below(random, 10) < 7)
            m_waves.push_back({share + 22 + 25 * fraction(random), height * (0.3 + 0.35 * fraction(random)),
                               6 + 6 * fraction(random), 20 + 40 * fraction(random)});
    }
    std::ranges::sort(m_waves, {}, &Wave::start);
}

double Waves::at(double seconds) const
{
    double height = 0;
    const auto begin = std::ranges::lower_bound(m_waves, seconds - waveSecondsMax, {}, &Wave::start);
    for (auto wave = begin; wave != m_waves.end() && wave->start <= seconds; ++wave) {
        const double age = seconds - wave->start;
        height += wave->height * (age < wave->rampSeconds ? age / wave->rampSeconds
                                                          : std::exp(-(age - wave->rampSeconds) / wave->decaySeconds));
    }
    // A slow breathing of the floor, so that nothing on the screen stands still.
    const double floor = floorShare * (0.85 + 0.15 * std::sin(seconds / 17));
    return std::min(1.0, floor + (1 - floorShare) * height);
}

} // namespace demo
