// SPDX-License-Identifier: GPL-3.0-or-later
// stats and check: what lies in a data folder, counted and looked through.
#include <chrono>
#include <cstdio>

#include <QJsonArray>
#include <QJsonObject>

#include "backend/cli/command_line.h"
#include "backend/links/destination.h"
#include "backend/links/held_link.h"
#include "backend/links/link_words.h"
#include "backend/links/linter.h"
#include "backend/pipeline/zone_offsets.h"
#include "backend/protocol/words.h"
#include "backend/storage/folder_lock.h"
#include "backend/storage/reader.h"

namespace cli {

namespace {

constexpr std::size_t pageHits = 10'000;

std::vector<std::pair<const char*, std::uint64_t>> figuresOf(const storage::HitTotals& totals)
{
    return {{"hits", totals.hits},
            {"click", totals.click},
            {"probe", totals.probe},
            {"prefetch", totals.prefetch},
            {"miss", totals.miss},
            {"blocked", totals.blocked},
            {"bots", totals.bots},
            {"lastSeq", totals.lastSeq.value},
            {"watermark", totals.watermark.value},
            {"late", totals.late},
            {"lost", totals.lost}};
}

// Reads every stored hit and looks for gaps in the count; the finding as a code, empty = well.
struct HitCheck {
    std::uint64_t hits = 0;
    std::uint64_t gaps = 0;
    std::uint64_t firstGap = 0;
};

HitCheck checkHits(const storage::Reader& reader)
{
    HitCheck check;
    protocol::HitSeq at;
    std::uint64_t expected = 0;
    const std::uint64_t last = reader.lastSeq().value;
    while (at.value < last) {
        protocol::HitSeq coveredTo = at;
        for (const protocol::Hit& hit : reader.hitsAfter(at, pageHits, {}, {}, coveredTo)) {
            // The first stored hit is wherever retention has left off.
            if (expected != 0 && hit.seq.value != expected) {
                check.gaps += hit.seq.value > expected ? hit.seq.value - expected : 1;
                check.firstGap = check.firstGap == 0 ? expected : check.firstGap;
            }
            expected = hit.seq.value + 1;
            ++check.hits;
        }
        if (coveredTo.value <= at.value)
            break;
        at = coveredTo;
    }
    return check;
}

// What of domains, links and rules will not work as it stands.
struct SettingsCheck {
    std::uint64_t links = 0;
    QJsonArray notReady, badDestinations, badRules;

    bool isWell() const { return badDestinations.isEmpty() && badRules.isEmpty(); }
};

SettingsCheck checkSettings(const storage::Reader& reader)
{
    SettingsCheck check;
    const protocol::UtcMs now(
        std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch())
            .count());
    std::vector<links::Link> all;
    reader.forEachLink([&all](links::Link&& link) { all.push_back(std::move(link)); });
    check.links = all.size();
    const auto snapshot =
        links::Snapshot::build(reader.workspaces(), reader.domains(), std::move(all), pipeline::zoneTable(now));
    for (const links::Domain* domain : snapshot->domains())
        if (domain->state != links::DomainState::Ready)
            check.notReady.append(QJsonObject{{"host", QString::fromStdString(domain->host)},
                                              {"state", QString::fromStdString(std::string(word(domain->state)))}});
    protocol::LinkId after;
    for (auto page = snapshot->linksAfter(after, pageHits); !page.empty();
         page = snapshot->linksAfter(after, pageHits)) {
        after = page.back()->id;
        for (const links::HeldLink* link : page) {
            if (link->state == links::LinkState::Deleted)
                continue;
            const links::Domain* domain = snapshot->domain(link->domain);
            const QString place = QString::fromStdString((domain ? domain->host : "") + "/" + link->slug);
            if (const std::string code = links::destinationProblem(link->destination, *snapshot); !code.empty())
                check.badDestinations.append(QJsonObject{{"link", place}, {"code", QString::fromStdString(code)}});
            for (const links::Finding& finding : links::lint(*link, *snapshot, now))
                if (finding.severity == links::Finding::Severity::Error)
                    check.badRules.append(QJsonObject{{"link", place},
                                                      {"rule", QString::fromStdString(finding.rule)},
                                                      {"code", QString::fromStdString(finding.code)}});
        }
    }
    return check;
}

// A line for each, as text from outside may be shown on a terminal.
void printAll(const char* what, const QJsonArray& all, std::initializer_list<const char*> names)
{
    for (const QJsonValue one : all) {
        std::string line;
        for (const char* name : names) {
            const std::string text = one.toObject()[QLatin1StringView(name)].toString().toStdString();
            line += " " + protocol::visibleText(text, 4 * text.size() + 16);
        }
        std::printf("%s:%s\n", what, line.c_str());
    }
}

} // namespace

