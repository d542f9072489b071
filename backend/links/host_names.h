// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

namespace links {

// Names that can only mean this machine: a domain of such a name is ready at once.
constexpr bool isLoopbackName(std::string_view host)
{
    return host == "localhost" || host == "127.0.0.1" || host == "::1";
}

// Names that nobody can own (RFC 2606, RFC 6761): an admin may take them as verified, so that a demonstration works
// without DNS.
constexpr bool isReservedName(std::string_view host)
{
    for (const std::string_view tld : {".example", ".test", ".localhost", ".invalid"})
        if (host.size() > tld.size() && host.ends_with(tld))
            return true;
    return isLoopbackName(host);
}

} // namespace links
