// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <random>

#include "backend/links/decision.h"
#include "tests/backend/links/rule_samples.h"

// Rules and requests at random, from few values, so that rules meet each other and requests meet rules.
namespace samples {

class Random {
public:
    explicit Random(std::uint64_t seed) : m_engine(seed) {}

    std::size_t below(std::size_t limit) { return std::uniform_int_distribution<std::size_t>(0, limit - 1)(m_engine); }
    bool oneIn(std::size_t n) { return below(n) == 0; }
    template <class List> const auto& of(const List& list) { return list[below(std::size(list))]; }

private:
    std::mt19937_64 m_engine;
};

inline constexpr const char* countries[] = {"DE", "AT", "US"};
inline constexpr const char* cities[] = {"Munich", "Berlin"};
inline constexpr const char* devices[] = {"mobile", "tablet", "desktop", "other"};
inline constexpr const char* systems[] = {"iOS", "Android"};
inline constexpr const char* languages[] = {"de", "en"};
inline constexpr const char* hosts[] = {"example.org", "a.example.org", "b.a.example.org", "org", "other.example"};
inline constexpr const char* parameters[] = {"a", "a=1", "a=2", "b", "b=1"};
inline constexpr const char* networks[] = {"10.0.0.0/8", "10.1.0.0/16", "10.1.1.0/24", "2001:db8::/32", "::/0"};
inline constexpr const char* addresses[] = {"10.1.1.7", "10.1.2.7", "10.2.0.7", "192.0.2.7", "2001:db8::7"};
inline constexpr const char* windows[] = {"2026-03-01T00:00:00Z/2026-03-08T00:00:00Z", "../2026-03-05T00:00:00Z",
                                          "2026-03-05T00:00:00Z/..", "2026-03-03T00:00:00Z/2026-03-04T00:00:00Z",
                                          "2026-03-04T00:00:00Z/2026-03-05T00:00:00Z"};
inline constexpr const char* hours[] = {
    "mon-sun 00:00-24:00 UTC",           "mon-fri 09:00-17:00 UTC",           "wed 10:00-12:00 UTC",
    "sat-sun 00:00-24:00 Europe/Berlin", "mon-fri 00:00-24:00 Europe/Berlin", "fri 22:00-06:00 Asia/Kolkata"};
inline constexpr const char* touches[] = {"link", "qr"};
inline constexpr const char* placements[] = {"poster-a", "poster-b"};

inline std::string randomValue(Random& random, links::ConditionKind kind)
{
    using Kind = links::ConditionKind;
    switch (kind) {
    case Kind::Country:
        return random.of(countries);
    case Kind::Region:
    case Kind::City:
        return random.of(cities);
    case Kind::Device:
        return random.of(devices);
    case Kind::Os:
    case Kind::Browser:
        return random.of(systems);
    case Kind::Language:
        return random.of(languages);
    case Kind::Referrer:
        return random.of(hosts);
    case Kind::Query:
        return random.of(parameters);
    case Kind::Address:
        return random.of(networks);
    case Kind::Between:
        return random.of(windows);
    case Kind::Hours:
        return random.of(hours);
    case Kind::Touch:
        return random.of(touches);
    case Kind::Placement:
        return random.of(placements);
    }
    return {};
}

inline links::Condition randomCondition(Random& random)
{
    links::Condition made;
    made.kind = static_cast<links::ConditionKind>(1 + random.below(14));
    made.negate = random.oneIn(3);
    for (std::size_t i = random.below(3) + 1; i > 0; --i)
        made.values.push_back(randomValue(random, made.kind));
    return made;
}

// `kinds` limits the rules to what a stored hit still tells, where it is false.
inline std::vector<links::Rule> randomRules(Random& random, std::size_t count, bool allKinds = true)
{
    std::vector<links::Rule> rules;
    for (std::size_t i = 0; i < count; ++i) {
        links::Rule& made = rules.emplace_back();
        made.id = "r" + std::to_string(i + 1);
        made.enabled = !random.oneIn(8);
        made.version = 1;
        for (std::size_t c = random.below(4); c > 0; --c) {
            links::Condition condition = randomCondition(random);
            while (!allKinds &&
                   (condition.kind == links::ConditionKind::Query || condition.kind == links::ConditionKind::Address))
                condition = randomCondition(random);
            made.conditions.push_back(std::move(condition));
        }
        for (std::size_t v = 0; v <= random.below(3); ++v)
            made.variants.push_back({"v" + std::to_string(v),
                                     "https://shop.example/" + made.id + "/" + std::to_string(v),
                                     static_cast<std::uint32_t>(1 + random.below(5))});
    }
    return rules;
}

// A request with its visitor; owns what the two look at.
struct Visit {
    std::string query;
    links::Facts facts;
    links::Request request;

    explicit Visit(Random& random)
    {
        facts.country = random.oneIn(6) ? "" : random.of(countries);
        facts.region = facts.city = random.oneIn(6) ? "" : random.of(cities);
        facts.device = static_cast<protocol::DeviceType>(random.below(4));
        facts.os = facts.browser = random.oneIn(6) ? "" : random.of(systems);
        facts.language = random.oneIn(6) ? "" : random.of(languages);
        facts.referrer = random.oneIn(6) ? "" : random.of(hosts);
        if (!random.oneIn(6))
            facts.address = links::addressFrom(random.of(addresses));
        facts.stickiness = protocol::VisitorKey(1 + random.below(1'000'000));
        for (std::size_t i = random.below(3); i > 0; --i)
            query += std::string(query.empty() ? "" : "&") + random.of(parameters);
        if (random.oneIn(2))
            query += std::string(query.empty() ? "" : "&") + "qr=" + (random.oneIn(3) ? "1" : random.of(placements));
        request = samples::request(query);
        constexpr std::int64_t span = 14 * protocol::msPerDay;
        request.now = protocol::UtcMs(request.now.value - span / 2 + static_cast<std::int64_t>(random.below(span)));
    }
    Visit(const Visit&) = delete;
    Visit& operator=(const Visit&) = delete;
};

} // namespace samples
