// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/models/hit_words.h"

#include <QCoreApplication>
#include <QLocale>

#include "app/models/table_cells.h"
#include "app/models/table_words.h"
#include "backend/protocol/words.h"

namespace models {

namespace {

class Text {
    Q_DECLARE_TR_FUNCTIONS(models::words)
};

} // namespace

QString HitTableWords::ageText(qint64 ageMs)
{
    const qint64 seconds = ageMs / 1000;
    if (seconds < 1)
        return Text::tr("now");
    if (seconds < 60)
        return Text::tr("%1 s").arg(seconds);
    if (seconds < 60 * 60)
        return Text::tr("%1 min").arg(seconds / 60);
    if (seconds < 48 * 60 * 60)
        return Text::tr("%1 h").arg(seconds / (60 * 60));
    return Text::tr("%1 d").arg(seconds / (24 * 60 * 60));
}

namespace words {

QString hitClass(protocol::HitClass value)
{
    switch (value) {
    case protocol::HitClass::Click:
        return Text::tr("Click");
    case protocol::HitClass::Probe:
        return Text::tr("Probe");
    case protocol::HitClass::Prefetch:
        return Text::tr("Prefetch");
    case protocol::HitClass::Miss:
        return Text::tr("Miss");
    case protocol::HitClass::Blocked:
        return Text::tr("Blocked");
    }
    return unknownName();
}

QString touch(protocol::TouchType value)
{
    switch (value) {
    case protocol::TouchType::Link:
        return Text::tr("Link");
    case protocol::TouchType::Qr:
        return Text::tr("QR");
    }
    return unknownName();
}

QString device(protocol::DeviceType value)
{
    switch (value) {
    case protocol::DeviceType::Mobile:
        return Text::tr("Mobile");
    case protocol::DeviceType::Tablet:
        return Text::tr("Tablet");
    case protocol::DeviceType::Desktop:
        return Text::tr("Desktop");
    case protocol::DeviceType::Other:
        return Text::tr("Other");
    }
    return unknownName();
}

QString reason(protocol::HitReason value)
{
    switch (value) {
    case protocol::HitReason::None:
        return {};
    case protocol::HitReason::Head:
        return Text::tr("HEAD request");
    case protocol::HitReason::PrefetchHeader:
        return Text::tr("prefetched");
    case protocol::HitReason::UnknownHost:
        return Text::tr("no such host");
    case protocol::HitReason::DomainNotReady:
        return Text::tr("domain not ready");
    case protocol::HitReason::UnknownSlug:
        return Text::tr("no such slug");
    case protocol::HitReason::LinkDeleted:
        return Text::tr("link deleted");
    case protocol::HitReason::LinkExpired:
        return Text::tr("link expired");
    case protocol::HitReason::ClickLimit:
        return Text::tr("click limit reached");
    case protocol::HitReason::LinkPaused:
        return Text::tr("link paused");
    case protocol::HitReason::Flagged:
        return Text::tr("link flagged");
    case protocol::HitReason::RateLimit:
        return Text::tr("too many requests");
    case protocol::HitReason::PasswordNotPassed:
        return Text::tr("password not passed");
    case protocol::HitReason::Loop:
        return Text::tr("redirect loop");
    }
    return unknownName();
}

QString botCategory(protocol::BotCategory value)
{
    switch (value) {
    case protocol::BotCategory::Human:
        return {};
    case protocol::BotCategory::Preview:
        return Text::tr("preview");
    case protocol::BotCategory::Scanner:
        return Text::tr("scanner");
    case protocol::BotCategory::SocialCrawler:
        return Text::tr("social crawler");
    case protocol::BotCategory::SearchCrawler:
        return Text::tr("search crawler");
    case protocol::BotCategory::AiCrawler:
        return Text::tr("AI crawler");
    case protocol::BotCategory::Monitoring:
        return Text::tr("monitoring");
    case protocol::BotCategory::HttpClient:
        return Text::tr("HTTP client");
    case protocol::BotCategory::Headless:
        return Text::tr("headless browser");
    case protocol::BotCategory::NoUserAgent:
        return Text::tr("no user agent");
    case protocol::BotCategory::SeoCrawler:
        return Text::tr("SEO crawler");
    case protocol::BotCategory::FeedReader:
        return Text::tr("feed reader");
    case protocol::BotCategory::Other:
        return Text::tr("other bot");
    }
    return unknownName();
}

QString country(const std::string& alpha2)
{
    const QString code = shownText(alpha2);
    const QLocale::Territory territory = code.size() == 2 ? QLocale::codeToTerritory(code) : QLocale::AnyTerritory;
    return territory == QLocale::AnyTerritory ? code : QLocale::territoryToString(territory);
}

QString unknownPlace()
{
    return Text::tr("Unknown place");
}

QString unknownName()
{
    return Text::tr("Unknown");
}

QString direct()
{
    return Text::tr("direct");
}

QString ago(qint64 ageMs)
{
    return ageMs < 1000 ? Text::tr("now") : Text::tr("%1 ago").arg(HitTableWords::ageText(ageMs));
}

QString exactTime(const QDateTime& utc)
{
    return Text::tr("%1 UTC").arg(utc.toString(QStringLiteral("yyyy-MM-dd HH:mm:ss.zzz")));
}

QString repeat()
{
    return Text::tr("repeat");
}

QString repeatTooltip()
{
    return Text::tr("The same visitor was here a short while before");
}

QString didYouMean(const QString& slug)
{
    return Text::tr("did you mean %1?").arg(slug);
}

QString leftMemory()
{
    return Text::tr("No longer in memory: newer hits have taken its place");
}

} // namespace words

} // namespace models
