// SPDX-License-Identifier: GPL-3.0-or-later
#include <charconv>
#include <chrono>
#include <cstdio>
#include <map>
#include <stdexcept>
#include <string>

#include "backend/runtime/files.h"
#include "backend/runtime/http_sender.h"
#include "packaging/demo/traffic.h"

namespace {

constexpr const char* help =
    R"(usage: clickroom-demo-traffic --links FILE [--target URL] [--seconds N] [--rate R] [--seed S]

Believable campaign traffic over real HTTP, for the demo of packaging/run: waves of people after each share, QR posters with their places,
previews and scanners in the first seconds, crawlers, misspelt links, prefetches. Nothing is back-dated: what it sends happens now.

  --links FILE      domain,slug,…,channel,weight,launch,home,placements (see links.csv); the links must exist in the backend
  --target URL      the redirect port; default http://127.0.0.1:8080. Only this machine, unless --any-target is given
  --seconds N       how long; default 60
  --rate R          people's clicks a second when all links peak; default 40, at most 10000
  --seed S          the same seed makes the same traffic; default 1
  --connections N   at once; default 16
  --audience FILE   network,address,country,region,city,weight; default the sample of resources/geo
)";

constexpr std::uint64_t fileBytesMax = 16 * 1024 * 1024;
constexpr int refusedInARowMax = 64;

struct Options {
    std::string target = "http://127.0.0.1:8080", links, audience = CLICKROOM_DEMO_AUDIENCE;
    demo::TrafficOptions traffic;
    int connections = 16;
    bool anyTarget = false;
};

double number(const std::string& name, const std::string& text, double min, double max)
{
    double value = 0;
    const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || stop != text.data() + text.size() || !(value >= min && value <= max))
        throw std::runtime_error(name + " takes a number from " + std::to_string(min) + " to " + std::to_string(max) +
                                 ", not '" + text + "'");
    return value;
}

Options optionsOf(int count, char** words)
{
    Options options;
    for (int i = 1; i < count; ++i) {
        const std::string name = words[i];
        if (name == "--any-target") {
            options.anyTarget = true;
            continue;
        }
        if (i + 1 >= count)
            throw std::runtime_error(name + ": not understood, or its value is missing; see --help");
        const std::string value = words[++i];
        if (name == "--target")
            options.target = value;
        else if (name == "--links")
            options.links = value;
        else if (name == "--audience")
            options.audience = value;
        else if (name == "--seconds")
            options.traffic.seconds = number(name, value, 0.1, 31'536'000);
        else if (name == "--rate")
            options.traffic.ratePerSecond = number(name, value, 0.01, 10'000);
        else if (name == "--seed")
            options.traffic.seed = static_cast<std::uint64_t>(number(name, value, 0, 1e15));
        else if (name == "--connections")
            options.connections = static_cast<int>(number(name, value, 1, 512));
        else
            throw std::runtime_error(name + " is not understood; see --help");
    }
    if (options.links.empty())
        throw std::runtime_error("--links is needed; see --help");
    return options;
}

int run(const Options& options)
{
    const auto address = runtime::httpAddress(options.target);
    if (!address)
        throw std::runtime_error("--target takes an address such as http://127.0.0.1:8080, not '" + options.target +
                                 "'");
    const std::string& host = address->first;
    if (!options.anyTarget && host != "localhost" && host != "::1" && !host.starts_with("127."))
        throw std::runtime_error(
            options.target +
            " is not this machine; made-up traffic belongs to nobody else's server (--any-target if it is yours)");
    runtime::SystemFiles files;
    const demo::Audience audience(runtime::readWhole(files, options.audience, fileBytesMax));
    demo::Traffic traffic(audience, demo::linksFrom(runtime::readWhole(files, options.links, fileBytesMax)),
                          options.traffic);

    runtime::HttpSender sender({host, address->second, options.connections, 30'000});
    std::map<unsigned, std::uint64_t> statuses;
    std::uint64_t answered = 0, failed = 0;
    int refusedInARow = 0;
    std::string lastError;
    auto shown = std::chrono::steady_clock::now();
    sender.run([&] { return traffic.next(); },
               [&](const runtime::OutgoingRequest&, const runtime::HttpOutcome& outcome) {
                   if (outcome.status > 0) {
                       ++answered;
                       ++statuses[outcome.status];
                       refusedInARow = 0;
                   } else {
                       ++failed;
                       lastError = outcome.error;
                       if (++refusedInARow >= refusedInARowMax)
                           sender.stop();
                   }
                   if (const auto now = std::chrono::steady_clock::now(); now - shown >= std::chrono::seconds(10)) {
                       shown = now;
                       std::fprintf(stderr, "%llu answered, %llu failed\n", static_cast<unsigned long long>(answered),
                                    static_cast<unsigned long long>(failed));
                   }
               });
    std::printf("%llu answered, %llu failed\n", static_cast<unsigned long long>(answered),
                static_cast<unsigned long long>(failed));
    for (const auto& [kind, made] : traffic.kinds())
        std::printf("  %-12s %llu\n", kind.c_str(), static_cast<unsigned long long>(made));
    for (const auto& [status, times] : statuses)
        std::printf("  %-12u %llu\n", status, static_cast<unsigned long long>(times));
    if (failed > 0)
        throw std::runtime_error(options.target + ": " + std::to_string(failed) +
                                 " requests were not answered; the last: " + lastError);
    return 0;
}

} // namespace

int main(int count, char** words)
{
    for (int i = 1; i < count; ++i) {
        if (std::string(words[i]) == "--help" || std::string(words[i]) == "-h") {
            std::fputs(help, stdout);
            return 0;
        }
    }
    try {
        return run(optionsOf(count, words));
    } catch (const std::exception& error) {
        std::fprintf(stderr, "clickroom-demo-traffic: %s\n", error.what());
        return 1;
    }
}
