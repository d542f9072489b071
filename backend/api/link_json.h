// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <QJsonArray>
#include <QJsonObject>

#include "backend/api/json_fields.h"
#include "backend/pipeline/edited.h"

namespace api {

// `clicks`: those that count towards the link's limit, where it has one.
QJsonObject jsonOf(const links::Link& link, const std::string& host,
                   std::optional<std::uint64_t> clicks = std::nullopt);
QJsonArray jsonOf(const std::vector<links::Rule>& rules);
QJsonObject jsonOf(const links::Condition& condition);
QJsonArray jsonOf(const std::vector<protocol::EditChange>& changes);
QJsonObject jsonOf(const protocol::Edit& edit);

// Sets everything about a link that a request may set, but its place (domain and slug) and its password. Counts and
// values are judged by the pipeline; here a field must only be of its type.
void applyFields(Fields& fields, links::Link& link);

// What `password` asks for: nothing (the field is not there), none (null), or a new one. Hashing it takes a tenth of a
// second: for a worker.
void applyPassword(Fields& fields, links::Link& link);

// A request whose body may name a password, written in any way.
bool mayHoldPassword(std::string_view body);

// The answer to an edit that came too late: what the link is now and what was changed, by whom, meanwhile.
Response conflictAnswer(const pipeline::Edited<links::Link>& edited, const std::string& host, unsigned status);

} // namespace api
