// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cctype>
#include <format>
#include <fstream>
#include <iterator>
#include <numeric>
#include <optional>
#include <set>
#include <toml++/toml.hpp>
#include <unistd.h>

#include "backend/runtime/config.h"

extern char** environ;

namespace runtime {

namespace {

constexpr std::string_view environmentPrefix = "CLICKROOM_";
constexpr std::size_t fileBytesMax = 1024 * 1024;

std::string environmentName(std::string_view key)
{
    std::string name(environmentPrefix);
    for (const char c : key)
        name += c == '-' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    return name;
}

std::string keyOf(std::string_view environmentVariable)
{
    std::string key;
    for (const char c : environmentVariable.substr(environmentPrefix.size()))
        key += c == '_' ? '-' : static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return key;
}

// Levenshtein's distance; both are short.
std::size_t distance(std::string_view a, std::string_view b)
{
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t changed = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
            diagonal = row[j];
            row[j] = std::min({changed, row[j] + 1, row[j - 1] + 1});
        }
    }
    return row.back();
}

std::string nearest(std::string_view wrong, const std::set<std::string>& known)
{
    std::string best;
    std::size_t bestDistance = std::string::npos;
    for (const std::string& word : known) {
        const std::size_t d = distance(wrong, word);
        if (d < bestDistance) {
            bestDistance = d;
            best = word;
        }
    }
    return best;
}

std::vector<std::string> splitCommas(const std::string& text)
{
    std::vector<std::string> parts;
    std::size_t start = 0;
    while (start <= text.size()) {
        const std::size_t comma = std::min(text.find(',', start), text.size());
        if (comma > start)
            parts.push_back(text.substr(start, comma - start));
        start = comma + 1;
    }
    return parts;
}

std::optional<std::string> scalarText(const toml::node& node)
{
    if (const auto* text = node.as_string())
        return text->get();
    if (const auto* number = node.as_integer())
        return std::to_string(number->get());
    if (const auto* number = node.as_floating_point())
        return std::format("{}", number->get());
    if (const auto* yes = node.as_boolean())
        return yes->get() ? "true" : "false";
    return std::nullopt;
}

} // namespace

// Fills a Config from its four sources.
class ConfigReader {
public:
    explicit ConfigReader(const std::vector<Command>& commands) : m_commands(commands)
    {
        for (const Command& command : commands) {
            for (const Setting& setting : command.settings)
                m_known.insert(setting.key);
        }
    }

    Config read(const std::vector<std::string>& arguments, const Environment& environment)
    {
        const std::size_t first = takeCommand(arguments);
        if (m_config.command == nullptr)
            return std::move(m_config);
        for (const Setting& setting : m_config.command->settings)
            m_config.m_values[setting.key] = {fallback(setting), "default of --" + setting.key, false};
        const auto flags = takeArguments(arguments, first);
        if (m_config.helpWanted)
            return std::move(m_config);
        checkEnvironment(environment);

        std::string file;
        if (const auto flag = flags.find("config"); flag != flags.end())
            file = flag->second.back();
        else if (const auto variable = environment.find(environmentName("config")); variable != environment.end())
            file = variable->second;
        if (!file.empty() && find("config") != nullptr)
            takeFile(file);
        for (const auto& [name, text] : environment) {
            if (const Setting* setting = find(keyOf(name)))
                set(*setting, setting->repeated ? splitCommas(text) : std::vector{text}, name);
        }
        for (const auto& [key, texts] : flags)
            set(*find(key), texts, "--" + key);

        if (m_config.operands.size() < m_config.command->operandsMin)
            throw ConfigError(std::format("{} needs {}", m_config.command->name, m_config.command->operands));
        return std::move(m_config);
    }

private:
    static std::vector<std::string> fallback(const Setting& setting)
    {
        if (setting.repeated)
            return splitCommas(setting.fallback);
        return {setting.fallback};
    }

    const Setting* find(std::string_view key) const
    {
        for (const Setting& setting : m_config.command->settings) {
            if (setting.key == key)
                return &setting;
        }
        return nullptr;
    }

    void set(const Setting& setting, std::vector<std::string> texts, const std::string& source)
    {
        m_config.m_values[setting.key] = {std::move(texts), source, true};
    }

    // The command's words stand first; the longest name wins. Returns where the rest begins.
    std::size_t takeCommand(const std::vector<std::string>& arguments)
    {
        if (arguments.empty() || arguments[0] == "--help" || arguments[0] == "-h" || arguments[0] == "help") {
            m_config.helpWanted = true;
            return arguments.size();
        }
        std::size_t wordsTaken = 0;
        std::string joined;
        for (std::size_t i = 0; i < arguments.size() && !arguments[i].starts_with('-'); ++i) {
            joined += (i == 0 ? "" : " ") + arguments[i];
            for (const Command& command : m_commands) {
                if (command.name == joined) {
                    m_config.command = &command;
                    wordsTaken = i + 1;
                }
            }
        }
        if (m_config.command != nullptr)
            return wordsTaken;
        std::set<std::string> names;
        for (const Command& command : m_commands)
            names.insert(command.name);
        throw ConfigError(std::format("no command \"{}\"; did you mean \"{}\"? --help lists all",
                                      joined.empty() ? arguments[0] : joined,
                                      nearest(joined.empty() ? arguments[0] : joined, names)));
    }

