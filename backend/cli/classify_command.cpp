// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/cli/classify_command.h"

#include <iostream>
#include <string>

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include "backend/cli/command_line.h"
#include "backend/cli/commands.h"
#include "backend/cli/resources_folder.h"
#include "backend/protocol/words.h"

namespace cli {

namespace {

// What of a line is beyond this is skipped.
constexpr std::size_t lineBytesMax = 64 * 1024;

// One line without its end, cut at lineBytesMax. False at the end of the input.
bool readLine(std::istream& in, std::string& line)
{
    line.clear();
    std::streambuf* const buffer = in.rdbuf();
    int c = buffer->sbumpc();
    if (c == std::char_traits<char>::eof())
        return false;
    for (; c != std::char_traits<char>::eof() && c != '\n'; c = buffer->sbumpc()) {
        if (line.size() < lineBytesMax)
            line.push_back(static_cast<char>(c));
    }
    if (line.ends_with('\r'))
        line.pop_back();
    return true;
}

// A header that a JSON line leaves out counts as unknown, one that is "" as not sent.
struct Headers {
    std::string userAgent, accept = "text/html", acceptLanguage = "en", secChUa, secChUaMobile, secChUaPlatform;
};

Headers headersOf(const std::string& line)
{
    Headers headers;
    if (line.starts_with('{')) {
        const QJsonDocument document =
            QJsonDocument::fromJson(QByteArray(line.data(), static_cast<qsizetype>(line.size())));
        if (document.isObject()) {
            const QJsonObject object = document.object();
            const auto take = [&](const char* name, std::string& out) {
                if (object.contains(QLatin1StringView(name)))
                    out = object[QLatin1StringView(name)].toString().toStdString();
            };
            take("user_agent", headers.userAgent);
            take("accept", headers.accept);
            take("accept_language", headers.acceptLanguage);
            take("sec_ch_ua", headers.secChUa);
            take("sec_ch_ua_mobile", headers.secChUaMobile);
            take("sec_ch_ua_platform", headers.secChUaPlatform);
            return headers;
        }
    }
    headers.userAgent = line;
    return headers;
}

QString text(std::string_view value)
{
    return QString::fromUtf8(value.data(), static_cast<qsizetype>(value.size()));
}

std::string jsonString(std::string_view value)
{
    // Qt writes strings only inside a document: the brackets of an array of one are taken off.
    const QByteArray array = QJsonDocument(QJsonArray{text(value)}).toJson(QJsonDocument::Compact);
    return array.mid(1, array.size() - 2).toStdString();
}

std::string jsonLine(const enrich::Agent& agent)
{
    const bool bot = agent.bot != protocol::BotCategory::Human;
    return std::string("{\"bot\":") + (bot ? "true" : "false") +
           ",\"category\":" + jsonString(protocol::word(agent.bot)) + ",\"reason\":" + jsonString(agent.botReason) +
           ",\"device\":" + jsonString(protocol::word(agent.device)) + ",\"os\":" + jsonString(agent.os) +
           ",\"browser\":" + jsonString(agent.browser) + "}\n";
}

} // namespace

void classifyLines(const enrich::AgentCatalogue& catalogue, std::istream& in, std::ostream& out)
{
    std::string line;
    while (readLine(in, line)) {
        const Headers headers = headersOf(line);
        enrich::RequestFacts facts;
        facts.userAgent = headers.userAgent;
        facts.accept = headers.accept;
        facts.acceptLanguage = headers.acceptLanguage;
        facts.secChUa = headers.secChUa;
        facts.secChUaMobile = headers.secChUaMobile;
        facts.secChUaPlatform = headers.secChUaPlatform;
        out << jsonLine(catalogue.judge(facts));
        // Whoever writes a line and waits for its answer gets it.
        if (in.rdbuf()->in_avail() <= 0)
            out.flush();
    }
    out.flush();
}

int runClassify(Arguments arguments)
{
    const Parsed parsed = parse("classify", arguments);
    if (parsed.exitStatus >= 0)
        return parsed.exitStatus;
    const enrich::AgentCatalogue::Loaded loaded =
        enrich::AgentCatalogue::load(resourcesFolder() + "/bots/crawler-user-agents.json");
    if (!loaded.problem.empty())
        return fail(loaded.problem);
    std::ios::sync_with_stdio(false);
    classifyLines(*loaded.catalogue, std::cin, std::cout);
    return std::cout ? 0 : fail("standard output was closed");
}

} // namespace cli
