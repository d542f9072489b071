// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/imports/values.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>

#include "backend/links/ascii.h"
#include "backend/links/destination.h"

namespace imports {

namespace {

constexpr std::int64_t millisecondsAbove = 100'000'000'000; // as seconds that would be the year 5138
constexpr std::size_t timeBytesMax = 64;

std::string_view trimmed(std::string_view text)
{
    const std::size_t from = text.find_first_not_of(" \t\r\n\"");
    if (from == std::string_view::npos)
        return {};
    return text.substr(from, text.find_last_not_of(" \t\r\n\"") - from + 1);
}

// Reads a time from the left; every take leaves what it took behind, or nothing.
class Scanner {
public:
    explicit Scanner(std::string_view text) : m_rest(text) {}

    bool done() const { return m_rest.empty(); }
    bool take(char c)
    {
        if (m_rest.empty() || m_rest.front() != c)
            return false;
        m_rest.remove_prefix(1);
        return true;
    }
    bool takeAny(std::string_view set)
    {
        return std::any_of(set.begin(), set.end(), [this](char c) { return take(c); });
    }
    std::optional<int> number(std::size_t digitsLeast, std::size_t digitsMost)
    {
        std::size_t digits = 0;
        while (digits < std::min(digitsMost, m_rest.size()) && m_rest[digits] >= '0' && m_rest[digits] <= '9')
            ++digits;
        if (digits < digitsLeast)
            return std::nullopt;
        int value = 0;
        std::from_chars(m_rest.data(), m_rest.data() + digits, value);
        m_rest.remove_prefix(digits);
        return value;
    }
    std::string word()
    {
        std::size_t letters = 0;
        while (letters < m_rest.size() && ((m_rest[letters] | 0x20) >= 'a' && (m_rest[letters] | 0x20) <= 'z'))
            ++letters;
        std::string text = links::lowerAscii(m_rest.substr(0, letters));
        m_rest.remove_prefix(letters);
        return text;
    }

private:
    std::string_view m_rest;
};

std::optional<std::int64_t> dayMs(int year, int month, int day)
{
    const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                                           std::chrono::day(static_cast<unsigned>(day))};
    if (year < 1970 || year > 9999 || !date.ok())
        return std::nullopt;
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::sys_days(date).time_since_epoch())
        .count();
}

std::optional<int> monthNamed(std::string_view word)
{
    static constexpr std::array<std::string_view, 12> names{"jan", "feb", "mar", "apr", "may", "jun",
                                                            "jul", "aug", "sep", "oct", "nov", "dec"};
    const auto found = std::find(names.begin(), names.end(), word.substr(0, 3));
    if (found == names.end())
        return std::nullopt;
    return static_cast<int>(found - names.begin()) + 1;
}

// "2024-01-05", "1/5/2024", "Jan 5, 2024".
std::optional<std::int64_t> takeDate(Scanner& in)
{
    if (const std::string word = in.word(); !word.empty()) {
        const auto month = monthNamed(word);
        in.take('.');
        in.take(' ');
        const auto day = in.number(1, 2);
        in.take(',');
        in.take(' ');
        const auto year = in.number(4, 4);
        return month && day && year ? dayMs(*year, *month, *day) : std::nullopt;
    }
    const auto first = in.number(1, 4);
    if (!first)
        return std::nullopt;
    const bool american = in.take('/');
    if (!american && !in.take('-'))
        return std::nullopt;
    const auto second = in.number(1, 2);
    if (!second || !in.take(american ? '/' : '-'))
        return std::nullopt;
    const auto third = american ? in.number(4, 4) : in.number(1, 2);
    if (!third)
        return std::nullopt;
    return american ? dayMs(*third, *first, *second) : dayMs(*first, *second, *third);
}

