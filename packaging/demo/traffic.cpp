// SPDX-License-Identifier: GPL-3.0-or-later
#include "packaging/demo/traffic.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace demo {

namespace {

constexpr double sliceSeconds = 0.1;
constexpr std::size_t recentMax = 400;
constexpr double robotShare = 0.05; // of the rate, at all times

struct Referers {
    std::string_view channel;
    std::array<const char*, 6> urls; // empty = none; "" stands for a share of direct visits
};

constexpr Referers referers[] = {
    {"mail", {"", "", "", "https://mail.google.com/", "https://outlook.live.com/", "https://mail.yahoo.com/"}},
    {"search",
     {"https://www.google.com/", "https://www.google.com/", "https://www.google.de/", "https://www.bing.com/",
      "https://duckduckgo.com/", "https://www.ecosia.org/"}},
    {"video",
     {"https://www.youtube.com/", "https://www.youtube.com/", "https://m.youtube.com/", "https://www.twitch.tv/", "",
      "https://vimeo.com/"}},
    {"press",
     {"https://www.theverge.com/", "https://www.heise.de/news/", "https://news.ycombinator.com/",
      "https://www.lemonde.fr/", "https://www.reddit.com/r/sneakers/", "https://techcrunch.com/"}},
    {"instagram",
     {"https://l.instagram.com/", "https://l.instagram.com/", "https://www.instagram.com/", "",
      "https://l.threads.com/", "https://linktr.ee/acme"}},
    {"facebook",
     {"https://l.facebook.com/", "https://m.facebook.com/", "https://lm.facebook.com/", "", "https://l.facebook.com/",
      "https://www.facebook.com/"}},
    {"tiktok",
     {"https://www.tiktok.com/", "https://www.tiktok.com/", "", "", "https://linktr.ee/acme", "https://t.co/"}},
    {"linkedin",
     {"https://www.linkedin.com/", "https://lnkd.in/", "https://www.linkedin.com/", "", "https://t.co/",
      "https://www.xing.com/"}},
    {"messenger", {"", "", "", "", "android-app://org.telegram.messenger/", "https://web.whatsapp.com/"}},
};

// Apps whose windows the channel's visitors mostly use.
std::string appOf(const std::string& channel)
{
    for (const char* app : {"instagram", "facebook", "tiktok", "linkedin"}) {
        if (channel == app)
            return app;
    }
    return {};
}

std::string refererFor(const CampaignLink& link, const Visitor& visitor, Random& random)
{
    const std::string_view app = visitor.browser->app;
    const std::string_view channel = app.empty() || app == "line" ? std::string_view(link.channel) : app;
    for (const Referers& known : referers) {
        if (known.channel == channel)
            return known.urls[below(random, known.urls.size())];
    }
    return {};
}

// One slip of the finger: "sprng", "spirng", "sprimg".
std::string misspelt(std::string slug, Random& random)
{
    if (slug.size() < 3)
        return slug + "x";
    const std::size_t at = 1 + below(random, slug.size() - 2);
    switch (below(random, 3)) {
    case 0:
        slug.erase(at, 1);
        break;
    case 1:
        std::swap(slug[at], slug[at + 1 < slug.size() ? at + 1 : at - 1]);
        break;
    default:
        slug[at] = static_cast<char>('a' + below(random, 26));
        break;
    }
    return slug;
}

// The number of arrivals in a stretch of time in which `mean` are expected.
std::size_t poisson(Random& random, double mean)
{
    std::size_t count = 0;
    for (double product = fraction(random), limit = std::exp(-std::min(mean, 500.0)); product > limit;
         product *= fraction(random))
        ++count;
    return count;
}

} // namespace

Traffic::Traffic(const Audience& audience, std::vector<CampaignLink> links, TrafficOptions options)
    : m_audience(audience), m_links(std::move(links)), m_options(options), m_random(options.seed)
{
    for (const CampaignLink& link : m_links) {
        m_waves.emplace_back(link.launchSeconds, options.seconds, m_random);
        m_weights += link.weight;
    }
    m_nextShare.resize(m_links.size());
}

std::optional<runtime::OutgoingRequest> Traffic::next()
{
    while (m_planned.empty() || m_planned.top().at > m_now) {
        if (m_now >= m_options.seconds)
            return std::nullopt;
        planSlice();
    }
    runtime::OutgoingRequest request = m_planned.top().request;
    request.notBeforeMs = static_cast<std::int64_t>(m_planned.top().at * 1000);
    m_planned.pop();
    return request;
}

void Traffic::planSlice()
{
    for (std::size_t i = 0; i < m_links.size(); ++i) {
        const std::vector<double>& shares = m_waves[i].shares();
        for (; m_nextShare[i] < shares.size() && shares[m_nextShare[i]] < m_now + sliceSeconds; ++m_nextShare[i])
            planShare(i, std::max(m_now, shares[m_nextShare[i]]));
        const double mean = m_options.ratePerSecond * m_links[i].weight / std::max(m_weights, 0.001) *
                            m_waves[i].at(m_now) * sliceSeconds;
        for (std::size_t n = poisson(m_random, mean); n > 0; --n)
            planArrival(i, m_now + sliceSeconds * fraction(m_random));
    }
    for (std::size_t n = poisson(m_random, m_options.ratePerSecond * robotShare * sliceSeconds); n > 0; --n)
        planRobot(m_now + sliceSeconds * fraction(m_random));
    m_now += sliceSeconds;
}

