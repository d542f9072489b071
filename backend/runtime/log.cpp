// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/runtime/log.h"

#include <chrono>
#include <cmath>
#include <cstdio>
#include <format>
#include <unistd.h>

namespace runtime {

namespace {

// Longer values are cut: a line stays readable, and a hostile value cannot fill the disk.
constexpr std::size_t valueBytesMax = 2048;

std::string_view levelWord(LogLevel level)
{
    switch (level) {
    case LogLevel::Debug:
        return "debug";
    case LogLevel::Info:
        return "info";
    case LogLevel::Warning:
        return "warning";
    case LogLevel::Error:
        return "error";
    }
    return "info";
}

// In quotes, in printable ASCII only: everything else as \uXXXX by byte, which is valid in JSON and harmless in a
// terminal.
void appendQuoted(std::string& out, std::string_view text)
{
    const bool cut = text.size() > valueBytesMax;
    out += '"';
    for (const char c : text.substr(0, valueBytesMax)) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\')
            (out += '\\') += c;
        else if (c == '\n')
            out += "\\n";
        else if (byte < 0x20 || byte >= 0x7f)
            out += std::format("\\u{:04x}", byte);
        else
            out += c;
    }
    if (cut)
        out += "...";
    out += '"';
}

std::string timeText(std::int64_t utcMs)
{
    using namespace std::chrono;
    return std::format("{:%FT%TZ}", sys_time<milliseconds>(milliseconds(utcMs)));
}

void toStandardError(std::string_view line)
{
    // One call a line; what a full pipe does not take is dropped.
    [[maybe_unused]] const auto written = ::write(STDERR_FILENO, line.data(), line.size());
}

} // namespace

std::optional<LogLevel> logLevelFrom(std::string_view word)
{
    for (const auto level : {LogLevel::Debug, LogLevel::Info, LogLevel::Warning, LogLevel::Error}) {
        if (word == levelWord(level))
            return level;
    }
    return std::nullopt;
}

std::optional<LogFormat> logFormatFrom(std::string_view word)
{
    if (word == "logfmt")
        return LogFormat::Logfmt;
    if (word == "json")
        return LogFormat::Json;
    return std::nullopt;
}

LogField::LogField(std::string_view fieldKey, std::string_view text) : key(fieldKey), value(text) {}

LogField::LogField(std::string_view fieldKey, bool yes) : key(fieldKey), value(yes ? "true" : "false"), quoted(false) {}

LogField::LogField(std::string_view fieldKey, double number)
    : key(fieldKey), value(std::isfinite(number) ? std::format("{:.6g}", number) : "null"), quoted(false)
{
}

Log::Log(const Clock& clock, LogLevel least, LogFormat format, Sink sink)
    : m_clock(&clock), m_least(least), m_format(format), m_sink(sink ? std::move(sink) : Sink(toStandardError))
{
}

void Log::write(LogLevel level, std::string_view event, std::initializer_list<LogField> fields) const
{
    if (level < m_least)
        return;
    const bool json = m_format == LogFormat::Json;
    std::string line;
    const auto name = [&](std::string_view key) {
        if (!line.empty())
            line += json ? ',' : ' ';
        if (json)
            appendQuoted(line, key);
        else
            line += key;
        line += json ? ':' : '=';
    };
    const auto word = [&](std::string_view text) {
        if (json)
            appendQuoted(line, text);
        else
            line += text;
    };
    name("time");
    word(timeText(m_clock->utcMs()));
    name("level");
    word(levelWord(level));
    name("event");
    appendQuoted(line, event);
    for (const LogField& field : fields) {
        name(field.key);
        if (field.quoted)
            appendQuoted(line, field.value);
        else
            line += field.value;
    }
    m_sink(json ? "{" + line + "}\n" : line + "\n");
}

void Log::debug(std::string_view event, std::initializer_list<LogField> fields) const
{
    write(LogLevel::Debug, event, fields);
}

void Log::info(std::string_view event, std::initializer_list<LogField> fields) const
{
    write(LogLevel::Info, event, fields);
}

void Log::warning(std::string_view event, std::initializer_list<LogField> fields) const
{
    write(LogLevel::Warning, event, fields);
}

void Log::error(std::string_view event, std::initializer_list<LogField> fields) const
{
    write(LogLevel::Error, event, fields);
}

} // namespace runtime
