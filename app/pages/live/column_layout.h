// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QSet>

namespace live {

// Which columns the live table shows and how wide: those wanted, as many as fit. Where they do not, columns go by
// priority; time, link, touch and bot stay to the last.
class ColumnLayout {
public:
    struct Placed {
        int column;
        int width;

        friend bool operator==(const Placed&, const Placed&) = default;
    };

    ColumnLayout();

    const QSet<int>& wanted() const { return m_wanted; }
    void setWanted(int column, bool wanted);
    void setAllWanted(const QSet<int>& columns);
    static bool isFixed(int column);

    // In the order shown. Widths fill `room`: what is left over goes to the columns with long text.
    QList<Placed> place(int room) const;

private:
    QSet<int> m_wanted;
};

} // namespace live
