// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace protocol::wire {

// Writes compact JSON (RFC 8259). Invalid UTF-8 becomes U+FFFD. The same functions as CborWriter.
class JsonWriter {
public:
    static constexpr bool positionalHits = false;

    explicit JsonWriter(std::string& out) : m_out(out) {}

    void beginMap(std::size_t) { open('{'); }
    void beginArray(std::size_t) { open('['); }
    void endMap() { close('}'); }
    void endArray() { close(']'); }
    void item() { comma(); }
    void key(std::string_view name)
    {
        comma();
        quoted(name);
        m_out += ':';
    }

    void boolean(bool value) { m_out += value ? "true" : "false"; }
    void unsignedNumber(std::uint64_t value) { m_out += std::to_string(value); }
    void signedNumber(std::int64_t value) { m_out += std::to_string(value); }
    void fraction(double value);
    void text(std::string_view value);

private:
    void open(char bracket)
    {
        m_out += bracket;
        m_first = true;
    }
    void close(char bracket)
    {
        m_out += bracket;
        m_first = false;
    }
    void comma()
    {
        if (!m_first)
            m_out += ',';
        m_first = false;
    }
    void quoted(std::string_view value);

    std::string& m_out;
    bool m_first = true;
};

} // namespace protocol::wire
