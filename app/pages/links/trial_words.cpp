// SPDX-License-Identifier: GPL-3.0-or-later
// The words of rules, of what was tried, and of what went wrong.
#include <QHash>

#include "app/pages/links/link_words.h"
#include "app/widgets/theme/type.h"

namespace links {

namespace {

struct Kind {
    const char* name;
    const char* words;
    const char* example;
};

constexpr Kind kindWords[] = {
    {"country", QT_TRANSLATE_NOOP("links::Words", "Country"), "DE, AT, CH"},
    {"region", QT_TRANSLATE_NOOP("links::Words", "Region"), "Bavaria"},
    {"city", QT_TRANSLATE_NOOP("links::Words", "City"), "Munich"},
    {"device", QT_TRANSLATE_NOOP("links::Words", "Device"), "mobile, tablet"},
    {"os", QT_TRANSLATE_NOOP("links::Words", "System"), "iOS, Android"},
    {"browser", QT_TRANSLATE_NOOP("links::Words", "Browser"), "Firefox"},
    {"language", QT_TRANSLATE_NOOP("links::Words", "Language"), "de, fr"},
    {"referrer", QT_TRANSLATE_NOOP("links::Words", "Referrer"), "instagram.com"},
    {"query", QT_TRANSLATE_NOOP("links::Words", "Query parameter"), "vip, ref=partner"},
    {"address", QT_TRANSLATE_NOOP("links::Words", "Network"), "192.0.2.0/24"},
    {"between", QT_TRANSLATE_NOOP("links::Words", "Between (UTC)"), "2026-03-01T12:00:00Z/2026-03-02T00:00:00Z"},
    {"hours", QT_TRANSLATE_NOOP("links::Words", "Weekday, hour"), "mon-fri 09:00-17:00 Europe/Berlin"},
    {"touch", QT_TRANSLATE_NOOP("links::Words", "Touch"), "qr"},
    {"placement", QT_TRANSLATE_NOOP("links::Words", "Placement"), "poster-a"},
};

const Kind* kindNamed(const QString& name)
{
    for (const Kind& kind : kindWords)
        if (name == QLatin1StringView(kind.name))
            return &kind;
    return nullptr;
}

} // namespace

const QStringList& Words::kinds()
{
    static const QStringList names = [] {
        QStringList list;
        for (const Kind& kind : kindWords)
            list.append(QLatin1StringView(kind.name));
        return list;
    }();
    return names;
}

QString Words::kind(const QString& name)
{
    const Kind* kind = kindNamed(name);
    return kind ? tr(kind->words) : safe(name, 64);
}

QString Words::kindExample(const QString& name)
{
    const Kind* kind = kindNamed(name);
    return kind ? QLatin1StringView(kind->example) : QString();
}

QString Words::condition(const state::Condition& condition)
{
    constexpr qsizetype shown = 6; // a list of fifty countries is told by its first ones
    QString values = condition.values.first(std::min(shown, condition.values.size())).join(QStringLiteral(", "));
    if (condition.values.size() > shown)
        values += tr(" and %1 more").arg(condition.values.size() - shown);
    return (condition.negate ? tr("%1 is not %2") : tr("%1 is %2")).arg(kind(condition.kind), safe(values, 256));
}

QString Words::finding(const state::Finding& finding)
{
    const QString by = safe(finding.by, 64);
    if (finding.code == QLatin1String("shadowed"))
        return tr("Reached in part: some of these values are taken by %1 before.").arg(by);
    if (finding.code == QLatin1String("unreachable"))
        return by.isEmpty() ? tr("Never reached: the rules before it take everybody.")
                            : tr("Never reached: %1 before it takes everybody whom it is for.").arg(by);
    if (finding.code == QLatin1String("duplicate"))
        return tr("The same as %1.").arg(by);
    if (finding.code == QLatin1String("loop"))
        return tr("Leads back to a domain of ours: visitors would go in circles.");
    if (finding.code == QLatin1String("contradiction"))
        return tr("Can never hold: its conditions exclude each other.");
    if (finding.code == QLatin1String("never"))
        return tr("Can never hold: nothing is any of these values.");
    if (finding.code == QLatin1String("disabled"))
        return tr("Switched off: it decides nothing.");
    if (finding.code == QLatin1String("variant_same"))
        return tr("Two variants lead to the same place.");
    if (finding.code == QLatin1String("unknown_value"))
        return tr("A value that no visitor has: is it spelled right?");
    return safe(finding.code, 64).replace(QLatin1Char('_'), QLatin1Char(' '));
}

QString Words::step(const QString& code)
{
    static const QHash<QString, const char*> words{
        {QStringLiteral("reserved_path"), QT_TR_NOOP("The path is not reserved")},
        {QStringLiteral("domain_known"), QT_TR_NOOP("The domain is one of ours")},
        {QStringLiteral("domain_ready"), QT_TR_NOOP("The domain is ready")},
        {QStringLiteral("slug_known"), QT_TR_NOOP("The slug exists")},
        {QStringLiteral("not_deleted"), QT_TR_NOOP("The link is not deleted")},
        {QStringLiteral("not_expired"), QT_TR_NOOP("The link has not expired")},
        {QStringLiteral("click_limit"), QT_TR_NOOP("The click limit is not reached")},
        {QStringLiteral("password"), QT_TR_NOOP("No password stands in the way")},
        {QStringLiteral("not_paused"), QT_TR_NOOP("The link is not paused")},
        {QStringLiteral("not_flagged"), QT_TR_NOOP("The link is not flagged")},
        {QStringLiteral("rules"), QT_TR_NOOP("The rules")},
        {QStringLiteral("deep_link"), QT_TR_NOOP("An app in place of the page")},
        {QStringLiteral("destination"), QT_TR_NOOP("The destination")},
    };
    const char* word = words.value(code);
    return word ? tr(word) : safe(code, 64).replace(QLatin1Char('_'), QLatin1Char(' '));
}

QString Words::decision(const state::Decision& decision)
{
    if (decision.kind == QLatin1String("redirect")) {
        const QString to = safe(decision.location.isEmpty() ? decision.destination : decision.location, 2048);
        if (decision.rule.isEmpty())
            return tr("Goes to %1 (status %2), the link's own destination: no rule holds.")
                .arg(to)
                .arg(decision.status);
        QString text = tr("Goes to %1 (status %2), by %3.")
                           .arg(to)
                           .arg(decision.status)
                           .arg(ruleName(decision.rule, decision.ruleName));
        if (!decision.variant.isEmpty())
            text += QLatin1Char(' ') + tr("Variant %1.").arg(safe(decision.variant, 64));
        return text;
    }
    static const QHash<QString, const char*> words{
        {QStringLiteral("not_found"), QT_TR_NOOP("Answered “not found” (status %1).")},
        {QStringLiteral("gone"), QT_TR_NOOP("Answered “gone” (status %1).")},
        {QStringLiteral("forbidden"), QT_TR_NOOP("Refused (status %1).")},
        {QStringLiteral("unavailable"), QT_TR_NOOP("Answered “not available” (status %1).")},
        {QStringLiteral("password"), QT_TR_NOOP("Asks for the password (status %1).")},
    };
    const char* word = words.value(decision.kind, QT_TR_NOOP("Answered with status %1."));
    const QString text = tr(word).arg(decision.status);
    return decision.reason.isEmpty()
               ? text
               : text + QLatin1Char(' ') +
                     tr("Reason: %1.").arg(safe(decision.reason, 64).replace(QLatin1Char('_'), QLatin1Char(' ')));
}

QString Words::problem(const state::Problem& problem)
{
    static const QHash<QString, const char*> words{
        {QStringLiteral("unreachable"), QT_TR_NOOP("The backend does not answer.")},
        {QStringLiteral("timeout"), QT_TR_NOOP("The backend did not answer in time.")},
        {QStringLiteral("cancelled"), QT_TR_NOOP("The line was changed meanwhile.")},
        {QStringLiteral("not_json"), QT_TR_NOOP("The backend's answer could not be read.")},
        {QStringLiteral("too_many_requests"), QT_TR_NOOP("Too many questions at once: try again in a moment.")},
        {QStringLiteral("forbidden"), QT_TR_NOOP("Your role does not allow this.")},
        {QStringLiteral("role_too_low"), QT_TR_NOOP("Your role does not allow this.")},
        {QStringLiteral("not_found"), QT_TR_NOOP("It is not there any more.")},
        {QStringLiteral("busy"), QT_TR_NOOP("The backend is busy: try again in a moment.")},
        {QStringLiteral("rate_limit"), QT_TR_NOOP("Too many requests: try again in a moment.")},
        {QStringLiteral("slug_taken"), QT_TR_NOOP("Another link has this slug.")},
        {QStringLiteral("slug_deleted"), QT_TR_NOOP("A deleted link had this slug: it is kept free.")},
        {QStringLiteral("slug_reserved"), QT_TR_NOOP("This slug is reserved.")},
        {QStringLiteral("slug_too_long"), QT_TR_NOOP("The slug is too long.")},
        {QStringLiteral("slug_control"), QT_TR_NOOP("The slug holds a character that cannot be typed.")},
        {QStringLiteral("slug_dot_segment"), QT_TR_NOOP("A part of a slug may not be . or ..")},
        {QStringLiteral("destination_empty"), QT_TR_NOOP("A link needs somewhere to lead.")},
        {QStringLiteral("destination_scheme"), QT_TR_NOOP("Only http and https, and apps that the workspace allows.")},
        {QStringLiteral("destination_credentials"), QT_TR_NOOP("No name or password may stand in a destination.")},
        {QStringLiteral("destination_host"), QT_TR_NOOP("The host cannot be one.")},
        {QStringLiteral("destination_too_long"), QT_TR_NOOP("The destination is too long.")},
        {QStringLiteral("destination_own_domain"), QT_TR_NOOP("A domain of ours: the link would lead back here.")},
        {QStringLiteral("destination_character"), QT_TR_NOOP("A character in it can be in no address.")},
        {QStringLiteral("destination_control"), QT_TR_NOOP("A character in it can be in no address.")},
        {QStringLiteral("own_domain"), QT_TR_NOOP("A domain of ours: the link would lead back here.")},
        {QStringLiteral("status_not_redirect"), QT_TR_NOOP("Only 301, 302, 307 and 308 redirect.")},
        {QStringLiteral("unknown_domain"), QT_TR_NOOP("The workspace has no such domain.")},
        {QStringLiteral("missing"), QT_TR_NOOP("This is needed.")},
        {QStringLiteral("wrong_type"), QT_TR_NOOP("This cannot be read.")},
        {QStringLiteral("unknown_word"), QT_TR_NOOP("This word is not known.")},
        {QStringLiteral("version_conflict"), QT_TR_NOOP("Somebody changed the link meanwhile.")},
        {QStringLiteral("nothing_to_undo"), QT_TR_NOOP("There is nothing to undo.")},
        {QStringLiteral("txt_record_missing"),
         QT_TR_NOOP("The TXT record was not found. It may take a while to spread.")},
        {QStringLiteral("txt_record_different"), QT_TR_NOOP("A TXT record is there, but it says something else.")},
    };
    QString text;
    if (const char* word = words.value(problem.code))
        text = tr(word);
    else if (problem.code.endsWith(QLatin1String("too_long")))
        text = tr("Too long.");
    else if (problem.code.endsWith(QLatin1String("too_many")))
        text = tr("Too many.");
    else
        text = tr("Refused: %1.").arg(safe(problem.code, 64).replace(QLatin1Char('_'), QLatin1Char(' ')));
    if (problem.limit > 0)
        text += QLatin1Char(' ') + tr("%1 at most.").arg(widgets::figure(static_cast<quint64>(problem.limit)));
    return text;
}

} // namespace links
