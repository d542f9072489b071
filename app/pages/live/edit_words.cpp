// SPDX-License-Identifier: GPL-3.0-or-later
// Words for what was changed, and for the rules that a hit met on its way.
#include <QDateTime>
#include <QHash>
#include <QLocale>

#include "app/pages/live/live_words.h"
#include "app/widgets/theme/type.h"

namespace live {

namespace {

QString kindWord(const QString& kind)
{
    static const QHash<QString, const char*> words{
        {QStringLiteral("country"), QT_TRANSLATE_NOOP("live::Words", "country")},
        {QStringLiteral("region"), QT_TRANSLATE_NOOP("live::Words", "region")},
        {QStringLiteral("city"), QT_TRANSLATE_NOOP("live::Words", "city")},
        {QStringLiteral("device"), QT_TRANSLATE_NOOP("live::Words", "device")},
        {QStringLiteral("os"), QT_TRANSLATE_NOOP("live::Words", "system")},
        {QStringLiteral("browser"), QT_TRANSLATE_NOOP("live::Words", "browser")},
        {QStringLiteral("language"), QT_TRANSLATE_NOOP("live::Words", "language")},
        {QStringLiteral("referrer"), QT_TRANSLATE_NOOP("live::Words", "referrer")},
        {QStringLiteral("query"), QT_TRANSLATE_NOOP("live::Words", "query")},
        {QStringLiteral("address"), QT_TRANSLATE_NOOP("live::Words", "network")},
        {QStringLiteral("between"), QT_TRANSLATE_NOOP("live::Words", "time window")},
        {QStringLiteral("hours"), QT_TRANSLATE_NOOP("live::Words", "weekday and hour")},
        {QStringLiteral("touch"), QT_TRANSLATE_NOOP("live::Words", "touch")},
        {QStringLiteral("placement"), QT_TRANSLATE_NOOP("live::Words", "placement")},
    };
    const char* word = words.value(kind);
    return word ? Words::tr(word) : kind;
}

QString fieldWord(const std::string& field)
{
    static const QHash<QString, const char*> words{
        {QStringLiteral("destination"), QT_TRANSLATE_NOOP("live::Words", "destination")},
        {QStringLiteral("status"), QT_TRANSLATE_NOOP("live::Words", "status code")},
        {QStringLiteral("state"), QT_TRANSLATE_NOOP("live::Words", "state")},
        {QStringLiteral("rules"), QT_TRANSLATE_NOOP("live::Words", "rules")},
        {QStringLiteral("expiresAt"), QT_TRANSLATE_NOOP("live::Words", "expiry")},
        {QStringLiteral("clickLimit"), QT_TRANSLATE_NOOP("live::Words", "click limit")},
        {QStringLiteral("fallback"), QT_TRANSLATE_NOOP("live::Words", "fallback")},
        {QStringLiteral("password"), QT_TRANSLATE_NOOP("live::Words", "password")},
        {QStringLiteral("campaign"), QT_TRANSLATE_NOOP("live::Words", "campaign")},
        {QStringLiteral("tags"), QT_TRANSLATE_NOOP("live::Words", "tags")},
        {QStringLiteral("notes"), QT_TRANSLATE_NOOP("live::Words", "notes")},
    };
    const char* word = words.value(QString::fromStdString(field));
    return word ? Words::tr(word) : Words::safe(field, 64);
}

} // namespace

QString Words::ruleName(const std::string& id, const RuleNames& rules)
{
    const QString name = rules.value(QString::fromStdString(id));
    return name.isEmpty() ? safe(id) : tr("“%1” (%2)").arg(safe(name.toStdString(), 60), safe(id));
}

QString Words::passedOver(const protocol::Hit& hit, const RuleNames& rules)
{
    QStringList parts;
    const QStringList tried = QString::fromStdString(hit.passedOver).split(QLatin1Char(' '), Qt::SkipEmptyParts);
    for (const QString& rule : tried) {
        const qsizetype colon = rule.lastIndexOf(QLatin1Char(':'));
        const QString kind = colon < 0 ? QString() : safe(rule.mid(colon + 1).toStdString(), 60);
        const QString name = ruleName(rule.left(colon).toStdString(), rules);
        parts.append(kind.isEmpty() ? name : tr("%1: its %2 did not hold").arg(name, kindWord(kind)));
    }
    return parts.isEmpty() ? QString()
                           : tr("Tried before it, in this order: %1.").arg(parts.join(QStringLiteral("; ")));
}

QStringList Words::editStory(const protocol::Edit& edit)
{
    constexpr std::size_t shown = 90;
    const QDateTime time = QDateTime::fromMSecsSinceEpoch(edit.time.value);
    QStringList lines{tr("%1 · %2 · %3")
                          .arg(time.toString(QStringLiteral("HH:mm:ss")),
                               edit.actor.empty() ? tr("somebody") : safe(edit.actor, 64), safe(edit.subject, 60))};
    if (edit.what == "link.undone")
        lines.append(tr("undone"));
    for (const protocol::EditChange& change : edit.changes) {
        const auto told = [](const std::string& value) {
            return value.empty() ? QString(widgets::unknownMark) : safe(value, shown);
        };
        lines.append(tr("%1: %2 \u2192 %3").arg(fieldWord(change.field), told(change.before), told(change.after)));
    }
    if (edit.what == "link.created")
        lines.append(tr("created"));
    if (lines.size() == 1)
        lines.append(tr("%1 changed").arg(fieldWord(edit.what.substr(edit.what.find('.') + 1))));
    return lines;
}

QList<widgets::ChartMark> Words::thinnedMarks(const state::EditMarks& marks)
{
    QList<widgets::ChartMark> shown;
    for (const state::EditMark& mark : marks.marks) {
        const protocol::Edit& newest = mark.newest;
        if (mark.count == 1) {
            shown.append({mark.fromMs, safe(newest.subject, 40), editStory(newest), newest.link.value});
            continue;
        }
        const QString count = QLocale().toString(static_cast<qulonglong>(mark.count));
        const QString from = moment(mark.fromMs), to = moment(mark.toMs);
        QStringList story{from == to ? tr("%1 edits, %2").arg(count, from)
                                     : tr("%1 edits, %2 to %3").arg(count, from, to),
                          tr("the newest of them:")};
        // In the middle of what it stands for; a click leads to the link that was edited last.
        shown.append({mark.fromMs + (mark.toMs - mark.fromMs) / 2, tr("%1 edits").arg(count), story + editStory(newest),
                      newest.link.value});
    }
    return shown;
}

} // namespace live
