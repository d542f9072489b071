// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include "app/state/links.h"

class QVBoxLayout;

namespace widgets {
class StatusStack;
}

namespace links {

// Who changed a link, when, and what was there before.
class HistoryPanel : public QWidget {
    Q_OBJECT

public:
    explicit HistoryPanel(QWidget* parent = nullptr);

    void setWaiting(bool isNew);
    void setEdits(const std::vector<protocol::Edit>& edits);
    void setFailed(const state::Problem& problem);
    QStringList lines() const { return m_lines; }

signals:
    void retryRequested();

private:
    void addEdit(const protocol::Edit& edit);

    QVBoxLayout* m_list;
    widgets::StatusStack* m_stack;
    QStringList m_lines;
};

} // namespace links
