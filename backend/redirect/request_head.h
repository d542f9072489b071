// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "backend/redirect/redirect_server.h"

namespace redirect {

// What is kept of one request. The views point into the parsed bytes or into the strings beside them. Reused from
// request to request, so that the strings keep their memory.
struct RequestHead {
    // Post: a whole form, small enough to be a link's password. Everything else is Other.
    enum class Method : std::uint8_t { Get, Head, Post, Other };

    Method method = Method::Other;
    bool http10 = false;
    bool keepAlive = false;
    bool hasBody = false; // or says so; a redirect takes none
    bool prefetch = false;
    bool globalPrivacyControl = false;
    std::string host; // lower case, without port
    std::string_view path;
    std::string_view query;
    std::string_view userAgent, referer, acceptLanguage, accept, secChUa, secChUaMobile, secChUaPlatform;
    std::string_view forwarded, xForwardedFor;
    std::string_view form;                          // of a Post
    std::string_view raw;                           // the whole request
    std::string forwardedLines, xForwardedForLines; // joined, where there is more than one
};

struct HeadResult {
    enum class State : std::uint8_t { NeedMore, Complete, Refused };

    State state = State::NeedMore;
    std::size_t bytes = 0;    // taken, when complete; needed, when more are and it is known how many
    std::uint16_t status = 0; // when refused
};

// Reads one request's head from the start of `bytes`. Pure: with more bytes it is asked again from the start. Refuses
// what two readers could understand differently (Content-Length with Transfer-Encoding, doubled lengths or hosts, bare
// line feeds, folded lines).
HeadResult readHead(std::string_view bytes, const Limits& limits, RequestHead& head);

} // namespace redirect
