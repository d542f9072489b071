// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

#include "backend/links/link.h"
#include "backend/links/snapshot.h"

namespace links {

// destinationProblem(), and "own_domain" where it leads back to a ready domain of ours.
std::string destinationProblem(std::string_view destination, const Snapshot& snapshot);

// The host of a destination, in lower case, without port and without a closing dot; empty where there is none.
std::string destinationHost(std::string_view destination);

// The escapes of a URL's path or (plusIsSpace) of a query's name or value undone. False: an escape is cut or not
// hexadecimal.
bool percentDecode(std::string_view text, bool plusIsSpace, std::string& out);

// The touch that a visitor's query tells. Markers are `qr` with a placement or 1, and nr=qr.
struct QrMarker {
    bool found = false;
    std::string placement; // safe to show, cut to its limit
};
QrMarker qrMarkerOf(std::string_view query);

// Where a visitor is sent. `base` is the link's own destination with the link's UTM values where it had none;
// `location` has also the visitor's parameters, without the QR markers, as far as they do not repeat a name of the base
// and fit into limits::destinationBytes. Scheme, host, path and fragment are always the destination's. Bytes that may
// not stand in a URL are escaped.
struct Target {
    std::string base;
    std::string location;
    Utm utm; // as the visitor carries them there, safe to show, cut to their limit
};
Target targetOf(std::string_view destination, const Utm& utm, std::string_view visitorQuery);

} // namespace links
