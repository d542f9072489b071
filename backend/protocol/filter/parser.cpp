// SPDX-License-Identifier: GPL-3.0-or-later
#include <charconv>
#include <cmath>

#include "backend/protocol/filter/node_rules.h"
#include "backend/protocol/filter_expression.h"
#include "backend/protocol/limits.h"
#include "backend/protocol/words.h"

namespace protocol {

namespace {

using Kind = FilterNode::Kind;

enum class Operator : std::uint8_t {
    None,
    Equals,
    NotEquals,
    Contains,
    NotContains,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual
};

bool isSpace(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

bool endsWord(char c)
{
    return isSpace(c) || c == '(' || c == ')' || c == '"';
}

FilterNode negated(FilterNode node)
{
    FilterNode out;
    out.kind = Kind::Not;
    out.children.push_back(std::move(node));
    return out;
}

// Recursive descent: or < and < not < term. The first error stops it.
class Parser {
public:
    explicit Parser(std::string_view text) : m_text(text) {}

    FilterParse parse()
    {
        if (m_text.size() > limits::filterTextBytes) {
            fail("too_long", limits::filterTextBytes, 0);
            return std::move(m_parse);
        }
        skipSpace();
        if (m_at == m_text.size())
            return std::move(m_parse);
        FilterNode root = parseOr(0);
        if (ok() && m_at < m_text.size())
            fail("unbalanced", m_at, 1); // only a closing parenthesis ends an expression early
        if (ok())
            m_parse.root = filter::simplified(std::move(root));
        return std::move(m_parse);
    }

private:
    bool ok() const { return m_parse.error.empty(); }

    void fail(std::string_view code, std::size_t at, std::size_t length)
    {
        if (!ok())
            return;
        m_parse.error = code;
        m_parse.errorAt = std::min(at, m_text.size());
        m_parse.errorText = std::string(m_text.substr(m_parse.errorAt, length));
    }

    void skipSpace()
    {
        while (m_at < m_text.size() && isSpace(m_text[m_at]))
            ++m_at;
    }

    // The word at the position, up to a space, parenthesis or quote.
    std::string_view wordHere() const
    {
        std::size_t end = m_at;
        while (end < m_text.size() && !endsWord(m_text[end]))
            ++end;
        return m_text.substr(m_at, end - m_at);
    }

    bool takeWord(std::string_view wanted)
    {
        const std::string_view here = wordHere();
        if (filter::foldedAscii(here) != wanted)
            return false;
        m_at += here.size();
        skipSpace();
        return true;
    }

    FilterNode parseOr(int depth)
    {
        FilterNode node;
        node.kind = Kind::Or;
        do
            node.children.push_back(parseAnd(depth));
        while (ok() && takeWord("or"));
        return node;
    }

    FilterNode parseAnd(int depth)
    {
        FilterNode node;
        node.kind = Kind::And;
        do
            node.children.push_back(parseNot(depth));
        while (ok() && (takeWord("and") ||
                        (m_at < m_text.size() && m_text[m_at] != ')' && filter::foldedAscii(wordHere()) != "or")));
        return node;
    }

    FilterNode parseNot(int depth)
    {
        if (depth > limits::filterDepth) {
            fail("too_deep", m_at, 1);
            return {};
        }
        if (takeWord("not"))
            return negated(parseNot(depth + 1));
        if (m_at < m_text.size() && m_text[m_at] == '(') {
            const std::size_t open = m_at++;
            skipSpace();
            FilterNode inner = parseOr(depth + 1);
            if (ok() && (m_at >= m_text.size() || m_text[m_at] != ')'))
                fail("unbalanced", open, 1);
            ++m_at;
            skipSpace();
            return inner;
        }
        return parseTerm();
    }

    Operator operatorAt(std::size_t at, std::size_t& length) const
    {
        const std::string_view rest = m_text.substr(at);
        length = 2;
        if (rest.starts_with("!="))
            return Operator::NotEquals;
        if (rest.starts_with("!~"))
            return Operator::NotContains;
        if (rest.starts_with("<="))
            return Operator::LessOrEqual;
        if (rest.starts_with(">="))
            return Operator::GreaterOrEqual;
        length = 1;
        switch (rest.empty() ? '\0' : rest.front()) {
        case ':':
        case '=':
            return Operator::Equals;
        case '~':
            return Operator::Contains;
        case '<':
            return Operator::Less;
        case '>':
            return Operator::Greater;
        default:
            return Operator::None;
        }
    }

    FilterNode parseTerm()
    {
        const std::size_t start = m_at;
        if (m_at >= m_text.size() || m_text[m_at] == ')' || filter::isOperatorWord(wordHere())) {
            fail("missing_term", m_at, wordHere().size());
            return {};
        }
        if (m_text[m_at] == '"')
            return anyContains(start);
        std::size_t nameEnd = m_at;
        const std::size_t wordEnd = m_at + wordHere().size();
        std::size_t length = 0;
        while (nameEnd < wordEnd && operatorAt(nameEnd, length) == Operator::None)
            ++nameEnd;
        if (nameEnd < wordEnd)
            return parseField(m_text.substr(start, nameEnd - start));
        FilterNode node;
        if (!filter::nodeOfWord(filter::foldedAscii(wordHere()), node))
            return anyContains(start);
        m_at = wordEnd;
        skipSpace();
        return node;
    }

    FilterNode anyContains(std::size_t start)
    {
        FilterNode node;
        node.kind = Kind::AnyContains;
        std::string value;
        if (readValue(value, false) && value.empty())
            fail("missing_value", start, m_at - start);
        node.values.push_back(std::move(value));
        skipSpace();
        return node;
    }

    FilterNode parseField(std::string_view name)
    {
        const std::size_t start = m_at;
        FilterNode node;
        const std::string folded = filter::foldedAscii(name);
        const auto column = hitColumnFrom(folded);
        node.linkColumn = folded == "link";
        if (!column && !node.linkColumn) {
            fail("unknown_field", start, name.size());
            return {};
        }
        node.column = column.value_or(HitColumn::Slug);
        m_at += name.size();
        std::size_t length = 0;
        const Operator op = operatorAt(m_at, length);
        m_at += length;
        const std::size_t valueStart = m_at;
        readValues(node, op);
        if (ok() && op >= Operator::Less)
            setNumber(node, op, valueStart);
        skipSpace();
        return op == Operator::NotEquals || op == Operator::NotContains ? negated(std::move(node)) : node;
    }

    void readValues(FilterNode& node, Operator op)
    {
        const bool list = op == Operator::Equals || op == Operator::NotEquals;
        node.kind = list ? Kind::Equals : Kind::Contains;
        for (;;) {
            const std::size_t start = m_at;
            const bool isQuoted = m_at < m_text.size() && m_text[m_at] == '"';
            std::string value;
            if (!readValue(value, list))
                return;
            if (value.empty() && !(isQuoted && list))
                return fail("missing_value", start, std::max<std::size_t>(1, m_at - start));
            if (list && !normaliseValue(node, value))
                return fail("unknown_value", start, m_at - start);
            if (++m_valueCount > limits::filterValues)
                return fail("too_many_values", start, m_at - start);
            node.values.push_back(std::move(value));
            if (!list || m_at >= m_text.size() || m_text[m_at] != ',')
                return;
            ++m_at;
            skipSpace();
        }
    }

    // A quoted text, or everything up to a space, a parenthesis and, within a list, a comma.
    bool readValue(std::string& value, bool list)
    {
        const std::size_t start = m_at;
        if (m_at < m_text.size() && m_text[m_at] == '"') {
            for (++m_at; m_at < m_text.size() && m_text[m_at] != '"'; ++m_at) {
                if (m_text[m_at] == '\\' && m_at + 1 < m_text.size())
                    ++m_at;
                value += m_text[m_at];
            }
            if (m_at >= m_text.size()) {
                fail("unterminated", start, m_text.size() - start);
                return false;
            }
            ++m_at;
        } else {
            while (m_at < m_text.size() && !endsWord(m_text[m_at]) && !(list && m_text[m_at] == ','))
                ++m_at;
            value = m_text.substr(start, m_at - start);
        }
        if (value.size() > limits::filterValueBytes)
            fail("too_long", start, m_at - start);
        return ok();
    }

    // Brings a value to the form it has in a hit; false where the column can never hold it.
    static bool normaliseValue(const FilterNode& node, std::string& value)
    {
        if (node.linkColumn) {
            const std::size_t host = std::min(value.find('/'), value.size());
            value = filter::foldedAscii(value.substr(0, host)) + (host == value.size() ? "/" : value.substr(host));
            return true;
        }
        switch (node.column) {
        case HitColumn::Country:
            for (char& c : value)
                if (c >= 'a' && c <= 'z')
                    c = static_cast<char>(c - ('a' - 'A'));
            return true;
        case HitColumn::Domain:
        case HitColumn::Referrer:
            value = filter::foldedAscii(value);
            return true;
        case HitColumn::Seq:
        case HitColumn::Time:
        case HitColumn::Class:
        case HitColumn::Touch:
        case HitColumn::Device:
        case HitColumn::Bot:
        case HitColumn::BotCategory:
        case HitColumn::Status:
        case HitColumn::Reason:
        case HitColumn::Visitor:
        case HitColumn::Late:
        case HitColumn::RuleVersion: {
            Hit scratch; // the words of the column, by way of the column itself
            if (node.column != HitColumn::Time)
                value = filter::foldedAscii(value);
            if (!setHitValue(scratch, node.column, value))
                return false;
            value = hitValue(scratch, node.column);
            return true;
        }
        default:
            return true;
        }
    }

    void setNumber(FilterNode& node, Operator op, std::size_t at)
    {
        const std::string text = node.values.front();
        node.kind = op == Operator::Less          ? Kind::Less
                    : op == Operator::LessOrEqual ? Kind::LessOrEqual
                    : op == Operator::Greater     ? Kind::Greater
                                                  : Kind::GreaterOrEqual;
        node.values.clear();
        if (node.linkColumn || !filter::isNumeric(node.column))
            return fail("not_comparable", at, text.size());
        if (node.column == HitColumn::Time) {
            const auto time = utcMsFrom(text.size() == 10 ? text + "T00:00:00Z" : text);
            if (!time)
                return fail("not_a_time", at, text.size());
            node.number = static_cast<double>(time->value);
            return;
        }
        const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), node.number);
        if (problem != std::errc{} || end != text.data() + text.size() || !std::isfinite(node.number))
            fail("not_a_number", at, text.size());
    }

    std::string_view m_text;
    std::size_t m_at = 0;
    std::size_t m_valueCount = 0;
    FilterParse m_parse;
};

} // namespace

FilterParse parseFilter(std::string_view text)
{
    return Parser(text).parse();
}

std::vector<std::string_view> filterFields()
{
    std::vector<std::string_view> names{"link"};
    for (const HitColumnInfo& info : hitColumns())
        names.push_back(info.name);
    return names;
}

} // namespace protocol
