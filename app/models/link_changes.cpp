// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/models/link_changes.h"

#include <functional>
#include <utility>

#include "app/models/slug_suggestions.h"

namespace models {

namespace {

using state::Link;

// Of longer words one letter more or less is a slip; of short ones it is another word.
constexpr qsizetype slipLength = 6;

struct Field {
    const char* name;
    bool (*same)(const Link& a, const Link& b);
    void (*take)(Link& to, const Link& from);
};

template <auto Member> constexpr Field field(const char* name)
{
    return {name, [](const Link& a, const Link& b) { return a.*Member == b.*Member; },
            [](Link& to, const Link& from) { to.*Member = from.*Member; }};
}

constexpr Field fields[] = {
    field<&Link::destination>("destination"),
    field<&Link::status>("status"),
    field<&Link::state>("state"),
    field<&Link::expiresAtMs>("expiresAt"),
    field<&Link::clickLimit>("clickLimit"),
    field<&Link::fallback>("fallback"),
    field<&Link::campaign>("campaign"),
    field<&Link::goal>("goal"),
    field<&Link::tags>("tags"),
    field<&Link::utm>("utm"),
    field<&Link::rules>("rules"),
    field<&Link::iosApp>("iosApp"),
    field<&Link::androidApp>("androidApp"),
    field<&Link::owner>("owner"),
    field<&Link::notes>("notes"),
};

QString folded(const QString& value)
{
    QString letters;
    for (const QChar c : value.normalized(QString::NormalizationForm_KC))
        if (c.isLetterOrNumber())
            letters.append(c.toCaseFolded());
    return letters;
}

} // namespace

QStringList changedFields(const Link& before, const Link& after)
{
    QStringList names;
    if (after.id == 0) {
        names.append(QStringLiteral("domain"));
        if (!after.slug.isEmpty())
            names.append(QStringLiteral("slug"));
    }
    for (const Field& one : fields)
        if (!one.same(before, after))
            names.append(QLatin1StringView(one.name));
    return names;
}

void takeField(Link& to, const Link& from, const QString& name)
{
    for (const Field& one : fields)
        if (name == QLatin1StringView(one.name))
            one.take(to, from);
}

Link merged(const Link& base, const Link& mine, const Link& theirs)
{
    Link link = theirs;
    for (const Field& one : fields)
        if (!one.same(base, mine))
            one.take(link, mine);
    return link;
}

QStringList nearDuplicates(const QString& value, const QStringList& inUse)
{
    const QString mine = folded(value);
    QStringList near;
    if (mine.isEmpty())
        return near;
    for (const QString& other : inUse) {
        if (other == value || near.contains(other))
            continue;
        const QString theirs = folded(other);
        const bool slip = mine.size() >= slipLength && SlugSuggestions::distance(mine, theirs, 1) <= 1;
        if (theirs == mine || slip)
            near.append(other);
    }
    return near;
}

} // namespace models
