// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <concepts>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "backend/runtime/clock.h"

namespace runtime {

enum class LogLevel : std::uint8_t { Debug, Info, Warning, Error };
enum class LogFormat : std::uint8_t { Logfmt, Json };

std::optional<LogLevel> logLevelFrom(std::string_view word);   // "debug", "info", "warning", "error"
std::optional<LogFormat> logFormatFrom(std::string_view word); // "logfmt", "json"

// One named value of a line. Never put an address, a token or a full User-Agent into one.
struct LogField {
    LogField(std::string_view fieldKey, std::string_view text);
    LogField(std::string_view fieldKey, const char* text) : LogField(fieldKey, std::string_view(text)) {}
    LogField(std::string_view fieldKey, const std::string& text) : LogField(fieldKey, std::string_view(text)) {}
    LogField(std::string_view fieldKey, bool yes);
    LogField(std::string_view fieldKey, double number);
    template <std::integral T>
    LogField(std::string_view fieldKey, T number) : key(fieldKey), value(std::to_string(number)), quoted(false)
    {
    }

    std::string_view key;
    std::string value;
    bool quoted = true; // text, to be escaped; otherwise a number or a word of JSON
};

// Structured lines, one write() each, so lines of several threads never mix; cheap to copy, safe from any thread. A
// line that cannot be written is dropped: logging never stops the work. Text is escaped, so that nothing from outside
// can forge a line or colour a terminal.
class Log {
public:
    using Sink = std::function<void(std::string_view line)>; // line with its end

    // To standard error where no sink is given. `clock` outlives the log.
    explicit Log(const Clock& clock, LogLevel least = LogLevel::Info, LogFormat format = LogFormat::Logfmt,
                 Sink sink = {});

    // `event` is a short fixed phrase ("commit failed"), the values go into fields.
    void write(LogLevel level, std::string_view event, std::initializer_list<LogField> fields = {}) const;
    void debug(std::string_view event, std::initializer_list<LogField> fields = {}) const;
    void info(std::string_view event, std::initializer_list<LogField> fields = {}) const;
    void warning(std::string_view event, std::initializer_list<LogField> fields = {}) const;
    void error(std::string_view event, std::initializer_list<LogField> fields = {}) const;

private:
    const Clock* m_clock;
    LogLevel m_least;
    LogFormat m_format;
    Sink m_sink;
};

} // namespace runtime
