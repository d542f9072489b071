// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "backend/api/controllers/controllers.h"
#include "backend/api/link_json.h"

// What the controllers of links share.
namespace api {

// The clicks that count towards the link's limit, where it has one and they are known.
std::optional<std::uint64_t> clicksOf(const Surroundings& around, const links::Link& link);

Response linkAnswer(const Surroundings& around, const links::Link& link, const std::string& host, unsigned status);

// A link to be made, from the fields of a request; `fields` has the problem where it is none.
pipeline::LinkDraft draftFrom(Fields& fields, const links::Snapshot& snapshot, protocol::WorkspaceId workspace);

// If-Match holds a version, with or without the quotes of an entity tag. Zero: none given. Nothing: unreadable.
std::optional<std::uint32_t> versionOf(std::string_view ifMatch);

// The link of the path, the caller's own; answers and gives nothing where there is none.
const links::Link* capturedLink(const links::Snapshot& snapshot, const Call& call, const Respond& respond);

} // namespace api
