// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <charconv>
#include <optional>
#include <string_view>

#include "app/models/filter_steps.h"
#include "backend/protocol/words.h"

// Steps over the columns that stand in the ring as numbers. Each compares as protocol::matches would compare the
// column's text.
namespace models {

namespace {

using Kind = protocol::FilterNode::Kind;
using protocol::HitColumn;

std::string lowerCase(std::string text)
{
    for (char& c : text)
        c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
    return text;
}

class ComparisonStep final : public FilterStep {
public:
    explicit ComparisonStep(const protocol::FilterNode& node)
        : m_kind(node.kind), m_time(node.column == HitColumn::Time), m_number(node.number)
    {
    }

    void prepare(const state::HitRing&, state::RowNumber, state::RowNumber) override {}
    void evaluate(const RowRun& run, std::uint8_t* pass) override
    {
        for (std::size_t i = 0; i < run.count; ++i) {
            const std::size_t at = run.slot() + i;
            const double value =
                m_time ? static_cast<double>(run.ring.times().at(at)) : static_cast<double>(run.ring.seqs().at(at));
            pass[i] = compare(value) ? 1 : 0;
        }
    }

private:
    bool compare(double value) const
    {
        switch (m_kind) {
        case Kind::Less:
            return value < m_number;
        case Kind::LessOrEqual:
            return value <= m_number;
        case Kind::Greater:
            return value > m_number;
        default:
            return value >= m_number;
        }
    }

    Kind m_kind;
    bool m_time;
    double m_number;
};

// Equals: the texts are turned into numbers once; a text that no number writes as equals nothing.
class AnyOfStep final : public FilterStep {
public:
    explicit AnyOfStep(const protocol::FilterNode& node) : m_column(node.column)
    {
        for (const std::string& value : node.values) {
            protocol::Hit hit;
            if (protocol::setHitValue(hit, m_column, value) && protocol::hitValue(hit, m_column) == value)
                m_wanted.push_back(numberOf(hit));
        }
    }

    void prepare(const state::HitRing&, state::RowNumber, state::RowNumber) override {}
    void evaluate(const RowRun& run, std::uint8_t* pass) override
    {
        for (std::size_t i = 0; i < run.count; ++i) {
            const std::uint64_t value = valueAt(run.ring, run.slot() + i);
            pass[i] = std::find(m_wanted.begin(), m_wanted.end(), value) != m_wanted.end() ? 1 : 0;
        }
    }

private:
    std::uint64_t numberOf(const protocol::Hit& hit) const
    {
        if (m_column == HitColumn::Time)
            return static_cast<std::uint64_t>(hit.time.value);
        return m_column == HitColumn::Seq ? hit.seq.value : hit.visitor.value;
    }
    std::uint64_t valueAt(const state::HitRing& ring, std::size_t at) const
    {
        if (m_column == HitColumn::Time)
            return static_cast<std::uint64_t>(ring.times().at(at));
        return m_column == HitColumn::Seq ? ring.seqs().at(at) : ring.visitors()[at];
    }

    HitColumn m_column;
    std::vector<std::uint64_t> m_wanted;
};

// Contains, over a visitor's 16 hexadecimal digits: compared by nibbles, without writing them out.
class VisitorContainsStep final : public FilterStep {
public:
    explicit VisitorContainsStep(std::size_t digits, std::uint64_t needle)
        : m_shifts(digits == 0 ? 0 : 16 - digits), m_mask(digits == 16 ? ~0ULL : (1ULL << (4 * digits)) - 1),
          m_needle(needle)
    {
    }

    void prepare(const state::HitRing&, state::RowNumber, state::RowNumber) override {}
    void evaluate(const RowRun& run, std::uint8_t* pass) override
    {
        for (std::size_t i = 0; i < run.count; ++i)
            pass[i] = contains(run.ring.visitors()[run.slot() + i]) ? 1 : 0;
    }

private:
    bool contains(std::uint64_t visitor) const
    {
        if (visitor == 0) // no visitor: no text
            return false;
        for (std::size_t shift = 0; shift <= m_shifts; ++shift) {
            if (((visitor >> (4 * shift)) & m_mask) == m_needle)
                return true;
        }
        return false;
    }

