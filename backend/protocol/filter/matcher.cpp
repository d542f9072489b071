// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "backend/protocol/filter/node_rules.h"
#include "backend/protocol/filter_expression.h"
#include "backend/protocol/words.h"

namespace protocol {

namespace {

using Kind = FilterNode::Kind;

char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

bool contains(std::string_view text, std::string_view part)
{
    return std::search(text.begin(), text.end(), part.begin(), part.end(),
                       [](char a, char b) { return lower(a) == lower(b); }) != text.end();
}

std::string valueOf(const FilterNode& node, const Hit& hit)
{
    return node.linkColumn ? hit.domain + '/' + hit.slug : hitValue(hit, node.column);
}

bool isAnyOf(const FilterNode& node, const std::string& value)
{
    return std::find(node.values.begin(), node.values.end(), value) != node.values.end();
}

bool anyColumnContains(const Hit& hit, std::string_view part)
{
    return std::any_of(hitColumns().begin(), hitColumns().end(), [&](const HitColumnInfo& info) {
        const std::string* text = hitText(hit, info.column);
        return text && contains(*text, part);
    });
}

double numberOf(const Hit& hit, HitColumn column)
{
    switch (column) {
    case HitColumn::Seq:
        return static_cast<double>(hit.seq.value);
    case HitColumn::Time:
        return static_cast<double>(hit.time.value);
    default:
        return hit.status;
    }
}

bool compares(const FilterNode& node, const Hit& hit)
{
    if (node.linkColumn || !filter::isNumeric(node.column))
        return false;
    const double value = numberOf(hit, node.column);
    switch (node.kind) {
    case Kind::Less:
        return value < node.number;
    case Kind::LessOrEqual:
        return value <= node.number;
    case Kind::Greater:
        return value > node.number;
    default:
        return value >= node.number;
    }
}

// Adds one equality to a stream filter; false where it has no such field, or the field was set before.
template <class E>
bool setWords(std::vector<E>& place, const FilterNode& node, std::optional<E> (*from)(std::string_view))
{
    if (!place.empty())
        return false;
    for (const std::string& value : node.values) {
        const std::optional<E> found = from(value);
        if (!found)
            return false;
        place.push_back(*found);
    }
    return true;
}

bool setTexts(std::vector<std::string>& place, const FilterNode& node)
{
    if (!place.empty())
        return false;
    place = node.values;
    return true;
}

bool setBot(StreamFilter& filter, const FilterNode& node, bool negated)
{
    if (filter.bot || node.values.size() != 1)
        return false;
    filter.bot = (node.values.front() == "true") != negated;
    return true;
}

bool addTo(StreamFilter& filter, const FilterNode& node)
{
    if (node.kind == Kind::Not && node.children.size() == 1 && node.children[0].kind == Kind::Equals &&
        !node.children[0].linkColumn && node.children[0].column == HitColumn::Bot)
        return setBot(filter, node.children[0], true);
    if (node.kind != Kind::Equals || node.values.empty())
        return false;
    if (node.linkColumn)
        return setTexts(filter.links, node);
    switch (node.column) {
    case HitColumn::Domain:
        return setTexts(filter.domains, node);
    case HitColumn::Campaign:
        return setTexts(filter.campaigns, node);
    case HitColumn::Country:
        return setTexts(filter.countries, node);
    case HitColumn::Touch:
        return setWords(filter.touches, node, touchTypeFrom);
    case HitColumn::Class:
        return setWords(filter.classes, node, hitClassFrom);
    case HitColumn::Device:
        return setWords(filter.devices, node, deviceTypeFrom);
    case HitColumn::Bot:
        return setBot(filter, node, false);
    default:
        return false;
    }
}

} // namespace

bool matches(const FilterNode& node, const Hit& hit)
{
    const auto childMatches = [&](const FilterNode& child) { return matches(child, hit); };
    switch (node.kind) {
    case Kind::True:
        return true;
    case Kind::And:
        return std::all_of(node.children.begin(), node.children.end(), childMatches);
    case Kind::Or:
        return node.children.empty() || std::any_of(node.children.begin(), node.children.end(), childMatches);
    case Kind::Not:
        return std::none_of(node.children.begin(), node.children.end(), childMatches);
    case Kind::Equals:
        return isAnyOf(node, valueOf(node, hit));
    case Kind::Contains:
        return node.values.empty() || contains(valueOf(node, hit), node.values.front());
    case Kind::AnyContains:
        return node.values.empty() || anyColumnContains(hit, node.values.front());
    default:
        return compares(node, hit);
    }
}

std::optional<StreamFilter> streamFilterOf(const FilterNode& node)
{
    StreamFilter filter;
    const FilterNode root = filter::simplified(node);
    const bool all = root.kind == Kind::True ? true
                     : root.kind == Kind::And
                         ? std::all_of(root.children.begin(), root.children.end(),
                                       [&](const FilterNode& child) { return addTo(filter, child); })
                         : addTo(filter, root);
    if (!all || !filter.problem().empty())
        return std::nullopt;
    filter.normalise();
    return filter;
}

} // namespace protocol
