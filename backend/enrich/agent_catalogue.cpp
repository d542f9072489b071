// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/enrich/agent_catalogue.h"

#include <algorithm>
#include <array>
#include <vector>

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <re2/set.h>

#include "backend/enrich/device_scan.h"
#include "backend/enrich/request_text.h"
#include "backend/protocol/limits.h"
#include "backend/protocol/words.h"

namespace enrich {

namespace {

using protocol::BotCategory;

constexpr qint64 listBytesMax = 16 * 1024 * 1024;
constexpr std::size_t patternsMax = 20'000;
constexpr std::size_t patternBytesMax = 1024;
constexpr std::int64_t automatonBytes = 64 * 1024 * 1024;

// Patterns of the list that also fit people: an Android build number, the window in which Facebook's app opens links, a
// wrapper that makes any site a Mac program, and two editors whose built-in browser a person looks at.
constexpr std::array<std::string_view, 5> notCrawlers = {"AP3A\\.240617\\.008", "MetaIAB Facebook", "Fluid",
                                                         "Code\\/1\\.", "Trae\\/"};

struct TagCategory {
    std::string_view tag;
    BotCategory category;
};

// The more telling tag first: an entry may have several.
constexpr TagCategory tagCategories[] = {
    {"ai-crawler", BotCategory::AiCrawler},
    {"social-preview", BotCategory::SocialCrawler},
    {"feed-reader", BotCategory::FeedReader},
    {"scanner", BotCategory::Scanner},
    {"monitoring", BotCategory::Monitoring},
    {"search-engine", BotCategory::SearchCrawler},
    {"browser-automation", BotCategory::Headless},
    {"http-library", BotCategory::HttpClient},
    {"seo", BotCategory::SeoCrawler},
};

BotCategory categoryOf(const QJsonArray& tags)
{
    for (const TagCategory& known : tagCategories) {
        if (tags.contains(QLatin1StringView(known.tag.data(), static_cast<qsizetype>(known.tag.size()))))
            return known.category;
    }
    return BotCategory::Other;
}

RE2::Options options()
{
    RE2::Options out;
    out.set_log_errors(false);
    out.set_max_mem(automatonBytes);
    // An agent is bytes; nothing in the list needs more.
    out.set_encoding(RE2::Options::EncodingLatin1);
    return out;
}

} // namespace

struct AgentCatalogue::List {
    RE2::Set patterns{options(), RE2::UNANCHORED};
    std::vector<BotVerdict> verdicts; // by the pattern's index
};

AgentCatalogue::AgentCatalogue() = default;
AgentCatalogue::~AgentCatalogue() = default;

AgentCatalogue::Loaded AgentCatalogue::load(const std::string& listFile)
{
    auto catalogue = std::make_shared<AgentCatalogue>();
    QFile file(QString::fromStdString(listFile));
    if (!file.open(QIODevice::ReadOnly))
        return {catalogue, listFile + ": the list of crawlers cannot be read: " + file.errorString().toStdString()};
    QJsonParseError error;
    const QJsonDocument document = QJsonDocument::fromJson(file.read(listBytesMax), &error);
    if (!document.isArray())
        return {catalogue, listFile + ": the list of crawlers is no JSON array: " + error.errorString().toStdString()};

    auto list = std::make_unique<List>();
    for (const QJsonValue& value : document.array()) {
        const QJsonObject entry = value.toObject();
        const std::string pattern = entry["pattern"].toString().toStdString();
        // An empty pattern, or one that fits everything, would make every visitor a bot.
        if (pattern.empty() || pattern.size() > patternBytesMax ||
            std::ranges::find(notCrawlers, pattern) != notCrawlers.end() ||
            RE2::PartialMatch("", RE2(pattern, options())))
            continue;
        if (list->verdicts.size() >= patternsMax || list->patterns.Add(pattern, nullptr) < 0)
            continue;
        std::string shown = pattern;
        std::erase(shown, '\\');
        list->verdicts.push_back({categoryOf(entry["tags"].toArray()),
                                  "list:" + protocol::visibleText(shown, protocol::limits::botReasonBytes - 5)});
    }
    if (list->verdicts.empty() || !list->patterns.Compile())
        return {catalogue, listFile + ": the list of crawlers holds no pattern that can be used"};
    catalogue->m_list = std::move(list);
    return {catalogue, {}};
}

BotVerdict AgentCatalogue::knownCrawler(std::string_view agent) const
{
    if (!m_list)
        return {};
    std::vector<int> matches;
    agent = agent.substr(0, agentScanBytes);
    if (!m_list->patterns.Match(re2::StringPiece(agent.data(), agent.size()), &matches) || matches.empty())
        return {};
    return m_list->verdicts[static_cast<std::size_t>(*std::ranges::min_element(matches))];
}

std::size_t AgentCatalogue::patternCount() const
{
    return m_list ? m_list->verdicts.size() : 0;
}

Agent AgentCatalogue::judge(const RequestFacts& facts) const
{
    BotVerdict verdict = generalSignals(facts.userAgent, facts.secChUa, facts.acceptLanguage, facts.accept);
    // The list is asked for what the signals missed, and for a category where they found none.
    if (verdict.category == BotCategory::Human || verdict.category == BotCategory::Other) {
        BotVerdict known = knownCrawler(facts.userAgent);
        if (known && (!verdict || known.category != BotCategory::Other))
            verdict = std::move(known);
    }
    Device device = scanDevice({facts.userAgent, facts.secChUa, facts.secChUaMobile, facts.secChUaPlatform});
    Agent agent;
    agent.device = device.type;
    agent.os = std::move(device.os);
    agent.browser = std::move(device.browser);
    agent.bot = verdict.category;
    agent.botReason = std::move(verdict.reason);
    return agent;
}

} // namespace enrich
