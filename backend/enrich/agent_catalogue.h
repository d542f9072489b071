// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "backend/enrich/bot_signals.h"
#include "backend/enrich/enricher.h"

namespace enrich {

// What can be told from a request's agent: bot verdict with its reason, device, OS, browser. The general signals of
// bot_signals.h come first, then the list of known crawlers, all its patterns in one automaton. Immutable, thread-safe,
// microseconds a call.
class AgentCatalogue {
public:
    // The general signals alone.
    AgentCatalogue();
    ~AgentCatalogue();

    struct Loaded {
        std::shared_ptr<const AgentCatalogue> catalogue; // never null; without the list when `problem` is set
        std::string problem;
    };
    // `listFile`: the crawler-user-agents list, JSON. A pattern that does not compile is left out.
    static Loaded load(const std::string& listFile);

    Agent judge(const RequestFacts& facts) const;
    // The list's verdict alone.
    BotVerdict knownCrawler(std::string_view agent) const;
    std::size_t patternCount() const;

private:
    struct List;
    std::unique_ptr<List> m_list;
};

} // namespace enrich
