// SPDX-License-Identifier: GPL-3.0-or-later
// simulate: where a request would go, and why, from what lies in the data folder; changes nothing and asks nobody.
#include <algorithm>
#include <chrono>
#include <cstdio>

#include <QJsonArray>
#include <QJsonObject>

#include "backend/api/trial_json.h"
#include "backend/cli/command_line.h"
#include "backend/cli/resources_folder.h"
#include "backend/enrich/agent_catalogue.h"
#include "backend/enrich/enricher.h"
#include "backend/enrich/geo_database.h"
#include "backend/links/ascii.h"
#include "backend/links/held_link.h"
#include "backend/links/link_words.h"
#include "backend/links/simulator.h"
#include "backend/pipeline/zone_offsets.h"
#include "backend/protocol/words.h"
#include "backend/storage/reader.h"

namespace cli {

namespace {

// What the command line says of the request and its visitor; owns what the views look at.
struct Asked {
    std::string host, path, query;
    enrich::Agent agent;
    enrich::Place place;
    std::string language, referrer;
    links::Request request;
    links::Facts facts;
};

// "go.acme.example/spring?qr=poster-a", with or without scheme and port.
void splitAddress(std::string_view text, Asked& asked)
{
    if (const std::size_t scheme = text.find("://"); scheme != std::string_view::npos)
        text.remove_prefix(scheme + 3);
    text = text.substr(0, text.find('#'));
    const std::size_t mark = text.find('?');
    if (mark != std::string_view::npos)
        asked.query = text.substr(mark + 1);
    text = text.substr(0, mark);
    const std::size_t slash = std::min(text.find('/'), text.size());
    asked.path = slash < text.size() ? text.substr(slash) : "/";
    asked.host = links::lowerAscii(text.substr(0, text.substr(0, slash).find(':')));
    asked.host = asked.host.substr(0, asked.host.find('/'));
}

// Empty, or what of the command line cannot be understood.
std::string readVisitor(const runtime::Config& config, Asked& asked)
{
    if (const std::string agent = config.text("agent"); !agent.empty()) {
        const auto loaded = enrich::AgentCatalogue::load(resourcesFolder() + "/bots/crawler-user-agents.json");
        enrich::RequestFacts facts;
        facts.userAgent = agent;
        asked.agent = loaded.catalogue->judge(facts);
    }
    if (const std::string text = config.text("address"); !text.empty()) {
        const auto address = enrich::IpAddress::from(text);
        if (!address)
            return "--address takes an IP address, not \"" + text + "\"";
        const auto geo = enrich::GeoDatabase::open(
            enrich::GeoDatabase::filesOf(config.text("data"), resourcesFolder() + "/geo/country.mmdb"));
        asked.place = geo.database->find(*address);
        asked.facts.address = links::addressFrom(text);
    }
    const auto set = [&](const char* name, std::string& target) {
        if (config.isSet(name))
            target = config.text(name);
    };
    set("country", asked.place.country);
    set("region", asked.place.region);
    set("city", asked.place.city);
    set("os", asked.agent.os);
    set("browser", asked.agent.browser);
    set("language", asked.language);
    set("referrer", asked.referrer);
    if (const std::string device = config.text("device"); !device.empty()) {
        const auto known = protocol::deviceTypeFrom(device);
        if (!known)
            return "--device is mobile, tablet, desktop or other";
        asked.agent.device = *known;
    }
    if (const std::string time = config.text("time"); !time.empty()) {
        const auto known = protocol::utcMsFrom(time);
        if (!known)
            return "--time takes a moment such as 2026-03-01T12:00:00Z";
        asked.request.now = *known;
    }
    return {};
}

void connect(Asked& asked, const runtime::Config& config)
{
    asked.request.host = asked.host;
    asked.request.path = asked.path;
    asked.request.query = asked.query;
    asked.request.head = config.flag("head");
    std::transform(asked.place.country.begin(), asked.place.country.end(), asked.place.country.begin(),
                   [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
    asked.facts.country = asked.place.country;
    asked.facts.region = asked.place.region;
    asked.facts.city = asked.place.city;
    asked.facts.device = asked.agent.device;
    asked.facts.os = asked.agent.os;
    asked.facts.browser = asked.agent.browser;
    asked.facts.language = asked.language;
    asked.facts.referrer = asked.referrer;
    asked.facts.stickiness = protocol::VisitorKey(std::hash<std::string>()(config.text("visitor")) | 1);
}

std::shared_ptr<const links::Snapshot> snapshotOf(const std::string& folder, protocol::UtcMs now)
{
    const storage::Reader reader(folder);
    std::vector<links::Link> all;
    reader.forEachLink([&](links::Link&& link) { all.push_back(std::move(link)); });
    return links::Snapshot::build(reader.workspaces(), reader.domains(), std::move(all), pipeline::zoneTable(now));
}

std::string shown(std::string_view text)
{
    return protocol::visibleText(text, text.size() * 4 + 16);
}

void print(const links::Explanation& told)
{
    for (const links::Step& step : told.steps)
        std::printf("%-8s %-14s %s\n", std::string(links::word(step.state)).c_str(),
                    std::string(links::word(step.code)).c_str(), shown(step.detail).c_str());
    for (const links::RuleSeen& rule : told.rules) {
        const char* state = rule.decided ? "decides" : !rule.enabled ? "off" : rule.holds ? "holds" : "no";
        std::printf("rule %s\t%s\t%s\n", shown(rule.id).c_str(), state, shown(rule.name).c_str());
    }
    const links::Decision& decision = told.decision;
    std::printf("%u %s%s%s\n", unsigned{decision.status}, std::string(links::word(decision.kind)).c_str(),
                decision.location.empty() ? "" : " ", shown(decision.location).c_str());
}

} // namespace

int runSimulate(Arguments arguments)
{
    const Parsed parsed = parse("simulate", arguments);
    if (parsed.exitStatus >= 0)
        return parsed.exitStatus;
    const auto sinceEpoch = std::chrono::system_clock::now().time_since_epoch();
    const protocol::UtcMs now(std::chrono::duration_cast<std::chrono::milliseconds>(sinceEpoch).count());
    Asked asked;
    asked.request.now = now;
    splitAddress(parsed.config.operands.front(), asked);
    if (const std::string mistake = readVisitor(parsed.config, asked); !mistake.empty())
        return fail(mistake);
    connect(asked, parsed.config);
    const auto snapshot = snapshotOf(parsed.config.text("data"), now);
    const links::Explanation told = links::explain(*snapshot, asked.request, asked.facts);
    if (parsed.config.flag("json"))
        printJson(api::jsonOf(told, {})); // as POST /v1/simulate answers
    else
        print(told);
    return 0;
}

} // namespace cli
