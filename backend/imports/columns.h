// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "backend/imports/drafts.h"

namespace imports {

// What a column means to us.
enum class Role {
    Domain,
    Slug,
    ShortUrl,  // domain and slug in one
    CustomUrl, // the same, and the one people know
    Destination,
    Title,
    Notes,
    Tags,
    Campaign,
    Goal,
    Owner,
    Status,
    State,
    Archived,
    ExpiresAt,
    ClickLimit,
    Clicks,
    Fallback,
    IosApp,
    AndroidApp,
    Password,
    UtmSource,
    UtmMedium,
    UtmCampaign,
    UtmTerm,
    UtmContent
};
inline constexpr std::size_t roleCount = static_cast<std::size_t>(Role::UtmContent) + 1;

// Where each role stands in a row of one file.
class Columns {
public:
    // Names are compared without case, blanks and punctuation ("Long URL" is "long_url"); of two columns with one role
    // the first counts. A file without format gets the one whose own names it has most of.
    static Columns of(const std::vector<std::string>& header, std::optional<Format> format);

    Format format() const { return m_format; }
    bool has(Role role) const { return m_at[static_cast<std::size_t>(role)].has_value(); }
    // The row's cell without blanks around it, and without the apostrophe that exports put before a formula; empty
    // where the row has none.
    std::string cell(const std::vector<std::string>& row, Role role) const;
    // Cells that stand beyond the header's, where one is not blank.
    bool overflows(const std::vector<std::string>& row) const;

private:
    Format m_format = Format::Csv;
    std::size_t m_width = 0;
    std::array<std::optional<std::size_t>, roleCount> m_at;
};

} // namespace imports
