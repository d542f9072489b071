// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/links/decision.h"
#include "backend/protocol/words.h"

// Small ways to say rules, for the tests of this room.
namespace samples {

inline links::Condition condition(links::ConditionKind kind, std::vector<std::string> values, bool negate = false)
{
    return {kind, negate, std::move(values)};
}

inline links::Rule rule(std::string id, std::vector<links::Condition> conditions,
                        std::vector<links::Variant> variants = {})
{
    links::Rule made;
    made.id = std::move(id);
    made.version = 3;
    made.conditions = std::move(conditions);
    made.variants = std::move(variants);
    if (made.variants.empty())
        made.variants = {{"", "https://" + made.id + ".example/", 1}};
    return made;
}

// Berlin in 2026 as the time zone database has it.
inline std::shared_ptr<const links::ZoneTable> zones()
{
    auto table = std::make_shared<links::ZoneTable>();
    const auto at = [](const char* time) { return *protocol::utcMsFrom(time); };
    table->put("Europe/Berlin", std::make_shared<links::ZoneOffsets>(links::ZoneOffsets{{
                                    {at("2025-10-26T01:00:00Z"), 3600},
                                    {at("2026-03-29T01:00:00Z"), 7200},
                                    {at("2026-10-25T01:00:00Z"), 3600},
                                }}));
    table->put("Asia/Kolkata", std::make_shared<links::ZoneOffsets>(links::ZoneOffsets{{{protocol::UtcMs(0), 19800}}}));
    return table;
}

inline links::Link link(std::vector<links::Rule> rules)
{
    links::Link made;
    made.id = protocol::LinkId(7);
    made.domain = protocol::DomainId(1);
    made.slug = "sale";
    made.destination = "https://shop.example/p";
    made.rules = std::move(rules);
    return made;
}

// One ready domain, go.example, with these links; workspace `default` allows the scheme "acme".
inline std::shared_ptr<const links::Snapshot> snapshot(std::vector<links::Link> all)
{
    links::Workspace workspace;
    workspace.id = protocol::WorkspaceId(1);
    workspace.name = "default";
    workspace.appSchemes = {"acme"};
    links::Domain domain;
    domain.id = protocol::DomainId(1);
    domain.workspace = workspace.id;
    domain.host = "go.example";
    domain.state = links::DomainState::Ready;
    return links::Snapshot::build({workspace}, {domain}, std::move(all), zones());
}

inline links::Request request(std::string_view query = {}, const char* time = "2026-03-04T12:00:00Z")
{
    links::Request made;
    made.host = "go.example";
    made.path = "/sale";
    made.query = query;
    made.now = *protocol::utcMsFrom(time);
    return made;
}

} // namespace samples
