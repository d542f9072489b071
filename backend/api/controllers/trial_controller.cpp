// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <deque>

#include <QCryptographicHash>
#include <QJsonArray>

#include "backend/api/controllers/link_requests.h"
#include "backend/api/trial_json.h"
#include "backend/links/held_link.h"
#include "backend/protocol/limits.h"
#include "backend/protocol/words.h"

// A link tried before it goes live: one request by hand, its rules by themselves, the last real hits. Nothing here
// changes anything.
namespace api {

namespace {

namespace limits = protocol::limits;

constexpr std::size_t agentBytes = 1024;
constexpr std::size_t textBytes = 256;
constexpr std::int64_t hitsDefault = 1000;
constexpr std::int64_t hitsMax = 20'000;
constexpr std::uint64_t hitsLookedAtMax = 2'000'000;
constexpr std::size_t pageHits = 10'000;
// A draft of a link that is not there yet needs an id to stand in a snapshot; no stored link comes near it.
constexpr protocol::LinkId unsavedId{UINT64_MAX >> 1};

// What is tried: a snapshot with the draft in its place.
struct Trial {
    std::shared_ptr<const links::Snapshot> now, snapshot;
    links::Link link; // as it is tried; without a domain where only a request is
};

// Rules of a draft may have no ids yet; they get those they will be stored with.
void nameRules(std::vector<links::Rule>& rules, const links::Link* stored)
{
    const auto isTaken = [&](const std::string& id) {
        const auto has = [&](const links::Rule& rule) { return rule.id == id; };
        return std::any_of(rules.begin(), rules.end(), has) ||
               (stored && std::any_of(stored->rules.begin(), stored->rules.end(), has));
    };
    std::size_t next = 1;
    for (links::Rule& rule : rules) {
        while (rule.id.empty()) {
            const std::string id = "r" + std::to_string(next++);
            if (!isTaken(id))
                rule.id = id;
        }
    }
}

// The draft over the link it is of (null: over nothing).
links::Link draftOver(Fields& fields, const links::Link* stored, protocol::DomainId domain, const std::string& slug)
{
    links::Link link = stored ? *stored : links::Link();
    if (!stored) {
        link.id = unsavedId;
        link.domain = domain;
        link.slug = slug;
    }
    if (!fields.has("draft"))
        return link;
    Fields draft(fields.value("draft"));
    applyFields(draft, link);
    if (draft.has("password")) // it need not be hashed to be asked for
        link.passwordHash = draft.value("password").isNull() ? "" : "draft";
    if (const auto& found = draft.problem())
        fields.fail(found->code, found->field.empty() ? "draft" : "draft." + found->field, found->limit);
    nameRules(link.rules, stored);
    if (stored)
        ++link.version;
    return link;
}

// From `link`, or `domain` and `slug`; `fields` has the problem where there is nothing to try.
Trial trialOf(Fields& fields, const Surroundings& around, const Call& call)
{
    Trial trial;
    trial.now = around.snapshot.current();
    const links::HeldLink* stored = nullptr;
    protocol::DomainId domain;
    std::string slug;
    if (const auto id = fields.integer("link", 1, INT64_MAX >> 11)) {
        stored = trial.now->link(protocol::LinkId(static_cast<std::uint64_t>(*id)));
        const links::Domain* own = stored ? trial.now->domain(stored->domain) : nullptr;
        if (!own || own->workspace != call.caller.workspace)
            fields.fail("unknown_link", "link");
    } else {
        const auto host = fields.text("domain", limits::domainBytes);
        const links::Domain* own = host ? ownDomain(*trial.now, call.caller.workspace, *host) : nullptr;
        if (!own)
            fields.fail(host ? "unknown_domain" : "missing", host ? "domain" : "link");
        slug = fields.text("slug", limits::slugBytes).value_or("");
        if (own) {
            domain = own->id;
            stored = trial.now->link(own->id, slug);
        }
    }
    if (!stored && !fields.has("draft"))
        fields.fail("unknown_link", "slug");
    if (!fields.problem())
        trial.link = draftOver(fields, stored, domain, slug);
    if (!fields.problem())
        trial.snapshot = fields.has("draft") ? trial.now->withLink(trial.link) : trial.now;
    return trial;
}

// What a request by hand says of itself and its visitor; owns what the views look at.
struct HandRequest {
    std::string host, path, query, country, region, city, os, browser, language, referrer, visitor;
    links::Request request;
    links::Facts facts;
};

std::string pathOf(std::string_view slug)
{
    static constexpr char digits[] = "0123456789ABCDEF";
    std::string path = "/";
    for (const char c : slug) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte > 0x20 && byte < 0x7f && c != '%' && c != '?' && c != '#')
            path += c;
        else
            path.append({'%', digits[byte >> 4], digits[byte & 0xf]});
    }
    return path;
}

