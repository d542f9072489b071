// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/runtime/config.h"

#include <algorithm>
#include <charconv>
#include <format>

namespace runtime {

namespace {

constexpr std::size_t helpKeyColumn = 30;

std::string optionText(const Setting& setting)
{
    return "--" + setting.key + (setting.argument.empty() ? "" : " " + setting.argument);
}

} // namespace

const Config::Value& Config::value(std::string_view key) const
{
    const auto found = m_values.find(key);
    if (found == m_values.end())
        throw std::logic_error("this command has no setting " + std::string(key));
    return found->second;
}

void Config::refuse(std::string_view key, std::string_view expected) const
{
    const Value& given = value(key);
    throw ConfigError(
        std::format("{}: \"{}\" is not {}", given.source, given.texts.empty() ? "" : given.texts.back(), expected));
}

std::string Config::text(std::string_view key) const
{
    const Value& given = value(key);
    return given.texts.empty() ? std::string() : given.texts.back();
}

std::vector<std::string> Config::texts(std::string_view key) const
{
    return value(key).texts;
}

bool Config::isSet(std::string_view key) const
{
    return value(key).set;
}

bool Config::flag(std::string_view key) const
{
    const std::string given = text(key);
    if (given == "true" || given == "1" || given == "yes")
        return true;
    if (given.empty() || given == "false" || given == "0" || given == "no")
        return false;
    refuse(key, "true or false");
}

std::int64_t Config::integer(std::string_view key, std::int64_t min, std::int64_t max) const
{
    const std::string given = text(key);
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(given.data(), given.data() + given.size(), number);
    if (error != std::errc() || end != given.data() + given.size() || number < min || number > max)
        refuse(key, std::format("a whole number from {} to {}", min, max));
    return number;
}

double Config::number(std::string_view key, double min, double max) const
{
    const std::string given = text(key);
    double number = 0;
    const auto [end, error] = std::from_chars(given.data(), given.data() + given.size(), number);
    if (error != std::errc() || end != given.data() + given.size() || !(number >= min && number <= max))
        refuse(key, std::format("a number from {} to {}", min, max));
    return number;
}

std::int64_t Config::durationMs(std::string_view key, std::int64_t minMs, std::int64_t maxMs) const
{
    static const std::map<std::string, std::int64_t, std::less<>> units = {
        {"ms", 1}, {"s", 1000}, {"m", 60'000}, {"h", 3'600'000}, {"d", 86'400'000}};
    const std::string given = text(key);
    std::int64_t count = 0;
    const auto [end, error] = std::from_chars(given.data(), given.data() + given.size(), count);
    const auto unit = units.find(std::string_view(end, given.data() + given.size()));
    if (error != std::errc() || unit == units.end() || count < 0 || count > maxMs / unit->second ||
        count * unit->second < minMs)
        refuse(key, std::format("a duration such as 250ms, 60s, 5m, 12h or 30d, from {}ms to {}ms", minMs, maxMs));
    return count * unit->second;
}

HostPort Config::hostPort(std::string_view key) const
{
    const std::string given = text(key);
    const std::size_t colon = given.rfind(':');
    unsigned port = 0;
    const char* const last = given.data() + given.size();
    bool good = colon != std::string::npos && colon > 0;
    if (good) {
        const auto [end, error] = std::from_chars(given.data() + colon + 1, last, port);
        good = error == std::errc() && end == last && port <= 65535;
    }
    std::string host = good ? given.substr(0, colon) : std::string();
    if (host.starts_with('[') && host.ends_with(']'))
        host = host.substr(1, host.size() - 2);
    else if (host.find(':') != std::string::npos)
        good = false;
    if (!good || host.empty())
        refuse(key, "HOST:PORT, for instance 127.0.0.1:8080 or [::1]:8080");
    return {host, static_cast<std::uint16_t>(port)};
}

std::string Config::choice(std::string_view key, const std::vector<std::string>& words) const
{
    const std::string given = text(key);
    if (std::find(words.begin(), words.end(), given) != words.end())
        return given;
    std::string all;
    for (const std::string& word : words)
        all += (all.empty() ? "" : ", ") + word;
    refuse(key, "one of " + all);
}

std::string helpText(std::string_view program, const std::vector<Command>& commands)
{
    std::string out = std::format("usage: {} COMMAND [OPTION…]\n\n", program);
    for (const Command& command : commands)
        out += std::format("  {:<16} {}\n", command.name, command.summary);
    return out +
           std::format(
               "\n{} COMMAND --help tells a command's options. Every option is also a variable of the environment\n"
               "(--rollup-interval is CLICKROOM_ROLLUP_INTERVAL) and a key of the file given with --config.\n",
               program);
}

std::string helpText(std::string_view program, const Command& command)
{
    std::string out = std::format("usage: {} {}{}{}\n\n{}\n\n", program, command.name,
                                  command.operands.empty() ? "" : " ", command.operands, command.summary);
    for (const Setting& setting : command.settings) {
        std::string left = "  " + optionText(setting);
        left.resize(std::max(left.size() + 2, helpKeyColumn), ' ');
        out += left + setting.help;
        if (setting.repeated)
            out += "; may be repeated";
        if (!setting.fallback.empty())
            out += " (default " + setting.fallback + ")";
        out += '\n';
    }
    return out + "  --help                      this text\n";
}

} // namespace runtime
