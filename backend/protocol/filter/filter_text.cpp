// SPDX-License-Identifier: GPL-3.0-or-later
#include <charconv>

#include "backend/protocol/filter/node_rules.h"
#include "backend/protocol/filter_expression.h"
#include "backend/protocol/words.h"

namespace protocol {

namespace {

using Kind = FilterNode::Kind;

std::string quoted(std::string_view value)
{
    std::string out = "\"";
    for (const char c : value) {
        if (c == '"' || c == '\\')
            out += '\\';
        out += c;
    }
    return out + '"';
}

std::string valueText(std::string_view value, bool list)
{
    const std::string_view ends = list ? " \t\n\r()\"," : " \t\n\r()\"";
    return value.empty() || value.find_first_of(ends) != std::string_view::npos ? quoted(value) : std::string(value);
}

std::string bareText(std::string_view value)
{
    FilterNode scratch;
    const bool hasMeaning = filter::isOperatorWord(value) || filter::nodeOfWord(filter::foldedAscii(value), scratch) ||
                            value.find_first_of(" \t\n\r()\":=~<>!") != std::string_view::npos || value.empty();
    return hasMeaning ? quoted(value) : std::string(value);
}

std::string_view fieldName(const FilterNode& node)
{
    return node.linkColumn ? std::string_view("link") : hitColumns()[static_cast<std::size_t>(node.column)].name;
}

// The word that means the node, or nothing.
std::string_view wordOf(const FilterNode& node)
{
    for (const std::string_view candidate : {"bot", "human", "qr", "click", "probe", "prefetch", "miss", "blocked"}) {
        FilterNode meant;
        if (filter::nodeOfWord(candidate, meant) && meant == node)
            return candidate;
    }
    return {};
}

std::string equalsText(const FilterNode& node, std::string_view op)
{
    std::string out = std::string(fieldName(node)) + std::string(op);
    for (std::size_t i = 0; i < node.values.size(); ++i)
        out += (i > 0 ? "," : "") + valueText(node.values[i], true);
    return out;
}

std::string containsText(const FilterNode& node, std::string_view op)
{
    return std::string(fieldName(node)) + std::string(op) +
           valueText(node.values.empty() ? std::string_view() : node.values.front(), false);
}

std::string comparisonText(const FilterNode& node)
{
    const std::string_view op = node.kind == Kind::Less          ? "<"
                                : node.kind == Kind::LessOrEqual ? "<="
                                : node.kind == Kind::Greater     ? ">"
                                                                 : ">=";
    std::string out = std::string(fieldName(node)) + std::string(op);
    if (node.column == HitColumn::Time)
        return out + rfc3339(UtcMs{static_cast<std::int64_t>(node.number)});
    char text[32];
    const auto [end, problem] = std::to_chars(text, text + sizeof text, node.number);
    return out.append(text, end);
}

std::string textOf(const FilterNode& node);

std::string joined(const FilterNode& node, std::string_view between)
{
    std::string out;
    for (const FilterNode& child : node.children) {
        if (!out.empty())
            out += between;
        const bool parentheses = node.kind == Kind::And && child.kind == Kind::Or;
        out += parentheses ? "(" + textOf(child) + ")" : textOf(child);
    }
    return out;
}

std::string notText(const FilterNode& child)
{
    if (const std::string_view meant = wordOf(child); !meant.empty())
        return "not " + std::string(meant);
    switch (child.kind) {
    case Kind::True:
        return "seq<0"; // nothing at all
    case Kind::Equals:
        return equalsText(child, "!=");
    case Kind::Contains:
        return containsText(child, "!~");
    case Kind::And:
    case Kind::Or:
        return "not (" + textOf(child) + ")";
    default:
        return "not " + textOf(child);
    }
}

std::string textOf(const FilterNode& node)
{
    if (const std::string_view meant = wordOf(node); !meant.empty())
        return std::string(meant);
    switch (node.kind) {
    case Kind::True:
        return {};
    case Kind::And:
        return joined(node, " ");
    case Kind::Or:
        return joined(node, " or ");
    case Kind::Not:
        return notText(node.children.empty() ? FilterNode{} : node.children.front());
    case Kind::Equals:
        return equalsText(node, ":");
    case Kind::Contains:
        return containsText(node, "~");
    case Kind::AnyContains:
        return node.values.empty() ? std::string() : bareText(node.values.front());
    default:
        return comparisonText(node);
    }
}

} // namespace

std::string filterText(const FilterNode& node)
{
    return textOf(filter::simplified(node));
}

} // namespace protocol
