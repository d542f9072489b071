// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace runtime {

// One key of a program: `--key value` on the command line, CLICKROOM_KEY in the environment (hyphens become
// underscores), `key = value` in the configuration file (a table's name and a hyphen may stand before it: [rollup]
// interval = rollup-interval).
struct Setting {
    std::string key;      // lower case, hyphens
    std::string argument; // what --help shows for the value: "HOST:PORT"; empty = a switch, true or false
    std::string fallback; // used when nobody says anything
    std::string help;
    bool repeated = false; // may be given several times; a list in the file, commas in the environment
};

// A command (or the one command of a program) with what it takes.
struct Command {
    std::string name; // "serve", "token create"
    std::string summary;
    std::vector<Setting> settings;
    std::string operands = {}; // what --help shows: "FILE", "[FILE]"
    std::size_t operandsMin = 0, operandsMax = 0;
};

// A message for a terminal that names the key and what it takes.
class ConfigError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

struct HostPort {
    std::string host; // without brackets
    std::uint16_t port = 0;
};

// What a command was given, in the order flag, environment, file, fallback. The getters throw ConfigError where the
// text does not say what they return, and std::logic_error for a key that the command does not have.
class Config {
public:
    const Command* command = nullptr; // null: no command, only --help or nothing
    bool helpWanted = false;
    std::vector<std::string> operands;

    std::string text(std::string_view key) const;
    std::vector<std::string> texts(std::string_view key) const;
    bool flag(std::string_view key) const;
    bool isSet(std::string_view key) const; // by flag, environment or file
    std::int64_t integer(std::string_view key, std::int64_t min, std::int64_t max) const;
    double number(std::string_view key, double min, double max) const;
    // "250ms", "60s", "5m", "12h", "30d".
    std::int64_t durationMs(std::string_view key, std::int64_t minMs, std::int64_t maxMs) const;
    // "127.0.0.1:8080", "[::1]:8080", "localhost:0".
    HostPort hostPort(std::string_view key) const;
    // One of the words.
    std::string choice(std::string_view key, const std::vector<std::string>& words) const;

private:
    friend class ConfigReader;
    struct Value {
        std::vector<std::string> texts;
        std::string source; // "--redirect", "CLICKROOM_REDIRECT", "clickroom.toml: redirect"
        bool set = false;
    };
    const Value& value(std::string_view key) const;
    [[noreturn]] void refuse(std::string_view key, std::string_view expected) const;

    std::map<std::string, Value, std::less<>> m_values;
};

using Environment = std::map<std::string, std::string>;
// CLICKROOM_* of this process.
Environment clickroomEnvironment();

// Reads the command line (without the program's name). The file is that of the setting `config`, where the command has
// one. A key that no command knows, in whatever place, is an error that names the nearest known one; the file may hold
// keys of other commands.
Config readConfig(const std::vector<Command>& commands, const std::vector<std::string>& arguments,
                  const Environment& environment);

// The text of --help: of the program, or of one command.
std::string helpText(std::string_view program, const std::vector<Command>& commands);
std::string helpText(std::string_view program, const Command& command);

} // namespace runtime
