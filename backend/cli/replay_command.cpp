// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <map>
#include <optional>
#include <unordered_map>

#include <QJsonObject>

#include "backend/cli/combined_log.h"
#include "backend/cli/command_line.h"
#include "backend/cli/commands.h"
#include "backend/cli/edit_session.h"
#include "backend/enrich/ip_address.h"
#include "backend/links/decision.h"
#include "backend/runtime/http_sender.h"
#include "backend/storage/folder_lock.h"

namespace cli {

namespace {

using Steady = std::chrono::steady_clock;

constexpr std::size_t pathsMax = 1'000'000; // distinct paths counted for --make-links
constexpr std::uint64_t refusedInARowMax = 64;
constexpr auto progressEvery = std::chrono::seconds(2);
constexpr const char* usualTarget = "http://127.0.0.1:8080";

struct Plan {
    std::string file, domain, data, workspace, target;
    std::int64_t makeLinks = 0;
    double speed = 0; // 0: as fast as answered
    int connections = 16;
    bool json = false;
};

struct Tally {
    std::uint64_t requests = 0, answered = 0, failed = 0, refusedInARow = 0;
    std::map<unsigned, std::uint64_t> byStatus;
    std::map<std::string, std::uint64_t> byMethod;
    std::string lastError;
    bool stoppedEarly = false;
};

int hexDigit(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : (c | 0x20) >= 'a' && (c | 0x20) <= 'f' ? (c | 0x20) - 'a' + 10 : -1;
}

// The slug that a path asks for: without the leading slash and the query, percent-decoded.
std::string slugOf(std::string_view target)
{
    std::string_view path = target.substr(0, target.find_first_of("?#"));
    if (path.starts_with('/'))
        path.remove_prefix(1);
    std::string slug;
    for (std::size_t i = 0; i < path.size(); ++i) {
        if (path[i] == '%' && i + 2 < path.size() && hexDigit(path[i + 1]) >= 0 && hexDigit(path[i + 2]) >= 0) {
            slug.push_back(static_cast<char>(hexDigit(path[i + 1]) * 16 + hexDigit(path[i + 2])));
            i += 2;
        } else {
            slug.push_back(path[i]);
        }
    }
    return slug;
}

// The file's most requested paths that can be links, most requested first.
std::vector<std::pair<std::string, std::uint64_t>> mostRequested(const std::string& file, std::size_t count)
{
    std::unordered_map<std::string, std::uint64_t> counts;
    CombinedLog log(file);
    while (const auto line = log.next()) {
        if (line->method != "GET" && line->method != "HEAD")
            continue;
        const std::string_view path = std::string_view(line->target).substr(0, line->target.find_first_of("?#"));
        if (!path.starts_with('/') || links::isReservedPath(path))
            continue;
        std::string slug = slugOf(path);
        if (!links::slugProblem(slug).empty())
            continue;
        if (const auto found = counts.find(slug); found != counts.end())
            ++found->second;
        else if (counts.size() < pathsMax)
            counts.emplace(std::move(slug), 1);
    }
    std::vector<std::pair<std::string, std::uint64_t>> ranked(counts.begin(), counts.end());
    std::ranges::sort(ranked, [](const auto& a, const auto& b) {
        return a.second != b.second ? a.second > b.second : a.first < b.first;
    });
    ranked.resize(std::min(ranked.size(), count));
    return ranked;
}

std::string encodedPath(std::string_view slug)
{
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string out;
    for (const char c : slug) {
        const auto byte = static_cast<unsigned char>(c);
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '/' ||
                           c == '-' || c == '_' || c == '.' || c == '~';
        if (plain)
            out.push_back(c);
        else
            (out += '%') += {digits[byte >> 4], digits[byte & 15]};
    }
    return out;
}

// Links made and links that were there already. Throws std::runtime_error where none can be made.
std::pair<int, int> makeLinks(const Plan& plan)
{
    const auto paths = mostRequested(plan.file, static_cast<std::size_t>(plan.makeLinks));
    EditSession session(plan.data);
    int made = 0, there = 0;
    for (const auto& [slug, requests] : paths) {
        // Nobody follows the redirect: the name is one that belongs to no one.
        const std::string destination = "https://origin.example/" + encodedPath(slug);
        const auto edited =
            session.addLink(plan.workspace, plan.domain, slug,
                            {{"destination", QString::fromStdString(destination)}, {"campaign", "replay"}});
        if (edited.problem.empty())
            ++made;
        else if (edited.problem == "slug_taken")
            ++there;
        else
            throw std::runtime_error("the link " + plan.domain + "/" + slug +
                                     " could not be made: " + explain(edited.problem, edited.field));
    }
    return {made, there};
}

runtime::OutgoingRequest requestOf(const LogLine& line, const Plan& plan)
{
    runtime::OutgoingRequest request;
    request.method = line.method;
    request.target = line.target;
    request.headers = {{"Host", plan.domain}};
    // A name instead of an address (the server looked it up) would only end the walk at the proxy.
    if (enrich::IpAddress::from(line.address))
        request.headers.emplace_back("X-Forwarded-For", line.address);
    if (!line.agent.empty())
        request.headers.emplace_back("User-Agent", line.agent);
    if (!line.referer.empty())
        request.headers.emplace_back("Referer", line.referer);
    return request;
}

// Sends the whole log.
class Replay {
public:
    Replay(const Plan& plan, runtime::HttpSender::Options options)
        : m_plan(plan), m_log(plan.file), m_sender(std::move(options)), m_started(Steady::now()), m_shown(m_started)
    {
    }

    void run()
    {
        m_sender.run([this] { return next(); },
                     [this](const auto& request, const auto& outcome) { finished(request, outcome); });
    }

