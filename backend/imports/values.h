// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "backend/protocol/hit.h"

namespace imports {

struct ShortUrl {
    std::string host, slug;
};

// "https://bit.ly/3xYz", "go.acme.example/a/b": host in lower case without port, slug unescaped and without the query.
// Nothing where it is neither.
std::optional<ShortUrl> shortUrlFrom(std::string_view text);

// A point in time as these tools write it: RFC 3339 and its relatives ("2024-01-05 10:30:00",
// "2024-01-05T10:30:00+0200", "2024-01-05"), US style ("1/5/2024 3:04 PM"), "Jan 5, 2024", or seconds or milliseconds
// since 1970. Without a zone it is UTC.
std::optional<protocol::UtcMs> timeFrom(std::string_view text);

// Separated by bar, semicolon or comma (the first of these that occurs), or a JSON list. Blanks around and repetitions
// go.
std::vector<std::string> tagsFrom(std::string_view text);

// true, yes, 1, on, x, whatever the case.
bool isYes(std::string_view text);

} // namespace imports
