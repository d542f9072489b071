// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

class QJsonObject;

namespace api {

// One request as the controllers see it: whole, bounded, percent-decoded. Its method is known to the router.
struct Request {
    std::string method;
    std::string path;                                       // without the query, still percent-encoded
    std::vector<std::pair<std::string, std::string>> query; // decoded, in order
    std::vector<std::string> captured;                      // what stood for {…} in the route, decoded, in order
    std::string body;
    std::string accept, authorization, contentType, host, ifMatch, idempotencyKey;

    // The first value of that name, or null.
    const std::string* parameter(std::string_view name) const;
};

struct Response {
    unsigned status = 200;
    std::string contentType = "application/json";
    std::string body;
    std::vector<std::pair<std::string, std::string>> headers;
};

// Sets path and query from a request target; false where an escape is broken or the target is no path.
bool setTarget(Request& request, std::string_view target);

// application/problem+json (RFC 9457). `code` is stable ("slug_taken" → type "/problems/slug-taken"); `field` names the
// part of the request at fault and `limit` the limit broken.
Response problem(unsigned status, std::string_view code, std::string_view field = {},
                 std::optional<std::int64_t> limit = std::nullopt);
// Its body, to add to.
QJsonObject problemObject(unsigned status, std::string_view code, std::string_view field = {},
                          std::optional<std::int64_t> limit = std::nullopt);
Response json(const QJsonObject& object, unsigned status = 200);

// `text` as a JSON string with its quotes; invalid UTF-8 becomes U+FFFD.
std::string jsonString(std::string_view text);

} // namespace api
