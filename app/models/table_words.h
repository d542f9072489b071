// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <Qt>

namespace models {

// The columns and roles of the live table, and the words for them.
class HitTableWords {
public:
    // clang-format off
    enum Column {
        Time, Link, Touch, Country, Device, Referrer, Bot, // shown by default, up to here
        Campaign, Class, Reason, Browser, Os, Region, City, Placement, UtmSource, UtmMedium, UtmTerm, UtmContent,
        Destination, Rule, RuleVersion, Variant, PassedOver, Status, Language, Visitor, Channel, Repeat, Mark, Comment, Seq,
        ColumnCount
    };
    static constexpr int defaultColumns = Bot + 1;

    enum Role {
        SeqRole = Qt::UserRole + 1, // quint64
        TimeRole,                   // qint64, UTC milliseconds
        ClassRole,                  // int of protocol::HitClass
        IsBotRole, IsMissRole, IsQrRole, IsRepeatRole, IsMarkedRole, // bool
        FilterTextRole,             // "country:DE": the display filter that keeps rows like this cell; empty = none
        ToneRole,                   // int of Tone
        DomainRole, SlugRole,       // QString, for painting them apart
        CountryRole,                // QString, alpha-2 or empty
        SuggestionRole,             // QString: slug near a miss's, or empty
        CommentRole,                // QString
        ValueRole,                  // QString, the raw value as in exports
        ShortRole,                  // QString: DisplayRole without "ago" and the like, for narrow places
    };
    // clang-format on
    enum class Tone { Normal, Quiet, Miss, Bot, Blocked };

    static QString columnTitle(int column);
    static QString columnKey(int column); // "utm_source": for settings, and the column's name in exports
    // The text of an age: "now", "3 s", "2 min", "5 h", "3 d".
    static QString ageText(qint64 ageMs);
};

} // namespace models
