// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/app/pages/feeder.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "backend/protocol/words.h"

using namespace protocol;

namespace {

struct Place {
    const char *country, *region, *city;
    int weight;
};

constexpr Place places[] = {{"US", "California", "San Jose", 30},
                            {"DE", "Bavaria", "Munich", 26},
                            {"GB", "England", "London", 17},
                            {"FR", "Île-de-France", "Paris", 11},
                            {"IN", "Karnataka", "Bengaluru", 9},
                            {"BR", "São Paulo", "São Paulo", 8},
                            {"JP", "Tokyo", "Tokyo", 6},
                            {"CA", "Ontario", "Toronto", 6},
                            {"AU", "Victoria", "Melbourne", 4},
                            {"MX", "Mexico City", "Mexico City", 3},
                            {"ES", "Catalonia", "Barcelona", 3},
                            {"SE", "Stockholm", "Stockholm", 2},
                            {"ZA", "Western Cape", "Cape Town", 2},
                            {"SG", "", "Singapore", 2},
                            {"NG", "Lagos", "Lagos", 1},
                            {"AR", "Buenos Aires", "Buenos Aires", 1},
                            {"", "", "", 4}};

constexpr std::pair<const char*, const char*> links[] = {
    {"go.acme.example", "launch-day"}, {"go.acme.example", "spring"},
    {"go.acme.example", "newsletter"}, {"acme.link", "demo"},
    {"qr.acme.example", "poster"},     {"acme.link", "podcast"}};
constexpr const char* referrers[] = {
    "", "", "", "linkedin.com", "google.com", "t.co", "news.acme.example", "instagram.com"};

std::vector<NamedCount> sorted(const std::map<std::string, std::uint64_t>& counts)
{
    std::vector<NamedCount> rows;
    for (const auto& [name, count] : counts)
        rows.push_back({name, count});
    std::stable_sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) { return a.count > b.count; });
    return rows;
}

std::vector<PlaceCount> sortedPlaces(const std::map<std::pair<std::string, std::string>, std::uint64_t>& counts)
{
    std::vector<PlaceCount> rows;
    for (const auto& [place, count] : counts)
        rows.push_back({place.first, place.second, count});
    std::stable_sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) { return a.count > b.count; });
    return rows;
}

} // namespace

Feeder::Feeder(state::LiveState& state, std::int64_t startMs) : m_state(state), m_nowMs(startMs) {}

void Feeder::connect(const char* plan)
{
    Hello hello;
    hello.server = "clickroomd test";
    hello.dataId = "data";
    hello.workspace = "default";
    hello.plan = plan;
    hello.privacy = "standard";
    hello.zone = "UTC";
    hello.role = "admin";
    hello.time = UtcMs(m_nowMs);
    state::ConnectionStatus status;
    status.phase = state::Phase::Live;
    status.sinceMs = m_nowMs;
    m_state.applyConnection(status);
    m_state.applyHello(hello);
    m_state.applyClock(3, 31);
}

Hit Feeder::makeHit()
{
    const auto pick = [this](int below) { return static_cast<int>(m_random() % static_cast<unsigned>(below)); };
    int weight = 0;
    for (const Place& place : places)
        weight += place.weight;
    int left = pick(weight);
    const Place* place = places;
    while (left >= place->weight)
        left -= (place++)->weight;

    Hit hit;
    const auto& link = links[std::min(pick(9), 5)];
    hit.domain = link.first;
    hit.slug = link.second;
    hit.link = LinkId(1);
    hit.visitor = VisitorKey(1 + m_random() % 4000);
    hit.country = place->country;
    hit.region = place->region;
    hit.city = place->city;
    const int device = pick(10);
    hit.device = device < 6 ? DeviceType::Mobile : device < 9 ? DeviceType::Desktop : DeviceType::Tablet;
    hit.referrer = referrers[pick(8)];
    hit.campaign = pick(4) == 0 ? "podcast-tour" : "spring-2026";
    hit.utmSource = hit.referrer.empty() ? "" : "social";
    hit.utmMedium = hit.referrer.empty() ? "" : "post";
    hit.touch = pick(10) < 3 || hit.slug == "poster" ? TouchType::Qr : TouchType::Link;
    hit.placement = hit.touch == TouchType::Qr ? (pick(5) < 3 ? "poster-a" : "poster-b") : "";
    hit.browser = "Safari";
    hit.os = "iOS";
    hit.language = "en";
    hit.status = 302;
    hit.destination = "https://www.acme.example/spring?utm_campaign=spring-2026";
    const int kind = pick(100);
    if (kind < 14) {
        hit.botCategory = kind < 9 ? BotCategory::Preview : BotCategory::Scanner;
        hit.botReason = kind < 9 ? "agent:Slackbot" : "agent:Mimecast";
    } else if (kind < 17) {
        hit.hitClass = HitClass::Miss;
        hit.reason = HitReason::UnknownSlug;
        hit.domain = "go.acme.example";
        hit.slug = pick(3) ? "sprng" : "lauch-day";
        hit.link = LinkId();
        hit.campaign.clear();
        hit.status = 404;
        hit.destination.clear();
    }
    return hit;
}

void Feeder::send(std::vector<Hit> hits)
{
    auto frame = std::make_shared<Frame>();
    frame->first = hits.front().seq;
    frame->last = hits.back().seq;
    frame->lagMs = 28;
    if (m_remembers)
        m_hits.insert(m_hits.end(), hits.begin(), hits.end());
    frame->hits = std::move(hits);
    m_state.applyFrame(frame);
}

