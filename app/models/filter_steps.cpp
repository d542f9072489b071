// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/models/filter_steps.h"

#include <algorithm>
#include <cstring>

namespace models {

namespace {

using Kind = protocol::FilterNode::Kind;
using protocol::HitColumn;
using state::Group;

class ConstantStep final : public FilterStep {
public:
    explicit ConstantStep(bool verdict) : m_verdict(verdict ? 1 : 0) {}

    void prepare(const state::HitRing&, state::RowNumber, state::RowNumber) override {}
    void evaluate(const RowRun& run, std::uint8_t* pass) override { std::memset(pass, m_verdict, run.count); }

private:
    std::uint8_t m_verdict;
};

class TableStep final : public FilterStep {
public:
    TableStep(const protocol::FilterNode& leaf, Group group) : m_verdicts(leaf, group) {}

    void prepare(const state::HitRing& ring, state::RowNumber first, state::RowNumber end) override
    {
        m_verdicts.prepare(ring, first, end);
    }
    void evaluate(const RowRun& run, std::uint8_t* pass) override { m_verdicts.write(run, pass); }
    bool isNever() const override { return m_verdicts.isNever(); }

private:
    EntryVerdicts m_verdicts;
};

// The channel comes from the UTM values where there are any, else from the referrer.
class ChannelStep final : public FilterStep {
public:
    explicit ChannelStep(const protocol::FilterNode& leaf)
        : m_byCampaign(leaf, Group::Campaign, [](const protocol::Hit& hit) { return !hit.utmSource.empty(); }),
          m_byReferrer(leaf, Group::Referrer)
    {
    }

    void prepare(const state::HitRing& ring, state::RowNumber first, state::RowNumber end) override
    {
        m_byCampaign.prepare(ring, first, end);
        m_byReferrer.prepare(ring, first, end);
    }
    void evaluate(const RowRun& run, std::uint8_t* pass) override
    {
        m_byCampaign.write(run, pass);
        m_other.resize(run.count);
        m_byReferrer.write(run, m_other.data());
        for (std::size_t i = 0; i < run.count; ++i)
            pass[i] = pass[i] == EntryVerdicts::undecided ? m_other[i] : pass[i];
    }

private:
    EntryVerdicts m_byCampaign;
    EntryVerdicts m_byReferrer;
    std::vector<std::uint8_t> m_other;
};

class BooleanStep final : public FilterStep {
public:
    BooleanStep(Kind kind, std::vector<std::unique_ptr<FilterStep>> children)
        : m_kind(kind), m_children(std::move(children))
    {
    }

