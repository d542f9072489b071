// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <map>

#include <QJsonArray>

#include "backend/api/controllers/controllers.h"
#include "backend/api/json_fields.h"
#include "backend/protocol/codec.h"
#include "backend/protocol/limits.h"
#include "backend/protocol/words.h"

// "Why is nothing arriving?": the checks in the order in which a click would fail them, each as a code with its facts.
// The console puts them into words.
namespace api {

namespace {

// Hits looked at, newest window only; more than this and the counts say that they are of a part.
constexpr std::size_t hitsLookedAtMax = 200'000;
constexpr std::size_t pageHits = 10'000;

class Diagnosis {
public:
    // `result`: ok, fail, or note (worth knowing, no obstacle).
    void add(const char* code, const char* result, QJsonObject facts = {})
    {
        if (m_cause.isNull() && std::string_view(result) == "fail")
            m_cause = code;
        facts.insert("code", code);
        facts.insert("result", result);
        m_checks.append(facts);
    }
    Response response() const { return json({{"cause", m_cause}, {"checks", m_checks}}); }

private:
    QJsonArray m_checks;
    QJsonValue m_cause;
};

struct Recent {
    std::uint64_t hits = 0, clicks = 0, humans = 0, matching = 0;
    std::map<std::string, qint64> reasons; // of the hits that are no clicks
    protocol::UtcMs last;
    bool whole = true;
};

// The hits of the live window for a host and slug ("any" where not given), and how many of them the filter lets
// through.
Recent recentHits(const Surroundings& around, const Call& call, const std::string& host,
                  const std::optional<std::string>& slug, const protocol::StreamFilter& filter)
{
    Recent recent;
    protocol::StreamFilter wanted;
    if (slug)
        wanted.links.push_back(host + "/" + *slug);
    else if (!host.empty())
        wanted.domains.push_back(host);
    const std::int64_t since = around.now().value - protocol::limits::windowSecondsDefault * protocol::msPerSecond;
    const std::uint64_t first = call.reader->firstSeqSince(protocol::UtcMs(since)).value;
    const std::uint64_t last = around.pipeline.counters().lastSeq.load();
    if (first == 0)
        return recent;
    std::uint64_t at = first - 1;
    if (last > at + hitsLookedAtMax) {
        at = last - hitsLookedAtMax;
        recent.whole = false;
    }
    while (at < last) {
        protocol::HitSeq coveredTo(at);
        for (const protocol::Hit& hit :
             call.reader->hitsAfter(protocol::HitSeq(at), pageHits, call.caller.workspace, wanted, coveredTo)) {
            ++recent.hits;
            recent.clicks += hit.isClick() ? 1 : 0;
            recent.humans += hit.isHumanClick() ? 1 : 0;
            recent.matching += filter.matches(protocol::viewOf(hit)) ? 1 : 0;
            recent.last = std::max(recent.last, hit.time);
            if (!hit.isClick())
                ++recent.reasons[std::string(protocol::word(hit.reason))];
        }
        if (coveredTo.value <= at)
            break;
        at = coveredTo.value;
    }
    return recent;
}

// The host as asked for and the other of the pair with and without "www.": matching is strict, and this is how it most
// often misses.
std::string neighbour(const std::string& host)
{
    return host.starts_with("www.") ? host.substr(4) : "www." + host;
}

// False: nothing further can be told of a host that is not ours.
bool checkDomain(const links::Snapshot& snapshot, const Caller& caller, const std::string& host, Diagnosis& diagnosis)
{
    const links::Domain* domain = snapshot.domain(host);
    const bool elsewhere = domain && domain->workspace != caller.workspace;
    // Whether another workspace has the host is nobody's business but the installation's admins'.
    if (!domain || (elsewhere && !caller.administersAll)) {
        QJsonObject facts{{"host", qString(host)}};
        if (ownDomain(snapshot, caller.workspace, neighbour(host)))
            facts.insert("near", qString(neighbour(host)));
        diagnosis.add("host_known", "fail", facts);
        return false;
    }
    diagnosis.add("host_known", "ok", {{"host", qString(host)}});
    diagnosis.add("workspace", elsewhere ? "fail" : "ok");
    diagnosis.add("domain_ready", domain->state == links::DomainState::Ready ? "ok" : "fail",
                  {{"state", qString(word(domain->state))}, {"host", qString(host)}});
    return !elsewhere;
}

void checkLink(const Surroundings& around, const links::Snapshot& snapshot, const Caller& caller,
               const std::string& host, const std::string& slug, Diagnosis& diagnosis)
{
    const links::Domain* domain = ownDomain(snapshot, caller.workspace, host);
    const links::Link* link = domain ? snapshot.link(domain->id, slug) : nullptr;
    const QJsonObject named{{"link", qString(host + "/" + slug)}};
    if (!link)
        return diagnosis.add("link_known", "fail", named);
    diagnosis.add("link_known", "ok", named);
    const bool expired = link->expiresAt.value != 0 && link->expiresAt <= around.now();
    const std::string_view state = expired ? "expired" : word(link->state);
    diagnosis.add("link_state", state == "active" ? "ok" : "fail", {{"state", qString(state)}});
    diagnosis.add("link_flagged", link->flagged ? "fail" : "ok");
}

void checkTraffic(const Recent& recent, bool filtered, Diagnosis& diagnosis)
{
    QJsonObject facts{{"hits", static_cast<qint64>(recent.hits)},
                      {"clicks", static_cast<qint64>(recent.clicks)},
                      {"humanClicks", static_cast<qint64>(recent.humans)},
                      {"whole", recent.whole}};
    if (recent.last.value != 0)
        facts.insert("lastHit", qString(protocol::rfc3339(recent.last)));
    QJsonObject reasons;
    for (const auto& [reason, count] : recent.reasons)
        reasons.insert(qString(reason), count);
    facts.insert("reasons", reasons);
    diagnosis.add("hits_seen", recent.hits > 0 ? "ok" : "fail", facts);
    if (recent.hits == 0)
        return;
    diagnosis.add("clicks_seen", recent.clicks > 0 ? "ok" : "fail", {{"reasons", reasons}});
    if (recent.clicks > 0)
        diagnosis.add("people_seen", recent.humans > 0 ? "ok" : "note",
                      {{"botClicks", static_cast<qint64>(recent.clicks - recent.humans)}});
    if (filtered)
        diagnosis.add("filter_matches", recent.matching > 0 ? "ok" : "fail",
                      {{"matching", static_cast<qint64>(recent.matching)}});
}

void diagnose(const Surroundings& around, const Call& call, const Respond& respond)
{
    protocol::StreamFilter filter;
    if (const std::string* text = call.request.parameter("filter"); text && !text->empty()) {
        std::string error;
        const auto parsed = protocol::streamFilterFrom(*text, error);
        if (!parsed)
            return respond(problem(400, "bad_filter", error.empty() ? "filter" : error));
        filter = *parsed;
    }
    std::string host;
    std::optional<std::string> slug;
    if (const std::string* link = call.request.parameter("link"); link && !link->empty()) {
        std::string_view rest = *link;
        if (const std::size_t scheme = rest.find("://"); scheme != std::string_view::npos)
            rest.remove_prefix(scheme + 3);
        const std::size_t slash = rest.find('/');
        host = rest.substr(0, slash);
        slug = slash == std::string_view::npos ? std::string() : std::string(rest.substr(slash + 1));
    } else if (const std::string* domain = call.request.parameter("domain")) {
        host = *domain;
    }
    host = host.substr(0, host.find(':'));
    std::transform(host.begin(), host.end(), host.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });

