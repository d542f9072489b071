// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QMenu>
#include <QModelIndex>

#include "app/models/hit_table_model.h"

namespace live {

// What can be done with a cell of the live table: filter by it, copy it, mark the row, open the link, look closer.
class CellMenu : public QMenu {
    Q_OBJECT

public:
    CellMenu(models::HitTableModel& model, const QModelIndex& index, const QList<int>& shownColumns,
             const QString& displayText, bool mayEdit, QWidget* parent = nullptr);

signals:
    void displayRequested(const QString& text);
    void streamRequested(const QString& text); // a filter text that is also a stream filter
    void inspectRequested(int row);
    void markRequested(quint64 seq, bool marked);
    void codesRequested(const QString& address); // QR codes of the link
    void editRequested(quint64 link);
    void createRequested(const QString& domain, const QString& slug);
    void addressRequested(const QString& address);

private:
    void addFilters(const QString& condition, const QString& displayText);
    void addCopies(const models::HitTableModel& model, const QModelIndex& index, const QList<int>& shownColumns);
    void addOpen(const protocol::Hit& hit);
    void addSteering(const protocol::Hit& hit, const QString& suggestion, bool mayEdit);
};

// The address of a hit's link, if it may be opened: http and https only, whatever the data says.
QUrl openableUrl(const QString& address);

} // namespace live
