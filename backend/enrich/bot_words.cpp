// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/enrich/bot_words.h"

namespace enrich {

namespace {

using protocol::BotCategory;
constexpr auto first = WordPlace::First;
constexpr auto start = WordPlace::Start;
constexpr auto end = WordPlace::End;
constexpr auto whole = WordPlace::Whole;

// clang-format off
constexpr BotWord names[] = {
    // Previews that messengers, mail and office programs fetch when a link is shared.
    {"slackbot", BotCategory::Preview}, {"slack-imgproxy", BotCategory::Preview}, {"telegrambot", BotCategory::Preview},
    {"discordbot", BotCategory::Preview}, {"whatsapp", BotCategory::Preview, first}, {"skypeuripreview", BotCategory::Preview},
    {"viber", BotCategory::Preview, first}, {"snap url preview", BotCategory::Preview}, {"snapchat", BotCategory::Preview, first},
    {"kakaotalk-scrap", BotCategory::Preview}, {"mattermost", BotCategory::Preview}, {"rocket.chat", BotCategory::Preview},
    {"bingpreview", BotCategory::Preview}, {"google web preview", BotCategory::Preview}, {"googleimageproxy", BotCategory::Preview},
    {"google-pagerenderer", BotCategory::Preview}, {"embedly", BotCategory::Preview}, {"iframely", BotCategory::Preview},
    {"onebox", BotCategory::Preview}, {"bitlybot", BotCategory::Preview}, {"ms-office", BotCategory::Preview},
    {"microsoft office/", BotCategory::Preview}, {"msoffice", BotCategory::Preview}, {"yahoomailproxy", BotCategory::Preview},
    {"linespider", BotCategory::SearchCrawler}, {"zoominfobot", BotCategory::SeoCrawler}, {"webexteams", BotCategory::Preview},
    {"nextcloud server crawler", BotCategory::Preview}, {"synapse", BotCategory::Preview, first}, {"signal-", BotCategory::Preview, first},
    // Social networks.
    {"facebookexternalhit", BotCategory::SocialCrawler}, {"facebookcatalog", BotCategory::SocialCrawler}, {"facebot", BotCategory::SocialCrawler},
    {"facebookplatform", BotCategory::SocialCrawler}, {"meta-externalads", BotCategory::SocialCrawler}, {"twitterbot", BotCategory::SocialCrawler},
    {"linkedinbot", BotCategory::SocialCrawler}, {"pinterestbot", BotCategory::SocialCrawler}, {"pinterest/0.", BotCategory::SocialCrawler, first},
    {"redditbot", BotCategory::SocialCrawler}, {"tumblr/", BotCategory::SocialCrawler, first}, {"vkshare", BotCategory::SocialCrawler},
    {"bluesky", BotCategory::SocialCrawler, start}, {"cardyb", BotCategory::SocialCrawler}, {"mastodon", BotCategory::SocialCrawler},
    {"pleroma", BotCategory::SocialCrawler}, {"misskey", BotCategory::SocialCrawler}, {"akkoma", BotCategory::SocialCrawler},
    {"friendica", BotCategory::SocialCrawler}, {"lemmy/", BotCategory::SocialCrawler}, {"xing-contenttabreceiver", BotCategory::SocialCrawler},
    {"flipboardproxy", BotCategory::SocialCrawler}, {"quora link preview", BotCategory::SocialCrawler}, {"tiktokspider", BotCategory::SocialCrawler},
    // Language models: training, search and reading for their users.
    {"gptbot", BotCategory::AiCrawler}, {"chatgpt-user", BotCategory::AiCrawler}, {"oai-searchbot", BotCategory::AiCrawler},
    {"openai", BotCategory::AiCrawler}, {"claudebot", BotCategory::AiCrawler}, {"claude-", BotCategory::AiCrawler, start},
    {"anthropic", BotCategory::AiCrawler}, {"perplexitybot", BotCategory::AiCrawler}, {"perplexity-user", BotCategory::AiCrawler}, {"ccbot", BotCategory::AiCrawler},
    {"bytespider", BotCategory::AiCrawler}, {"google-extended", BotCategory::AiCrawler}, {"google-cloudvertexbot", BotCategory::AiCrawler},
    {"amazonbot", BotCategory::AiCrawler}, {"cohere-", BotCategory::AiCrawler}, {"diffbot", BotCategory::AiCrawler},
    {"meta-external", BotCategory::AiCrawler}, {"applebot-extended", BotCategory::AiCrawler}, {"ai2bot", BotCategory::AiCrawler},
    {"mistralai", BotCategory::AiCrawler}, {"duckassistbot", BotCategory::AiCrawler}, {"youbot", BotCategory::AiCrawler, start},
    {"timpibot", BotCategory::AiCrawler}, {"imagesiftbot", BotCategory::AiCrawler}, {"omgili", BotCategory::AiCrawler},
    {"spawning-ai", BotCategory::AiCrawler}, {"firecrawl", BotCategory::AiCrawler},
    // Feeds, before the search engines that fetch them.
    {"feedfetcher", BotCategory::FeedReader}, {"feedly", BotCategory::FeedReader}, {"feedburner", BotCategory::FeedReader},
    {"feedbin", BotCategory::FeedReader}, {"inoreader", BotCategory::FeedReader}, {"newsblur", BotCategory::FeedReader},
    {"netvibes", BotCategory::FeedReader}, {"tiny tiny rss", BotCategory::FeedReader}, {"simplepie", BotCategory::FeedReader},
    {"magpierss", BotCategory::FeedReader}, {"universalfeedparser", BotCategory::FeedReader}, {"liferea", BotCategory::FeedReader},
    {"akregator", BotCategory::FeedReader}, {"netnewswire", BotCategory::FeedReader}, {"theoldreader", BotCategory::FeedReader},
    {"newsgator", BotCategory::FeedReader}, {"apple-pubsub", BotCategory::FeedReader}, {"bloglovin", BotCategory::FeedReader},
    {"freshrss", BotCategory::FeedReader}, {"miniflux", BotCategory::FeedReader}, {"podcast", BotCategory::FeedReader},
    // Search engines.
    {"googlebot", BotCategory::SearchCrawler}, {"googleother", BotCategory::SearchCrawler}, {"google-inspectiontool", BotCategory::SearchCrawler},
    {"mediapartners-google", BotCategory::SearchCrawler}, {"adsbot-google", BotCategory::SearchCrawler}, {"apis-google", BotCategory::SearchCrawler},
    {"storebot-google", BotCategory::SearchCrawler}, {"google favicon", BotCategory::SearchCrawler}, {"google-read-aloud", BotCategory::SearchCrawler},
    {"bingbot", BotCategory::SearchCrawler}, {"msnbot", BotCategory::SearchCrawler}, {"adidxbot", BotCategory::SearchCrawler},
    {"yandexbot", BotCategory::SearchCrawler}, {"yandexmobilebot", BotCategory::SearchCrawler}, {"baiduspider", BotCategory::SearchCrawler},
    {"duckduckbot", BotCategory::SearchCrawler}, {"duckduckgo-favicons", BotCategory::SearchCrawler}, {"applebot", BotCategory::SearchCrawler},
    {"slurp", BotCategory::SearchCrawler}, {"sogou web spider", BotCategory::SearchCrawler}, {"seznambot", BotCategory::SearchCrawler},
    {"petalbot", BotCategory::SearchCrawler}, {"qwantify", BotCategory::SearchCrawler}, {"exabot", BotCategory::SearchCrawler},
    {"mojeekbot", BotCategory::SearchCrawler}, {"daum/", BotCategory::SearchCrawler}, {"daumoa", BotCategory::SearchCrawler},
    {"yeti/", BotCategory::SearchCrawler, start}, {"360spider", BotCategory::SearchCrawler}, {"coccocbot", BotCategory::SearchCrawler},
    {"gigablast", BotCategory::SearchCrawler},
    // Search engine optimisation and marketing data.
    {"ahrefs", BotCategory::SeoCrawler}, {"semrush", BotCategory::SeoCrawler}, {"mj12bot", BotCategory::SeoCrawler}, {"dotbot", BotCategory::SeoCrawler},
    {"rogerbot", BotCategory::SeoCrawler}, {"screaming frog", BotCategory::SeoCrawler}, {"sistrix", BotCategory::SeoCrawler},
    {"serpstat", BotCategory::SeoCrawler}, {"dataforseo", BotCategory::SeoCrawler}, {"blexbot", BotCategory::SeoCrawler},
    {"barkrowler", BotCategory::SeoCrawler}, {"seokicks", BotCategory::SeoCrawler}, {"siteimprove", BotCategory::SeoCrawler},
    {"chrome-lighthouse", BotCategory::SeoCrawler}, {"pagespeed", BotCategory::SeoCrawler}, {"gtmetrix", BotCategory::SeoCrawler},
    {"datanyze", BotCategory::SeoCrawler}, {"similarweb", BotCategory::SeoCrawler},
    // Monitoring.
    {"uptime", BotCategory::Monitoring}, {"pingdom", BotCategory::Monitoring}, {"statuscake", BotCategory::Monitoring},
    {"site24x7", BotCategory::Monitoring}, {"newrelic", BotCategory::Monitoring}, {"datadog", BotCategory::Monitoring},
    {"checkly", BotCategory::Monitoring}, {"nagios", BotCategory::Monitoring}, {"check_http", BotCategory::Monitoring},
    {"zabbix", BotCategory::Monitoring}, {"gomezagent", BotCategory::Monitoring}, {"catchpoint", BotCategory::Monitoring},
    {"ruxitsynthetic", BotCategory::Monitoring}, {"dynatrace", BotCategory::Monitoring}, {"cloudflare-", BotCategory::Monitoring},
    {"route53", BotCategory::Monitoring}, {"elb-healthchecker", BotCategory::Monitoring}, {"kube-probe", BotCategory::Monitoring},
    {"googlehc", BotCategory::Monitoring}, {"freshping", BotCategory::Monitoring}, {"nodeping", BotCategory::Monitoring},
    {"pingping", BotCategory::Monitoring}, {"updown.io", BotCategory::Monitoring}, {"uptrends", BotCategory::Monitoring},
    {"dareboost", BotCategory::Monitoring}, {"speedcurve", BotCategory::Monitoring}, {"ptst/", BotCategory::Monitoring, start},
    {"ghost inspector", BotCategory::Monitoring}, {"prometheus", BotCategory::Monitoring}, {"blackbox", BotCategory::Monitoring, start},
    // Security: mail gateways that open every link, and scanners of the net.
    {"proofpoint", BotCategory::Scanner}, {"mimecast", BotCategory::Scanner}, {"barracuda", BotCategory::Scanner}, {"safelinks", BotCategory::Scanner},
    {"urldefense", BotCategory::Scanner}, {"bitdefender", BotCategory::Scanner}, {"trendmicro", BotCategory::Scanner},
    {"symantec", BotCategory::Scanner}, {"fortinet", BotCategory::Scanner}, {"fortiguard", BotCategory::Scanner}, {"zscaler", BotCategory::Scanner},
    {"sophos", BotCategory::Scanner}, {"kaspersky", BotCategory::Scanner, first}, {"forcepoint", BotCategory::Scanner},
    {"virustotal", BotCategory::Scanner}, {"urlscan", BotCategory::Scanner}, {"google-safety", BotCategory::Scanner},
    {"nmap", BotCategory::Scanner}, {"nikto", BotCategory::Scanner}, {"sqlmap", BotCategory::Scanner}, {"zgrab", BotCategory::Scanner},
    {"masscan", BotCategory::Scanner}, {"nuclei", BotCategory::Scanner}, {"acunetix", BotCategory::Scanner}, {"nessus", BotCategory::Scanner},
    {"openvas", BotCategory::Scanner}, {"qualys", BotCategory::Scanner}, {"wpscan", BotCategory::Scanner}, {"gobuster", BotCategory::Scanner},
    {"dirbuster", BotCategory::Scanner}, {"l9explore", BotCategory::Scanner}, {"l9tcpid", BotCategory::Scanner}, {"censys", BotCategory::Scanner},
    {"shodan", BotCategory::Scanner}, {"expanse", BotCategory::Scanner}, {"netcraft", BotCategory::Scanner}, {"zmeu", BotCategory::Scanner},
    {"internet-measurement", BotCategory::Scanner}, {"internetmeasurement", BotCategory::Scanner}, {"sucuri", BotCategory::Scanner},
    {"paloalto", BotCategory::Scanner}, {"palo alto", BotCategory::Scanner}, {"ssl labs", BotCategory::Scanner}, {"securityheaders", BotCategory::Scanner},
    {"hardenize", BotCategory::Scanner}, {"watchtowr", BotCategory::Scanner},
};

constexpr BotWord headless[] = {
    {"headless", BotCategory::Headless}, {"phantomjs", BotCategory::Headless}, {"puppeteer", BotCategory::Headless}, {"playwright", BotCategory::Headless},
    {"selenium", BotCategory::Headless}, {"webdriver", BotCategory::Headless}, {"slimerjs", BotCategory::Headless}, {"casperjs", BotCategory::Headless},
    {"cypress/", BotCategory::Headless}, {"htmlunit", BotCategory::Headless}, {"jsdom", BotCategory::Headless}, {"zombie.js", BotCategory::Headless},
    {"splash ", BotCategory::Headless, start}, {"electron-html-to", BotCategory::Headless}, {"wkhtmlto", BotCategory::Headless},
    {"webkit2png", BotCategory::Headless}, {"browserless", BotCategory::Headless}, {"prerender", BotCategory::Headless}, {"rendertron", BotCategory::Headless},
};

constexpr BotWord clients[] = {
    {"curl", BotCategory::HttpClient, start}, {"libcurl", BotCategory::HttpClient}, {"pycurl", BotCategory::HttpClient}, {"wget", BotCategory::HttpClient},
    {"python", BotCategory::HttpClient}, {"urllib", BotCategory::HttpClient}, {"aiohttp", BotCategory::HttpClient}, {"httpx", BotCategory::HttpClient},
    {"scrapy", BotCategory::HttpClient}, {"go-http-client", BotCategory::HttpClient}, {"go http package", BotCategory::HttpClient},
    {"golang", BotCategory::HttpClient}, {"colly", BotCategory::HttpClient, first}, {"fasthttp", BotCategory::HttpClient}, {"java/", BotCategory::HttpClient, start},
    {"(java)", BotCategory::HttpClient}, {"java-http", BotCategory::HttpClient}, {"jakarta", BotCategory::HttpClient}, {"okhttp", BotCategory::HttpClient},
    {"httpclient", BotCategory::HttpClient}, {"http-client", BotCategory::HttpClient}, {"http_client", BotCategory::HttpClient},
    {"http client", BotCategory::HttpClient}, {"httpunit", BotCategory::HttpClient}, {"jersey/", BotCategory::HttpClient, start},
    {"jetty/", BotCategory::HttpClient, start}, {"ahc/", BotCategory::HttpClient, first}, {"asynchttp", BotCategory::HttpClient},
    {"axios", BotCategory::HttpClient}, {"node-fetch", BotCategory::HttpClient}, {"undici", BotCategory::HttpClient}, {"superagent", BotCategory::HttpClient},
    {"got (", BotCategory::HttpClient, first}, {"got/", BotCategory::HttpClient, first}, {"node", BotCategory::HttpClient, first}, {"deno/", BotCategory::HttpClient, first},
    {"bun/", BotCategory::HttpClient, first}, {"needle/", BotCategory::HttpClient, first}, {"libwww", BotCategory::HttpClient}, {"lwp", BotCategory::HttpClient, start},
    {"perl", BotCategory::HttpClient, start}, {"mechanize", BotCategory::HttpClient}, {"ruby", BotCategory::HttpClient, whole}, {"faraday", BotCategory::HttpClient, start},
    {"rest-client", BotCategory::HttpClient}, {"typhoeus", BotCategory::HttpClient}, {"php", BotCategory::HttpClient, whole}, {"guzzle", BotCategory::HttpClient},
    {"symfony", BotCategory::HttpClient}, {"wordpress/", BotCategory::HttpClient, start}, {"reqwest", BotCategory::HttpClient}, {"hyper/", BotCategory::HttpClient, start},
    {"ureq/", BotCategory::HttpClient, start}, {"winhttp", BotCategory::HttpClient}, {"restsharp", BotCategory::HttpClient}, {"powershell", BotCategory::HttpClient},
    {"microsoft bits", BotCategory::HttpClient}, {"microsoft url control", BotCategory::HttpClient}, {"microsoft-cryptoapi", BotCategory::HttpClient},
    {"wininet", BotCategory::HttpClient}, {"indy library", BotCategory::HttpClient}, {"synapse)", BotCategory::HttpClient}, {"postman", BotCategory::HttpClient},
    {"insomnia/", BotCategory::HttpClient, start}, {"httpie", BotCategory::HttpClient}, {"unirest", BotCategory::HttpClient}, {"dart/", BotCategory::HttpClient, start},
    {"dart:io", BotCategory::HttpClient}, {"alamofire", BotCategory::HttpClient}, {"lua-resty", BotCategory::HttpClient}, {"aria2", BotCategory::HttpClient},
    {"httrack", BotCategory::HttpClient}, {"webzip", BotCategory::HttpClient}, {"teleport", BotCategory::HttpClient, start}, {"apachebench", BotCategory::HttpClient},
    {"wrk/", BotCategory::HttpClient, first}, {"siege/", BotCategory::HttpClient}, {"jmeter", BotCategory::HttpClient}, {"k6/", BotCategory::HttpClient, first},
    {"libfetch", BotCategory::HttpClient}, {"winget", BotCategory::HttpClient}, {"akka-http", BotCategory::HttpClient}, {"vert.x", BotCategory::HttpClient},
};

constexpr BotWord robots[] = {
    {"bot", BotCategory::Other, end}, {"bots", BotCategory::Other, end}, {"bot", BotCategory::Other, start}, {"crawl", BotCategory::Other},
    {"spider", BotCategory::Other}, {"scrape", BotCategory::Other}, {"scraping", BotCategory::Other}, {"preview", BotCategory::Preview},
    {"unfurl", BotCategory::Preview}, {"linkexpand", BotCategory::Preview}, {"oembed", BotCategory::Preview}, {"thumbnail", BotCategory::Preview},
    {"monitor", BotCategory::Monitoring}, {"synthetic", BotCategory::Monitoring}, {"healthcheck", BotCategory::Monitoring},
    {"health-check", BotCategory::Monitoring}, {"health check", BotCategory::Monitoring}, {"probe", BotCategory::Monitoring},
    {"checker", BotCategory::Monitoring}, {"linkcheck", BotCategory::Monitoring}, {"link check", BotCategory::Monitoring},
    {"watchdog", BotCategory::Monitoring}, {"scan", BotCategory::Scanner, start}, {"scanner", BotCategory::Scanner},
    {"scan", BotCategory::Scanner, end}, {"vulnerab", BotCategory::Scanner}, {"security", BotCategory::Scanner, start}, {"pentest", BotCategory::Scanner},
    {"feed", BotCategory::FeedReader}, {"rss", BotCategory::FeedReader, whole}, {"fetch", BotCategory::Other}, {"seo", BotCategory::SeoCrawler, start},
    {"seo", BotCategory::SeoCrawler, end}, {"archive", BotCategory::Other}, {"indexer", BotCategory::SearchCrawler}, {"search", BotCategory::SearchCrawler, first},
    {"validator", BotCategory::Other}, {"inspect", BotCategory::Other}, {"audit", BotCategory::SeoCrawler}, {"analyz", BotCategory::SeoCrawler},
    {"analys", BotCategory::SeoCrawler}, {"analytics", BotCategory::SeoCrawler}, {"parser", BotCategory::Other}, {"retriever", BotCategory::Other},
    {"harvest", BotCategory::Other}, {"collector", BotCategory::Other}, {"extractor", BotCategory::Other}, {"resolver", BotCategory::Other},
    {"verifier", BotCategory::Other}, {"verify", BotCategory::Other}, {"verification", BotCategory::Other}, {"classifier", BotCategory::Other},
    {"transcoder", BotCategory::Other}, {"downloader", BotCategory::HttpClient}, {"downloadmanager", BotCategory::HttpClient}, {"webhook", BotCategory::HttpClient}, {"imgproxy", BotCategory::Other},
    {"favicon", BotCategory::Other}, {"sitemap", BotCategory::SeoCrawler}, {"research", BotCategory::Other}, {"agent", BotCategory::Other, end},
    {"agents", BotCategory::Other, end}, {"automat", BotCategory::Other}, {"detector", BotCategory::Other},
    {"optimizer", BotCategory::SeoCrawler}, {"capture", BotCategory::Other}, {"screenshot", BotCategory::Headless}, {"website", BotCategory::Other, start},
    {"weblink", BotCategory::Other}, {"survey", BotCategory::Other}, {"backlink", BotCategory::SeoCrawler}, {"trackback", BotCategory::Other},
    {"heritrix", BotCategory::Other}, {"nutch", BotCategory::Other}, {"ia_archiver", BotCategory::Other}, {"library", BotCategory::HttpClient, whole},
};
// clang-format on

bool isLower(char c)
{
    return c >= 'a' && c <= 'z';
}

} // namespace

std::size_t WordTable::bucketOf(const char* three)
{
    const auto byte = [&](int i) { return static_cast<std::uint32_t>(static_cast<unsigned char>(three[i])); };
    const std::uint32_t letters = byte(0) | byte(1) << 8 | byte(2) << 16;
    return (letters * 0x9e3779b1U) >> 20;
}

WordTable::WordTable(std::span<const BotWord> words) : m_words(words), m_next(words.size())
{
    static_assert(buckets == 1U << 12);
    // From behind, so that a bucket's chain goes up.
    for (std::size_t i = words.size(); i-- > 0;) {
        std::uint16_t& first = m_first[bucketOf(words[i].text.data())];
        m_next[i] = first;
        first = static_cast<std::uint16_t>(i + 1);
    }
}

bool WordTable::standsAt(const BotWord& word, std::string_view lowered, std::size_t at) const
{
    if (lowered.compare(at, word.text.size(), word.text) != 0)
        return false;
    const std::size_t end = at + word.text.size();
    const bool startsHere = at == 0 || !isLower(lowered[at - 1]);
    const bool endsHere = end >= lowered.size() || !isLower(lowered[end]);
    switch (word.place) {
    case WordPlace::First:
        return at == 0;
    case WordPlace::Anywhere:
        return true;
    case WordPlace::Start:
        return startsHere;
    case WordPlace::End:
        return endsHere;
    case WordPlace::Whole:
        return startsHere && endsHere;
    }
    return false;
}

WordTable::Found WordTable::find(std::string_view lowered) const
{
    std::size_t best = m_words.size();
    std::size_t where = 0;
    for (std::size_t at = 0; at + 3 <= lowered.size(); ++at) {
        for (std::size_t i = m_first[bucketOf(lowered.data() + at)]; i != 0 && i - 1 < best; i = m_next[i - 1]) {
            if (standsAt(m_words[i - 1], lowered, at)) {
                best = i - 1;
                where = at;
            }
        }
    }
    return best < m_words.size() ? Found{&m_words[best], where} : Found{};
}

const WordTable& agentNames()
{
    static const WordTable table(names);
    return table;
}

const WordTable& headlessWords()
{
    static const WordTable table(headless);
    return table;
}

const WordTable& clientWords()
{
    static const WordTable table(clients);
    return table;
}

const WordTable& robotWords()
{
    static const WordTable table(robots);
    return table;
}

} // namespace enrich
