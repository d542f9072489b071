// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/api/http/router.h"

#include "backend/links/destination.h"

namespace api {

namespace {

// The parts between slashes match one by one; {…} takes one whole, non-empty part.
bool matches(std::string_view pattern, std::string_view path, std::vector<std::string>& captured)
{
    captured.clear();
    for (;;) {
        const std::size_t patternEnd = pattern.find('/'), pathEnd = path.find('/');
        const std::string_view wanted = pattern.substr(0, patternEnd), part = path.substr(0, pathEnd);
        if (!wanted.empty() && wanted.front() == '{') {
            std::string value;
            if (!links::percentDecode(part, false, value) || value.empty())
                return false;
            captured.push_back(std::move(value));
        } else if (wanted != part) {
            return false;
        }
        if ((patternEnd == std::string_view::npos) != (pathEnd == std::string_view::npos))
            return false;
        if (patternEnd == std::string_view::npos)
            return true;
        pattern.remove_prefix(patternEnd + 1);
        path.remove_prefix(pathEnd + 1);
    }
}

} // namespace

void Router::add(Route route)
{
    m_routes.push_back(std::move(route));
}

Router::Match Router::match(std::string_view method, std::string_view path) const
{
    Match found;
    std::vector<std::string> captured;
    const std::string_view wanted = method == "HEAD" ? "GET" : method;
    for (const Route& route : m_routes) {
        if (!matches(route.pattern, path, captured))
            continue;
        if (route.method == wanted) {
            found.route = &route;
            found.captured = std::move(captured);
            return found;
        }
        if (!found.allowed.empty())
            found.allowed += ", ";
        found.allowed += route.method == "GET" ? "GET, HEAD" : route.method;
    }
    return found;
}

} // namespace api