int runStats(Arguments arguments)
{
    const Parsed parsed = parse("stats", arguments);
    if (parsed.exitStatus >= 0)
        return parsed.exitStatus;
    const auto figures = figuresOf(storage::Reader(parsed.config.text("data")).totals());
    QJsonObject object;
    for (const auto& [name, value] : figures) {
        if (parsed.config.flag("json"))
            object.insert(QLatin1StringView(name), static_cast<qint64>(value));
        else
            std::printf("%-10s %llu\n", name, static_cast<unsigned long long>(value));
    }
    if (parsed.config.flag("json"))
        printJson(object);
    return 0;
}

int runCheck(Arguments arguments)
{
    const Parsed parsed = parse("check", arguments);
    if (parsed.exitStatus >= 0)
        return parsed.exitStatus;
    const std::string folder = parsed.config.text("data");
    const storage::Reader reader(folder);
    const auto running = storage::findRunning(folder);
    const storage::HitTotals totals = reader.totals();
    const HitCheck hits = checkHits(reader);
    const std::uint64_t damaged = reader.damagedHits(); // of what was read
    const SettingsCheck settings = checkSettings(reader);
    // Beside a running backend the totals were read a moment before the hits; only a stopped folder must agree to the
    // last one.
    const bool totalsAgree = running || totals.hits == hits.hits;
    const bool well = hits.gaps == 0 && damaged == 0 && totalsAgree && settings.isWell();
    if (parsed.config.flag("json")) {
        printJson({{"well", well},
                   {"hits", static_cast<qint64>(hits.hits)},
                   {"gaps", static_cast<qint64>(hits.gaps)},
                   {"firstGap", static_cast<qint64>(hits.firstGap)},
                   {"damagedHits", static_cast<qint64>(damaged)},
                   {"totalsAgree", totalsAgree},
                   {"links", static_cast<qint64>(settings.links)},
                   {"domainsNotReady", settings.notReady},
                   {"destinationsRefused", settings.badDestinations},
                   {"rulesInError", settings.badRules},
                   {"lost", static_cast<qint64>(totals.lost)},
                   {"running", running.has_value()}});
        return well ? 0 : 1;
    }
    std::printf("%llu hits and %llu links read\n", static_cast<unsigned long long>(hits.hits),
                static_cast<unsigned long long>(settings.links));
    printAll("domain not ready", settings.notReady, {"host", "state"});
    printAll("destination refused", settings.badDestinations, {"link", "code"});
    printAll("rule in error", settings.badRules, {"link", "rule", "code"});
    if (damaged > 0)
        return fail(std::to_string(damaged) +
                    " hits lie in blocks of sealed days that are damaged; all others are read");
    if (hits.gaps > 0)
        return fail(std::to_string(hits.gaps) + " sequences are missing, the first is " +
                    std::to_string(hits.firstGap) + "; was a day file removed or set aside (*.damaged)?");
    if (!totalsAgree)
        return fail("the totals say " + std::to_string(totals.hits) + " hits, " + std::to_string(hits.hits) +
                    " were read");
    if (!settings.isWell())
        return fail(std::to_string(settings.badDestinations.size()) + " destinations are refused and " +
                    std::to_string(settings.badRules.size()) + " rules are in error");
    return 0;
}

} // namespace cli
