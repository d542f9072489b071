// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <charconv>

#include "backend/api/controllers/controllers.h"
#include "backend/protocol/words.h"

namespace api {

namespace {

std::optional<std::uint64_t> wholeNumber(std::string_view text)
{
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || text.empty())
        return std::nullopt;
    return value;
}

} // namespace

std::optional<std::uint64_t> numberParameter(const Call& call, const Respond& respond, std::string_view name,
                                             std::uint64_t fallback, std::uint64_t least, std::uint64_t most)
{
    const std::string* text = call.request.parameter(name);
    if (!text)
        return fallback;
    const auto value = wholeNumber(*text);
    if (!value) {
        respond(problem(400, "not_a_number", name));
        return std::nullopt;
    }
    if (*value < least || *value > most) {
        respond(problem(400, "out_of_range", name, static_cast<std::int64_t>(*value < least ? least : most)));
        return std::nullopt;
    }
    return value;
}

std::optional<protocol::UtcMs> timeParameter(const Call& call, const Respond& respond, std::string_view name,
                                             protocol::UtcMs fallback)
{
    const std::string* text = call.request.parameter(name);
    if (!text)
        return fallback;
    if (const auto ms = wholeNumber(*text); ms && *ms < (1ULL << 52))
        return protocol::UtcMs(static_cast<std::int64_t>(*ms));
    const auto time = protocol::utcMsFrom(*text);
    if (!time)
        respond(problem(400, "not_a_time", name));
    return time;
}

std::optional<std::uint64_t> capturedId(const Call& call, const Respond& respond)
{
    const auto id = wholeNumber(call.request.captured.front());
    if (!id || *id == 0) {
        respond(problem(404, "not_found", "id"));
        return std::nullopt;
    }
    return id;
}

const links::Domain* ownDomain(const links::Snapshot& snapshot, protocol::WorkspaceId workspace, std::string_view host)
{
    const links::Domain* domain = snapshot.domain(host);
    return domain && domain->workspace == workspace ? domain : nullptr;
}

const links::Link* ownLink(const links::Snapshot& snapshot, protocol::WorkspaceId workspace, std::string_view text)
{
    if (const auto id = wholeNumber(text)) {
        const links::Link* link = snapshot.link(protocol::LinkId(*id));
        const links::Domain* domain = link ? snapshot.domain(link->domain) : nullptr;
        return domain && domain->workspace == workspace ? link : nullptr;
    }
    if (const std::size_t scheme = text.find("://"); scheme != std::string_view::npos)
        text.remove_prefix(scheme + 3);
    text = text.substr(0, text.find_first_of("?#"));
    const std::size_t slash = text.find('/');
    std::string host(text.substr(0, slash));
    std::transform(host.begin(), host.end(), host.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    host = host.substr(0, host.find(':'));
    const links::Domain* domain = ownDomain(snapshot, workspace, host);
    return domain ? snapshot.link(domain->id,
                                  slash == std::string_view::npos ? std::string_view{} : text.substr(slash + 1))
                  : nullptr;
}

Response editProblem(std::string_view code, std::string_view field)
{
    if (code == "storage_failed" || code == "stopping")
        return problem(503, code);
    if (code == "version_conflict")
        return problem(412, code, field);
    if (code.ends_with("_unknown"))
        return problem(404, "not_found", field);
    if (code.ends_with("_taken") || code == "slug_tombstoned" || code == "nothing_to_undo")
        return problem(409, code, field);
    return problem(422, editCode(code, field), field);
}

std::string editCode(std::string_view code, std::string_view field)
{
    const bool isNamed = code.starts_with(field) || code.starts_with("destination_") || code.starts_with("slug_") ||
                         code == "missing" || field.find('.') != std::string_view::npos;
    return isNamed ? std::string(code) : std::string(field) + "_" + std::string(code);
}

} // namespace api
