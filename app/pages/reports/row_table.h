// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

class QAbstractItemModel;
class QTableView;
class QString;
class QWidget;

namespace widgets {
class Text;
}

namespace reports {

// A table of figures in rows to be read, one of them chosen; nothing in it is edited or sorted.
QTableView* rowTable(QAbstractItemModel& model, const QString& name);
// The sentence for all above it, and below it the chosen row in full.
void layOutRows(QWidget& panel, widgets::Text* summary, QTableView* table, widgets::Text* chosen);

} // namespace reports