    Diagnosis diagnosis;
    const auto snapshot = around.snapshot.current();
    const bool ours = host.empty() || checkDomain(*snapshot, call.caller, host, diagnosis);
    if (ours && slug)
        checkLink(around, *snapshot, call.caller, host, *slug, diagnosis);
    const pipeline::Counters& counters = around.pipeline.counters();
    diagnosis.add("storage", counters.pending.load() == 0 ? "ok" : "fail",
                  {{"pending", static_cast<qint64>(counters.pending.load())}});
    if (ours)
        checkTraffic(recentHits(around, call, host, slug, filter), !filter.isEmpty(), diagnosis);
    const protocol::Watermark watermark = around.pipeline.watermark();
    const std::uint64_t behind = counters.lastSeq.load() - std::min(counters.lastSeq.load(), watermark.seq.value);
    diagnosis.add("rollups_complete", behind == 0 ? "ok" : "note", {{"behind", static_cast<qint64>(behind)}});
    respond(diagnosis.response());
}

} // namespace

void addDiagnosisRoutes(Router& router, const Surroundings& around)
{
    router.add({"GET", "/v1/diagnosis", Access::Viewer, RunsOn::Worker,
                [&around](const Call& call, const Respond& respond) { diagnose(around, call, respond); }});
}

} // namespace api
