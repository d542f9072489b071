// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QHash>
#include <QTimer>
#include <QWidget>

#include "app/state/trials.h"

class QComboBox;
class QGridLayout;
class QLineEdit;
class QVBoxLayout;

namespace widgets {
class SegmentedControl;
class StatusStack;
class Text;
} // namespace widgets

namespace links {

// Why this destination? A request made up by hand, and every step of the decision it would meet: on the live link or on
// the draft in the editor. Asks again by itself when anything changes.
class Simulator : public QWidget {
    Q_OBJECT

public:
    explicit Simulator(QWidget* parent = nullptr);

    // What is tried; a draft without fields is the live link.
    void setDraft(const state::LinkDraft& draft);
    void setResult(const state::Simulation& result);
    void setFailed(const state::Problem& problem);
    // A field of the form by name ("country", "time" …), as if typed.
    void setField(const QString& name, const QString& value);
    void triesDraft(bool draft);
    QString verdict() const;
    QStringList report() const; // every line of the result, for tests and screen readers

signals:
    void simulateRequested(const state::TrialRequest& request);

protected:
    void showEvent(QShowEvent* event) override;

private:
    QLineEdit* addLine(QGridLayout* grid, const char* name, const QString& title, const QString& placeholder);
    void ask();
    void addLineOf(const QString& glyph, const QString& text, bool good, bool quiet, int indent = 0);
    void clearReport();
    void showRule(const state::TriedRule& rule, bool reached);

    QHash<QString, QLineEdit*> m_lines;
    QComboBox* m_device;
    widgets::SegmentedControl* m_which;
    widgets::Text* m_verdict;
    QWidget* m_body;
    QVBoxLayout* m_report;
    widgets::StatusStack* m_stack;
    QTimer m_pause;
    state::LinkDraft m_draft;
    QStringList m_told;
};

} // namespace links
