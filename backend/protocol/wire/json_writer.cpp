// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/protocol/wire/json_writer.h"

#include <charconv>
#include <cmath>
#include <cstdio>

#include "backend/protocol/wire/utf8.h"

namespace protocol::wire {

void JsonWriter::fraction(double value)
{
    if (!std::isfinite(value)) { // JSON has no such number; a reader takes null for "not given"
        m_out += "null";
        return;
    }
    char text[32];
    const auto [end, problem] = std::to_chars(text, text + sizeof text, value);
    m_out.append(text, end);
}

void JsonWriter::text(std::string_view value)
{
    if (isUtf8(value))
        quoted(value);
    else
        quoted(repairedUtf8(value));
}

void JsonWriter::quoted(std::string_view value)
{
    m_out += '"';
    for (const char c : value) {
        switch (c) {
        case '"':
            m_out += "\\\"";
            break;
        case '\\':
            m_out += "\\\\";
            break;
        case '\n':
            m_out += "\\n";
            break;
        case '\r':
            m_out += "\\r";
            break;
        case '\t':
            m_out += "\\t";
            break;
        default:
            if (static_cast<unsigned char>(c) < 0x20) {
                char form[8];
                std::snprintf(form, sizeof form, "\\u%04x", static_cast<unsigned>(c));
                m_out += form;
            } else {
                m_out += c;
            }
        }
    }
    m_out += '"';
}

} // namespace protocol::wire
