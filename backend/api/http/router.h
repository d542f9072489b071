// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "backend/api/http/message.h"
#include "backend/links/snapshot.h"
#include "backend/protocol/limits.h"
#include "backend/storage/reader.h"

namespace api {

// Who asks: the token, and the workspace the request is about.
struct Caller {
    storage::Token token;
    protocol::WorkspaceId workspace;
    bool administersAll = false; // an admin of workspace `default` administers the installation
};

// One request on its way through a controller. `reader` is set for routes that run on a worker, and only there.
struct Call {
    Request request;
    Caller caller;
    storage::Reader* reader = nullptr;
};

// Answers the request; from any thread, once (later calls do nothing).
using Respond = std::function<void(Response)>;
using Handler = std::function<void(const Call& call, const Respond& respond)>;

enum class Access : std::uint8_t { Open, Viewer, Operator, Admin };
// Loop: quick and in memory. Worker: reads the store. LoopUnlessPassword: on a worker where the body may hold a
// password, which takes long to hash.
enum class RunsOn : std::uint8_t { Loop, Worker, LoopUnlessPassword };

struct Route {
    std::string method;  // GET also answers HEAD
    std::string pattern; // "/v1/links/{id}"
    Access access = Access::Admin;
    RunsOn runsOn = RunsOn::Worker;
    Handler handler;
    bool isCreate = false;                                    // honours Idempotency-Key
    std::uint64_t bodyBytes = protocol::limits::apiBodyBytes; // what its requests may send
};

// Finds the route of a request. Immutable once filled.
class Router {
public:
    void add(Route route);

    struct Match {
        const Route* route = nullptr;
        std::vector<std::string> captured;
        std::string allowed; // where the path is known but not with this method
    };
    Match match(std::string_view method, std::string_view path) const;

    const std::vector<Route>& routes() const { return m_routes; }

private:
    std::vector<Route> m_routes;
};

} // namespace api
