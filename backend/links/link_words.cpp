// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/links/link_words.h"

#include <array>

namespace links {

namespace {

// By number, from 1.
constexpr std::array<std::string_view, 4> linkStates{"active", "paused", "expired", "deleted"};
constexpr std::array<std::string_view, 3> domainStates{"pending", "verified", "ready"};
constexpr std::array<std::string_view, 14> conditionKinds{"country", "region",   "city",     "device",   "os",
                                                          "browser", "language", "referrer", "query",    "address",
                                                          "between", "hours",    "touch",    "placement"};

template <std::size_t N> std::string_view wordAt(const std::array<std::string_view, N>& words, std::size_t number)
{
    return number >= 1 && number <= N ? words[number - 1] : std::string_view("unknown");
}

template <class T, std::size_t N>
std::optional<T> numberOf(const std::array<std::string_view, N>& words, std::string_view word)
{
    for (std::size_t at = 0; at < N; ++at)
        if (words[at] == word)
            return static_cast<T>(at + 1);
    return std::nullopt;
}

} // namespace

std::string_view word(LinkState state)
{
    return wordAt(linkStates, static_cast<std::size_t>(state));
}

std::string_view word(DomainState state)
{
    return wordAt(domainStates, static_cast<std::size_t>(state));
}

std::string_view word(Plan plan)
{
    return plan == Plan::Starter ? "starter" : "professional";
}

std::string_view word(PrivacyMode mode)
{
    return mode == PrivacyMode::Strict ? "strict" : "standard";
}

std::string_view word(ConditionKind kind)
{
    return wordAt(conditionKinds, static_cast<std::size_t>(kind));
}

std::optional<LinkState> linkStateFrom(std::string_view word)
{
    return numberOf<LinkState>(linkStates, word);
}

std::optional<ConditionKind> conditionKindFrom(std::string_view word)
{
    return numberOf<ConditionKind>(conditionKinds, word);
}

} // namespace links
