// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QHBoxLayout;

namespace widgets {
class Text;
}

namespace links {

// One field of a form: its name, its editor, and below it a hint or what is wrong with it.
class FieldRow : public QWidget {
    Q_OBJECT

public:
    FieldRow(const QString& name, QWidget* editor, QWidget* parent = nullptr);

    // Beside the editor.
    void addBeside(QWidget* widget);
    void setHint(const QString& text);
    // Stands in the hint's place; empty = nothing is wrong.
    void setProblem(const QString& text);
    QString problem() const { return m_problem; }
    QString hint() const { return m_hint; }

private:
    void show();

    QWidget* m_editor;
    QHBoxLayout* m_row;
    widgets::Text* m_below;
    QString m_hint, m_problem;
};

} // namespace links