    std::size_t m_shifts;
    std::uint64_t m_mask;
    std::uint64_t m_needle;
};

class SeqContainsStep final : public FilterStep {
public:
    explicit SeqContainsStep(std::string needle) : m_needle(std::move(needle)) {}

    void prepare(const state::HitRing&, state::RowNumber, state::RowNumber) override {}
    void evaluate(const RowRun& run, std::uint8_t* pass) override
    {
        char text[24];
        for (std::size_t i = 0; i < run.count; ++i) {
            const auto end = std::to_chars(text, text + sizeof text, run.ring.seqs().at(run.slot() + i)).ptr;
            const std::string_view digits(text, static_cast<std::size_t>(end - text));
            pass[i] = digits.find(m_needle) != std::string_view::npos ? 1 : 0;
        }
    }

private:
    std::string m_needle;
};

// The date is written once a day, the rest by hand: protocol::rfc3339 would take three times the 50 ms that a filter
// may take.
class TimeContainsStep final : public FilterStep {
public:
    explicit TimeContainsStep(std::string needle) : m_needle(std::move(needle)) {}

    void prepare(const state::HitRing&, state::RowNumber, state::RowNumber) override {}
    void evaluate(const RowRun& run, std::uint8_t* pass) override
    {
        for (std::size_t i = 0; i < run.count; ++i) {
            const std::int64_t time = run.ring.times().at(run.slot() + i);
            if (time != m_time || m_text.empty()) { // at high rates many rows share a millisecond
                write(time);
                m_time = time;
                m_verdict = m_text.find(m_needle) != std::string::npos ? 1 : 0;
            }
            pass[i] = m_verdict;
        }
    }

private:
    void write(std::int64_t time)
    {
        const std::int64_t day = time >= 0 ? time / protocol::msPerDay : -1;
        if (day < 0 || day != m_day || m_text.size() != 24) {
            m_text = lowerCase(protocol::rfc3339(protocol::UtcMs(time)));
            m_day = day;
            return;
        }
        const std::int64_t ms = time % protocol::msPerDay;
        digits(11, 2, ms / protocol::msPerHour);
        digits(14, 2, ms / protocol::msPerMinute % 60);
        digits(17, 2, ms / protocol::msPerSecond % 60);
        digits(20, 3, ms % protocol::msPerSecond);
    }
    void digits(std::size_t at, std::size_t count, std::int64_t value)
    {
        for (; count > 0; --count, value /= 10)
            m_text[at + count - 1] = static_cast<char>('0' + value % 10);
    }

    std::string m_needle;
    std::string m_text;
    std::int64_t m_day = -1;
    std::int64_t m_time = 0;
    std::uint8_t m_verdict = 0;
};

std::unique_ptr<FilterStep> makeContainsStep(const protocol::FilterNode& node)
{
    const std::string needle = node.values.empty() ? std::string() : lowerCase(node.values.front());
    if (needle.empty() && node.column != HitColumn::Visitor)
        return makeConstantStep(true);
    if (node.column == HitColumn::Seq)
        return std::make_unique<SeqContainsStep>(needle);
    if (node.column == HitColumn::Time)
        return std::make_unique<TimeContainsStep>(needle);
    std::uint64_t number = 0;
    const char* end = needle.data() + needle.size();
    const auto read = std::from_chars(needle.data(), end, number, 16);
    if (needle.empty()) // any visitor at all
        return std::make_unique<VisitorContainsStep>(0, 0);
    if (needle.size() > 16 || read.ec != std::errc{} || read.ptr != end)
        return makeConstantStep(false);
    return std::make_unique<VisitorContainsStep>(needle.size(), number);
}

} // namespace

std::unique_ptr<FilterStep> makeNumberStep(const protocol::FilterNode& node)
{
    switch (node.kind) {
    case Kind::Equals:
        return std::make_unique<AnyOfStep>(node);
    case Kind::Contains:
        return makeContainsStep(node);
    default:
        break;
    }
    if (node.column == HitColumn::Visitor) // not comparable
        return makeConstantStep(false);
    return std::make_unique<ComparisonStep>(node);
}

} // namespace models