// " 15:04:05.123", " 3:04 PM"; zero where the text ends before.
std::optional<std::int64_t> takeClock(Scanner& in)
{
    in.take(',');
    if (!in.takeAny("T ") || in.done())
        return in.done() ? std::optional<std::int64_t>(0) : std::nullopt;
    auto hour = in.number(1, 2);
    if (!hour || !in.take(':'))
        return std::nullopt;
    const auto minute = in.number(2, 2);
    std::optional<int> second = 0;
    if (in.take(':'))
        second = in.number(2, 2);
    if (in.takeAny(".,") && !in.number(1, 9))
        return std::nullopt;
    in.take(' ');
    Scanner half = in;
    if (const std::string word = half.word(); word == "am" || word == "pm") {
        in = half;
        if (*hour < 1 || *hour > 12)
            return std::nullopt;
        hour = *hour % 12 + (word == "pm" ? 12 : 0);
    }
    if (!minute || !second || *hour > 23 || *minute > 59 || *second > 60)
        return std::nullopt;
    return ((*hour * 60 + *minute) * 60 + *second) * std::int64_t{1000};
}

// "Z", " UTC", "+02:00", "+0200"; what is to be taken off.
std::optional<std::int64_t> takeZone(Scanner& in)
{
    in.take(' ');
    if (in.done())
        return 0;
    if (const std::string word = in.word(); !word.empty())
        return word == "z" || word == "utc" || word == "gmt" ? std::optional<std::int64_t>(0) : std::nullopt;
    const bool east = in.take('+');
    if (!east && !in.take('-'))
        return std::nullopt;
    const auto hours = in.number(2, 2);
    in.take(':');
    const auto minutes = in.done() ? std::optional<int>(0) : in.number(2, 2);
    if (!hours || !minutes || *hours > 14 || *minutes > 59)
        return std::nullopt;
    return (*hours * 60 + *minutes) * std::int64_t{60'000} * (east ? 1 : -1);
}

} // namespace

std::optional<ShortUrl> shortUrlFrom(std::string_view text)
{
    text = trimmed(text);
    // Bitly gives several as a list; the first is the newest.
    if (text.starts_with('['))
        text = trimmed(text.substr(1));
    text = text.substr(0, text.find_first_of(" ,;|]\""));
    if (const std::size_t scheme = text.find("://"); scheme != std::string_view::npos) {
        if (const std::string name = links::lowerAscii(text.substr(0, scheme)); name != "http" && name != "https")
            return std::nullopt;
        text.remove_prefix(scheme + 3);
    }
    text = text.substr(0, text.find_first_of("?#"));
    const std::size_t slash = std::min(text.find('/'), text.size());
    std::string_view authority = text.substr(0, slash);
    authority = authority.substr(0, authority.find(':'));
    ShortUrl url;
    url.host = links::lowerAscii(authority);
    if (url.host.empty() || url.host.find('@') != std::string::npos)
        return std::nullopt;
    const std::string_view path = text.substr(std::min(slash + 1, text.size()));
    if (!links::percentDecode(path, false, url.slug))
        url.slug = path;
    return url;
}

std::optional<protocol::UtcMs> timeFrom(std::string_view text)
{
    text = trimmed(text);
    if (text.empty() || text.size() > timeBytesMax)
        return std::nullopt;
    if (text.find_first_not_of("0123456789") == std::string_view::npos) {
        std::int64_t number = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
        // Below that it is a year or a slip, not a time.
        if (error != std::errc() || number < 100'000'000)
            return std::nullopt;
        return protocol::UtcMs(number >= millisecondsAbove ? number : number * 1000);
    }
    Scanner in(text);
    const auto date = takeDate(in);
    const auto clock = date ? takeClock(in) : std::nullopt;
    const auto zone = clock ? takeZone(in) : std::nullopt;
    if (!zone || !in.done())
        return std::nullopt;
    return protocol::UtcMs(*date + *clock - *zone);
}

std::vector<std::string> tagsFrom(std::string_view text)
{
    text = trimmed(text);
    if (text.starts_with('[') && text.ends_with(']'))
        text = text.substr(1, text.size() - 2);
    char separator = ',';
    for (const char c : {'|', ';'})
        if (text.find(c) != std::string_view::npos) {
            separator = c;
            break;
        }
    std::vector<std::string> tags;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find(separator), text.size());
        std::string tag(trimmed(text.substr(0, end)));
        text.remove_prefix(std::min(end + 1, text.size()));
        if (!tag.empty() && std::find(tags.begin(), tags.end(), tag) == tags.end())
            tags.push_back(std::move(tag));
    }
    return tags;
}

bool isYes(std::string_view text)
{
    const std::string word = links::lowerAscii(trimmed(text));
    return word == "true" || word == "yes" || word == "1" || word == "on" || word == "x" || word == "y";
}

} // namespace imports
