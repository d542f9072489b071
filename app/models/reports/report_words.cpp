// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/models/reports/report_words.h"

#include <QCoreApplication>
#include <QLocale>

#include <cmath>

#include "app/models/hit_words.h"
#include "app/models/table_cells.h"
#include "backend/protocol/words.h"

namespace models::words {

namespace {

class Text {
    Q_DECLARE_TR_FUNCTIONS(models::ReportWords)
};

QString shown(const QString& value)
{
    return shownText(value.toStdString());
}

// "DE/Bavaria/Munich" as "Munich, Bavaria, DE"; a part that is unknown is left out.
QString place(const QString& value)
{
    QStringList parts = value.split(QLatin1Char('/'));
    const QString country = parts.takeFirst();
    std::reverse(parts.begin(), parts.end());
    parts.removeAll(QString());
    if (parts.isEmpty())
        return country.isEmpty() ? unknownPlace()
                                 : Text::tr("Unknown, %1").arg(shown(words::country(country.toStdString())));
    if (!country.isEmpty())
        parts.append(country);
    return shown(parts.join(QStringLiteral(", ")));
}

QString emptyName(const QString& by)
{
    if (by == QLatin1StringView("placement"))
        return Text::tr("no placement");
    if (by == QLatin1StringView("campaign"))
        return Text::tr("no campaign");
    if (by == QLatin1StringView("referrer"))
        return direct();
    if (by == QLatin1StringView("bot_category"))
        return Text::tr("Person");
    if (by == QLatin1StringView("rule") || by == QLatin1StringView("variant"))
        return Text::tr("no rule");
    if (by.startsWith(QLatin1StringView("utm_")))
        return Text::tr("not set");
    if (by == QLatin1StringView("link"))
        return Text::tr("no link");
    return Text::tr("Unknown");
}

// Values that are words of the protocol.
QString codeName(const QString& by, const std::string& value)
{
    if (by == QLatin1StringView("device"))
        if (const auto device = protocol::deviceTypeFrom(value))
            return words::device(*device);
    if (by == QLatin1StringView("touch"))
        if (const auto touch = protocol::touchTypeFrom(value))
            return words::touch(*touch);
    if (by == QLatin1StringView("class"))
        if (const auto hitClass = protocol::hitClassFrom(value))
            return words::hitClass(*hitClass);
    if (by == QLatin1StringView("bot_category"))
        if (const auto category = protocol::botCategoryFrom(value))
            return words::botCategory(*category);
    if (by == QLatin1StringView("bot"))
        return value == "true" ? Text::tr("Bots") : Text::tr("People");
    return {};
}

} // namespace

QList<Named> breakdowns()
{
    const auto named = [](const char* word, const QString& name) { return Named{QString::fromLatin1(word), name}; };
    return {named("link", Text::tr("Link")),
            named("country", Text::tr("Country")),
            named("channel", Text::tr("Channel")),
            named("referrer", Text::tr("Referrer")),
            named("device", Text::tr("Device")),
            named("touch", Text::tr("Touch")),
            named("placement", Text::tr("Placement")),
            named("campaign", Text::tr("Campaign")),
            named("region", Text::tr("Region")),
            named("city", Text::tr("City")),
            named("browser", Text::tr("Browser")),
            named("os", Text::tr("System")),
            named("language", Text::tr("Language")),
            named("bot", Text::tr("People and bots")),
            named("bot_category", Text::tr("Kind of bot")),
            named("class", Text::tr("Class")),
            named("utm_source", Text::tr("UTM source")),
            named("utm_medium", Text::tr("UTM medium")),
            named("utm_term", Text::tr("UTM term")),
            named("utm_content", Text::tr("UTM content")),
            named("destination", Text::tr("Destination")),
            named("rule", Text::tr("Rule")),
            named("variant", Text::tr("Variant")),
            named("status", Text::tr("Status"))};
}

QString breakdownName(const QString& word)
{
    for (const Named& named : breakdowns())
        if (named.word == word)
            return named.name;
    return shown(word);
}

QString metricName(Metric metric)
{
    switch (metric) {
    case Metric::Clicks:
        return Text::tr("Clicks");
    case Metric::People:
        return Text::tr("People");
    case Metric::Bots:
        return Text::tr("Bots");
    case Metric::Scans:
        return Text::tr("QR scans");
    case Metric::Uniques:
        return Text::tr("Uniques");
    case Metric::UniqueScanners:
        return Text::tr("Unique scanners");
    }
    return {};
}

bool isOtherValues(const QString& value)
{
    return value.toStdString() == protocol::otherValues;
}

QString reportValue(const QString& by, const QString& value)
{
    if (by == QLatin1StringView("region") || by == QLatin1StringView("city"))
        return place(value);
    if (value.isEmpty())
        return emptyName(by);
    if (isOtherValues(value))
        return Text::tr("further values");
    if (by == QLatin1StringView("country"))
        return shown(words::country(value.toStdString()));
    const QString name = codeName(by, value.toStdString());
    return name.isEmpty() ? shown(value) : name;
}

QString count(std::uint64_t value)
{
    return QLocale().toString(static_cast<qulonglong>(value));
}

QString share(std::uint64_t part, std::uint64_t whole)
{
    if (whole == 0)
        return QStringLiteral("\u2014");
    const double percent = 100.0 * static_cast<double>(part) / static_cast<double>(whole);
    return Text::tr("%1 %").arg(QLocale().toString(percent, 'f', 1));
}

QString change(std::uint64_t now, std::uint64_t before)
{
    if (before == 0)
        return now == 0 ? Text::tr("\u00B10 %") : Text::tr("new");
    const double percent =
        100.0 * (static_cast<double>(now) - static_cast<double>(before)) / static_cast<double>(before);
    const int decimals = std::abs(percent) < 10 ? 1 : 0;
    const QString figure = QLocale().toString(std::abs(percent), 'f', decimals);
    if (figure == QLocale().toString(0.0, 'f', decimals))
        return Text::tr("\u00B10 %");
    return percent < 0 ? Text::tr("\u2212%1 %").arg(figure) : Text::tr("+%1 %").arg(figure);
}

QString changed(const state::CountsChange& change)
{
    QStringList parts;
    const auto add = [&parts](std::int64_t by, const QString& name) {
        if (by != 0)
            parts << (by < 0 ? Text::tr("\u2212%1 %2", "a figure less of something")
                             : Text::tr("+%1 %2", "a figure more of something"))
                         .arg(count(static_cast<std::uint64_t>(std::abs(by))), name);
    };
    add(change.clicks, Text::tr("clicks"));
    add(change.humanClicks, Text::tr("people"));
    add(change.scans, Text::tr("scans"));
    if (parts.isEmpty())
        add(change.hits, Text::tr("hits"));
    return parts.join(QStringLiteral(", "));
}

QString weekday(int weekday)
{
    return QLocale().dayName(weekday, QLocale::ShortFormat);
}

} // namespace models::words
