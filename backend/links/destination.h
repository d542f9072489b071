// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "backend/links/compiled_rule.h"
#include "backend/links/link.h"
#include "backend/links/query_parameters.h"
#include "backend/links/snapshot.h"

namespace links {

// destinationProblem(), and "own_domain" where it leads back to a ready domain of ours.
std::string destinationProblem(std::string_view destination, const Snapshot& snapshot);
// The same where the workspace's policy (null = none) may allow app schemes.
std::string destinationProblem(std::string_view destination, const Snapshot& snapshot, const Workspace* workspace);

// A scheme that a workspace may allow beside http and https, in lower case: never one that runs or reads something in
// the browser itself ("javascript", "data", "file", …).
bool isAppScheme(std::string_view scheme);
Exit exitOf(std::string_view destination);

// Whether a destination may be opened now: exitOf() was worked out before, the rest hangs on snapshot and workspace.
// OwnDomain: it leads back to us. `host` is scratch.
enum class ExitState : std::uint8_t { Open, OwnDomain, Refused };
ExitState exitState(std::string_view destination, Exit exit, const Snapshot& snapshot, const Workspace* workspace,
                    std::string& host);

// The host of a destination, in lower case, without port and without a closing dot; empty where there is none.
std::string destinationHost(std::string_view destination);
void readDestinationHost(std::string_view destination, std::string& host);

// The escapes of a URL's path or (plusIsSpace) of a query's name or value undone. False: an escape is cut or not
// hexadecimal.
bool percentDecode(std::string_view text, bool plusIsSpace, std::string& out);

// The same, added to `out`; what was added before a broken escape stays.
bool appendDecoded(std::string_view text, bool plusIsSpace, std::string& out);

// The touch that a visitor's query tells: true where it has a QR marker (`qr` with a placement or 1, or nr=qr). The
// placement is safe to show and cut to its limit.
bool readQrMarker(const QueryParameters& query, std::string& placement);

// Where a visitor is sent. `base` is the link's own destination with the link's UTM values where it had none;
// `location` has also the visitor's parameters, without the QR markers, as far as they do not repeat a name of the base
// and fit into limits::destinationBytes. Scheme, host, path and fragment are always the destination's. Bytes that may
// not stand in a URL are escaped. The strings are the caller's and keep their memory.
struct Target {
    std::string& base;
    std::string& location;
    Utm& utm; // as the visitor carries them there, safe to show, cut to their limit
};

// Reused from request to request, so that it allocates nothing once warm.
class TargetMaker {
public:
    void make(std::string_view destination, const Utm& utm, const QueryParameters& visitors, Target target);

private:
    bool isOwn(std::string_view name) const;
    void addUtm(const Utm& utm, Target& target);
    void addVisitors(const QueryParameters& visitors, std::size_t fragmentBytes, Target& target);

    QueryParameters m_own; // of the destination: names that a visitor may not give again
    std::array<bool, 5> m_utmAdded{};
    bool m_hasQuery = false;
};

} // namespace links
