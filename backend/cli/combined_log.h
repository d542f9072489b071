// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <fstream>
#include <optional>
#include <string>
#include <string_view>

namespace cli {

// One request of an access log in Combined Log Format. Escapes (\" \\ \xhh …) are resolved; "-" is empty.
struct LogLine {
    std::string address; // the client, as logged
    std::int64_t utcMs = 0;
    std::string method;
    std::string target; // as it can be sent: spaces, controls and bytes beyond ASCII percent-encoded
    std::string referer;
    std::string agent;
};

// Nothing for a line that is cut, of another format, or whose request cannot be one (a TLS handshake, "-").
std::optional<LogLine> logLineFrom(std::string_view line);

// Reads a log from its beginning, in bounded memory whatever stands in it. Empty lines do not count.
class CombinedLog {
public:
    // Throws std::runtime_error with the path in its text.
    explicit CombinedLog(const std::string& path);

    // The next readable line.
    std::optional<LogLine> next();
    std::uint64_t unreadable() const { return m_unreadable; }

private:
    std::ifstream m_file;
    std::string m_line;
    std::uint64_t m_unreadable = 0;
};

} // namespace cli
