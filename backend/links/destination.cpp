// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/links/destination.h"

#include <algorithm>
#include <array>

#include "backend/protocol/limits.h"
#include "backend/protocol/words.h"

namespace links {

namespace {

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

// Text from outside into a reused string; plain text, as nearly all is, without an allocation.
void assignVisible(std::string& out, std::string_view text, std::size_t maxBytes)
{
    if (std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c < 0x7f; }))
        out.assign(text.substr(0, maxBytes));
    else
        out = protocol::visibleText(text, maxBytes);
}

void separate(std::string& url, bool& hasQuery)
{
    if (!hasQuery)
        url += '?';
    else if (url.back() != '?' && url.back() != '&')
        url += '&';
    hasQuery = true;
}

} // namespace

void TargetMaker::make(std::string_view destination, const Utm& utm, const QueryParameters& visitors, Target target)
{
    const std::size_t hash = std::min(destination.find('#'), destination.size());
    const std::string_view fragment = destination.substr(hash);
    const std::string_view rest = destination.substr(0, hash);
    m_hasQuery = rest.find('?') != std::string_view::npos;
    m_own.read(m_hasQuery ? rest.substr(rest.find('?') + 1) : std::string_view(), rest.size());
    target.base.clear();
    appendUrlText(target.base, rest);
    addUtm(utm, target);
    target.location.assign(target.base);
    addVisitors(visitors, fragment.size(), target);
    for (std::string* const url : {&target.base, &target.location}) {
        if (fragment.empty())
            continue;
        *url += '#';
        appendUrlText(*url, fragment.substr(1));
    }
}

bool TargetMaker::isOwn(std::string_view name) const
{
    const auto own = m_own.all();
    return std::any_of(own.begin(), own.end(), [&](const auto& parameter) { return parameter.name == name; });
}

void TargetMaker::addUtm(const Utm& utm, Target& target)
{
    for (const UtmName& entry : utmNames)
        (target.utm.*entry.value).clear();
    for (const auto& parameter : m_own.all())
        if (const UtmName* named = utmNamed(parameter.name))
            assignVisible(target.utm.*named->value, parameter.value, protocol::limits::utmBytes);
    for (std::size_t i = 0; i < utmNames.size(); ++i) {
        const std::string& value = utm.*utmNames[i].value;
        m_utmAdded[i] = !value.empty() && !isOwn(utmNames[i].name);
        if (!m_utmAdded[i])
            continue;
        separate(target.base, m_hasQuery);
        (target.base += utmNames[i].name) += '=';
        appendUtmValue(target.base, value);
        assignVisible(target.utm.*utmNames[i].value, value, protocol::limits::utmBytes);
    }
}

void TargetMaker::addVisitors(const QueryParameters& visitors, std::size_t fragmentBytes, Target& target)
{
    for (const auto& parameter : visitors.all()) {
        const UtmName* const named = utmNamed(parameter.name);
        const bool added = named != nullptr && m_utmAdded[static_cast<std::size_t>(named - utmNames.data())];
        if (added || isQrMarker(parameter) || isOwn(parameter.name))
            continue;
        const std::size_t before = target.location.size();
        const bool hadQuery = m_hasQuery;
        separate(target.location, m_hasQuery);
        appendUrlText(target.location, parameter.whole);
        if (target.location.size() + fragmentBytes > protocol::limits::destinationBytes) {
            target.location.resize(before);
            m_hasQuery = hadQuery;
            continue;
        }
        if (named != nullptr && (target.utm.*named->value).empty())
            assignVisible(target.utm.*named->value, parameter.value, protocol::limits::utmBytes);
    }
}

bool appendDecoded(std::string_view text, bool plusIsSpace, std::string& out)
{
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

bool percentDecode(std::string_view text, bool plusIsSpace, std::string& out)
{
    out.clear();
    return appendDecoded(text, plusIsSpace, out);
}

bool readQrMarker(const QueryParameters& query, std::string& placement)
{
    placement.clear();
    bool found = false;
    for (const auto& parameter : query.all()) {
        if (!isQrMarker(parameter))
            continue;
        found = true;
        const bool named = parameter.name == "qr" && !parameter.value.empty() && parameter.value != "1";
        if (placement.empty() && named)
            assignVisible(placement, parameter.value, protocol::limits::placementBytes);
    }
    return found;
}

} // namespace links