protocol::VisitorKey stickinessOf(const std::string& visitor)
{
    const QByteArray hash = QCryptographicHash::hash(QByteArray::fromStdString(visitor), QCryptographicHash::Sha256);
    std::uint64_t key = 0;
    for (int at = 0; at < 8; ++at)
        key = key << 8 | static_cast<unsigned char>(hash[at]);
    return protocol::VisitorKey(key | 1);
}

void readVisitor(HandRequest& by, Fields& fields, const Surroundings& around)
{
    const auto agent = fields.text("userAgent", agentBytes);
    if (agent && around.seams.agentOf) {
        const AgentFacts told = around.seams.agentOf(*agent);
        by.facts.device = told.device;
        by.os = told.os;
        by.browser = told.browser;
    }
    const auto address = fields.text("address", textBytes);
    if (address && !address->empty()) {
        by.facts.address = links::addressFrom(*address);
        if (!by.facts.address)
            fields.fail("not_an_address", "address");
        else if (around.seams.placeOf) {
            const PlaceFacts told = around.seams.placeOf(*address);
            by.country = told.country;
            by.region = told.region;
            by.city = told.city;
        }
    }
    // What is said outright comes before what would be concluded.
    const std::pair<const char*, std::string*> texts[] = {
        {"country", &by.country}, {"region", &by.region},     {"city", &by.city},         {"os", &by.os},
        {"browser", &by.browser}, {"language", &by.language}, {"referrer", &by.referrer}, {"visitor", &by.visitor}};
    for (const auto& [name, target] : texts)
        if (auto text = fields.text(name, textBytes); text && !text->empty())
            *target = std::move(*text);
    if (const auto device = fields.text("device", textBytes); device && !device->empty()) {
        if (const auto known = protocol::deviceTypeFrom(*device))
            by.facts.device = *known;
        else
            fields.fail("unknown_word", "device");
    }
    std::transform(by.country.begin(), by.country.end(), by.country.begin(),
                   [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
    by.language = by.language.substr(0, by.language.find_first_of("-,;_"));
    if (by.referrer.find("://") != std::string::npos)
        by.referrer = links::destinationHost(by.referrer);
}

void readRequest(HandRequest& by, Fields& fields, const Surroundings& around)
{
    by.host = fields.text("domain", limits::domainBytes).value_or("");
    if (by.host.empty())
        by.host = fields.text("host", limits::domainBytes).value_or("");
    if (by.host.empty())
        fields.fail("missing", "domain");
    std::transform(by.host.begin(), by.host.end(), by.host.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    by.host = by.host.substr(0, by.host.find(':'));
    by.path = fields.text("path", limits::destinationBytes).value_or("");
    if (by.path.empty())
        by.path = pathOf(fields.text("slug", limits::slugBytes).value_or(""));
    if (by.path.front() != '/')
        by.path.insert(0, 1, '/');
    by.query = fields.text("query", limits::destinationBytes).value_or("");
    if (const std::size_t mark = by.path.find('?'); mark != std::string::npos) {
        by.query = by.path.substr(mark + 1) + (by.query.empty() ? "" : "&" + by.query);
        by.path.resize(mark);
    }
    if (by.query.starts_with('?'))
        by.query.erase(0, 1);
    by.request.head = fields.text("method", textBytes).value_or("GET") == "HEAD";
    by.request.now = fields.time("time").value_or(around.now());
    by.request.passwordPassed = fields.boolean("passwordPassed").value_or(false);
    readVisitor(by, fields, around);
    by.request.host = by.host;
    by.request.path = by.path;
    by.request.query = by.query;
    by.facts.country = by.country;
    by.facts.region = by.region;
    by.facts.city = by.city;
    by.facts.os = by.os;
    by.facts.browser = by.browser;
    by.facts.language = by.language;
    by.facts.referrer = by.referrer;
    by.facts.stickiness = stickinessOf(by.visitor);
}

void simulate(const Surroundings& around, const Call& call, const Respond& respond)
{
    Fields fields(call.request.body);
    HandRequest by;
    readRequest(by, fields, around);
    if (fields.problem())
        return respond(fields.problem()->answer());
    auto snapshot = around.snapshot.current();
    const links::Domain* domain = snapshot->domain(by.host);
    if (domain && domain->workspace != call.caller.workspace) {
        // To this workspace another's host is as unknown as any.
        snapshot = links::Snapshot::build({*snapshot->workspace(call.caller.workspace)}, {}, {});
        domain = nullptr;
    }
    std::string slug;
    links::percentDecode(std::string_view(by.path).substr(1), false, slug);
    const links::HeldLink* link = domain ? snapshot->link(domain->id, slug) : nullptr;
    if (domain && fields.has("draft")) {
        const links::Link draft = draftOver(fields, link, domain->id, slug);
        if (fields.problem())
            return respond(fields.problem()->answer());
        snapshot = snapshot->withLink(draft);
        link = snapshot->link(domain->id, slug);
    }
    by.request.limitReached =
        fields.boolean("limitReached")
            .value_or(link && link->clickLimit > 0 && link->clicks && link->clicks->taken() >= link->clickLimit);
    respond(json(jsonOf(links::explain(*snapshot, by.request, by.facts), unsavedId)));
}

void lint(const Surroundings& around, const Call& call, const Respond& respond)
{
    Fields fields(call.request.body);
    const Trial trial = trialOf(fields, around, call);
    if (fields.problem())
        return respond(fields.problem()->answer());
    QJsonArray findings;
    for (const links::Finding& finding : links::lint(trial.link, *trial.snapshot, around.now()))
        findings.append(jsonOf(finding));
    respond(json({{"findings", findings}}));
}

// The last hits of a link, oldest first. Looks back ever further until there are enough.
std::deque<protocol::Hit> lastHits(const Surroundings& around, const Call& call, const std::string& place,
                                   std::size_t wanted)
{
    std::deque<protocol::Hit> hits;
    protocol::StreamFilter filter;
    filter.links.push_back(place);
    const std::uint64_t last = around.pipeline.counters().lastSeq.load();
    for (std::uint64_t back = 50'000;; back *= 8) {
        back = std::min(back, hitsLookedAtMax);
        hits.clear();
        std::uint64_t at = last > back ? last - back : 0;
        while (at < last) {
            protocol::HitSeq coveredTo(at);
            for (protocol::Hit& hit :
                 call.reader->hitsAfter(protocol::HitSeq(at), pageHits, call.caller.workspace, filter, coveredTo)) {
                hits.push_back(std::move(hit));
                if (hits.size() > wanted)
                    hits.pop_front();
            }
            if (coveredTo.value <= at)
                break;
            at = coveredTo.value;
        }
        if (hits.size() >= wanted || back >= last || back >= hitsLookedAtMax)
            return hits;
    }
}

void rehearse(const Surroundings& around, const Call& call, const Respond& respond)
{
    Fields fields(call.request.body);
    if (!fields.has("link"))
        fields.fail("missing", "link");
    if (!fields.has("draft"))
        fields.fail("missing", "draft");
    const auto wanted = fields.integer("hits", 1, hitsMax).value_or(hitsDefault);
    const Trial trial = trialOf(fields, around, call);
    if (fields.problem())
        return respond(fields.problem()->answer());
    const std::string place = trial.now->domain(trial.link.domain)->host + "/" + trial.link.slug;
    links::Rehearsal rehearsal(trial.now, trial.snapshot, trial.link.id);
    for (const protocol::Hit& hit : lastHits(around, call, place, static_cast<std::size_t>(wanted)))
        rehearsal.add(hit);
    respond(json(jsonOf(rehearsal)));
}

} // namespace

void addTrialRoutes(Router& router, const Surroundings& around)
{
    const auto with = [&around](auto handler) {
        return [&around, handler](const Call& call, const Respond& respond) { handler(around, call, respond); };
    };
    router.add({"POST", "/v1/simulate", Access::Viewer, RunsOn::Worker, with(simulate)});
    router.add({"POST", "/v1/lint", Access::Viewer, RunsOn::Worker, with(lint)});
    router.add({"POST", "/v1/rehearse", Access::Viewer, RunsOn::Worker, with(rehearse)});
}

} // namespace api
