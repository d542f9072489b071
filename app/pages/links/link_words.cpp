// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/links/link_words.h"

#include <QDateTime>
#include <QHash>
#include <QLocale>
#include <QUrl>

#include "app/models/link_table_model.h"
#include "app/widgets/theme/type.h"
#include "backend/protocol/limits.h"
#include "backend/protocol/words.h"

namespace links {

namespace {

QString timeText(std::int64_t ms)
{
    return QString::fromStdString(protocol::rfc3339(protocol::UtcMs(ms)));
}

QString utmText(const state::Utm& utm)
{
    QStringList parts;
    const auto add = [&parts](const char* name, const QString& value) {
        if (!value.isEmpty())
            parts.append(QLatin1StringView(name) + QLatin1Char(' ') + value);
    };
    add("source", utm.source);
    add("medium", utm.medium);
    add("campaign", utm.campaign);
    add("term", utm.term);
    add("content", utm.content);
    return parts.join(QStringLiteral(", "));
}

} // namespace

QString Words::safe(const std::string& text, std::size_t bytesMax)
{
    return QString::fromStdString(protocol::visibleText(text, bytesMax));
}

QString Words::safe(const QString& text, std::size_t bytesMax)
{
    return safe(text.toStdString(), bytesMax);
}

QString Words::field(const QString& name)
{
    static const QHash<QString, const char*> words{
        {QStringLiteral("domain"), QT_TR_NOOP("Domain")},
        {QStringLiteral("slug"), QT_TR_NOOP("Slug")},
        {QStringLiteral("destination"), QT_TR_NOOP("Destination")},
        {QStringLiteral("status"), QT_TR_NOOP("Status code")},
        {QStringLiteral("state"), QT_TR_NOOP("State")},
        {QStringLiteral("expiresAt"), QT_TR_NOOP("Expires")},
        {QStringLiteral("clickLimit"), QT_TR_NOOP("Click limit")},
        {QStringLiteral("fallback"), QT_TR_NOOP("Fallback")},
        {QStringLiteral("password"), QT_TR_NOOP("Password")},
        {QStringLiteral("campaign"), QT_TR_NOOP("Campaign")},
        {QStringLiteral("goal"), QT_TR_NOOP("Goal")},
        {QStringLiteral("tags"), QT_TR_NOOP("Tags")},
        {QStringLiteral("utm"), QT_TR_NOOP("UTM")},
        {QStringLiteral("rules"), QT_TR_NOOP("Rules")},
        {QStringLiteral("iosApp"), QT_TR_NOOP("App on iOS")},
        {QStringLiteral("androidApp"), QT_TR_NOOP("App on Android")},
        {QStringLiteral("owner"), QT_TR_NOOP("Owner")},
        {QStringLiteral("notes"), QT_TR_NOOP("Notes")},
        {QStringLiteral("host"), QT_TR_NOOP("Host")},
        {QStringLiteral("role"), QT_TR_NOOP("Role")},
        {QStringLiteral("name"), QT_TR_NOOP("Name")},
        {QStringLiteral("flagged"), QT_TR_NOOP("Flagged")},
    };
    // A draft that is tried has its fields named as its own; a rule's by their place.
    const QString plain = name.startsWith(QLatin1String("draft.")) ? name.mid(6) : name;
    const char* word = words.value(plain.section(QLatin1Char('.'), 0, 0));
    return word ? tr(word) : safe(plain, 64);
}

QString Words::value(const state::Link& link, const QString& field)
{
    if (field == QLatin1String("status"))
        return link.status == 0 ? QString() : QString::number(link.status);
    if (field == QLatin1String("state"))
        return models::LinkTableModel::stateWord(link.state);
    if (field == QLatin1String("expiresAt"))
        return link.expiresAtMs == 0 ? tr("never") : timeText(link.expiresAtMs);
    if (field == QLatin1String("clickLimit"))
        return link.clickLimit == 0 ? tr("no limit") : widgets::figure(static_cast<quint64>(link.clickLimit));
    if (field == QLatin1String("tags"))
        return link.tags.join(QStringLiteral(", "));
    if (field == QLatin1String("utm"))
        return utmText(link.utm);
    if (field == QLatin1String("rules")) {
        QStringList lines;
        for (const state::Rule& one : link.rules)
            lines.append(QString::number(lines.size() + 1) + QStringLiteral(". ") + rule(one));
        return lines.join(QLatin1Char('\n'));
    }
    const QString* text = state::textField(link, field);
    return text ? *text : QString();
}

QString Words::ruleName(const QString& id, const QString& name)
{
    return name.isEmpty() ? tr("Rule %1").arg(safe(id, 64)) : tr("“%1”").arg(safe(name, 128));
}

QString Words::rule(const state::Rule& rule)
{
    QStringList conditions, ways;
    for (const state::Condition& one : rule.conditions)
        conditions.append(condition(one));
    for (const state::Variant& variant : rule.variants)
        ways.append(rule.variants.size() == 1 ? variant.destination
                                              : tr("%1 (weight %2)").arg(variant.destination).arg(variant.weight));
    QString text = rule.name.isEmpty() ? QString() : tr("“%1”: ").arg(rule.name);
    text += conditions.isEmpty() ? tr("always") : conditions.join(tr(" and "));
    text += QStringLiteral(" \u2192 ") + ways.join(QStringLiteral(" / "));
    return rule.enabled ? text : tr("%1 (off)").arg(text);
}

QString Words::editWhat(const protocol::Edit& edit)
{
    const QString what = QString::fromStdString(edit.what);
    if (what == QLatin1String("link.created"))
        return tr("Link created");
    if (what == QLatin1String("link.undone"))
        return tr("Undone");
    if (what.startsWith(QLatin1String("link.")) && !edit.changes.empty()) {
        QStringList names;
        for (const protocol::EditChange& change : edit.changes)
            names.append(field(QString::fromStdString(change.field)));
        return tr("%1 changed").arg(names.join(QStringLiteral(", ")));
    }
    if (what.startsWith(QLatin1String("link.")))
        return tr("%1 changed").arg(field(what.mid(5)));
    static const QHash<QString, const char*> words{
        {QStringLiteral("links.imported"), QT_TR_NOOP("Links imported")},
        {QStringLiteral("domain.created"), QT_TR_NOOP("Domain added")},
        {QStringLiteral("domain.added"), QT_TR_NOOP("Domain added")},
        {QStringLiteral("domain.verified"), QT_TR_NOOP("Domain verified")},
        {QStringLiteral("domain.ready"), QT_TR_NOOP("Domain ready")},
        {QStringLiteral("token.created"), QT_TR_NOOP("Token created")},
        {QStringLiteral("token.revoked"), QT_TR_NOOP("Token revoked")},
        {QStringLiteral("workspace.created"), QT_TR_NOOP("Workspace created")},
    };
    const char* word = words.value(what);
    return word ? tr(word) : safe(what, 64);
}

QString Words::ago(qint64 timeMs, qint64 nowMs)
{
    if (timeMs <= 0)
        return QString(widgets::unknownMark);
    const qint64 age = nowMs - timeMs;
    return age < 5000 ? tr("just now") : tr("%1 ago").arg(widgets::shortDuration(age));
}

QString Words::outcome(const state::Outcome& outcome)
{
    QString text = safe(outcome.destination, 256);
    if (!outcome.kind.isEmpty() && outcome.kind != QLatin1String("redirect"))
        text = safe(outcome.kind, 64).replace(QLatin1Char('_'), QLatin1Char(' '));
    else if (text.isEmpty())
        text = tr("no destination");
    if (!outcome.rule.isEmpty())
        text += outcome.variant.isEmpty() ? tr(" · rule %1").arg(safe(outcome.rule, 64))
                                          : tr(" · rule %1, %2").arg(safe(outcome.rule, 64), safe(outcome.variant, 64));
    return text;
}

QString Words::destinationProblem(const QString& text, const QStringList& ownHosts)
{
    if (text.isEmpty())
        return tr("A link needs somewhere to lead.");
    if (text.toUtf8().size() > static_cast<qsizetype>(protocol::limits::destinationBytes))
        return tr("Too long: %1 bytes at most.").arg(widgets::figure(protocol::limits::destinationBytes));
    const QUrl url(text, QUrl::StrictMode);
    if (!url.isValid() || url.scheme().isEmpty())
        return tr("Not a whole address: it starts with https://, for instance.");
    static const QStringList never{QStringLiteral("javascript"), QStringLiteral("data"), QStringLiteral("file"),
                                   QStringLiteral("vbscript"),   QStringLiteral("blob"), QStringLiteral("about")};
    if (never.contains(url.scheme().toLower()))
        return tr("%1: addresses are never a destination.").arg(url.scheme());
    const bool web = url.scheme() == QLatin1String("http") || url.scheme() == QLatin1String("https");
    if (web && url.host().isEmpty())
        return tr("A host is missing after %1://.").arg(url.scheme());
    if (!url.userInfo().isEmpty())
        return tr("No name or password may stand in a destination.");
    if (web && ownHosts.contains(url.host().toLower()))
        return tr("%1 is a domain of ours: the link would lead back here.").arg(url.host());
    return {};
}

} // namespace links
