// SPDX-License-Identifier: GPL-3.0-or-later
#include <charconv>
#include <cstdio>
#include <map>

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include "backend/api/link_json.h"
#include "backend/cli/command_line.h"
#include "backend/cli/edit_session.h"
#include "backend/runtime/files.h"
#include "backend/storage/reader.h"

namespace cli {

namespace {

constexpr std::uint64_t rulesFileBytesMax = 1024 * 1024;

QString qText(const std::string& text)
{
    return QString::fromStdString(text);
}

// Options that are the API's fields, as they are; what they may hold is judged where every edit is judged.
struct FieldOption {
    const char* option;
    const char* field;
    enum { Text, Number, Time, List } kind;
};
constexpr FieldOption fieldOptions[] = {
    {"destination", "destination", FieldOption::Text},
    {"state", "state", FieldOption::Text},
    {"status", "status", FieldOption::Number},
    {"campaign", "campaign", FieldOption::Text},
    {"goal", "goal", FieldOption::Text},
    {"notes", "notes", FieldOption::Text},
    {"owner", "owner", FieldOption::Text},
    {"fallback", "fallback", FieldOption::Text},
    {"expires", "expiresAt", FieldOption::Time},
    {"click-limit", "clickLimit", FieldOption::Number},
    {"tags", "tags", FieldOption::List},
};

QJsonArray listFrom(const std::string& text)
{
    QJsonArray list;
    const QStringList items = qText(text).split(QLatin1Char(','), Qt::SkipEmptyParts);
    for (const QString& item : items)
        list.append(item.trimmed());
    return list;
}

bool isGiven(const runtime::Config& config, std::string_view option)
{
    for (const runtime::Setting& setting : config.command->settings)
        if (setting.key == option)
            return config.isSet(option);
    return false; // not this command's
}

// Empty, or what of the command line cannot be read.
std::string readFields(const runtime::Config& config, QJsonObject& fields)
{
    for (const auto& [option, field, kind] : fieldOptions) {
        if (!isGiven(config, option))
            continue;
        const std::string value = config.text(option);
        std::int64_t number = 0;
        switch (kind) {
        case FieldOption::Text:
            fields.insert(field, qText(value));
            break;
        case FieldOption::Time:
            fields.insert(field, value.empty() ? QJsonValue() : QJsonValue(qText(value)));
            break;
        case FieldOption::List:
            fields.insert(field, listFrom(value));
            break;
        case FieldOption::Number:
            if (std::from_chars(value.data(), value.data() + value.size(), number).ptr != value.data() + value.size() ||
                value.empty())
                return std::string("--") + option + " must be a whole number";
            fields.insert(field, static_cast<qint64>(number));
            break;
        }
    }
    if (isGiven(config, "rules")) {
        runtime::SystemFiles files;
        const std::string text = runtime::readWhole(files, config.text("rules"), rulesFileBytesMax);
        const QJsonDocument rules = QJsonDocument::fromJson(QByteArray::fromStdString(text));
        if (!rules.isArray())
            return "--rules must name a file that holds a JSON array, as `link show --json` prints under \"rules\"";
        fields.insert("rules", rules.array());
    }
    return {};
}

// "go.acme.example/spring", with or without a scheme; the domain's root link without a slug.
LinkPlace placeFrom(std::string address)
{
    if (const std::size_t scheme = address.find("://"); scheme != std::string::npos)
        address.erase(0, scheme + 3);
    const std::size_t slash = address.find('/');
    return {address.substr(0, slash), slash == std::string::npos ? std::string() : address.substr(slash + 1)};
}

int answer(const runtime::Config& config, const EditedLink& edited)
{
    if (!edited.problem.empty())
        return fail(explain(edited.problem, edited.field));
    const auto told = [&edited](const char* name) { return edited.link.value(QLatin1StringView(name)); };
    if (config.flag("json"))
        printJson(edited.link);
    else
        std::printf("%s/%s\t%s\t%s\tversion %lld\n", qUtf8Printable(told("domain").toString()),
                    qUtf8Printable(told("slug").toString()), qUtf8Printable(told("destination").toString()),
                    qUtf8Printable(told("state").toString()), static_cast<long long>(told("version").toInteger()));
    return 0;
}

int addOne(const runtime::Config& config)
{
    QJsonObject fields{{"destination", qText(config.operands.front())}};
    if (const std::string mistake = readFields(config, fields); !mistake.empty())
        return fail(mistake);
    const auto slug = config.isSet("slug") ? std::optional(config.text("slug")) : std::nullopt;
    const EditedLink made =
        EditSession(config.text("data")).addLink(config.text("workspace"), config.text("domain"), slug, fields);
    if (!made.problem.empty() || config.flag("json"))
        return answer(config, made);
    std::printf("%s/%s\n", config.text("domain").c_str(),
                qUtf8Printable(made.link.value(QLatin1StringView("slug")).toString()));
    return 0;
}

int changeOne(const runtime::Config& config)
{
    QJsonObject fields;
    if (const std::string mistake = readFields(config, fields); !mistake.empty())
        return fail(mistake);
    if (fields.isEmpty())
        return fail("nothing to change: `link edit --help` lists what can be");
    std::uint32_t version = 0;
    if (const std::string text = config.text("if-version");
        !text.empty() &&
        std::from_chars(text.data(), text.data() + text.size(), version).ptr != text.data() + text.size())
        return fail("--if-version must be a version, a whole number");
    return answer(config,
                  EditSession(config.text("data"))
                      .changeLink(config.text("workspace"), placeFrom(config.operands.front()), fields, version));
}

int listLinks(const runtime::Config& config)
{
    const storage::Reader reader(config.text("data"));
    std::optional<protocol::WorkspaceId> workspace;
    for (const links::Workspace& candidate : reader.workspaces())
        if (candidate.name == config.text("workspace"))
            workspace = candidate.id;
    if (!workspace)
        return fail(explain("unknown_workspace", {}));
    std::map<protocol::DomainId, std::string> hosts;
    for (const links::Domain& domain : reader.domains())
        if (domain.workspace == *workspace)
            hosts[domain.id] = domain.host;
    QJsonArray items;
    const bool asJson = config.flag("json");
    reader.forEachLink([&](links::Link&& link) {
        const auto host = hosts.find(link.domain);
        if (host == hosts.end())
            return;
        if (asJson)
            items.append(api::jsonOf(link, host->second));
        else
            std::printf("%s/%s\t%s\n", host->second.c_str(), link.slug.c_str(), link.destination.c_str());
    });
    if (asJson)
        printJson({{"items", items}, {"next", QJsonValue()}});
    return 0;
}

} // namespace

int runLink(Arguments arguments)
{
    const Parsed parsed = parseGroup("link", arguments);
    if (parsed.exitStatus >= 0)
        return parsed.exitStatus;
    const runtime::Config& config = parsed.config;
    const std::string& name = config.command->name;
    if (name == "link list")
        return listLinks(config);
    if (name == "link add")
        return addOne(config);
    if (name == "link edit")
        return changeOne(config);
    EditSession session(config.text("data"));
    const LinkPlace place = placeFrom(config.operands.front());
    return answer(config, name == "link undo" ? session.undoLink(config.text("workspace"), place)
                                              : session.showLink(config.text("workspace"), place));
}

} // namespace cli