    void prepare(const state::HitRing& ring, state::RowNumber first, state::RowNumber end) override
    {
        for (const auto& child : m_children)
            child->prepare(ring, first, end);
    }
    void evaluate(const RowRun& run, std::uint8_t* pass) override
    {
        const bool all = m_kind == Kind::And;
        const auto never = [](const auto& child) { return child->isNever(); };
        if (all && std::any_of(m_children.begin(), m_children.end(), never)) {
            std::memset(pass, 0, run.count);
            return;
        }
        std::memset(pass, all ? 1 : 0, run.count);
        m_other.resize(run.count);
        for (const auto& child : m_children) {
            if (child->isNever())
                continue;
            child->evaluate(run, m_other.data());
            for (std::size_t i = 0; i < run.count; ++i)
                pass[i] = static_cast<std::uint8_t>(all ? pass[i] & m_other[i] : pass[i] | m_other[i]);
        }
        if (m_kind == Kind::Not) {
            for (std::size_t i = 0; i < run.count; ++i)
                pass[i] ^= 1;
        }
    }

private:
    Kind m_kind;
    std::vector<std::unique_ptr<FilterStep>> m_children;
    std::vector<std::uint8_t> m_other;
};

// The group that a column's text is part of.
Group groupOf(const protocol::FilterNode& leaf)
{
    if (leaf.linkColumn)
        return Group::Link;
    switch (leaf.column) {
    case HitColumn::Domain:
    case HitColumn::Slug:
        return Group::Link;
    case HitColumn::Country:
    case HitColumn::Region:
    case HitColumn::City:
        return Group::Place;
    case HitColumn::Os:
    case HitColumn::Browser:
    case HitColumn::Language:
        return Group::Agent;
    case HitColumn::Referrer:
        return Group::Referrer;
    case HitColumn::Placement:
        return Group::Placement;
    case HitColumn::BotReason:
        return Group::BotReason;
    case HitColumn::Campaign:
    case HitColumn::UtmSource:
    case HitColumn::UtmMedium:
    case HitColumn::UtmTerm:
    case HitColumn::UtmContent:
        return Group::Campaign;
    case HitColumn::Destination:
    case HitColumn::Rule:
    case HitColumn::Variant:
    case HitColumn::RuleVersion:
    case HitColumn::PassedOver:
        return Group::Outcome;
    default:
        return Group::Shape;
    }
}

// A bare word searches all text columns: it passes where any group that holds text has it.
std::unique_ptr<FilterStep> makeAnyStep(const protocol::FilterNode& leaf)
{
    std::vector<std::unique_ptr<FilterStep>> children;
    for (std::size_t i = 0; i < state::groupCount; ++i) {
        if (static_cast<Group>(i) != Group::Shape)
            children.push_back(std::make_unique<TableStep>(leaf, static_cast<Group>(i)));
    }
    return std::make_unique<BooleanStep>(Kind::Or, std::move(children));
}

bool hasNoDictionary(const protocol::FilterNode& leaf)
{
    return !leaf.linkColumn &&
           (leaf.column == HitColumn::Seq || leaf.column == HitColumn::Time || leaf.column == HitColumn::Visitor);
}

} // namespace

EntryVerdicts::EntryVerdicts(const protocol::FilterNode& leaf, Group group, bool (*decides)(const protocol::Hit&))
    : m_leaf(leaf), m_group(group), m_decides(decides)
{
}

void EntryVerdicts::judge(const state::HitRing& ring, std::uint32_t entry)
{
    ring.readEntry(m_group, entry, m_hit);
    m_serials[entry] = ring.dictionary(m_group).serial(entry);
    m_notNo -= m_verdicts[entry] != 0 ? 1 : 0;
    m_verdicts[entry] = m_decides && !m_decides(m_hit) ? undecided : protocol::matches(m_leaf, m_hit) ? 1 : 0;
    m_notNo += m_verdicts[entry] != 0 ? 1 : 0;
}

void EntryVerdicts::prepare(const state::HitRing& ring, state::RowNumber first, state::RowNumber end)
{
    const state::Dictionary& dictionary = ring.dictionary(m_group);
    const std::uint32_t entries = dictionary.endEntry();
    if (entries < m_verdicts.size()) // the ring was cleared
        m_notNo -= static_cast<std::size_t>(std::count_if(m_verdicts.begin() + entries, m_verdicts.end(),
                                                          [](std::uint8_t verdict) { return verdict != 0; }));
    m_verdicts.resize(entries);
    m_serials.resize(entries);
    const auto check = [&](std::uint32_t entry) {
        if (m_serials[entry] != dictionary.serial(entry))
            judge(ring, entry);
    };
    // Over the rows or over the entries, whichever are fewer.
    if (end - first < entries) {
        for (state::RowNumber row = first; row < end; ++row)
            check(ring.entryAt(m_group, row));
        return;
    }
    for (std::uint32_t entry = 0; entry < entries; ++entry) {
        if (dictionary.serial(entry) != 0)
            check(entry);
    }
}

void EntryVerdicts::write(const RowRun& run, std::uint8_t* out) const
{
    const std::uint8_t* verdicts = m_verdicts.data();
    const state::EntryColumn& column = run.ring.entries(m_group);
    if (column.isWide()) {
        const std::uint32_t* entries = column.wide() + run.slot();
        for (std::size_t i = 0; i < run.count; ++i)
            out[i] = verdicts[entries[i]];
    } else {
        const std::uint16_t* entries = column.narrow() + run.slot();
        for (std::size_t i = 0; i < run.count; ++i)
            out[i] = verdicts[entries[i]];
    }
}

std::unique_ptr<FilterStep> makeConstantStep(bool verdict)
{
    return std::make_unique<ConstantStep>(verdict);
}

std::unique_ptr<FilterStep> makeStep(const protocol::FilterNode& node)
{
    switch (node.kind) {
    case Kind::True:
        return makeConstantStep(true);
    case Kind::And:
    case Kind::Or:
    case Kind::Not: {
        std::vector<std::unique_ptr<FilterStep>> children;
        for (const protocol::FilterNode& child : node.children)
            children.push_back(makeStep(child));
        return std::make_unique<BooleanStep>(node.kind, std::move(children));
    }
    case Kind::AnyContains:
        return makeAnyStep(node);
    default:
        break;
    }
    if (hasNoDictionary(node))
        return makeNumberStep(node);
    if (!node.linkColumn && node.column == HitColumn::Channel)
        return std::make_unique<ChannelStep>(node);
    return std::make_unique<TableStep>(node, groupOf(node));
}

} // namespace models
