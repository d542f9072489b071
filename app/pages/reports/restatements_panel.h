// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include "app/models/reports/restatement_model.h"

class QTableView;

namespace widgets {
class Text;
}

namespace reports {

// What had been reported and was changed since: one sentence for all, and a row for each change.
class RestatementsPanel : public QWidget {
    Q_OBJECT

public:
    explicit RestatementsPanel(QWidget* parent = nullptr);

    void setRestatements(const state::RestatementsPtr& restatements, const QTimeZone& zone);
    models::RestatementModel& model() { return m_model; }
    QString summary() const;
    // The chosen row in full.
    QString story() const;

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    models::RestatementModel m_model;
    widgets::Text *m_summary, *m_story;
    QTableView* m_table;
};

} // namespace reports
