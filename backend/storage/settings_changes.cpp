// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "backend/links/link_words.h"
#include "backend/protocol/limits.h"
#include "backend/protocol/words.h"
#include "backend/storage/settings_text.h"

namespace storage {

namespace {

namespace limits = protocol::limits;

// One field as it is compared and as it is shown.
struct Shown {
    std::string field, value, shown;
};

// Told by the edit itself, or of no meaning to people.
bool isSilent(std::string_view field)
{
    constexpr std::string_view silent[] = {"id", "domain", "version", "createdAt", "updatedAt", "rule", "when", "to"};
    return std::find(std::begin(silent), std::end(silent), field) != std::end(silent);
}

// "Germany; country: DE, AT; not device: mobile > 1 a https://…"
std::string shownRule(const links::Rule& rule)
{
    std::string out = rule.enabled ? "" : "off; ";
    out += rule.name.empty() ? rule.id : rule.name;
    for (const links::Condition& condition : rule.conditions) {
        out.append(condition.negate ? "; not " : "; ").append(links::word(condition.kind)).append(":");
        for (std::size_t at = 0; at < condition.values.size(); ++at)
            out.append(at > 0 ? ", " : " ").append(condition.values[at]);
    }
    for (const links::Variant& variant : rule.variants) {
        out += " > ";
        if (rule.variants.size() > 1)
            out.append(std::to_string(variant.weight)).append(" ").append(variant.name).append(" ");
        out += variant.destination;
    }
    return out;
}

Shown* find(std::vector<Shown>& all, std::string_view field)
{
    const auto found = std::find_if(all.begin(), all.end(), [&](const Shown& one) { return one.field == field; });
    return found == all.end() ? nullptr : &*found;
}

// Tags have a line each; in a damaged text any field may stand in several places, and is one field all the same.
void put(std::vector<Shown>& all, std::string field, const std::string& value, const std::string& shown)
{
    if (Shown* const known = find(all, field)) {
        known->value += "\n" + value;
        known->shown += ", " + shown;
    } else {
        all.push_back({std::move(field), value, shown});
    }
}

std::vector<Shown> shownOf(std::string_view text)
{
    std::vector<Shown> out;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        const std::string_view one = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        const std::size_t colon = one.find(": ");
        if (colon == std::string_view::npos || isSilent(one.substr(0, colon)))
            continue;
        const std::string field(one.substr(0, colon)), value(one.substr(colon + 2));
        const bool isSecret = field == "passwordHash";
        put(out, isSecret ? "password" : field, value, isSecret ? "set" : value);
    }
    return out;
}

void appendRules(std::vector<Shown>& out, const std::vector<links::Rule>& rules)
{
    std::string order;
    for (const links::Rule& rule : rules) {
        order.append(order.empty() ? "" : ", ").append(rule.id);
        links::Rule plain = rule;
        plain.version = 0; // follows from the change
        put(out, "rules." + rule.id, textOf(std::vector{plain}), shownRule(rule));
    }
    if (rules.size() > 1)
        put(out, "rules", order, order);
}

} // namespace

std::vector<protocol::EditChange> changesBetween(std::string_view before, std::string_view after)
{
    std::vector<Shown> old = shownOf(before), now = shownOf(after);
    appendRules(old, rulesFrom(before));
    appendRules(now, rulesFrom(after));
    std::vector<protocol::EditChange> changes;
    const auto add = [&](const std::string& field, const Shown* was, const Shown* is) {
        if (changes.size() >= limits::changesPerEdit || (was && is && was->value == is->value))
            return;
        const auto shown = [&](const Shown* one) {
            const std::string_view none = field == "password" ? "none" : "";
            return one ? protocol::visibleText(one->shown, limits::changeBytes) : std::string(none);
        };
        changes.push_back({field, shown(was), shown(is)});
    };
    for (const Shown& is : now)
        add(is.field, find(old, is.field), &is);
    for (const Shown& was : old)
        if (!find(now, was.field))
            add(was.field, &was, nullptr);
    return changes;
}

} // namespace storage