void Feeder::feed(int hits, std::int64_t seconds)
{
    std::vector<Hit> batch;
    for (int i = 0; i < hits; ++i) {
        Hit hit = makeHit();
        hit.seq = HitSeq(++m_seq);
        // A wave: the launch is two thirds of the way in.
        const double at = static_cast<double>(i) / hits;
        hit.time = UtcMs(m_nowMs - static_cast<std::int64_t>((1 - at - 0.04 * std::sin(at * 18.85)) *
                                                             static_cast<double>(seconds) * 1000));
        batch.push_back(hit);
        if (batch.size() == 1000) {
            send(std::move(batch));
            batch = {};
        }
    }
    if (!batch.empty())
        send(std::move(batch));
}

void Feeder::feedOne(Hit hit)
{
    hit.seq = HitSeq(++m_seq);
    hit.time = UtcMs(m_nowMs);
    send({hit});
}

void Feeder::sendWindow(std::int64_t windowSeconds)
{
    m_state.applyWindow(window(windowSeconds));
}

Window Feeder::window(std::int64_t windowSeconds) const
{
    Window message;
    WindowAggregate& w = message.aggregate;
    w.windowSeconds = windowSeconds;
    w.to = UtcMs(m_nowMs);
    w.from = UtcMs(m_nowMs - windowSeconds * msPerSecond);
    w.coveredFrom = w.from;
    w.seq = HitSeq(m_seq);
    w.bucketSeconds = 10;
    w.trend = Trend::Accelerating;
    for (std::int64_t at = w.from.value; at <= w.to.value; at += 10 * msPerSecond)
        w.velocity.push_back({UtcMs(at), 0, 0, 0, 0});
    std::map<std::string, std::uint64_t> linkCounts, referrerCounts, channels, countries, devices, campaigns,
        placements, bots, misses, qr;
    std::map<std::pair<std::string, std::string>, std::uint64_t> regions, cities;
    std::set<std::uint64_t> visitors;
    for (const Hit& hit : m_hits) {
        if (hit.time < w.from)
            continue;
        VelocityBucket& bucket =
            w.velocity[static_cast<std::size_t>((hit.time.value - w.from.value) / (10 * msPerSecond))];
        ++w.hits;
        if (hit.hitClass == HitClass::Miss) {
            ++w.misses;
            ++bucket.misses;
            ++misses[hit.domain + '/' + hit.slug];
            continue;
        }
        ++w.clicks;
        ++bucket.clicks;
        if (hit.time.value > w.to.value - msPerMinute)
            w.clicksPerMinute += 1;
        if (hit.isScan()) {
            ++w.scans;
            ++bucket.scans;
            ++placements[hit.placement];
            ++qr[hit.country];
            ++regions[{hit.country, hit.region}];
            ++cities[{hit.country, hit.city}];
        }
        if (hit.isBot()) {
            ++w.bots;
            ++bots[std::string(word(hit.botCategory))];
            continue;
        }
        ++w.humanClicks;
        ++bucket.humans;
        visitors.insert(hit.visitor.value);
        ++linkCounts[hit.domain + '/' + hit.slug];
        ++referrerCounts[hit.referrer];
        ++channels[channelOf(hit)];
        ++countries[hit.country];
        ++devices[std::string(word(hit.device))];
        ++campaigns[hit.campaign];
    }
    w.visitors = visitors.size();
    w.topLinks = sorted(linkCounts);
    w.topReferrers = sorted(referrerCounts);
    w.topChannels = sorted(channels);
    w.topCountries = sorted(countries);
    w.topDevices = sorted(devices);
    w.topCampaigns = sorted(campaigns);
    w.topPlacements = sorted(placements);
    w.topBots = sorted(bots);
    w.topMisses = sorted(misses);
    w.qrCountries = sorted(qr);
    w.qrRegions = sortedPlaces(regions);
    w.qrCities = sortedPlaces(cities);
    return message;
}

void Feeder::sendWatermark(std::int64_t behindMs)
{
    Watermark mark;
    mark.time = UtcMs(m_nowMs - behindMs);
    mark.rolledAt = UtcMs(m_nowMs - behindMs);
    mark.seq = HitSeq(m_seq > 412 ? m_seq - 412 : 0);
    mark.lastSeq = HitSeq(m_seq);
    mark.intervalSeconds = 60;
    m_state.applyWatermark(mark);
}

void Feeder::sendStatus()
{
    SessionStatus status;
    status.sentHits = m_hits.size();
    status.lastSeq = HitSeq(m_seq);
    status.time = UtcMs(m_nowMs);
    m_state.applyStatus(status);
}

std::vector<RollupRow> Feeder::rollups(Granularity granularity, std::int64_t buckets) const
{
    const std::int64_t length = granularity == Granularity::Minute ? msPerMinute : msPerHour;
    std::vector<RollupRow> rows;
    for (std::int64_t i = 0; i < buckets; ++i) {
        RollupRow row;
        row.bucket = UtcMs((m_nowMs / length - buckets + 1 + i) * length);
        const double wave = 200 + 160 * std::sin(static_cast<double>(i) / 7.0) + static_cast<double>(i * 37 % 40);
        row.clicks = static_cast<std::uint64_t>(wave);
        row.humanClicks = row.clicks * 82 / 100;
        row.hits = row.clicks;
        rows.push_back(row);
    }
    return rows;
}

void Feeder::goOffline(state::OfflineReason reason)
{
    state::ConnectionStatus status;
    status.phase = state::Phase::Offline;
    status.reason = reason;
    status.sinceMs = m_nowMs;
    m_state.applyConnection(status);
}
