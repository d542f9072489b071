// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/imports/columns.h"

#include <algorithm>
#include <span>

namespace imports {

namespace {

struct Name {
    std::string_view text; // in lower case, letters and figures only
    Role role;
};

// The API's fields, and the same as `clickroomd export links` writes them.
constexpr Name csvNames[] = {{"domain", Role::Domain},
                             {"slug", Role::Slug},
                             {"shorturl", Role::ShortUrl},
                             {"destination", Role::Destination},
                             {"title", Role::Title},
                             {"notes", Role::Notes},
                             {"tags", Role::Tags},
                             {"campaign", Role::Campaign},
                             {"goal", Role::Goal},
                             {"owner", Role::Owner},
                             {"status", Role::Status},
                             {"state", Role::State},
                             {"expiresat", Role::ExpiresAt},
                             {"expires", Role::ExpiresAt},
                             {"clicklimit", Role::ClickLimit},
                             {"clicks", Role::Clicks},
                             {"fallback", Role::Fallback},
                             {"iosapp", Role::IosApp},
                             {"androidapp", Role::AndroidApp},
                             {"password", Role::Password},
                             {"haspassword", Role::Password},
                             {"utmsource", Role::UtmSource},
                             {"utmmedium", Role::UtmMedium},
                             {"utmcampaign", Role::UtmCampaign},
                             {"utmterm", Role::UtmTerm},
                             {"utmcontent", Role::UtmContent}};

// The web page's export, and the API's names, which people's own scripts write.
constexpr Name bitlyNames[] = {{"link", Role::ShortUrl},
                               {"bitlink", Role::ShortUrl},
                               {"shorturl", Role::ShortUrl},
                               {"shortlink", Role::ShortUrl},
                               {"id", Role::ShortUrl},
                               {"customlink", Role::CustomUrl},
                               {"custombitlink", Role::CustomUrl},
                               {"custombitlinks", Role::CustomUrl},
                               {"destinationurl", Role::Destination},
                               {"longurl", Role::Destination},
                               {"originalurl", Role::Destination},
                               {"url", Role::Destination},
                               {"title", Role::Title},
                               {"tags", Role::Tags},
                               {"campaign", Role::Campaign},
                               {"campaigns", Role::Campaign},
                               {"archived", Role::Archived},
                               {"totalclicks", Role::Clicks},
                               {"clicks", Role::Clicks},
                               {"totalengagements", Role::Clicks},
                               {"engagements", Role::Clicks}};

// The web client's export (tags joined by a comma or a bar), and the columns Shlink's own importer reads.
constexpr Name shlinkNames[] = {{"shortcode", Role::Slug},       {"shorturl", Role::ShortUrl},
                                {"domain", Role::Domain},        {"longurl", Role::Destination},
                                {"title", Role::Title},          {"tags", Role::Tags},
                                {"visits", Role::Clicks},        {"visitscount", Role::Clicks},
                                {"validuntil", Role::ExpiresAt}, {"maxvisits", Role::ClickLimit}};

// The table's own columns, as a dump or phpMyAdmin gives them, and the YOURLS-Import-Export plugin's.
constexpr Name yourlsNames[] = {
    {"keyword", Role::Slug},    {"shorturl", Role::ShortUrl},   {"domain", Role::Domain},      {"source", Role::Slug},
    {"url", Role::Destination}, {"longurl", Role::Destination}, {"target", Role::Destination}, {"title", Role::Title},
    {"clicks", Role::Clicks},   {"hits", Role::Clicks}};

// The dashboard's export (its headings can be chosen), and the API's names.
constexpr Name dubNames[] = {{"shortlink", Role::ShortUrl},
                             {"link", Role::ShortUrl},
                             {"domain", Role::Domain},
                             {"key", Role::Slug},
                             {"destinationurl", Role::Destination},
                             {"url", Role::Destination},
                             {"title", Role::Title},
                             {"comments", Role::Notes},
                             {"tags", Role::Tags},
                             {"archived", Role::Archived},
                             {"clicks", Role::Clicks},
                             {"expiresat", Role::ExpiresAt},
                             {"expiredurl", Role::Fallback},
                             {"password", Role::Password},
                             {"utmsource", Role::UtmSource},
                             {"utmmedium", Role::UtmMedium},
                             {"utmcampaign", Role::UtmCampaign},
                             {"utmterm", Role::UtmTerm},
                             {"utmcontent", Role::UtmContent}};

constexpr std::span<const Name> namesOf(Format format)
{
    switch (format) {
    case Format::Bitly:
        return bitlyNames;
    case Format::Shlink:
        return shlinkNames;
    case Format::Yourls:
        return yourlsNames;
    case Format::Dub:
        return dubNames;
    case Format::Csv:
        break;
    }
    return csvNames;
}

std::string plainName(std::string_view name)
{
    std::string plain;
    for (char c : name) {
        if (c >= 'A' && c <= 'Z')
            c = static_cast<char>(c + ('a' - 'A'));
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
            plain += c;
    }
    return plain;
}

// Headings that one tool alone writes tell it apart from another with nearly the same.
constexpr std::pair<std::string_view, Format> tellTales[] = {
    {"destination", Format::Csv},       {"bitlink", Format::Bitly},    {"customlink", Format::Bitly},
    {"custombitlinks", Format::Bitly},  {"shortcode", Format::Shlink}, {"keyword", Format::Yourls},
    {"source", Format::Yourls},         {"shortlink", Format::Dub},    {"key", Format::Dub},
    {"totalengagements", Format::Bitly}};

Format guess(const std::vector<std::string>& names)
{
    constexpr Format formats[] = {Format::Csv, Format::Bitly, Format::Shlink, Format::Yourls, Format::Dub};
    constexpr int tellTaleWorth = 10;
    Format best = Format::Csv;
    int most = 0;
    for (const Format format : formats) {
        int points = 0;
        for (const std::string& name : names) {
            for (const Name& known : namesOf(format))
                points += known.text == name;
            for (const auto& [tale, teller] : tellTales)
                points += tale == name && teller == format ? tellTaleWorth : 0;
        }
        if (points > most) {
            most = points;
            best = format;
        }
    }
    return best;
}

std::string_view trimmed(std::string_view text)
{
    const std::size_t from = text.find_first_not_of(" \t\r\n");
    if (from == std::string_view::npos)
        return {};
    return text.substr(from, text.find_last_not_of(" \t\r\n") - from + 1);
}

} // namespace

Columns Columns::of(const std::vector<std::string>& header, std::optional<Format> format)
{
    std::vector<std::string> names;
    for (const std::string& name : header)
        names.push_back(plainName(name));
    Columns columns;
    columns.m_format = format ? *format : guess(names);
    columns.m_width = header.size();
    for (std::size_t i = 0; i < names.size(); ++i) {
        const auto known = namesOf(columns.m_format);
        const auto found =
            std::find_if(known.begin(), known.end(), [&](const Name& name) { return name.text == names[i]; });
        if (found == known.end())
            continue;
        auto& at = columns.m_at[static_cast<std::size_t>(found->role)];
        if (!at)
            at = i;
    }
    return columns;
}

std::string Columns::cell(const std::vector<std::string>& row, Role role) const
{
    const auto& at = m_at[static_cast<std::size_t>(role)];
    if (!at || *at >= row.size())
        return {};
    std::string_view text = trimmed(row[*at]);
    // CsvWriter's rule, turned round: one apostrophe stands before what a spreadsheet would compute.
    if (text.size() > 1 && text.front() == '\'') {
        const std::size_t first = text.find_first_not_of('\'');
        if (first != std::string_view::npos &&
            std::string_view("=+-@\t\r\n").find(text[first]) != std::string_view::npos)
            text.remove_prefix(1);
    }
    return std::string(text);
}

bool Columns::overflows(const std::vector<std::string>& row) const
{
    for (std::size_t i = m_width; i < row.size(); ++i)
        if (!trimmed(row[i]).empty())
            return true;
    return false;
}

} // namespace imports