// Within seconds of a share every service that shows a preview has fetched it, and every mail gateway has tried the
// link.
void Traffic::planShare(std::size_t index, double at)
{
    const CampaignLink& link = m_links[index];
    if (link.channel == "qr" || link.channel == "search" || link.channel == "direct")
        return;
    const std::size_t count = 4 + below(m_random, 6);
    for (std::size_t i = 0; i < count; ++i)
        add(at + 0.2 + 3 * fraction(m_random), "preview", call(previews()[below(m_random, previews().size())], link));
    if (link.channel == "mail") {
        for (const Robot& robot : scanners())
            add(at + 1 + 4 * fraction(m_random), "scanner", call(robot, link));
    }
}

void Traffic::planArrival(std::size_t index, double at)
{
    const CampaignLink& link = m_links[index];
    if (!m_recent.empty() && below(m_random, 100) < 7) {
        const Recent& again = m_recent[below(m_random, m_recent.size())];
        return add(at, "repeat", visit(again.visitor, m_links[again.link], again.target));
    }
    Audience::Wish wish;
    wish.countries = link.home;
    wish.app = appOf(link.channel);
    std::string target = "/" + link.slug;
    const bool scan = link.channel == "qr";
    if (scan && !link.placements.empty()) {
        const Placement& placement = link.placements[below(m_random, link.placements.size())];
        target += "?qr=" + placement.name;
        wish.city = placement.city;
    }
    wish.mobile = scan;
    const Visitor visitor = m_audience.draw(m_random, wish);
    const std::size_t chance = below(m_random, 1000);
    if (chance < 28)
        return planMiss(at, visitor, link);
    runtime::OutgoingRequest request = visit(visitor, link, target);
    if (const std::string referer = scan ? std::string() : refererFor(link, visitor, m_random); !referer.empty())
        request.headers.emplace_back("Referer", referer);
    if (chance < 52 && !scan) {
        // The browser fetches ahead; two in three then come themselves.
        runtime::OutgoingRequest ahead = request;
        ahead.headers.emplace_back("Sec-Purpose", "prefetch;prerender");
        add(at, "prefetch", std::move(ahead));
        if (below(m_random, 3) == 0)
            return;
        at += 0.4 + 2 * fraction(m_random);
    }
    m_recent.push_back({visitor, index, target});
    if (m_recent.size() > recentMax)
        m_recent.pop_front();
    add(at, scan ? "scan" : "click", std::move(request));
}

void Traffic::planMiss(double at, const Visitor& visitor, const CampaignLink& link)
{
    runtime::OutgoingRequest request = visit(visitor, link, "/" + misspelt(link.slug, m_random));
    if (below(m_random, 8) == 0) {
        request.target = "/" + link.slug;
        request.headers.front().second = "www." + link.domain; // hosts are strict
        return add(at, "foreign host", std::move(request));
    }
    add(at, "miss", std::move(request));
}

void Traffic::planRobot(double at)
{
    const Robot& robot = background()[below(m_random, background().size())];
    add(at, robot.head ? "head" : "robot", call(robot, m_links[below(m_random, m_links.size())]));
}

void Traffic::add(double at, const char* kind, runtime::OutgoingRequest request)
{
    ++m_kinds[kind];
    m_planned.push({at, ++m_order, std::move(request)});
}

runtime::OutgoingRequest Traffic::visit(const Visitor& visitor, const CampaignLink& link, std::string target) const
{
    const Browser& browser = *visitor.browser;
    runtime::OutgoingRequest request;
    request.target = std::move(target);
    request.headers = {{"Host", link.domain},
                       {"X-Forwarded-For", visitor.address},
                       {"User-Agent", browser.agent},
                       {"Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"},
                       {"Accept-Language", visitor.acceptLanguage}};
    if (*browser.secChUa != '\0') {
        request.headers.emplace_back("Sec-CH-UA", browser.secChUa);
        request.headers.emplace_back("Sec-CH-UA-Mobile", browser.mobile ? "?1" : "?0");
        request.headers.emplace_back("Sec-CH-UA-Platform", browser.platform);
    }
    if (visitor.globalPrivacyControl)
        request.headers.emplace_back("Sec-GPC", "1");
    return request;
}

runtime::OutgoingRequest Traffic::call(const Robot& robot, const CampaignLink& link)
{
    runtime::OutgoingRequest request;
    request.method = robot.head ? "HEAD" : "GET";
    request.target = "/" + link.slug;
    request.headers = {
        {"Host", link.domain}, {"X-Forwarded-For", m_audience.robotAddress(m_random)}, {"Accept", "*/*"}};
    if (*robot.agent != '\0')
        request.headers.emplace_back("User-Agent", robot.agent);
    return request;
}

} // namespace demo
