// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

// The small facts in a request's headers that are text. Everything here takes any bytes and never fails.
namespace enrich {

// What of a header is read at all; beyond, it is cut. Longer than any honest agent.
inline constexpr std::size_t agentScanBytes = 1024;

// ASCII letters in lower case, other bytes as they are; cut at agentScanBytes.
std::string lowerAscii(std::string_view text);

// The host of a Referer: lower case, without port and user, IP literals without brackets, internationalised names as
// sent. Only http, https and android-app addresses have one; garbage is empty.
std::string referrerHost(std::string_view referer);

// The primary tag of the first entry of an Accept-Language, lower case: "de" of "de-AT;q=0.9, en". Empty when it is
// none.
std::string primaryLanguage(std::string_view acceptLanguage);

} // namespace enrich
