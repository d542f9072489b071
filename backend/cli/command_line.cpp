// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/cli/command_line.h"

#include <array>
#include <cstdio>
#include <cstdlib>
#include <sstream>

#include <QJsonDocument>
#include <QJsonObject>

namespace cli {

namespace {

struct Entry {
    std::string_view name;
    int (*run)(Arguments);
};

constexpr std::array<Entry, 14> entries{{{"init", runInit},
                                         {"workspace", runWorkspace},
                                         {"token", runToken},
                                         {"domain", runDomain},
                                         {"link", runLink},
                                         {"import", runImport},
                                         {"stats", runStats},
                                         {"export", runExport},
                                         {"rollups", runRollups},
                                         {"check", runCheck},
                                         {"simulate", runSimulate},
                                         {"classify", runClassify},
                                         {"geo", runGeo},
                                         {"replay", runReplay}}};

// Codes that need more than their own words.
struct Explanation {
    std::string_view code, text;
};

constexpr std::array<Explanation, 26> explanations{
    {{"workspace_unknown", "no such workspace; `workspace list` shows them, `workspace add NAME` makes one"},
     {"domain_unknown", "no such domain in this workspace; `domain list` shows them, `domain add HOST` adds one"},
     {"slug_taken", "the slug is taken on this domain; choose another with --slug"},
     {"slug_tombstoned", "the slug belonged to a deleted link and is not given out again; choose another with --slug"},
     {"host_taken", "the domain belongs to a workspace already; `domain list` shows those of yours"},
     {"name_taken", "the name is taken; choose another"},
     {"unknown_domain", "no such domain in this workspace; `domain list` shows them, `domain add HOST` adds one"},
     {"unknown_workspace", "no such workspace; `workspace list` shows them, `workspace add NAME` makes one"},
     {"not_a_reserved_name",
      "only names under .example, .test, .localhost and .invalid can be taken as verified without DNS"},
     {"txt_record_missing", "the TXT record was not found; `domain list` shows the name and value it must have"},
     {"txt_record_different", "the TXT record has another value; `domain list` shows the one it must have"},
     {"needs_running_backend", "this needs the running backend; start it with `clickroomd serve` on this data folder"},
     {"unauthorized", "the running backend refuses the token in DIR/admin.token; was it revoked?"},
     {"storage_failed", "the data folder could not be written; is the disk full?"},
     {"stopping", "the backend is stopping; try again when it is down or up"},
     {"missing_column", "the file's first row names no such column; --domain gives a domain to files that have none"},
     {"unterminated_quote", "a quoted cell begins here and never ends; the file is cut or damaged"},
     {"not_text", "this is no text; export as CSV, not as a spreadsheet"},
     {"unknown_link", "no such link in this workspace; `link list` shows them"},
     {"version_conflict", "somebody changed the link meanwhile; `link show` says what it is now"},
     {"changed_meanwhile", "somebody else edited links while the file was read; nothing was made, try again"},
     {"status_out_of_range", "the status must be 301, 302, 307 or 308"},
     {"status_not_redirect", "the status must be 301, 302, 307 or 308"},
     {"state_unknown_word", "the state must be active, paused, expired or deleted"},
     {"expiresAt_wrong_type", "the time must be like 2026-12-31T23:59:00Z"},
     {"destination_scheme", "the destination must begin with http:// or https://"}}};

} // namespace

std::string defaultDataFolder()
{
    if (const char* data = std::getenv("XDG_DATA_HOME"); data && *data)
        return std::string(data) + "/clickroom";
    const char* home = std::getenv("HOME");
    return std::string(home && *home ? home : ".") + "/.local/share/clickroom";
}

int fail(const std::string& message)
{
    std::fprintf(stderr, "%s: %s\n", std::string(programName).c_str(), message.c_str());
    return 1;
}

void printJson(const QJsonObject& object)
{
    std::printf("%s\n", QJsonDocument(object).toJson(QJsonDocument::Compact).constData());
}

std::string explain(const std::string& problem, const std::string& field)
{
    for (const Explanation& entry : explanations)
        if (entry.code == problem || (!field.empty() && entry.code == field + "_" + problem))
            return std::string(entry.text) + (problem == "storage_failed" && !field.empty() ? " (" + field + ")" : "");
    return field.empty() ? problem : field + ": " + problem;
}

Parsed parse(const std::string& command, Arguments arguments)
{
    Parsed parsed;
    std::vector<std::string> all;
    std::istringstream words(command);
    for (std::string word; words >> word;)
        all.push_back(word);
    all.insert(all.end(), arguments.begin(), arguments.end());
    try {
        parsed.config = runtime::readConfig(commands(), all, runtime::clickroomEnvironment());
    } catch (const runtime::ConfigError& error) {
        fail(error.what());
        parsed.exitStatus = 2;
        return parsed;
    }
    if (parsed.config.helpWanted && parsed.config.command) {
        std::fputs(runtime::helpText(programName, *parsed.config.command).c_str(), stdout);
        parsed.exitStatus = 0;
    }
    return parsed;
}

Parsed parseGroup(const std::string& group, Arguments arguments)
{
    if (!arguments.empty() && !arguments.front().starts_with('-'))
        return parse(group + " " + arguments.front(), arguments.subspan(1));
    std::vector<runtime::Command> members;
    for (const runtime::Command& command : commands())
        if (command.name.starts_with(group + " "))
            members.push_back(command);
    Parsed parsed;
    parsed.exitStatus = arguments.empty() ? 2 : 0;
    std::fputs(runtime::helpText(programName, members).c_str(), arguments.empty() ? stderr : stdout);
    return parsed;
}

int run(const std::vector<std::string>& arguments, std::string_view version)
{
    if (arguments.empty() || arguments.front() == "--help" || arguments.front() == "-h" ||
        arguments.front() == "help") {
        std::fputs(runtime::helpText(programName, commands()).c_str(), stdout);
        return arguments.empty() ? 2 : 0;
    }
    if (arguments.front() == "--version") {
        std::printf("%s %s\n", std::string(programName).c_str(), std::string(version).c_str());
        return 0;
    }
    try {
        for (const Entry& entry : entries)
            if (entry.name == arguments.front())
                return entry.run(Arguments(arguments).subspan(1));
        // Says which command is nearest.
        runtime::readConfig(commands(), arguments, {});
        return 2;
    } catch (const runtime::ConfigError& error) {
        fail(error.what());
        return 2;
    } catch (const std::exception& error) {
        return fail(error.what());
    }
}

} // namespace cli
