// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "backend/cli/commands.h"
#include "backend/runtime/config.h"

class QJsonObject;

namespace cli {

inline constexpr std::string_view programName = "clickroomd";

// Every command with its settings, `serve` among them: what --help shows, and the keys that the environment and the
// configuration file may hold.
const std::vector<runtime::Command>& commands();

// Runs the command that the arguments begin with; also --help, --version and mistakes. `serve` is main's own and is not
// run here.
int run(const std::vector<std::string>& arguments, std::string_view version);

// The configuration of one command, given its name and what follows it. Prints --help or the mistake itself; then
// `exitStatus` is set and the command returns it.
struct Parsed {
    runtime::Config config;
    int exitStatus = -1; // not negative: end with this
};
Parsed parse(const std::string& command, Arguments arguments);
// The same for a command of two words: `group` is the first ("token"), the second stands before the arguments.
Parsed parseGroup(const std::string& group, Arguments arguments);

// XDG_DATA_HOME/clickroom, or ~/.local/share/clickroom.
std::string defaultDataFolder();

// One line on standard error, as "clickroomd: …"; returns 1 for `return fail(…)`.
int fail(const std::string& message);
void printJson(const QJsonObject& object);
// A problem's code in words for a terminal: what is wrong and what to do.
std::string explain(const std::string& problem, const std::string& field);

} // namespace cli
