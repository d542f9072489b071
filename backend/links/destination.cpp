// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/links/destination.h"

#include <algorithm>
#include <array>
#include <optional>

#include "backend/protocol/limits.h"
#include "backend/protocol/words.h"

namespace links {

namespace {

// More parameters than any page needs; the rest is not looked at, so a query of thousands costs little.
constexpr std::size_t parametersMax = 100;

int hexValue(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

void appendEscaped(std::string& out, char c)
{
    constexpr std::string_view digits = "0123456789ABCDEF";
    const auto byte = static_cast<unsigned char>(c);
    out += '%';
    out += digits[byte >> 4];
    out += digits[byte & 15];
}

// Copies what may stand in a URL and escapes the rest; escapes already there stay.
void appendUrlText(std::string& out, std::string_view text)
{
    constexpr std::string_view never = "\"#<>\\^`{|}";
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte <= ' ' || byte >= 0x7f || never.find(c) != std::string_view::npos)
            appendEscaped(out, c);
        else
            out += c;
    }
}

void appendUtmValue(std::string& out, std::string_view value)
{
    for (const char c : value) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                           c == '.' || c == '_' || c == '~';
        if (plain)
            out += c;
        else
            appendEscaped(out, c);
    }
}

struct Parameter {
    std::string_view whole, name, value;
};

// Takes the next non-empty parameter off the query; none at its end.
std::optional<Parameter> takeParameter(std::string_view& query)
{
    while (!query.empty()) {
        const std::size_t end = std::min(query.find('&'), query.size());
        const std::string_view whole = query.substr(0, end);
        query.remove_prefix(std::min(end + 1, query.size()));
        if (whole.empty())
            continue;
        const std::size_t equals = std::min(whole.find('='), whole.size());
        return Parameter{whole, whole.substr(0, equals), whole.substr(std::min(equals + 1, whole.size()))};
    }
    return std::nullopt;
}

// A name or value as it reads; what cannot be decoded reads as it stands.
std::string decoded(std::string_view text)
{
    std::string out;
    if (!percentDecode(text, true, out))
        out = text;
    return out;
}

bool isMarker(const Parameter& parameter)
{
    const std::string name = decoded(parameter.name);
    return name == "qr" || (name == "nr" && decoded(parameter.value) == "qr");
}

struct UtmName {
    std::string_view name;
    std::string Utm::* value;
};
constexpr std::array<UtmName, 5> utmNames = {{{"utm_source", &Utm::source},
                                              {"utm_medium", &Utm::medium},
                                              {"utm_campaign", &Utm::campaign},
                                              {"utm_term", &Utm::term},
                                              {"utm_content", &Utm::content}}};

const UtmName* utmNamed(std::string_view name)
{
    const auto found =
        std::find_if(utmNames.begin(), utmNames.end(), [&](const UtmName& utm) { return utm.name == name; });
    return found == utmNames.end() ? nullptr : &*found;
}

// Builds a Target: the destination's own query, then the link's UTM values, then the visitor's.
class Merge {
public:
    Merge(std::string_view destination, Target& target) : m_target(target)
    {
        const std::size_t hash = std::min(destination.find('#'), destination.size());
        m_fragment = destination.substr(hash);
        const std::string_view rest = destination.substr(0, hash);
        m_hasQuery = rest.find('?') != std::string_view::npos;
        appendUrlText(m_url, rest);
        std::string_view query = m_hasQuery ? rest.substr(rest.find('?') + 1) : std::string_view();
        while (const auto parameter = takeParameter(query))
            take(decoded(parameter->name), parameter->value);
    }

    void addUtm(const Utm& utm)
    {
        for (const UtmName& entry : utmNames) {
            const std::string& value = utm.*entry.value;
            if (value.empty() || isTaken(entry.name))
                continue;
            separate();
            (m_url += entry.name) += '=';
            appendUtmValue(m_url, value);
            m_target.utm.*entry.value = protocol::visibleText(value, protocol::limits::utmBytes);
            m_taken.emplace_back(entry.name);
        }
    }

    std::string url() const
    {
        std::string whole = m_url;
        if (!m_fragment.empty())
            whole += '#';
        appendUrlText(whole, m_fragment.substr(m_fragment.empty() ? 0 : 1));
        return whole;
    }

    void addVisitors(std::string_view query)
    {
        const std::size_t own = m_taken.size();
        std::size_t seen = 0;
        while (const auto parameter = takeParameter(query)) {
            if (++seen > parametersMax)
                break;
            std::string name = decoded(parameter->name);
            const auto end = m_taken.begin() + static_cast<std::ptrdiff_t>(own);
            if (isMarker(*parameter) || std::find(m_taken.begin(), end, name) != end)
                continue;
            const std::size_t before = m_url.size();
            const bool hadQuery = m_hasQuery;
            separate();
            appendUrlText(m_url, parameter->whole);
            if (m_url.size() + m_fragment.size() > protocol::limits::destinationBytes) {
                m_url.resize(before);
                m_hasQuery = hadQuery;
                continue;
            }
            if (const UtmName* utm = utmNamed(name); utm != nullptr && (m_target.utm.*utm->value).empty())
                m_target.utm.*utm->value = protocol::visibleText(decoded(parameter->value), protocol::limits::utmBytes);
        }
    }

private:
    bool isTaken(std::string_view name) const
    {
        return std::find(m_taken.begin(), m_taken.end(), name) != m_taken.end();
    }

    void take(std::string name, std::string_view value)
    {
        if (const UtmName* utm = utmNamed(name))
            m_target.utm.*utm->value = protocol::visibleText(decoded(value), protocol::limits::utmBytes);
        m_taken.push_back(std::move(name));
    }

    void separate()
    {
        if (!m_hasQuery)
            m_url += '?';
        else if (m_url.back() != '?' && m_url.back() != '&')
            m_url += '&';
        m_hasQuery = true;
    }

    Target& m_target;
    std::string m_url;           // without the fragment
    std::string_view m_fragment; // with its #
    bool m_hasQuery = false;
    std::vector<std::string> m_taken; // names that a visitor may not give again
};

} // namespace

bool percentDecode(std::string_view text, bool plusIsSpace, std::string& out)
{
    out.clear();
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%') {
            const int high = i + 2 < text.size() ? hexValue(text[i + 1]) : -1;
            const int low = i + 2 < text.size() ? hexValue(text[i + 2]) : -1;
            if (high < 0 || low < 0)
                return false;
            out += static_cast<char>(high * 16 + low);
            i += 2;
        } else {
            out += text[i] == '+' && plusIsSpace ? ' ' : text[i];
        }
    }
    return true;
}

QrMarker qrMarkerOf(std::string_view query)
{
    QrMarker marker;
    std::size_t seen = 0;
    while (const auto parameter = takeParameter(query)) {
        if (++seen > parametersMax)
            break;
        if (!isMarker(*parameter))
            continue;
        marker.found = true;
        const std::string value = decoded(parameter->name) == "qr" ? decoded(parameter->value) : std::string();
        if (marker.placement.empty() && !value.empty() && value != "1")
            marker.placement = protocol::visibleText(value, protocol::limits::placementBytes);
    }
    return marker;
}

Target targetOf(std::string_view destination, const Utm& utm, std::string_view visitorQuery)
{
    Target target;
    Merge merge(destination, target);
    merge.addUtm(utm);
    target.base = merge.url();
    if (visitorQuery.empty()) {
        target.location = target.base;
        return target;
    }
    merge.addVisitors(visitorQuery);
    target.location = merge.url();
    return target;
}

} // namespace links
