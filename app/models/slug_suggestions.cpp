// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/models/slug_suggestions.h"

#include <algorithm>
#include <array>

namespace models {

void SlugSuggestions::setKnown(const QStringList& addresses)
{
    m_slugs.clear();
    m_cache.clear();
    for (const QString& address : addresses.first(std::min(addresses.size(), knownMax))) {
        const qsizetype slash = address.indexOf(QLatin1Char('/'));
        if (slash >= 0 && address.size() - slash - 1 <= slugCharsMax)
            m_slugs[address.first(slash)].append(address.sliced(slash + 1));
    }
}

void SlugSuggestions::note(const QString& domain, const QString& slug, const QString& suggestion)
{
    if (m_cache.size() < cacheMax && slug.size() <= slugCharsMax && suggestion.size() <= slugCharsMax)
        m_cache.insert(domain + QLatin1Char('/') + slug, suggestion);
}

QString SlugSuggestions::nearest(const QString& domain, const QString& slug) const
{
    if (slug.isEmpty() || slug.size() > slugCharsMax)
        return {};
    const QString key = domain + QLatin1Char('/') + slug;
    if (const auto cached = m_cache.constFind(key); cached != m_cache.constEnd())
        return *cached;
    const auto slugs = m_slugs.constFind(domain);
    if (slugs == m_slugs.constEnd())
        return {};
    QString best;
    int limit = slug.size() < 5 ? 1 : 2;
    for (const QString& known : *slugs) {
        if (known.isEmpty() || known == slug)
            continue;
        const int apart = distance(slug, known, limit);
        if (apart <= limit) {
            best = known;
            limit = apart - 1;
            if (limit < 0)
                break;
        }
    }
    if (m_cache.size() >= cacheMax)
        m_cache.clear();
    m_cache.insert(key, best);
    return best;
}

int SlugSuggestions::distance(QStringView a, QStringView b, int limit)
{
    if (limit < 0 || std::abs(a.size() - b.size()) > limit || a.size() > slugCharsMax || b.size() > slugCharsMax)
        return limit + 1;
    std::array<std::array<int, slugCharsMax + 1>, 3> rows;
    auto* before = &rows[0];
    auto* last = &rows[1];
    auto* now = &rows[2];
    const auto at = [](qsizetype i) { return static_cast<std::size_t>(i); };
    for (qsizetype j = 0; j <= b.size(); ++j)
        (*last)[at(j)] = static_cast<int>(j);
    for (qsizetype i = 1; i <= a.size(); ++i) {
        (*now)[0] = static_cast<int>(i);
        int least = (*now)[0];
        for (qsizetype j = 1; j <= b.size(); ++j) {
            const bool same = a[i - 1] == b[j - 1];
            int cost = std::min({(*last)[at(j)] + 1, (*now)[at(j - 1)] + 1, (*last)[at(j - 1)] + (same ? 0 : 1)});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                cost = std::min(cost, (*before)[at(j - 2)] + 1);
            (*now)[at(j)] = cost;
            least = std::min(least, cost);
        }
        if (least > limit)
            return limit + 1;
        auto* free = before;
        before = last;
        last = now;
        now = free;
    }
    return std::min((*last)[at(b.size())], limit + 1);
}

} // namespace models
