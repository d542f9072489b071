// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "backend/api/visitor_facts.h"
#include "backend/enrich/agent_catalogue.h"
#include "backend/enrich/geo_database.h"

// What the simulator asks of enrich, for the API's seams.
std::function<api::AgentFacts(const std::string& userAgent)>
agentFactsOf(std::shared_ptr<const enrich::AgentCatalogue> agents);
std::function<api::PlaceFacts(const std::string& address)> placeFactsOf(std::shared_ptr<const enrich::GeoDatabase> geo);
