// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include "app/models/reports/reconciliation_model.h"

class QTableView;

namespace widgets {
class Text;
}

namespace reports {

// Raw hits against rollups: one sentence for all, and a row for each link.
class ReconciliationPanel : public QWidget {
    Q_OBJECT

public:
    explicit ReconciliationPanel(QWidget* parent = nullptr);

    void setReconciliation(const state::ReconciliationPtr& reconciliation);
    // How the chosen row stands, in full.
    QString reason() const;
    models::ReconciliationModel& model() { return m_model; }
    QString summary() const;
    QTableView* table() const { return m_table; }

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    models::ReconciliationModel m_model;
    widgets::Text *m_summary, *m_reason;
    QTableView* m_table;
};

} // namespace reports
