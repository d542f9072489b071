// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/api/controllers/controllers.h"
#include "backend/api/documents.h"

namespace api {

void addDocumentRoutes(Router& router)
{
    const auto document = [](std::string_view text) {
        return [text](const Call&, const Respond& respond) {
            Response response;
            response.body = text;
            respond(std::move(response));
        };
    };
    router.add({"GET", "/openapi.json", Access::Open, RunsOn::Loop, document(openApiDocument())});
    router.add({"GET", "/asyncapi.json", Access::Open, RunsOn::Loop, document(asyncApiDocument())});
}

} // namespace api
