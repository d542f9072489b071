// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include "app/state/trials.h"

class QPushButton;
class QSpinBox;
class QTableWidget;
class QVBoxLayout;

namespace widgets {
class StatusStack;
class Text;
} // namespace widgets

namespace links {

// The last real hits of a link sent through the draft: what would change, before it goes live.
class RehearsalPanel : public QWidget {
    Q_OBJECT

public:
    explicit RehearsalPanel(QWidget* parent = nullptr);

    void setDraft(const state::LinkDraft& draft);
    void rehearse();
    void setResult(const state::Rehearsal& result);
    void setFailed(const state::Problem& problem);
    QString summary() const;
    QStringList groups() const { return m_groupTexts; }

signals:
    void rehearseRequested(const state::LinkDraft& draft, int hits);

private:
    void showIdle();
    void showGroups(const state::Rehearsal& result);
    void showSamples(const state::Rehearsal& result);

    state::LinkDraft m_draft, m_rehearsed;
    QSpinBox* m_hits;
    QPushButton* m_run;
    widgets::Text* m_summary;
    widgets::Text* m_unknown;
    QVBoxLayout* m_groups;
    QTableWidget* m_samples;
    widgets::StatusStack* m_stack;
    QStringList m_groupTexts;
    bool m_hasResult = false;
};

} // namespace links
