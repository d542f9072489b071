// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/enrich/bot_signals.h"

#include <algorithm>
#include <array>
#include <span>

#include "backend/enrich/bot_words.h"
#include "backend/enrich/browser_form.h"
#include "backend/enrich/request_text.h"
#include "backend/protocol/limits.h"
#include "backend/protocol/words.h"

namespace enrich {

namespace {

using protocol::BotCategory;

bool isLower(char c)
{
    return c >= 'a' && c <= 'z';
}

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

char charAt(std::string_view text, std::size_t at)
{
    return at < text.size() ? text[at] : ' ';
}

bool has(std::string_view text, std::string_view word)
{
    return text.find(word) != std::string_view::npos;
}

bool hasAny(std::string_view text, std::span<const std::string_view> words)
{
    return std::ranges::any_of(words, [&](std::string_view word) { return has(text, word); });
}

bool isSeparator(char c)
{
    return c == ' ' || c == ';' || c == '(' || c == ')' || c == '/' || c == ',' || c == '+' || c == '"' || c == '[' ||
           c == ']';
}

// The agent's own word around [at, at + size), as it was sent: "Slackbot-LinkExpanding" for "slackbot".
std::string reasonOf(std::string_view prefix, std::string_view agent, std::size_t at, std::size_t size)
{
    constexpr std::size_t wordBytesMax = 40;
    std::size_t begin = at;
    std::size_t end = std::min(at + size, agent.size());
    while (begin > 0 && !isSeparator(agent[begin - 1]) && at - begin < wordBytesMax)
        --begin;
    while (end > at + 1 && isSeparator(agent[end - 1]))
        --end;
    const bool whole = end < std::min(at + size, agent.size());
    while (!whole && end < agent.size() && !isSeparator(agent[end]) && end - at < wordBytesMax)
        ++end;
    return std::string(prefix) +
           protocol::visibleText(agent.substr(begin, end - begin), protocol::limits::botReasonBytes - prefix.size());
}

BotVerdict firstWord(std::string_view prefix, std::string_view agent, std::string_view lowered, const WordTable& words)
{
    const WordTable::Found found = words.find(lowered);
    return found.word ? BotVerdict{found.word->category, reasonOf(prefix, agent, found.at, found.word->text.size())}
                      : BotVerdict{};
}

// "name@host.tld" somewhere: a letter or digit on both sides of the @, and a dot after it in the same word.
std::size_t findMail(std::string_view lowered)
{
    for (std::size_t at = lowered.find('@'); at != std::string_view::npos; at = lowered.find('@', at + 1)) {
        const std::string_view after = lowered.substr(at + 1, lowered.find_first_of(" ;,)>", at + 1) - at - 1);
        const char before = at > 0 ? lowered[at - 1] : ' ';
        if ((isLower(before) || isDigit(before)) && after.size() > 3 && isLower(after.front()) && has(after, "."))
            return at;
    }
    return std::string_view::npos;
}

// ".com" and its like at a word's end: a site's name. "com.google.android" has it at the start.
std::size_t findSite(std::string_view lowered)
{
    for (const std::string_view ending : siteEndings) {
        for (std::size_t at = lowered.find(ending); at != std::string_view::npos; at = lowered.find(ending, at + 1)) {
            const char next = charAt(lowered, at + ending.size());
            if (at > 1 && (isLower(lowered[at - 1]) || isDigit(lowered[at - 1])) && !isLower(next) && !isDigit(next) &&
                next != '.' && next != '-' && next != '_')
                return at;
        }
    }
    return std::string_view::npos;
}

bool startsLikeBrowser(std::string_view lowered)
{
    return lowered.starts_with("mozilla/") || lowered.starts_with("opera/");
}

bool isBlank(std::string_view agent)
{
    return std::ranges::all_of(agent,
                               [](char c) { return c == ' ' || c == '-' || c == '\t' || c == '"' || c == '\''; });
}

} // namespace

BotVerdict missingAgent(std::string_view agent)
{
    return isBlank(agent) ? BotVerdict{BotCategory::NoUserAgent, "agent:none"} : BotVerdict{};
}

BotVerdict namedAgent(std::string_view agent)
{
    const std::string lowered = lowerAscii(agent);
    // iMessage names two social crawlers at once to be given their previews.
    if (has(lowered, "facebot") && has(lowered, "twitterbot"))
        return {BotCategory::Preview, "agent:Facebot Twitterbot"};
    return firstWord("agent:", agent, lowered, agentNames());
}

BotVerdict headlessBrowser(std::string_view agent, std::string_view secChUa)
{
    if (BotVerdict verdict = firstWord("headless:", agent, lowerAscii(agent), headlessWords()))
        return verdict;
    if (has(lowerAscii(secChUa), "headless"))
        return {BotCategory::Headless, "headless:Sec-CH-UA"};
    return {};
}

BotVerdict httpClient(std::string_view agent)
{
    const std::string lowered = lowerAscii(agent);
    // The text browser names the library that it is built on.
    return lowered.starts_with("lynx/") ? BotVerdict{} : firstWord("client:", agent, lowered, clientWords());
}

BotVerdict robotWord(std::string_view agent)
{
    std::string lowered = lowerAscii(agent);
    // Words of people's devices and apps that hold a robot's word are taken out first.
    for (const std::string_view innocent : innocentWords) {
        for (std::size_t at = lowered.find(innocent); at != std::string::npos; at = lowered.find(innocent, at))
            lowered.replace(at, innocent.size(), innocent.size(), ' ');
    }
    return firstWord("word:", agent, lowered, robotWords());
}

BotVerdict contactInAgent(std::string_view agent)
{
    const std::string lowered = lowerAscii(agent);
    // The Embedded Web Browser of the 2000s put its maker's address into Internet Explorer's agent.
    if (has(lowered, "msie ") && has(lowered, "bsalsa.com"))
        return {};
    // Facebook's app names the network that its telephone is in ("FBCR/Telekom.de"), Avant its maker.
    if (has(lowered, "fbav/") || lowered.starts_with("avant browser"))
        return {};
    for (const std::string_view sign : {"http:", "https:", "www.", "mailto:"}) {
        if (const std::size_t at = lowered.find(sign); at != std::string::npos)
            return {BotCategory::Other, "contact:address"};
    }
    if (findMail(lowered) != std::string_view::npos)
        return {BotCategory::Other, "contact:mail"};
    if (const std::size_t at = findSite(lowered); at != std::string_view::npos)
        return {BotCategory::Other, reasonOf("contact:", agent, at, 4)};
    return {};
}

// "compatible;" without one of the browsers that wrote it, or with another name before the browser's.
bool namesNoCompatible(std::string_view lowered)
{
    constexpr std::string_view opening = "mozilla/4.0 (compatible; ";
    if (!has(lowered, "compatible;") && !has(lowered, "compatible)"))
        return false;
    if (!hasAny(lowered, compatibleBrowsers))
        return true;
    if (!lowered.starts_with(opening))
        return false;
    const std::string_view first =
        lowered.substr(opening.size(), lowered.find_first_of(";)", opening.size()) - opening.size());
    return !hasAny(first, compatibleBrowsers) && has(lowered, "; msie ") && has(first, "toolbar");
}

// "Mozilla/5.0 (Something)" and nothing else, or a product behind an Internet Explorer that names none.
BotVerdict oddAfterPlatform(std::string_view lowered, std::size_t open)
{
    const std::size_t close = lowered.find(')', open);
    if (close == std::string_view::npos)
        return {};
    const std::string_view rest = lowered.substr(std::min(close + 2, lowered.size()));
    const bool known = hasAny(lowered, deviceWords) || hasAny(lowered, engineWords) || has(lowered, "browser") ||
                       has(lowered, "silk/");
    if (rest.empty() && !known && lowered.starts_with("mozilla/5.0"))
        return {BotCategory::Other, "shape:no engine"};
    const bool explorer = lowered.starts_with("mozilla/4.0 (compatible; msie ") && !hasAny(lowered, deviceWords);
    if (explorer && has(rest.substr(0, rest.find(' ')), "/") && !has(rest, "opera") && !has(rest, "webtv"))
        return {BotCategory::Other, "shape:after Internet Explorer"};
    return {};
}

BotVerdict oddShape(std::string_view agent)
{
    const std::string lowered = lowerAscii(agent);
    if (isBlank(lowered))
        return {};
    if (has(lowered, "()"))
        return {BotCategory::Other, "shape:empty brackets"};
    if (!startsLikeBrowser(lowered))
        return hasAny(lowered, deviceWords) ? BotVerdict{} : BotVerdict{BotCategory::Other, "shape:no browser"};
    const std::size_t open = lowered.find('(');
    if (lowered.starts_with("opera/"))
        return {};
    if (open == std::string::npos)
        return hasAny(lowered, deviceWords) ? BotVerdict{} : BotVerdict{BotCategory::Other, "shape:no platform"};
    if (namesNoCompatible(lowered))
        return {BotCategory::Other, "shape:compatible"};
    const bool desktop = has(lowered, "windows nt") || has(lowered, "macintosh") || has(lowered, "x11;");
    // Netscape 4 and before wrote its language ("Mozilla/4.8 [en] (…") and no engine.
    if (desktop && !hasAny(lowered, engineWords) && !has(lowered, "[en]") && !has(lowered, "silk/"))
        return {BotCategory::Other, "shape:no engine"};
    if (BotVerdict verdict = oddAfterPlatform(lowered, open))
        return verdict;
    if (const std::string_view name = addedName(lowered); !name.empty()) {
        const auto at = static_cast<std::size_t>(name.data() - lowered.data());
        return {BotCategory::Other, reasonOf("added:", agent, at, name.size())};
    }
    if (const std::size_t at = lowered.find("chrome/"); at != std::string::npos && !isDigit(charAt(lowered, at + 7)))
        return {BotCategory::Other, "shape:version"};
    return {};
}

BotVerdict unlikeBrowserHeaders(std::string_view agent, std::string_view acceptLanguage, std::string_view accept)
{
    // Every browser asks for a page with its languages and with text/html first. One of them missing happens (proxies,
    // privacy settings); both together is a program that borrowed a browser's agent.
    const bool weak = acceptLanguage.empty() && accept == "*/*";
    return weak && startsLikeBrowser(lowerAscii(agent))
               ? BotVerdict{BotCategory::HttpClient, "headers:no language, any type"}
               : BotVerdict{};
}

BotVerdict generalSignals(std::string_view agent, std::string_view secChUa, std::string_view acceptLanguage,
                          std::string_view accept)
{
    if (BotVerdict verdict = missingAgent(agent))
        return verdict;
    if (BotVerdict verdict = namedAgent(agent))
        return verdict;
    if (BotVerdict verdict = headlessBrowser(agent, secChUa))
        return verdict;
    if (BotVerdict verdict = httpClient(agent))
        return verdict;
    if (BotVerdict verdict = robotWord(agent))
        return verdict;
    if (BotVerdict verdict = contactInAgent(agent))
        return verdict;
    if (BotVerdict verdict = oddShape(agent))
        return verdict;
    return unlikeBrowserHeaders(agent, acceptLanguage, accept);
}

} // namespace enrich
