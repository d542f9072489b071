// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/protocol/filter/node_rules.h"

#include <algorithm>
#include <iterator>

#include "backend/protocol/words.h"

namespace protocol::filter {

FilterNode equals(HitColumn column, std::string value)
{
    FilterNode node;
    node.kind = FilterNode::Kind::Equals;
    node.column = column;
    node.values.push_back(std::move(value));
    return node;
}

bool nodeOfWord(std::string_view text, FilterNode& node)
{
    if (text == "bot" || text == "human") {
        node = equals(HitColumn::Bot, text == "bot" ? "true" : "false");
    } else if (text == "qr") {
        node = equals(HitColumn::Touch, "qr");
    } else if (text == "scan") {
        node = {};
        node.kind = FilterNode::Kind::And;
        node.children = {equals(HitColumn::Touch, "qr"), equals(HitColumn::Class, "click")};
    } else if (hitClassFrom(text)) {
        node = equals(HitColumn::Class, std::string(text));
    } else {
        return false;
    }
    return true;
}

std::string foldedAscii(std::string_view text)
{
    std::string folded(text);
    for (char& c : folded)
        if (c >= 'A' && c <= 'Z')
            c = static_cast<char>(c + ('a' - 'A'));
    return folded;
}

bool isOperatorWord(std::string_view text)
{
    const std::string folded = foldedAscii(text);
    return folded == "and" || folded == "or" || folded == "not";
}

bool isNumeric(HitColumn column)
{
    return column == HitColumn::Seq || column == HitColumn::Status || column == HitColumn::Time;
}

FilterNode simplified(FilterNode node)
{
    using Kind = FilterNode::Kind;
    std::vector<FilterNode> children;
    for (FilterNode& raw : node.children) {
        FilterNode child = simplified(std::move(raw));
        if (child.kind == node.kind && (node.kind == Kind::And || node.kind == Kind::Or))
            std::move(child.children.begin(), child.children.end(), std::back_inserter(children));
        else if (child.kind == Kind::True && node.kind == Kind::Or)
            return child;
        else if (child.kind != Kind::True || node.kind != Kind::And)
            children.push_back(std::move(child));
    }
    node.children = std::move(children);
    if (node.kind == Kind::Not && !node.children.empty() && node.children[0].kind == Kind::Not)
        return FilterNode(std::move(node.children[0].children[0]));
    // A choice without alternatives sets no condition; the parser never makes one, a half-built filter of a console
    // may.
    if ((node.kind == Kind::And || node.kind == Kind::Or) && node.children.empty())
        return {};
    if ((node.kind == Kind::And || node.kind == Kind::Or) && node.children.size() == 1)
        return FilterNode(std::move(node.children[0]));
    return node;
}

} // namespace protocol::filter
