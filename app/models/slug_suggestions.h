// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QHash>
#include <QString>
#include <QStringList>

namespace models {

// The existing slug nearest to one that was missed, on the same domain: at most two letters apart (one in short slugs),
// swapped neighbours counting once. Bounded by knownMax links and cacheMax answers; longer slugs are not compared.
class SlugSuggestions {
public:
    static constexpr qsizetype knownMax = 20'000, cacheMax = 2000, slugCharsMax = 64;

    void setKnown(const QStringList& addresses); // "domain/slug"
    // Empty where nothing is near enough.
    // What somebody who knows more links suggests; holds as long as the known ones stay.
    void note(const QString& domain, const QString& slug, const QString& suggestion);
    QString nearest(const QString& domain, const QString& slug) const;

    // Optimal string alignment distance, or limit + 1 when it is more than `limit`.
    static int distance(QStringView a, QStringView b, int limit);

private:
    QHash<QString, QStringList> m_slugs; // by domain
    mutable QHash<QString, QString> m_cache;
};

} // namespace models
