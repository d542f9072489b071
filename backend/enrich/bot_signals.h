// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

#include "backend/protocol/hit.h"

// The signals by which an automated request shows itself, one function each. None knows a list of patterns; together
// they find nearly all bots, known or not. Each takes any bytes, looks at the first agentScanBytes, and answers Human
// when it has nothing to say.
namespace enrich {

struct BotVerdict {
    protocol::BotCategory category = protocol::BotCategory::Human;
    std::string reason; // "agent:Slackbot-LinkExpanding", "client:curl", "word:crawl", … at most botReasonBytes

    explicit operator bool() const { return category != protocol::BotCategory::Human; }
    friend bool operator==(const BotVerdict&, const BotVerdict&) = default;
};

// No User-Agent, or only white space or "-".
BotVerdict missingAgent(std::string_view agent);
// A name that settles the category: messengers' previews, social, search and AI crawlers, scanners, monitors, feed
// readers, SEO.
BotVerdict namedAgent(std::string_view agent);
// A browser without a person: headless modes and remote control, in the agent or in Sec-CH-UA.
BotVerdict headlessBrowser(std::string_view agent, std::string_view secChUa);
// HTTP libraries and command-line clients.
BotVerdict httpClient(std::string_view agent);
// Words that programs call themselves: bot, crawl, spider, preview, fetch, monitor, scan … but not Cubot phones or
// CamScanner.
BotVerdict robotWord(std::string_view agent);
// A web address or an e-mail address in the agent: whom to complain to. No browser has one.
BotVerdict contactInAgent(std::string_view agent);
// Not built as browsers build theirs: no platform, "compatible;" without a browser of that time, a desktop without an
// engine, a name beside those that a desktop's browser writes (browser_form.h).
BotVerdict oddShape(std::string_view agent);
// Weak signals, none of which counts alone: a browser's agent that sends no Accept-Language and takes anything
// ("Accept: */*").
BotVerdict unlikeBrowserHeaders(std::string_view agent, std::string_view acceptLanguage, std::string_view accept);

// The first of the above that fires, in this order.
BotVerdict generalSignals(std::string_view agent, std::string_view secChUa, std::string_view acceptLanguage,
                          std::string_view accept);

} // namespace enrich
