// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "backend/protocol/ids.h"

// The stream's messages that tell of something beside the hits: rollups, edits, alerts.
namespace protocol {

struct Watermark {
    HitSeq seq;     // rollups are complete up to this hit
    UtcMs time;     // of that hit
    HitSeq lastSeq; // newest hit: lastSeq - seq are still to come
    UtcMs rolledAt; // when the job last ran; 0 = never
    std::int32_t intervalSeconds = 0;

    friend bool operator==(const Watermark&, const Watermark&) = default;
};

// One field of what was edited. Secrets are never here: a password's change shows as "set" or "none".
struct EditChange {
    std::string field, before, after; // "destination"; empty = nothing was, or is, there

    friend bool operator==(const EditChange&, const EditChange&) = default;
};

// A committed change of a link or setting, for annotations and the audit log.
struct Edit {
    std::uint64_t id = 0;
    UtcMs time;
    std::string what;          // "link.created", "link.destination", "domain.ready" …
    std::string subject;       // "domain/slug"
    std::string actor;         // token's name
    LinkId link;               // what was edited, where it is a link
    std::uint32_t version = 0; // the link's, afterwards
    std::vector<EditChange> changes;
    WorkspaceId workspace{}; // whose sessions are told; not on the wire, a session has one

    friend bool operator==(const Edit&, const Edit&) = default;
};

// An alert's change of state.
struct Alert {
    std::string id;
    std::string state; // normal, pending, alerting, recovering, no_data, error
    UtcMs time;
    std::string rule;
    std::string subject;

    friend bool operator==(const Alert&, const Alert&) = default;
};

} // namespace protocol
