// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/state/links.h"

#include <utility>

namespace state {

const QString* textField(const Link& link, QStringView name)
{
    static constexpr std::pair<QLatin1StringView, QString Link::*> texts[] = {
        {QLatin1StringView("domain"), &Link::domain},
        {QLatin1StringView("slug"), &Link::slug},
        {QLatin1StringView("destination"), &Link::destination},
        {QLatin1StringView("state"), &Link::state},
        {QLatin1StringView("campaign"), &Link::campaign},
        {QLatin1StringView("notes"), &Link::notes},
        {QLatin1StringView("goal"), &Link::goal},
        {QLatin1StringView("owner"), &Link::owner},
        {QLatin1StringView("fallback"), &Link::fallback},
        {QLatin1StringView("iosApp"), &Link::iosApp},
        {QLatin1StringView("androidApp"), &Link::androidApp},
    };
    for (const auto& [known, member] : texts)
        if (name == known)
            return &(link.*member);
    return nullptr;
}

} // namespace state