    double seconds() const { return std::chrono::duration<double>(Steady::now() - m_started).count(); }
    const Tally& tally() const { return m_tally; }
    std::uint64_t unreadable() const { return m_log.unreadable(); }

private:
    std::optional<runtime::OutgoingRequest> next()
    {
        const auto line = m_log.next();
        if (!line)
            return std::nullopt;
        ++m_tally.requests;
        ++m_tally.byMethod[line->method];
        runtime::OutgoingRequest request = requestOf(*line, m_plan);
        if (m_plan.speed > 0) {
            if (!m_first)
                m_first = line->utcMs;
            request.notBeforeMs = static_cast<std::int64_t>(static_cast<double>(line->utcMs - *m_first) / m_plan.speed);
        }
        return request;
    }

    void finished(const runtime::OutgoingRequest&, const runtime::HttpOutcome& outcome)
    {
        if (outcome.status > 0) {
            ++m_tally.answered;
            ++m_tally.byStatus[outcome.status];
            m_tally.refusedInARow = 0;
        } else {
            ++m_tally.failed;
            m_tally.lastError = outcome.error;
            // A backend that is gone would fail every line that is left.
            if (++m_tally.refusedInARow >= refusedInARowMax) {
                m_tally.stoppedEarly = true;
                m_sender.stop();
            }
        }
        if (Steady::now() - m_shown >= progressEvery) {
            m_shown = Steady::now();
            std::fprintf(stderr, "replay: %llu answered, %llu failed, %.0f/s\n",
                         static_cast<unsigned long long>(m_tally.answered),
                         static_cast<unsigned long long>(m_tally.failed),
                         static_cast<double>(m_tally.answered) / seconds());
        }
    }

    const Plan& m_plan;
    CombinedLog m_log;
    runtime::HttpSender m_sender;
    Steady::time_point m_started, m_shown;
    std::optional<std::int64_t> m_first;
    Tally m_tally;
};

void printText(const Tally& tally, std::uint64_t unreadable, double seconds)
{
    std::printf("%llu requests, %llu answered, %llu failed, %llu lines unreadable, %.1f s, %.0f/s\n",
                static_cast<unsigned long long>(tally.requests), static_cast<unsigned long long>(tally.answered),
                static_cast<unsigned long long>(tally.failed), static_cast<unsigned long long>(unreadable), seconds,
                static_cast<double>(tally.answered) / std::max(seconds, 0.001));
    for (const auto& [status, count] : tally.byStatus)
        std::printf("  %u  %llu\n", status, static_cast<unsigned long long>(count));
}

void printSummary(const Plan& plan, const Tally& tally, std::uint64_t unreadable, double seconds,
                  std::pair<int, int> made)
{
    if (!plan.json)
        return printText(tally, unreadable, seconds);
    const auto number = [](std::uint64_t value) { return static_cast<qint64>(value); };
    QJsonObject statuses, classes, methods;
    std::map<unsigned, std::uint64_t> byClass;
    for (const auto& [status, count] : tally.byStatus) {
        statuses[QString::number(status)] = number(count);
        byClass[status / 100] += count;
    }
    for (const auto& [first, count] : byClass)
        classes[QString("%1xx").arg(first)] = number(count);
    for (const auto& [method, count] : tally.byMethod)
        methods[QString::fromStdString(method)] = number(count);
    printJson({{"requests", number(tally.requests)},
               {"answered", number(tally.answered)},
               {"failed", number(tally.failed)},
               {"unreadable", number(unreadable)},
               {"byClass", classes},
               {"byStatus", statuses},
               {"byMethod", methods},
               {"linksMade", made.first},
               {"linksExisting", made.second},
               {"seconds", seconds},
               {"perSecond", static_cast<double>(tally.answered) / std::max(seconds, 0.001)}});
}

Plan planOf(const runtime::Config& config)
{
    Plan plan;
    plan.file = config.operands.front();
    plan.domain = config.text("domain");
    plan.data = config.text("data");
    plan.workspace = config.text("workspace");
    plan.target = config.text("target");
    plan.makeLinks = config.integer("make-links", 0, 100'000);
    plan.speed = config.number("speed", 0, 1e9);
    plan.connections = static_cast<int>(config.integer("connections", 1, 1024));
    plan.json = config.flag("json");
    if (plan.target.empty()) {
        const auto running = storage::findRunning(plan.data);
        plan.target = running && !running->redirect.empty() ? running->redirect : usualTarget;
    }
    return plan;
}

int replay(const Plan& plan)
{
    const auto address = runtime::httpAddress(plan.target);
    if (!address)
        return fail("--target takes an address such as http://127.0.0.1:8080, not '" + plan.target + "'"), 2;
    std::pair<int, int> made;
    if (plan.makeLinks > 0) {
        made = makeLinks(plan);
        std::fprintf(stderr, "replay: %d links made, %d were there\n", made.first, made.second);
    }
    Replay run(plan, {address->first, address->second, plan.connections, 30'000});
    run.run();
    const Tally& tally = run.tally();
    printSummary(plan, tally, run.unreadable(), run.seconds(), made);
    if (tally.stoppedEarly)
        return fail(plan.target + " does not answer (" + tally.lastError +
                    "); is the backend running? Stopped before the log's end");
    if (tally.failed > 0)
        return fail(std::to_string(tally.failed) + " requests were not answered; the last: " + tally.lastError);
    return 0;
}

} // namespace

int runReplay(Arguments arguments)
{
    const Parsed parsed = parse("replay", arguments);
    if (parsed.exitStatus >= 0)
        return parsed.exitStatus;
    try {
        return replay(planOf(parsed.config));
    } catch (const runtime::ConfigError& error) {
        return fail(error.what()), 2;
    } catch (const std::exception& error) {
        return fail(error.what());
    }
}

} // namespace cli
