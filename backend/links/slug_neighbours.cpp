// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/links/slug_neighbours.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdlib>

#include "backend/links/ascii.h"

namespace links {

namespace {

constexpr std::size_t pageLinks = 10'000;
constexpr std::size_t shortSlugBytes = 5;

// Which letters a slug has: two slugs that differ in more letters than twice the limit are further apart than it.
std::uint64_t lettersOf(std::string_view slug)
{
    std::uint64_t letters = 0;
    for (const char c : slug)
        letters |= 1ULL << (static_cast<unsigned char>(c) & 63U);
    return letters;
}

} // namespace

int SlugNeighbours::distance(std::string_view a, std::string_view b, int limit)
{
    const auto apart = static_cast<int>(a.size() > b.size() ? a.size() - b.size() : b.size() - a.size());
    if (limit < 0 || apart > limit || a.size() > slugBytesMax || b.size() > slugBytesMax)
        return limit + 1;
    std::array<std::array<int, slugBytesMax + 1>, 3> rows;
    auto *before = rows.data(), *last = before + 1, *now = before + 2;
    for (std::size_t j = 0; j <= b.size(); ++j)
        (*last)[j] = static_cast<int>(j);
    for (std::size_t i = 1; i <= a.size(); ++i) {
        (*now)[0] = static_cast<int>(i);
        int least = (*now)[0];
        for (std::size_t j = 1; j <= b.size(); ++j) {
            int cost = std::min({(*last)[j] + 1, (*now)[j - 1] + 1, (*last)[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                cost = std::min(cost, (*before)[j - 2] + 1);
            (*now)[j] = cost;
            least = std::min(least, cost);
        }
        if (least > limit)
            return limit + 1;
        std::swap(before, last);
        std::swap(last, now);
    }
    return std::min((*last)[b.size()], limit + 1);
}

void SlugNeighbours::want(protocol::DomainId domain, std::string_view slug)
{
    if (m_wanted.size() >= wantedMax)
        return;
    std::string lower = lowerAscii(slug);
    const std::uint64_t letters = lettersOf(lower);
    // A slug of nothing, or too long to compare, has no neighbours.
    const int limit = slug.empty() || slug.size() > slugBytesMax ? -1 : slug.size() < shortSlugBytes ? 1 : 2;
    m_wanted.push_back({domain, std::move(lower), letters, limit});
}

std::vector<std::vector<SlugNeighbour>> SlugNeighbours::find(const Snapshot& snapshot) const
{
    std::vector<std::vector<SlugNeighbour>> found(m_wanted.size());
    protocol::LinkId after;
    for (std::size_t looked = 0; looked < linksMax && !m_wanted.empty(); looked += pageLinks) {
        const auto page = snapshot.linksAfter(after, pageLinks);
        if (page.empty())
            break;
        after = page.back()->id;
        for (const auto* link : page) {
            if (link->state == LinkState::Deleted || link->slug.empty() || link->slug.size() > slugBytesMax)
                continue;
            const std::string slug = lowerAscii(link->slug);
            const std::uint64_t letters = lettersOf(slug);
            for (std::size_t at = 0; at < m_wanted.size(); ++at) {
                const Wanted& wanted = m_wanted[at];
                if (wanted.domain != link->domain || std::popcount(letters ^ wanted.letters) > 2 * wanted.limit)
                    continue;
                const int apart = distance(wanted.slug, slug, wanted.limit);
                if (apart <= wanted.limit)
                    found[at].push_back({link->slug, link->id, apart});
                if (found[at].size() > 2 * eachMax) {
                    std::stable_sort(found[at].begin(), found[at].end(),
                                     [](const auto& a, const auto& b) { return a.distance < b.distance; });
                    found[at].resize(eachMax);
                }
            }
        }
    }
    for (auto& one : found) {
        std::stable_sort(one.begin(), one.end(), [](const auto& a, const auto& b) { return a.distance < b.distance; });
        one.resize(std::min(one.size(), eachMax));
    }
    return found;
}

} // namespace links
