// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/live/live_words.h"

#include <QHash>

#include "app/widgets/theme/type.h"
#include "backend/protocol/words.h"

namespace live {

using protocol::BotCategory;
using protocol::DeviceType;
using protocol::HitClass;
using protocol::HitReason;
using protocol::TouchType;

QString Words::safe(const std::string& text, std::size_t bytesMax)
{
    return QString::fromStdString(protocol::visibleText(text, bytesMax));
}

QString Words::hitClass(HitClass value)
{
    switch (value) {
    case HitClass::Click:
        return tr("click");
    case HitClass::Probe:
        return tr("probe");
    case HitClass::Prefetch:
        return tr("prefetch");
    case HitClass::Miss:
        return tr("miss");
    case HitClass::Blocked:
        return tr("blocked");
    }
    return QString(widgets::unknownMark);
}

QString Words::touch(TouchType value)
{
    return value == TouchType::Qr ? tr("QR") : tr("Link");
}

QString Words::device(DeviceType value)
{
    switch (value) {
    case DeviceType::Mobile:
        return tr("Mobile");
    case DeviceType::Tablet:
        return tr("Tablet");
    case DeviceType::Desktop:
        return tr("Desktop");
    case DeviceType::Other:
        break;
    }
    return tr("Other");
}

QString Words::botCategory(BotCategory value)
{
    switch (value) {
    case BotCategory::Human:
        return tr("person");
    case BotCategory::Preview:
        return tr("preview");
    case BotCategory::Scanner:
        return tr("scanner");
    case BotCategory::SocialCrawler:
        return tr("social crawler");
    case BotCategory::SearchCrawler:
        return tr("search crawler");
    case BotCategory::AiCrawler:
        return tr("AI crawler");
    case BotCategory::Monitoring:
        return tr("monitoring");
    case BotCategory::HttpClient:
        return tr("HTTP client");
    case BotCategory::Headless:
        return tr("headless browser");
    case BotCategory::NoUserAgent:
        return tr("no agent");
    case BotCategory::SeoCrawler:
        return tr("SEO crawler");
    case BotCategory::FeedReader:
        return tr("feed reader");
    case BotCategory::Other:
        break;
    }
    return tr("other bot");
}

QString Words::trend(protocol::Trend value)
{
    switch (value) {
    case protocol::Trend::Accelerating:
        return tr("\u25B2 accelerating");
    case protocol::Trend::Steady:
        return tr("\u25AC steady");
    case protocol::Trend::Fading:
        return tr("\u25BC fading");
    case protocol::Trend::Unknown:
        break;
    }
    return tr("too early to say");
}

QString Words::window(qint64 seconds)
{
    return seconds % 3600 == 0 ? tr("%1 h").arg(seconds / 3600) : tr("%1 min").arg(seconds / 60);
}

QString Words::redirectStory(const protocol::Hit& hit, const QString& suggestion, const RuleNames& rules)
{
    const QString slug = safe(hit.slug);
    const QString host = safe(hit.domain);
    switch (hit.reason) {
    case HitReason::Head:
        return tr("A probe: the request asked for the header alone (HEAD). It was answered like a click and is not "
                  "counted as one.");
    case HitReason::PrefetchHeader:
        return tr("A prefetch: the browser fetched the link ahead of a possible click and said so. It is not counted "
                  "as a click.");
    case HitReason::UnknownHost:
        return tr("A miss: no workspace has the domain %1.").arg(host);
    case HitReason::DomainNotReady:
        return tr("A miss: the domain %1 is known, but not ready. Only ready domains lead anywhere.").arg(host);
    case HitReason::UnknownSlug: {
        const QString text = tr("A miss: %1 has no link “%2”.").arg(host, slug);
        return suggestion.isEmpty()
                   ? text
                   : text + QLatin1Char(' ') + tr("There is “%1”: did they mean that?").arg(suggestion);
    }
    case HitReason::LinkDeleted:
        return tr("A miss: the link was deleted. Its slug is kept free of new links.");
    case HitReason::LinkExpired:
        return tr("A miss: the link has expired.");
    case HitReason::ClickLimit:
        return tr("A miss: the link has reached its click limit.");
    case HitReason::LinkPaused:
        return tr("A miss: the link is paused. Resume it to let people through.");
    case HitReason::Flagged:
        return tr("Blocked: the link is flagged.");
    case HitReason::RateLimit:
        return tr("Blocked: too many requests from one place.");
    case HitReason::PasswordNotPassed:
        return tr("Blocked: the password was not given.");
    case HitReason::Loop:
        return tr("Blocked: the destination leads back here.");
    case HitReason::None:
        break;
    }
    QString text = hit.rule.empty()
                       ? tr("The link's own destination was used: no rule decided otherwise.")
                       : tr("Rule %1 (version %2) decided.").arg(ruleName(hit.rule, rules)).arg(hit.ruleVersion);
    if (!hit.variant.empty())
        text += QLatin1Char(' ') + tr("The visitor fell into variant %1.").arg(safe(hit.variant));
    if (const QString before = passedOver(hit, rules); !before.isEmpty())
        text += QLatin1Char(' ') + before;
    return text + QLatin1Char(' ') + tr("Answered with status %1.").arg(hit.status);
}

QString Words::botStory(const protocol::Hit& hit)
{
    if (!hit.isBot())
        return tr("A person, as far as can be told: no sign of a program was found.");
    const QString reason = safe(hit.botReason);
    const qsizetype colon = reason.indexOf(QLatin1Char(':'));
    const QString kind = reason.left(colon);
    const QString name = colon < 0 ? QString() : reason.mid(colon + 1);
    QString why;
    if (reason.isEmpty())
        why = tr("The signal was not recorded.");
    else if (kind == QLatin1String("agent") || kind == QLatin1String("ua"))
        why = tr("The agent calls itself “%1”.").arg(name);
    else if (kind == QLatin1String("list") || kind == QLatin1String("pattern"))
        why = tr("The agent is on the list of known crawlers (%1).").arg(name);
    else if (kind == QLatin1String("no_user_agent"))
        why = tr("The request named no agent at all.");
    else
        why = tr("The signal that fired: %1.").arg(reason);
    return tr("A bot: %1.").arg(botCategory(hit.botCategory)) + QLatin1Char(' ') + why + QLatin1Char(' ') +
           tr("Bots are kept and shown, and count in no human figure.");
}

QString Words::filterProblem(const protocol::FilterParse& parse)
{
    const QString piece = safe(parse.errorText, 60);
    static const QHash<QString, const char*> words{
        {QStringLiteral("unknown_field"), QT_TR_NOOP("“%1” is not a field")},
        {QStringLiteral("missing_value"), QT_TR_NOOP("a value is missing after “%1”")},
        {QStringLiteral("unbalanced"), QT_TR_NOOP("a bracket or quote is not closed")},
        {QStringLiteral("too_long"), QT_TR_NOOP("the filter is too long")},
        {QStringLiteral("too_deep"), QT_TR_NOOP("too many brackets within brackets")},
        {QStringLiteral("not_a_number"), QT_TR_NOOP("“%1” is not a number")},
        {QStringLiteral("unexpected"), QT_TR_NOOP("“%1” was not expected here")},
    };
    const char* text = words.value(QString::fromStdString(parse.error), QT_TR_NOOP("“%1” is not understood"));
    const QString sentence = tr(text);
    return sentence.contains(QLatin1String("%1")) ? sentence.arg(piece) : sentence;
}

} // namespace live
