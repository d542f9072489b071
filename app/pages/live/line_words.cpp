// SPDX-License-Identifier: GPL-3.0-or-later
// The part of Words that speaks about the line to the backend: why it is down, and why nothing arrives.
#include "app/pages/live/live_words.h"

#include <QDateTime>
#include <QLocale>

namespace live {

using state::OfflineReason;

QString Words::moment(qint64 utcMs)
{
    const QDateTime time = QDateTime::fromMSecsSinceEpoch(utcMs);
    const QString clock = time.toString(QStringLiteral("HH:mm"));
    if (time.date() == QDate::currentDate())
        return clock;
    return QLocale().toString(time.date(), QLocale::ShortFormat) + QLatin1Char(' ') + clock;
}

QString Words::offline(OfflineReason reason)
{
    switch (reason) {
    case OfflineReason::None:
        return tr("The line is down.");
    case OfflineReason::BadAddress:
        return tr("That is not an address a backend can have.");
    case OfflineReason::Unreachable:
        return tr("The backend does not answer.");
    case OfflineReason::Timeout:
        return tr("The backend took too long to answer.");
    case OfflineReason::Unauthorized:
        return tr("The backend does not accept this token.");
    case OfflineReason::Forbidden:
        return tr("This token may not see the live stream.");
    case OfflineReason::NotClickroom:
        return tr("Something answers at this address, but it is no Clickroom backend.");
    case OfflineReason::ProtocolError:
        return tr("The backend sent something that makes no sense.");
    case OfflineReason::ServerClosing:
        return tr("The backend is shutting down.");
    case OfflineReason::TooManySessions:
        return tr("The backend has as many consoles as it takes.");
    case OfflineReason::TooSlow:
        return tr("This console was too slow to keep up.");
    case OfflineReason::BadFilter:
        return tr("The backend does not accept the stream filter.");
    case OfflineReason::Redirected:
        return tr("The address leads elsewhere. That is refused, so that the token stays with its backend.");
    case OfflineReason::TlsError:
        return tr("The connection is not secure: the certificate was not accepted.");
    }
    return {};
}

QString Words::offlineAdvice(OfflineReason reason)
{
    switch (reason) {
    case OfflineReason::BadAddress:
    case OfflineReason::NotClickroom:
    case OfflineReason::Redirected:
        return tr("Check the address; it looks like http://127.0.0.1:8081.");
    case OfflineReason::Unauthorized:
    case OfflineReason::Forbidden:
        return tr("Make a new one with: clickroomd token create --workspace default --role operator");
    case OfflineReason::Unreachable:
    case OfflineReason::Timeout:
        return tr("Is clickroomd running, and is its API at this address?");
    case OfflineReason::TlsError:
        return tr("Check the certificate and this computer's clock.");
    case OfflineReason::BadFilter:
        return tr("Clear the stream filter.");
    case OfflineReason::ProtocolError:
        return tr("Console and backend may be of different versions.");
    default:
        return {};
    }
}

QString Words::diagnosisTitle(const QString& code)
{
    if (code == QLatin1String("host"))
        return tr("Requests reach this backend");
    if (code == QLatin1String("workspace"))
        return tr("The workspace");
    if (code == QLatin1String("domain"))
        return tr("A domain is ready");
    if (code == QLatin1String("filter"))
        return tr("The stream filter");
    if (code == QLatin1String("connection"))
        return tr("The line to the backend");
    if (code == QLatin1String("bots"))
        return tr("Bots");
    if (code == QLatin1String("paused"))
        return tr("Pause");
    if (code == QLatin1String("links"))
        return tr("Active links");
    if (code == QLatin1String("display_filter"))
        return tr("The display filter");
    return code;
}

QString Words::diagnosisText(const QString& code, const QString& state)
{
    const bool ok = state == QLatin1String("ok");
    if (code == QLatin1String("host"))
        return ok ? tr("Hits have arrived.")
                  : tr("No hit has arrived yet: is the short link's host pointed at this backend?");
    if (code == QLatin1String("workspace"))
        return ok ? tr("This token sees the workspace that the hits belong to.")
                  : tr("Hits arrive, but in another workspace than this token's.");
    if (code == QLatin1String("domain"))
        return ok ? tr("At least one domain leads to links.")
                  : tr("No domain is ready. Verify one: clickroomd domain verify HOST");
    if (code == QLatin1String("links"))
        return ok ? tr("There are active links.") : tr("There is no active link. Make one: clickroomd link add");
    if (code == QLatin1String("filter"))
        return ok ? tr("It lets everything through.") : tr("It is set, and may be what keeps hits away.");
    if (code == QLatin1String("display_filter"))
        return ok ? tr("Rows that match are on screen.")
                  : tr("Rows have arrived, but none of them matches: clear the display filter.");
    if (code == QLatin1String("connection"))
        return ok ? tr("The stream is live.")
                  : tr("The stream is not live; what arrives now is shown after it is back.");
    if (code == QLatin1String("bots"))
        return ok ? tr("Bots are shown.") : tr("Bots are hidden; what arrived lately were bots.");
    if (code == QLatin1String("paused"))
        return ok ? tr("The table follows.") : tr("The table is paused or held: new rows wait.");
    return {};
}

} // namespace live
