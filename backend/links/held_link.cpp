// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/links/held_link.h"

#include <algorithm>

#include "backend/links/destination.h"

namespace links {

HeldLink::HeldLink(Link link, const ZoneTable& zones, std::shared_ptr<ClickCount> count)
    : Link(std::move(link)), exit(exitOf(destination)), fallbackExit(exitOf(fallback)), iosExit(exitOf(iosApp)),
      androidExit(exitOf(androidApp)), clicks(std::move(count))
{
    if (rules.empty())
        return;
    auto all = std::make_unique<std::vector<CompiledRule>>();
    all->reserve(rules.size());
    for (const Rule& rule : rules)
        all->push_back(compileRule(rule, zones));
    hasSplits = std::any_of(rules.begin(), rules.end(), [](const Rule& rule) { return rule.variants.size() > 1; });
    compiled = std::move(all);
}

void HeldLink::sendFor() const
{
    constexpr std::size_t lineBytes = 64;
    for (std::size_t at = 0; at < sizeof *this; at += lineBytes)
        __builtin_prefetch(reinterpret_cast<const char*>(this) + at);
}

void HeldLink::sendForMore() const
{
    __builtin_prefetch(clicks.get(), 1);
    __builtin_prefetch(destination.data());
}

} // namespace links
