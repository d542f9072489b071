// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <optional>
#include <string>

#include "backend/api/api_server.h"
#include "backend/api/http/http_server.h"
#include "backend/api/http/router.h"

namespace api {

// What the controllers share. All of it outlives them; safe to read from the loop and the workers at once.
struct Surroundings {
    Options options;
    Seams seams;
    const links::SnapshotHolder& snapshot;
    pipeline::Pipeline& pipeline;
    const runtime::Clock& clock;
    std::atomic<std::uint64_t>& tokenGeneration;
    std::string dataId;
    const HttpCounters* http = nullptr;
    std::atomic<std::uint64_t> requests{0};
    std::atomic<std::uint64_t> queriesRefused{0};

    protocol::UtcMs now() const { return protocol::UtcMs(clock.utcMs()); }
};

// One file each: the routes of one resource.
void addSessionRoutes(Router& router, const Surroundings& around);
void addHitRoutes(Router& router, const Surroundings& around);
void addRollupRoutes(Router& router, const Surroundings& around);
void addReportRoutes(Router& router, const Surroundings& around);
void addReconciliationRoutes(Router& router, const Surroundings& around);
void addRestatementRoutes(Router& router, const Surroundings& around);
void addLinkRoutes(Router& router, const Surroundings& around);
void addLinkBulkRoutes(Router& router, const Surroundings& around);
void addTrialRoutes(Router& router, const Surroundings& around);
void addMissRoutes(Router& router, const Surroundings& around);
void addImportRoutes(Router& router, const Surroundings& around);
void addDomainRoutes(Router& router, const Surroundings& around);
void addWorkspaceRoutes(Router& router, const Surroundings& around);
void addTokenRoutes(Router& router, const Surroundings& around);
void addEditRoutes(Router& router, const Surroundings& around);
void addDiagnosisRoutes(Router& router, const Surroundings& around);
void addHealthRoutes(Router& router, const Surroundings& around);
void addDocumentRoutes(Router& router);

inline void addAllRoutes(Router& router, const Surroundings& around)
{
    addSessionRoutes(router, around);
    addHitRoutes(router, around);
    addRollupRoutes(router, around);
    addReportRoutes(router, around);
    addReconciliationRoutes(router, around);
    addRestatementRoutes(router, around);
    addLinkRoutes(router, around);
    addLinkBulkRoutes(router, around);
    addTrialRoutes(router, around);
    addMissRoutes(router, around);
    addImportRoutes(router, around);
    addDomainRoutes(router, around);
    addWorkspaceRoutes(router, around);
    addTokenRoutes(router, around);
    addEditRoutes(router, around);
    addDiagnosisRoutes(router, around);
    addHealthRoutes(router, around);
    addDocumentRoutes(router);
}

// A query parameter as a whole number within bounds, or `fallback` where it is not given; on anything else answers and
// gives nothing.
std::optional<std::uint64_t> numberParameter(const Call& call, const Respond& respond, std::string_view name,
                                             std::uint64_t fallback, std::uint64_t least, std::uint64_t most);
// RFC 3339 or milliseconds since 1970.
std::optional<protocol::UtcMs> timeParameter(const Call& call, const Respond& respond, std::string_view name,
                                             protocol::UtcMs fallback);
// A number in the path; 404 and nothing where it is none.
std::optional<std::uint64_t> capturedId(const Call& call, const Respond& respond);

// The domain by its host, if it belongs to the caller's workspace.
const links::Domain* ownDomain(const links::Snapshot& snapshot, protocol::WorkspaceId workspace, std::string_view host);
// The link of "domain/slug", an id or a URL, if it belongs to the caller's workspace.
const links::Link* ownLink(const links::Snapshot& snapshot, protocol::WorkspaceId workspace, std::string_view text);

// The code of an edit that the pipeline refused, as the API has it: a short one of the links room ("scheme",
// "reserved") becomes one that can be told apart, "destination_scheme".
std::string editCode(std::string_view code, std::string_view field);
// The answer to it.
Response editProblem(std::string_view code, std::string_view field);

} // namespace api
