// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/models/table_words.h"

#include <QCoreApplication>

#include <array>

#include "app/models/table_cells.h"
#include "backend/protocol/hit_columns.h"

namespace models {

namespace {

using protocol::HitColumn;

struct ColumnWords {
    int column;
    const char* title;
    const char* ownKey; // of columns that no hit has; else the hit column's name is the key
    std::optional<HitColumn> source;
};

// Titles are marked for translation here and translated when asked for.
constexpr std::array<ColumnWords, HitTableWords::ColumnCount> columns{{
    {HitTableWords::Time, QT_TRANSLATE_NOOP("models::words", "Time"), nullptr, HitColumn::Time},
    {HitTableWords::Link, QT_TRANSLATE_NOOP("models::words", "Link"), "link", std::nullopt},
    {HitTableWords::Touch, QT_TRANSLATE_NOOP("models::words", "Touch"), nullptr, HitColumn::Touch},
    {HitTableWords::Country, QT_TRANSLATE_NOOP("models::words", "Country"), nullptr, HitColumn::Country},
    {HitTableWords::Device, QT_TRANSLATE_NOOP("models::words", "Device"), nullptr, HitColumn::Device},
    {HitTableWords::Referrer, QT_TRANSLATE_NOOP("models::words", "Referrer"), nullptr, HitColumn::Referrer},
    {HitTableWords::Bot, QT_TRANSLATE_NOOP("models::words", "Bot / reason"), nullptr, HitColumn::Bot},
    {HitTableWords::Campaign, QT_TRANSLATE_NOOP("models::words", "Campaign"), nullptr, HitColumn::Campaign},
    {HitTableWords::Class, QT_TRANSLATE_NOOP("models::words", "Class"), nullptr, HitColumn::Class},
    {HitTableWords::Reason, QT_TRANSLATE_NOOP("models::words", "Reason"), nullptr, HitColumn::Reason},
    {HitTableWords::Browser, QT_TRANSLATE_NOOP("models::words", "Browser"), nullptr, HitColumn::Browser},
    {HitTableWords::Os, QT_TRANSLATE_NOOP("models::words", "System"), nullptr, HitColumn::Os},
    {HitTableWords::Region, QT_TRANSLATE_NOOP("models::words", "Region"), nullptr, HitColumn::Region},
    {HitTableWords::City, QT_TRANSLATE_NOOP("models::words", "City"), nullptr, HitColumn::City},
    {HitTableWords::Placement, QT_TRANSLATE_NOOP("models::words", "Placement"), nullptr, HitColumn::Placement},
    {HitTableWords::UtmSource, QT_TRANSLATE_NOOP("models::words", "UTM source"), nullptr, HitColumn::UtmSource},
    {HitTableWords::UtmMedium, QT_TRANSLATE_NOOP("models::words", "UTM medium"), nullptr, HitColumn::UtmMedium},
    {HitTableWords::UtmTerm, QT_TRANSLATE_NOOP("models::words", "UTM term"), nullptr, HitColumn::UtmTerm},
    {HitTableWords::UtmContent, QT_TRANSLATE_NOOP("models::words", "UTM content"), nullptr, HitColumn::UtmContent},
    {HitTableWords::Destination, QT_TRANSLATE_NOOP("models::words", "Destination"), nullptr, HitColumn::Destination},
    {HitTableWords::Rule, QT_TRANSLATE_NOOP("models::words", "Rule"), nullptr, HitColumn::Rule},
    {HitTableWords::RuleVersion, QT_TRANSLATE_NOOP("models::words", "Rule version"), nullptr, HitColumn::RuleVersion},
    {HitTableWords::Variant, QT_TRANSLATE_NOOP("models::words", "Variant"), nullptr, HitColumn::Variant},
    {HitTableWords::PassedOver, QT_TRANSLATE_NOOP("models::words", "Rules passed over"), nullptr,
     HitColumn::PassedOver},
    {HitTableWords::Status, QT_TRANSLATE_NOOP("models::words", "Status"), nullptr, HitColumn::Status},
    {HitTableWords::Language, QT_TRANSLATE_NOOP("models::words", "Language"), nullptr, HitColumn::Language},
    {HitTableWords::Visitor, QT_TRANSLATE_NOOP("models::words", "Visitor"), nullptr, HitColumn::Visitor},
    {HitTableWords::Channel, QT_TRANSLATE_NOOP("models::words", "Channel"), nullptr, HitColumn::Channel},
    {HitTableWords::Repeat, QT_TRANSLATE_NOOP("models::words", "Repeat"), "repeat", std::nullopt},
    {HitTableWords::Mark, QT_TRANSLATE_NOOP("models::words", "Mark"), "mark", std::nullopt},
    {HitTableWords::Comment, QT_TRANSLATE_NOOP("models::words", "Comment"), "comment", std::nullopt},
    {HitTableWords::Seq, QT_TRANSLATE_NOOP("models::words", "Sequence"), nullptr, HitColumn::Seq},
}};

constexpr bool areInOrder()
{
    for (int i = 0; i < HitTableWords::ColumnCount; ++i) {
        if (columns[static_cast<std::size_t>(i)].column != i)
            return false;
    }
    return true;
}
static_assert(areInOrder());

const ColumnWords* wordsOf(int column)
{
    return column < 0 || column >= HitTableWords::ColumnCount ? nullptr : &columns[static_cast<std::size_t>(column)];
}

} // namespace

QString HitTableWords::columnTitle(int column)
{
    const ColumnWords* words = wordsOf(column);
    return words ? QCoreApplication::translate("models::words", words->title) : QString();
}

QString HitTableWords::columnKey(int column)
{
    const ColumnWords* words = wordsOf(column);
    if (!words)
        return {};
    if (words->ownKey)
        return QString::fromLatin1(words->ownKey);
    const std::string_view name = protocol::hitColumns()[static_cast<std::size_t>(*words->source)].name;
    return QString::fromLatin1(name.data(), static_cast<qsizetype>(name.size()));
}

std::optional<HitColumn> hitColumnOf(int column)
{
    const ColumnWords* words = wordsOf(column);
    return words ? words->source : std::nullopt;
}

} // namespace models
