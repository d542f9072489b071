// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/report_parts/report_sentences.h"

#include <QDateTime>
#include <QHash>
#include <QLocale>
#include <QTimeZone>

#include "app/models/reports/report_words.h"
#include "app/models/table_cells.h"
#include "app/widgets/theme/type.h"

namespace reports {

using widgets::PanelState;
using widgets::PanelStatus;

namespace {

struct Said {
    const char* what;
    const char* advice;
};

const Said* saidOf(const QString& code)
{
    static const QHash<QString, Said> known{
        {QStringLiteral("unreachable"),
         {QT_TRANSLATE_NOOP("reports::Sentences", "The backend does not answer."),
          QT_TRANSLATE_NOOP("reports::Sentences", "Is it running? The line at the top says what the console tries.")}},
        {QStringLiteral("timeout"),
         {QT_TRANSLATE_NOOP("reports::Sentences", "The backend did not answer in time."),
          QT_TRANSLATE_NOOP("reports::Sentences", "A shorter range or fewer links make it quicker.")}},
        {QStringLiteral("range_too_long"),
         {QT_TRANSLATE_NOOP("reports::Sentences", "The range is too long."),
          QT_TRANSLATE_NOOP("reports::Sentences", "At most %1 days can be asked for at once.")}},
        {QStringLiteral("granularity_gone"),
         {QT_TRANSLATE_NOOP("reports::Sentences", "These figures are no longer kept this finely."),
          QT_TRANSLATE_NOOP("reports::Sentences", "They are kept for %1 days. Choose hours or days.")}},
        {QStringLiteral("one_dimension"),
         {QT_TRANSLATE_NOOP("reports::Sentences", "Rollups hold one dimension of a link at a time."),
          QT_TRANSLATE_NOOP("reports::Sentences", "Within one value only links can be told apart. Go back a step.")}},
        {QStringLiteral("too_many_hits"),
         {QT_TRANSLATE_NOOP("reports::Sentences", "There are too many hits to count one by one."),
          QT_TRANSLATE_NOOP("reports::Sentences", "At most %1 are counted directly. Choose a shorter range.")}},
        {QStringLiteral("link_unknown"),
         {QT_TRANSLATE_NOOP("reports::Sentences", "A link that is filtered by does not exist."),
          QT_TRANSLATE_NOOP("reports::Sentences", "Take it out of the filter.")}},
        {QStringLiteral("too_large"),
         {QT_TRANSLATE_NOOP("reports::Sentences", "The answer is larger than the console takes."),
          QT_TRANSLATE_NOOP("reports::Sentences", "Choose a shorter range or longer buckets.")}},
        {QStringLiteral("not_json"),
         {QT_TRANSLATE_NOOP("reports::Sentences", "The answer could not be read."),
          QT_TRANSLATE_NOOP("reports::Sentences", "Is what answers a Clickroom backend of this version?")}},
        {QStringLiteral("forbidden"), {QT_TRANSLATE_NOOP("reports::Sentences", "Your role does not allow this."), ""}},
        {QStringLiteral("http_404"),
         {QT_TRANSLATE_NOOP("reports::Sentences", "This backend does not know reports."),
          QT_TRANSLATE_NOOP("reports::Sentences", "It is older than this console: update it.")}},
    };
    const auto it = known.constFind(code == QLatin1StringView("not_found") ? QStringLiteral("link_unknown") : code);
    return it == known.cend() ? nullptr : &*it;
}

QString told(const char* text, const state::Problem& problem)
{
    const QString sentence = Sentences::tr(text);
    return sentence.contains(QLatin1StringView("%1"))
               ? sentence.arg(models::words::count(static_cast<std::uint64_t>(problem.limit)))
               : sentence;
}

} // namespace

QString Sentences::problem(const state::Problem& problem)
{
    if (const Said* said = saidOf(problem.code))
        return told(said->what, problem);
    return tr("Refused: %1.")
        .arg(models::shownText((problem.detail.isEmpty() ? problem.code : problem.detail).toStdString()));
}

QString Sentences::advice(const state::Problem& problem)
{
    const Said* said = saidOf(problem.code);
    if (said && *said->advice)
        return told(said->advice, problem);
    return problem.field.isEmpty() ? QString()
                                   : tr("It is about “%1”.").arg(models::shownText(problem.field.toStdString()));
}

QString Sentences::edge(std::int64_t completeToMs, const QTimeZone& zone)
{
    const QDateTime time = QDateTime::fromMSecsSinceEpoch(completeToMs, zone);
    return tr("rolled up to %1").arg(time.toString(QStringLiteral("HH:mm")));
}

QString Sentences::freshness(const state::Report& report)
{
    const protocol::Watermark& watermark = report.freshness.watermark;
    const QTimeZone zone = models::zoneNamed(report.zone);
    QStringList parts;
    if (watermark.seq.value == 0)
        parts << tr("Nothing rolled up yet");
    else
        parts << tr("Rolled up to %1")
                     .arg(QLocale().toString(QDateTime::fromMSecsSinceEpoch(watermark.time.value, zone),
                                             QStringLiteral("d MMM HH:mm:ss")));
    parts << (report.freshness.toCome == 0 ? tr("nothing to come")
                                           : tr("%1 to come").arg(models::words::count(report.freshness.toCome)));
    if (report.totals.uniques)
        parts << (report.uniquesEstimated
                      ? tr("uniques: sums of daily uniques, \u00B1%1 %").arg(report.uniquesError * 100, 0, 'f', 1)
                      : tr("uniques: sums of daily uniques"));
    parts << tr("times in %1").arg(models::shownText(report.zone.toStdString()));
    return parts.join(QStringLiteral(" \u00B7 "));
}

QString Sentences::restated(const state::Report& report)
{
    if (!report.restated)
        return {};
    const state::Restated& restated = *report.restated;
    const QTimeZone zone = models::zoneNamed(report.zone);
    const QDateTime last = QDateTime::fromMSecsSinceEpoch(restated.lastMs, zone);
    const QDate today =
        QDateTime::fromMSecsSinceEpoch(std::max(report.freshness.watermark.rolledAt.value, restated.lastMs), zone)
            .date();
    const QString when = last.date() == today ? last.toString(QStringLiteral("HH:mm"))
                                              : QLocale().toString(last, QStringLiteral("d MMM HH:mm"));
    const QString by = restated.change ? models::words::changed(*restated.change) : QString();
    return by.isEmpty() ? tr("\u21BB restated %1 times, last at %2").arg(models::words::count(restated.count), when)
                        : tr("\u21BB restated: %1, last at %2").arg(by, when);
}

QString Sentences::restatedMore(const state::Report& report)
{
    if (!report.restated)
        return {};
    const state::Restated& restated = *report.restated;
    QStringList parts{tr("Figures of this range had been reported otherwise before: %1 changes, and these figures have "
                         "them in them. The list says which.")
                          .arg(models::words::count(restated.count))};
    if (!restated.change)
        parts << tr("By how much is not known within one value.");
    if (restated.several > 0)
        parts << tr("%1 of them are sums over several links.").arg(models::words::count(restated.several));
    if (restated.beyond > 0)
        parts << tr("%1 of them reach beyond the range.").arg(models::words::count(restated.beyond));
    return parts.join(QLatin1Char(' '));
}

QString Sentences::range(std::int64_t fromMs, std::int64_t toMs, const QTimeZone& zone)
{
    const QDateTime from = QDateTime::fromMSecsSinceEpoch(fromMs, zone),
                    to = QDateTime::fromMSecsSinceEpoch(toMs, zone);
    const QString day = QStringLiteral("d MMM"), minute = QStringLiteral("d MMM HH:mm");
    const QLocale locale;
    if (from.time() != QTime(0, 0) || to.time() != QTime(0, 0)) {
        const bool oneDay = from.date() == to.date();
        return tr("%1 \u2013 %2")
            .arg(locale.toString(from, minute), locale.toString(to, oneDay ? QStringLiteral("HH:mm") : minute));
    }
    const QDate last = to.date().addDays(-1);
    return last <= from.date() ? locale.toString(from.date(), day)
                               : tr("%1 \u2013 %2").arg(locale.toString(from.date(), day), locale.toString(last, day));
}

QString Sentences::narrowing(const QString& dimension, const QString& value)
{
    return tr("%1: %2").arg(models::words::breakdownName(dimension), models::words::reportValue(dimension, value));
}

QString Sentences::comparison(const state::Report& report)
{
    if (!report.compared)
        return {};
    const QTimeZone zone = models::zoneNamed(report.zone);
    const QString when = range(report.compared->fromMs, report.compared->toMs, zone);
    const QString campaign = QStringLiteral("campaign:");
    if (report.query.compare.startsWith(campaign))
        return tr("%1, %2").arg(models::shownText(report.query.compare.sliced(campaign.size()).toStdString()), when);
    return when;
}

std::optional<PanelStatus> panelStatus(const PanelFacts& facts)
{
    using state::Phase;
    const bool down = facts.connection.phase == Phase::Offline || facts.connection.phase == Phase::Disconnected;
    if (!facts.hasContent && facts.problem.isSet())
        return PanelStatus{PanelState::Failed,
                           Sentences::problem(facts.problem),
                           Sentences::advice(facts.problem),
                           {},
                           Sentences::tr("Try again")};
    if (!facts.hasContent && down)
        return PanelStatus{PanelState::Waiting,
                           Sentences::tr("Not connected"),
                           Sentences::tr("Connect to a backend to see its reports."),
                           {},
                           {}};
    if (!facts.hasContent)
        return PanelStatus{PanelState::Waiting, Sentences::tr("Reading the rollups"), {}, {}, {}};
    if (facts.isEmpty && !down)
        return facts.narrowed ? PanelStatus{PanelState::Filtered,
                                            Sentences::tr("Nothing matches in this range"),
                                            Sentences::tr("A longer range or fewer filters may show more."),
                                            {},
                                            Sentences::tr("Clear the filters")}
                              : PanelStatus{PanelState::Waiting,
                                            Sentences::tr("No click in this range"),
                                            Sentences::tr("Choose a longer one, or wait for the next rollup."),
                                            {},
                                            {}};
    if (down) {
        const qint64 since = facts.connection.sinceMs;
        return PanelStatus{PanelState::Offline,
                           since > 0 ? Sentences::tr("Offline since %1.")
                                           .arg(QDateTime::fromMSecsSinceEpoch(since).toString(QStringLiteral("HH:mm")))
                                     : Sentences::tr("Offline."),
                           Sentences::tr("Showing what was known then."),
                           {},
                           {}};
    }
    if (facts.problem.isSet())
        return PanelStatus{PanelState::Stale,
                           Sentences::tr("Not refreshed."),
                           Sentences::problem(facts.problem) + QLatin1Char(' ') + Sentences::advice(facts.problem),
                           {},
                           {}};
    return std::nullopt;
}

} // namespace reports
