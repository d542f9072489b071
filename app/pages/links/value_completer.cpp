// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/links/value_completer.h"

#include <QAbstractItemView>
#include <QLocale>
#include <QStandardItemModel>
#include <QTimeZone>

#include <algorithm>

namespace links {

namespace {

constexpr int valueRole = Qt::UserRole + 1;

QList<Completion> countries()
{
    QList<Completion> list;
    for (int i = 1; i <= QLocale::LastTerritory; ++i) {
        const auto territory = static_cast<QLocale::Territory>(i);
        const QString code = QLocale::territoryToCode(territory);
        if (code.size() == 2)
            list.append({code, QLocale::territoryToString(territory)});
    }
    std::sort(list.begin(), list.end(), [](const auto& a, const auto& b) { return a.meaning < b.meaning; });
    return list;
}

QList<Completion> languages()
{
    QList<Completion> list;
    for (int i = 2; i <= QLocale::LastLanguage; ++i) {
        const auto language = static_cast<QLocale::Language>(i);
        const QString code = QLocale::languageToCode(language, QLocale::ISO639Part1);
        if (code.size() == 2)
            list.append({code, QLocale::languageToString(language)});
    }
    std::sort(list.begin(), list.end(), [](const auto& a, const auto& b) { return a.meaning < b.meaning; });
    return list;
}

QList<Completion> words(const QStringList& values)
{
    QList<Completion> list;
    for (const QString& value : values)
        list.append({value, {}});
    return list;
}

// The piece after the last comma that stands outside of quotes.
qsizetype lastStart(const QString& text)
{
    qsizetype start = 0;
    bool quoted = false;
    for (qsizetype i = 0; i < text.size(); ++i) {
        if (text[i] == QLatin1Char('"'))
            quoted = !quoted;
        else if (text[i] == QLatin1Char(',') && !quoted)
            start = i + 1;
    }
    return start;
}

} // namespace

QList<Completion> completionsFor(const QString& kind)
{
    if (kind == QLatin1String("country"))
        return countries();
    if (kind == QLatin1String("language"))
        return languages();
    if (kind == QLatin1String("device"))
        return words(
            {QStringLiteral("mobile"), QStringLiteral("tablet"), QStringLiteral("desktop"), QStringLiteral("other")});
    if (kind == QLatin1String("touch"))
        return words({QStringLiteral("link"), QStringLiteral("qr")});
    if (kind == QLatin1String("os"))
        return words({QStringLiteral("iOS"), QStringLiteral("Android"), QStringLiteral("Windows"),
                      QStringLiteral("macOS"), QStringLiteral("Linux"), QStringLiteral("ChromeOS")});
    if (kind == QLatin1String("browser"))
        return words({QStringLiteral("Chrome"), QStringLiteral("Safari"), QStringLiteral("Firefox"),
                      QStringLiteral("Edge"), QStringLiteral("Opera"), QStringLiteral("Samsung Internet")});
    if (kind == QLatin1String("referrer"))
        return words({QStringLiteral("instagram.com"), QStringLiteral("facebook.com"), QStringLiteral("tiktok.com"),
                      QStringLiteral("linkedin.com"), QStringLiteral("youtube.com"), QStringLiteral("google.com"),
                      QStringLiteral("reddit.com"), QStringLiteral("t.co")});
    if (kind == QLatin1String("hours"))
        return words({QStringLiteral("mon-fri 09:00-17:00 UTC"), QStringLiteral("mon-sun 18:00-23:00 Europe/Berlin"),
                      QStringLiteral("sat-sun 00:00-24:00 Europe/London")});
    return {};
}

ValueList::ValueList(QWidget* parent) : QLineEdit(parent), m_words(new QStandardItemModel(this))
{
    auto* completer = new LastValueCompleter(this);
    completer->setModel(m_words);
    completer->setCaseSensitivity(Qt::CaseInsensitive);
    completer->setFilterMode(Qt::MatchContains);
    setCompleter(completer);
}

void ValueList::setCompletions(const QList<Completion>& completions)
{
    m_words->clear();
    for (const Completion& one : completions) {
        auto* item =
            new QStandardItem(one.meaning.isEmpty() ? one.value : one.value + QStringLiteral("  ") + one.meaning);
        item->setData(one.value, valueRole);
        m_words->appendRow(item);
    }
}

QStringList ValueList::split(const QString& text)
{
    QStringList values;
    QString value;
    bool quoted = false;
    const auto end = [&] {
        if (const QString one = value.trimmed(); !one.isEmpty())
            values.append(one);
        value.clear();
    };
    for (const QChar c : text) {
        if (c == QLatin1Char('"'))
            quoted = !quoted;
        else if (c == QLatin1Char(',') && !quoted)
            end();
        else
            value.append(c);
    }
    end();
    return values;
}

QString ValueList::join(const QStringList& values)
{
    QStringList parts;
    for (const QString& value : values)
        parts.append(value.contains(QLatin1Char(',')) ? QLatin1Char('"') + value + QLatin1Char('"') : value);
    return parts.join(QStringLiteral(", "));
}

LastValueCompleter::LastValueCompleter(QLineEdit* line) : QCompleter(line), m_line(line) {}

QString LastValueCompleter::pathFromIndex(const QModelIndex& index) const
{
    const QString text = m_line->text();
    const QString before = text.left(lastStart(text));
    const QString value = index.data(valueRole).toString();
    return before.isEmpty() ? ValueList::join({value}) : before + QLatin1Char(' ') + ValueList::join({value});
}

QStringList LastValueCompleter::splitPath(const QString& path) const
{
    return {path.mid(lastStart(path)).trimmed()};
}

} // namespace links
