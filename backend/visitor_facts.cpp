// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/visitor_facts.h"

#include "backend/enrich/ip_address.h"

std::function<api::AgentFacts(const std::string& userAgent)>
agentFactsOf(std::shared_ptr<const enrich::AgentCatalogue> agents)
{
    return [agents](const std::string& userAgent) {
        enrich::RequestFacts facts;
        facts.userAgent = userAgent;
        const enrich::Agent agent = agents->judge(facts);
        return api::AgentFacts{agent.device, agent.os, agent.browser};
    };
}

std::function<api::PlaceFacts(const std::string& address)> placeFactsOf(std::shared_ptr<const enrich::GeoDatabase> geo)
{
    return [geo](const std::string& text) {
        const auto address = enrich::IpAddress::from(text);
        const enrich::Place place = address ? geo->find(*address) : enrich::Place();
        return api::PlaceFacts{place.country, place.region, place.city};
    };
}