    std::map<std::string, std::vector<std::string>> takeArguments(const std::vector<std::string>& arguments,
                                                                  std::size_t first)
    {
        std::map<std::string, std::vector<std::string>> flags;
        bool optionsOver = false;
        for (std::size_t i = first; i < arguments.size(); ++i) {
            const std::string& argument = arguments[i];
            if (argument == "--" && !optionsOver) {
                optionsOver = true;
            } else if ((argument == "--help" || argument == "-h") && !optionsOver) {
                m_config.helpWanted = true;
            } else if (argument.starts_with('-') && argument.size() > 1 && !optionsOver) {
                takeOption(arguments, i, flags);
            } else if (m_config.operands.size() < m_config.command->operandsMax) {
                m_config.operands.push_back(argument);
            } else {
                throw ConfigError(std::format("{} does not take \"{}\"; {} --help tells what it takes",
                                              m_config.command->name, argument, m_config.command->name));
            }
        }
        return flags;
    }

    void takeOption(const std::vector<std::string>& arguments, std::size_t& i,
                    std::map<std::string, std::vector<std::string>>& flags)
    {
        const std::string& argument = arguments[i];
        const std::size_t equals = argument.find('=');
        const std::string key = argument.substr(std::min<std::size_t>(2, argument.size()),
                                                equals == std::string::npos ? equals : equals - 2);
        const Setting* const setting = argument.starts_with("--") ? find(key) : nullptr;
        if (setting == nullptr)
            throw ConfigError(std::format("{} has no option {}{}", m_config.command->name, argument.substr(0, equals),
                                          suggestion(key)));
        std::string text = "true";
        if (equals != std::string::npos)
            text = argument.substr(equals + 1);
        else if (!setting->argument.empty() && ++i < arguments.size())
            text = arguments[i];
        else if (!setting->argument.empty())
            throw ConfigError(std::format("--{} needs a value: --{} {}", key, key, setting->argument));
        auto& texts = flags[key];
        if (!setting->repeated)
            texts.clear();
        texts.push_back(std::move(text));
    }

    std::string suggestion(std::string_view key) const
    {
        std::set<std::string> own;
        for (const Setting& setting : m_config.command->settings)
            own.insert(setting.key);
        const std::string best = nearest(key, own);
        return best.empty() ? std::string() : "; did you mean --" + best + "?";
    }

    void checkEnvironment(const Environment& environment) const
    {
        for (const auto& [name, text] : environment) {
            if (!m_known.contains(keyOf(name)))
                throw ConfigError(std::format("the environment's {} is no setting; did you mean {}?", name,
                                              environmentName(nearest(keyOf(name), m_known))));
        }
    }

    void takeFile(const std::string& path)
    {
        std::ifstream in(path, std::ios::binary);
        if (!in)
            throw ConfigError("cannot read the configuration file " + path);
        std::string text(fileBytesMax + 1, '\0');
        in.read(text.data(), static_cast<std::streamsize>(text.size()));
        text.resize(static_cast<std::size_t>(in.gcount()));
        if (text.size() > fileBytesMax)
            throw ConfigError(std::format("the configuration file {} is longer than {} bytes", path, fileBytesMax));
        try {
            takeTable(toml::parse(text), "", path);
        } catch (const toml::parse_error& error) {
            throw ConfigError(std::format("{}, line {}: {}", path, error.source().begin.line, error.description()));
        }
    }

    void takeTable(const toml::table& table, const std::string& prefix, const std::string& path)
    {
        for (const auto& [name, node] : table) {
            std::string key = prefix + std::string(name.str());
            std::replace(key.begin(), key.end(), '_', '-');
            if (const toml::table* inner = node.as_table()) {
                takeTable(*inner, key + "-", path);
                continue;
            }
            const std::string source = path + ": " + key;
            if (!m_known.contains(key))
                throw ConfigError(std::format("{} (line {}) is no setting; did you mean {}?", source,
                                              node.source().begin.line, nearest(key, m_known)));
            if (const Setting* setting = find(key))
                set(*setting, fileTexts(*setting, node, source), source);
        }
    }

    static std::vector<std::string> fileTexts(const Setting& setting, const toml::node& node, const std::string& source)
    {
        std::vector<std::string> texts;
        const toml::array* const list = node.as_array();
        if (list != nullptr && !setting.repeated)
            throw ConfigError(source + " takes one value, not a list");
        if (list == nullptr) {
            if (auto text = scalarText(node))
                return {std::move(*text)};
            throw ConfigError(source + " takes a text, a number or true and false");
        }
        for (const toml::node& entry : *list) {
            auto text = scalarText(entry);
            if (!text)
                throw ConfigError(source + " takes a list of texts or numbers");
            texts.push_back(std::move(*text));
        }
        return texts;
    }

    const std::vector<Command>& m_commands;
    std::set<std::string> m_known;
    Config m_config;
};

Environment clickroomEnvironment()
{
    Environment found;
    for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
        const std::string_view line(*entry);
        const std::size_t equals = line.find('=');
        if (line.starts_with(environmentPrefix) && equals != std::string_view::npos)
            found.emplace(line.substr(0, equals), line.substr(equals + 1));
    }
    return found;
}

Config readConfig(const std::vector<Command>& commands, const std::vector<std::string>& arguments,
                  const Environment& environment)
{
    return ConfigReader(commands).read(arguments, environment);
}

} // namespace runtime
