// SPDX-License-Identifier: GPL-3.0-or-later
// What a verdict on an agent costs: the enricher's memory hit (bot, device and all other fields of a hit), the
// catalogue's judgement of an agent not seen before, and the peer: the same list's patterns tried one by one, by RE2
// and by std::regex.
//
//     bench_agents LIST.json AGENTS.tsv [ROUNDS]      prints one JSON object; agents: the list's own examples and the
//     people
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <regex>
#include <string>
#include <vector>

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <re2/re2.h>

#include "backend/enrich/agent_catalogue.h"
#include "backend/enrich/enricher.h"

namespace {

using Clock = std::chrono::steady_clock;

double nsSince(Clock::time_point begun)
{
    return static_cast<double>(std::chrono::duration_cast<std::chrono::nanoseconds>(Clock::now() - begun).count());
}

QJsonArray entriesOf(const char* path)
{
    QFile file(QString::fromLocal8Bit(path));
    return file.open(QIODevice::ReadOnly) ? QJsonDocument::fromJson(file.readAll()).array() : QJsonArray();
}

// Half of them bots, half people, in turn, as traffic mixes them.
std::vector<std::string> agentsOf(const QJsonArray& entries, const char* tsv)
{
    std::vector<std::string> bots, people, out;
    for (const QJsonValue& entry : entries) {
        for (const QJsonValue& instance : entry["instances"].toArray())
            bots.push_back(instance.toString().toStdString());
    }
    std::ifstream in(tsv);
    for (std::string line; std::getline(in, line);) {
        if (line.find("\tperson\t") != std::string::npos)
            people.push_back(line.substr(line.rfind('\t') + 1));
    }
    for (std::size_t i = 0; i < std::min(bots.size(), people.size()); ++i) {
        out.push_back(bots[i]);
        out.push_back(people[i]);
    }
    return out;
}

enrich::RequestFacts factsOf(const std::string& agent)
{
    enrich::RequestFacts facts;
    facts.userAgent = agent;
    facts.acceptLanguage = "en";
    facts.accept = "text/html";
    return facts;
}

struct Cost {
    double mean = 0, p50 = 0, p99 = 0; // ns

    static Cost of(std::vector<double> each)
    {
        std::sort(each.begin(), each.end());
        Cost out;
        for (const double ns : each)
            out.mean += ns / static_cast<double>(each.size());
        out.p50 = each[each.size() / 2];
        out.p99 = each[each.size() * 99 / 100];
        return out;
    }
};

// The best of the rounds for each agent: what it costs, not what disturbed it.
template <class Work> Cost costOf(const std::vector<std::string>& agents, int rounds, const Work& work)
{
    std::vector<double> best(agents.size(), 1e18);
    for (int round = 0; round < rounds; ++round) {
        for (std::size_t i = 0; i < agents.size(); ++i) {
            const auto begun = Clock::now();
            work(agents[i]);
            best[i] = std::min(best[i], nsSince(begun));
        }
    }
    return Cost::of(std::move(best));
}

// All agents are in the memory (they are fewer than it holds), asked for in turn.
double hitNs(const std::shared_ptr<const enrich::AgentCatalogue>& catalogue, const std::vector<std::string>& agents,
             int rounds)
{
    enrich::Enricher enricher(nullptr, catalogue, nullptr);
    const std::size_t held = std::min<std::size_t>(agents.size(), 2000);
    protocol::Hit hit;
    for (std::size_t i = 0; i < held; ++i)
        enricher.enrich(factsOf(agents[i]), hit);
    double best = 1e18;
    for (int round = 0; round < rounds * 10; ++round) {
        const auto begun = Clock::now();
        for (std::size_t i = 0; i < held; ++i)
            enricher.enrich(factsOf(agents[i]), hit);
        best = std::min(best, nsSince(begun) / static_cast<double>(held));
    }
    return best;
}

} // namespace

int main(int argc, char** argv)
{
    if (argc < 3) {
        std::fputs("bench_agents LIST.json AGENTS.tsv [ROUNDS]\n", stderr);
        return 2;
    }
    const int rounds = argc > 3 ? std::max(1, std::atoi(argv[3])) : 5;
    const QJsonArray entries = entriesOf(argv[1]);
    const std::vector<std::string> agents = agentsOf(entries, argv[2]);
    const auto loaded = enrich::AgentCatalogue::load(argv[1]);
    if (!loaded.problem.empty() || agents.empty()) {
        std::fprintf(stderr, "%s\n", loaded.problem.c_str());
        return 1;
    }
    const double hit = hitNs(loaded.catalogue, agents, rounds);
    std::size_t bots = 0;
    const Cost miss = costOf(agents, rounds, [&](const std::string& agent) {
        bots += loaded.catalogue->judge(factsOf(agent)).bot != protocol::BotCategory::Human;
    });

    std::vector<std::unique_ptr<RE2>> each;
    std::vector<std::regex> regexes;
    for (const QJsonValue& entry : entries) {
        const std::string pattern = entry["pattern"].toString().toStdString();
        each.push_back(std::make_unique<RE2>(pattern, RE2::Latin1));
        regexes.emplace_back(pattern, std::regex::optimize);
    }
    std::size_t found = 0;
    const auto oneByOne = [&](const std::string& agent) {
        found += std::ranges::any_of(each, [&](const auto& pattern) { return RE2::PartialMatch(agent, *pattern); });
    };
    const std::vector<std::string> some(
        agents.begin(), agents.begin() + static_cast<std::ptrdiff_t>(std::min<std::size_t>(agents.size(), 400)));
    const Cost re2 = costOf(some, std::min(rounds, 3), oneByOne);
    const std::vector<std::string> few(
        some.begin(), some.begin() + static_cast<std::ptrdiff_t>(std::min<std::size_t>(some.size(), 40)));
    const Cost standard = costOf(few, 1, [&](const std::string& agent) {
        found +=
            std::ranges::any_of(regexes, [&](const std::regex& pattern) { return std::regex_search(agent, pattern); });
    });
    std::printf(
        "{\"agents\":%zu,\"patterns\":%zu,\"judged_bots\":%zu,\"peer_found\":%zu,\"hit_us\":%.3f,\"miss_us\":%.2f,"
        "\"miss_p50_us\":%.2f,\"miss_p99_us\":%.2f,\"re2_one_by_one_us\":%.1f,\"std_regex_one_by_one_us\":%.0f}\n",
        agents.size(), each.size(), bots / static_cast<std::size_t>(rounds), found, hit / 1e3, miss.mean / 1e3,
        miss.p50 / 1e3, miss.p99 / 1e3, re2.mean / 1e3, standard.mean / 1e3);
    return 0;
}
