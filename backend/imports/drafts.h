// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "backend/links/link.h"

namespace imports {

inline constexpr std::size_t fileBytesMax = 32 * 1024 * 1024;
inline constexpr std::size_t rowsMax = 100'000;
inline constexpr std::size_t cellsMax = 256; // in one row
inline constexpr std::size_t cellBytesMax = 64 * 1024;

// Whose file it is. Csv is our own: columns named like the API's fields, as `clickroomd export links` writes them.
enum class Format { Csv, Bitly, Shlink, Yourls, Dub };

std::string_view word(Format format);
std::optional<Format> formatFrom(std::string_view word);

struct Options {
    std::optional<Format> format; // none: told by the header
    std::string domain;           // for rows that name no domain
    bool keepClicks = false;      // the count so far, as a line of the notes
};

// Why a row, or the whole file (row 0), cannot be taken: a stable code and the field of the API it is about.
struct Problem {
    std::size_t row = 0;
    std::string code, field;
    std::size_t limit = 0; // the limit broken, if it is one
};

// One row that can be a link. Its `link` has no ids; the place is `host` and the link's slug.
struct Draft {
    std::size_t row = 0; // as a spreadsheet counts: the header is row 1
    std::string host;
    bool generateSlug = false; // the file names none
    links::Link link;
};

struct RowProblem {
    Problem problem;
    std::string host, slug; // as far as they could be read
};

struct Drafts {
    Format format = Format::Csv;
    std::size_t rows = 0; // without the header and blank lines
    std::vector<Draft> drafts;
    std::vector<RowProblem> refused;
    std::vector<RowProblem> passedOver; // deleted where they come from
    std::optional<Problem> broken;      // the whole file cannot be taken; then there are no drafts
};

// Called now and then with the bytes read and all there are; false stops with the problem "cancelled".
using Progress = std::function<bool(std::size_t done, std::size_t all)>;

// `file` as it lies on the disk: UTF-8, UTF-16 or Windows-1252, with or without a byte order mark; separated by comma,
// semicolon or tab; for YOURLS also an SQL dump of its table. Any bytes give an answer. What a link may hold beyond its
// form (limits of tags and notes, slugs already taken) is the pipeline's to say.
Drafts readDrafts(std::string_view file, const Options& options, const Progress& progress = {});

} // namespace imports
