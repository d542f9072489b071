// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStyledItemDelegate>

#include "app/models/table_words.h"
#include "app/pages/live/flags.h"
#include "app/pages/live/shaped_text.h"
#include "app/widgets/theme/theme.h"

namespace live {

// Paints a row's cells with as little work as possible: plain text, no style, no documents. Text from outside is only
// ever drawn as it is.
class HitDelegate : public QStyledItemDelegate {
    Q_OBJECT

public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    bool helpEvent(QHelpEvent* event, QAbstractItemView* view, const QStyleOptionViewItem& option,
                   const QModelIndex& index) override;

    static constexpr int padding = 9;

private:
    struct Cell;
    void paintLink(const Cell& cell) const;
    void paintTouch(const Cell& cell) const;
    void paintCountry(const Cell& cell) const;
    void paintVerdict(const Cell& cell) const;
    QPixmap arrow(const QColor& ink, double devicePixelRatio) const;

    mutable Flags m_flags;                 // pictures made on first use
    mutable QHash<QRgb, QPixmap> m_arrows; // of the themes' few colours
    mutable ShapedText m_shaped, m_chips;
};

} // namespace live
