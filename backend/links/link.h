// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "backend/links/rule.h"
#include "backend/protocol/ids.h"

namespace links {

enum class LinkState : std::uint8_t { Active = 1, Paused = 2, Expired = 3, Deleted = 4 };

enum class DomainState : std::uint8_t { Pending = 1, Verified = 2, Ready = 3 };

enum class PrivacyMode : std::uint8_t { Standard = 1, Strict = 2 };

enum class Plan : std::uint8_t { Starter = 1, Professional = 2 };

// The tenant. Everything else belongs to exactly one.
struct Workspace {
    protocol::WorkspaceId id;
    std::string name;
    Plan plan = Plan::Professional;
    PrivacyMode privacy = PrivacyMode::Standard;
    std::string zone = "UTC"; // reporting time zone, IANA
    std::int32_t retentionDays = 400;
    std::vector<std::string> appSchemes; // beside http and https, what a destination may open: "myapp", "fb"
    // Conventions of the UTM builder; empty = anything goes. What differs is warned about, never refused.
    std::vector<std::string> utmSources, utmMediums;
};

struct Domain {
    protocol::DomainId id;
    protocol::WorkspaceId workspace;
    std::string host; // lower case, no port
    DomainState state = DomainState::Pending;
    std::string verifyToken; // expected in the TXT record _clickroom-verify.<host>
};

struct Utm {
    std::string source, medium, campaign, term, content;

    friend bool operator==(const Utm&, const Utm&) = default;
};

// A link as stored. `version` grows with every edit, from 1.
struct Link {
    protocol::LinkId id;
    protocol::DomainId domain;
    std::string slug; // "" = the domain's root link
    std::string destination;
    std::uint16_t status = 302; // 301, 302, 307 or 308
    LinkState state = LinkState::Active;
    bool flagged = false;
    std::uint32_t version = 1;
    protocol::UtcMs expiresAt; // 0 = never
    std::string campaign;
    std::string goal;
    Utm utm; // added to the destination where it has none of its own
    std::vector<std::string> tags;
    std::string notes;
    std::string owner; // a name, for people to ask
    protocol::UtcMs createdAt, updatedAt;
    std::vector<Rule> rules;
    std::uint64_t clickLimit = 0;   // clicks it takes, bots and all; 0 = any number
    std::string fallback;           // where visitors go once it has expired or its limit is reached; empty = nowhere
    std::string passwordHash;       // Argon2id, libsodium's text form; empty = no password
    std::string iosApp, androidApp; // opened in place of the destination on such a device; empty = none

    friend bool operator==(const Link&, const Link&) = default;
};

// Empty where the destination may stand in a link; otherwise a code such as "scheme", "credentials", "host",
// "too_long", "own_domain".
std::string destinationProblem(std::string_view destination);
// The same for a slug: "too_long", "reserved", "control", "dot_segment".
std::string slugProblem(std::string_view slug);
// The same for a host: "empty", "too_long", "character", "label".
std::string hostProblem(std::string_view host);

} // namespace links
