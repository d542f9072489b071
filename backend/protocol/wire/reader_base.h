// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace protocol::wire {

// A number as it stood on the wire: an integer of either sign, or a fraction.
struct Number {
    std::uint64_t magnitude = 0;
    bool negative = false;
    bool fraction = false;
    double value = 0; // set for fractions only
};

// What the readers of both encodings share: the first error stops everything, and knows the field it happened in. A
// reader is a cheap value: a copy reads ahead without moving the original.
class ReaderBase {
public:
    explicit ReaderBase(std::string_view bytes) : m_in(bytes) {}

    bool ok() const { return m_error.empty(); }
    const std::string& error() const { return m_error; }

    // Names of fields are literals of ours; unknown ones are never entered.
    void enter(std::string_view field) { m_path.push_back(field); }
    void leave() { m_path.pop_back(); }

    // Always false, for `return fail(…)`. The error reads "code field" or "code field limit".
    bool fail(std::string_view code, std::int64_t limit = -1);

protected:
    static constexpr int depthMax = 16;

    std::string_view m_in;
    std::size_t m_at = 0;
    int m_depth = 0;

private:
    std::vector<std::string_view> m_path;
    std::string m_error;
};

} // namespace protocol::wire
