// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/enrich/agent_catalogue.h"
#include "backend/enrich/device_scan.h"
#include "backend/protocol/limits.h"
#include "tests/fuzz/fuzzer.h"

// What a request says of itself, a header a line.
FUZZER(agent)
{
    static const auto loaded =
        enrich::AgentCatalogue::load(CLICKROOM_SOURCE_DIR "/resources/bots/crawler-user-agents.json");
    fuzz::require(loaded.problem.empty(), "the list is read");
    const auto lines = fuzz::pieces(bytes, '\n', 6);
    enrich::RequestFacts facts;
    facts.userAgent = lines[0];
    facts.secChUa = lines[1];
    facts.secChUaMobile = lines[2];
    facts.secChUaPlatform = lines[3];
    facts.acceptLanguage = lines[4];
    facts.accept = lines[5];
    const enrich::Agent agent = loaded.catalogue->judge(facts);
    fuzz::require(agent.botReason.size() <= protocol::limits::botReasonBytes, "a reason is bounded");
    fuzz::require((agent.bot == protocol::BotCategory::Human) == agent.botReason.empty(), "a bot has a reason");
    fuzz::require(agent.os.size() <= protocol::limits::agentNameBytes &&
                      agent.browser.size() <= protocol::limits::agentNameBytes,
                  "names are bounded");
    fuzz::require(loaded.catalogue->judge(facts) == agent, "the same agent gets the same verdict");
}
