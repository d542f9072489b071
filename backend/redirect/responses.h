// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace redirect {

// What a response says about its request and connection.
struct ResponseFrame {
    std::string_view date; // as in the Date header
    bool head = false;     // a HEAD: the same headers, no body
    bool close = false;    // the last response of its connection
    bool http10 = false;   // an old client that must be told when the connection stays open
};

void appendRedirect(std::string& out, const ResponseFrame& frame, std::uint16_t status, std::string_view location);
// A short page of ours with the status' own words, or with `body`.
void appendPlain(std::string& out, const ResponseFrame& frame, std::uint16_t status, std::string_view body = {});
// A page of ours that is HTML; it may run nothing and be shown in no other's frame.
void appendPage(std::string& out, const ResponseFrame& frame, std::uint16_t status, std::string_view html);
// The answer to a reserved path; `ready` is what /health/ready tells.
void appendReserved(std::string& out, const ResponseFrame& frame, std::string_view path, bool ready);

// RFC 9110's date of a moment: "Sun, 01 Mar 2026 12:00:00 GMT".
std::string httpDate(std::int64_t utcMs);

} // namespace redirect
