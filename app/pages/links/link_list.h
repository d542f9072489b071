// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStyledItemDelegate>
#include <QTableView>
#include <QTimer>
#include <QWidget>

#include "app/models/link_table_model.h"

class QLineEdit;

namespace widgets {
class ChoiceButton;
class StatusStack;
class Text;
} // namespace widgets

namespace links {

// Paints a link's cells: slug bright, domain quiet, the state by glyph, word and colour.
class LinkDelegate : public QStyledItemDelegate {
    Q_OBJECT

public:
    using QStyledItemDelegate::QStyledItemDelegate;
    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    QSize sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const override { return {60, 25}; }
};

// The links there are, searched by words and narrowed by state, tag and campaign.
class LinkList : public QWidget {
    Q_OBJECT

public:
    explicit LinkList(models::LinkTableModel& model, QWidget* parent = nullptr);

    QTableView* table() const { return m_table; }
    QLineEdit* search() const { return m_search; }
    widgets::StatusStack* stack() const { return m_stack; }
    // Without telling of it.
    void select(quint64 link);
    void moveRow(int step);
    // What may be narrowed by, anew.
    void offer();
    void showCount();
    void clearFilter();
    // There are more links than the model holds: a search is told of, to be carried out where all are.
    void setCut(bool cut);

signals:
    void searched(const models::LinkFilter& filter);
    void chosen(quint64 link);
    void newRequested();
    void retryRequested();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void narrow();
    void placeColumns();

    models::LinkTableModel& m_model;
    QLineEdit* m_search;
    widgets::ChoiceButton *m_state, *m_tag, *m_campaign;
    widgets::Text* m_count;
    QTableView* m_table;
    widgets::StatusStack* m_stack;
    QTimer m_searchSoon;
    bool m_selecting = false, m_isCut = false;
};

} // namespace links
