// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/storage/settings_text.h"

#include <array>
#include <charconv>

#include "backend/links/link_words.h"
#include "backend/protocol/words.h"

namespace storage {

using protocol::UtcMs;

namespace {

// Values may hold anything, so a line's end and what parts its values are escaped in them.
void appendEscaped(std::string& out, std::string_view value)
{
    for (const char c : value) {
        if (c == '\\')
            out += "\\\\";
        else if (c == '\n')
            out += "\\n";
        else if (c == '\t')
            out += "\\t";
        else
            out += c;
    }
}

void line(std::string& out, std::string_view field, std::string_view value)
{
    if (value.empty())
        return;
    out.append(field).append(": ");
    appendEscaped(out, value);
    out += '\n';
}

void line(std::string& out, std::string_view field, std::uint64_t value)
{
    if (value != 0)
        line(out, field, std::to_string(value));
}

void line(std::string& out, std::string_view field, UtcMs value)
{
    if (value.value != 0)
        line(out, field, protocol::rfc3339(value));
}

void lines(std::string& out, std::string_view field, const std::vector<std::string>& values)
{
    for (const std::string& value : values)
        line(out, field, value);
}

// Several values in one line; empty ones count.
void parts(std::string& out, std::string_view field, const std::vector<std::string>& values)
{
    out.append(field).append(": ");
    for (std::size_t at = 0; at < values.size(); ++at) {
        if (at > 0)
            out += '\t';
        appendEscaped(out, values[at]);
    }
    out += '\n';
}

std::vector<std::string> partsOf(std::string_view value)
{
    std::vector<std::string> out(1);
    for (std::size_t at = 0; at < value.size(); ++at) {
        const char c = value[at];
        if (c == '\t')
            out.emplace_back();
        else if (c == '\\' && at + 1 < value.size())
            out.back() += value[++at] == 'n' ? '\n' : value[at] == 't' ? '\t' : value[at];
        else
            out.back() += c;
    }
    return out;
}

template <class Take> void forEachLine(std::string_view text, Take take)
{
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        const std::string_view one = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (const std::size_t colon = one.find(": "); colon != std::string_view::npos)
            take(one.substr(0, colon), partsOf(one.substr(colon + 2)));
    }
}

template <class T> T numberFrom(const std::string& text)
{
    T value{};
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

// Of a field that is never 0, so that 0 is not written: one that is damaged is as if it were not there.
template <class T> T numberOr(const std::string& text, T otherwise)
{
    const T value = numberFrom<T>(text);
    return value != 0 ? value : otherwise;
}

constexpr std::string_view roleWord(Role role)
{
    return role == Role::Admin ? "admin" : role == Role::Operator ? "operator" : "viewer";
}

// The texts of a link by their field's name; the same for writing and reading.
struct TextField {
    std::string_view name;
    std::string& (*of)(links::Link& link);
};

constexpr std::array textFields{
    TextField{"slug", [](links::Link& link) -> std::string& { return link.slug; }},
    TextField{"destination", [](links::Link& link) -> std::string& { return link.destination; }},
    TextField{"campaign", [](links::Link& link) -> std::string& { return link.campaign; }},
    TextField{"goal", [](links::Link& link) -> std::string& { return link.goal; }},
    TextField{"utm.source", [](links::Link& link) -> std::string& { return link.utm.source; }},
    TextField{"utm.medium", [](links::Link& link) -> std::string& { return link.utm.medium; }},
    TextField{"utm.campaign", [](links::Link& link) -> std::string& { return link.utm.campaign; }},
    TextField{"utm.term", [](links::Link& link) -> std::string& { return link.utm.term; }},
    TextField{"utm.content", [](links::Link& link) -> std::string& { return link.utm.content; }},
    TextField{"notes", [](links::Link& link) -> std::string& { return link.notes; }},
    TextField{"owner", [](links::Link& link) -> std::string& { return link.owner; }},
    TextField{"fallback", [](links::Link& link) -> std::string& { return link.fallback; }},
    TextField{"passwordHash", [](links::Link& link) -> std::string& { return link.passwordHash; }},
    TextField{"iosApp", [](links::Link& link) -> std::string& { return link.iosApp; }},
    TextField{"androidApp", [](links::Link& link) -> std::string& { return link.androidApp; }},
};

// A rule's lines are "rule", then its "when" and "to".
bool takeRuleLine(std::vector<links::Rule>& rules, std::string_view field, const std::vector<std::string>& values)
{
    if (field == "rule" && values.size() >= 4) {
        links::Rule& rule = rules.emplace_back();
        rule.id = values[0];
        rule.version = numberFrom<std::uint32_t>(values[1]);
        rule.enabled = values[2] == "on";
        rule.name = values[3];
    } else if (field == "when" && values.size() >= 2 && !rules.empty()) {
        const auto kind = links::conditionKindFrom(values[0]);
        if (!kind)
            return false;
        rules.back().conditions.push_back({*kind, values[1] == "not", {values.begin() + 2, values.end()}});
    } else if (field == "to" && values.size() >= 3 && !rules.empty()) {
        rules.back().variants.push_back({values[1], values[2], numberFrom<std::uint32_t>(values[0])});
    } else {
        return false;
    }
    return true;
}

} // namespace

std::string textOf(const links::Workspace& workspace)
{
    std::string out;
    line(out, "name", workspace.name);
    line(out, "plan", links::word(workspace.plan));
    line(out, "privacy", links::word(workspace.privacy));
    line(out, "zone", workspace.zone);
    line(out, "retentionDays", static_cast<std::uint64_t>(workspace.retentionDays));
    lines(out, "appSchemes", workspace.appSchemes);
    lines(out, "utmSources", workspace.utmSources);
    lines(out, "utmMediums", workspace.utmMediums);
    return out;
}

std::string textOf(const links::Domain& domain)
{
    std::string out;
    line(out, "host", domain.host);
    line(out, "state", links::word(domain.state));
    return out;
}

std::string textOf(const Token& token)
{
    std::string out;
    line(out, "name", token.name);
    line(out, "role", roleWord(token.role));
    line(out, "revokedAt", token.revokedAt);
    return out;
}

std::string textOf(const std::vector<links::Rule>& rules)
{
    std::string out;
    for (const links::Rule& rule : rules) {
        parts(out, "rule", {rule.id, std::to_string(rule.version), rule.enabled ? "on" : "off", rule.name});
        for (const links::Condition& condition : rule.conditions) {
            std::vector<std::string> values{std::string(links::word(condition.kind)), condition.negate ? "not" : "is"};
            values.insert(values.end(), condition.values.begin(), condition.values.end());
            parts(out, "when", values);
        }
        for (const links::Variant& variant : rule.variants)
            parts(out, "to", {std::to_string(variant.weight), variant.name, variant.destination});
    }
    return out;
}

std::string textOf(const links::Link& link)
{
    std::string out;
    line(out, "id", link.id.value);
    line(out, "domain", std::uint64_t{link.domain.value});
    links::Link copy = link;
    for (const TextField& field : textFields)
        line(out, field.name, field.of(copy));
    line(out, "status", std::uint64_t{link.status});
    line(out, "state", links::word(link.state));
    line(out, "flagged", std::string_view(link.flagged ? "true" : ""));
    line(out, "version", std::uint64_t{link.version});
    line(out, "expiresAt", link.expiresAt);
    line(out, "clickLimit", link.clickLimit);
    lines(out, "tags", link.tags);
    line(out, "createdAt", link.createdAt);
    line(out, "updatedAt", link.updatedAt);
    return out + textOf(link.rules);
}

std::vector<links::Rule> rulesFrom(std::string_view text)
{
    std::vector<links::Rule> rules;
    forEachLine(text, [&](std::string_view field, const std::vector<std::string>& values) {
        takeRuleLine(rules, field, values);
    });
    return rules;
}

links::Link linkFrom(std::string_view text)
{
    links::Link link;
    forEachLine(text, [&](std::string_view field, const std::vector<std::string>& values) {
        const std::string& value = values.front();
        const auto time = [&] { return protocol::utcMsFrom(value).value_or(UtcMs{}); };
        for (const TextField& known : textFields)
            if (known.name == field)
                known.of(link) = value;
        if (field == "id")
            link.id = protocol::LinkId(numberFrom<std::uint64_t>(value));
        else if (field == "domain")
            link.domain = protocol::DomainId(numberFrom<std::uint32_t>(value));
        else if (field == "status")
            link.status = numberOr(value, link.status);
        else if (field == "state")
            link.state = links::linkStateFrom(value).value_or(links::LinkState::Paused);
        else if (field == "flagged")
            link.flagged = true;
        else if (field == "version")
            link.version = numberOr(value, link.version);
        else if (field == "expiresAt")
            link.expiresAt = time();
        else if (field == "clickLimit")
            link.clickLimit = numberFrom<std::uint64_t>(value);
        else if (field == "tags")
            link.tags.push_back(value);
        else if (field == "createdAt")
            link.createdAt = time();
        else if (field == "updatedAt")
            link.updatedAt = time();
        else
            takeRuleLine(link.rules, field, values);
    });
    return link;
}

} // namespace storage
