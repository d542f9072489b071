// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QPushButton>
#include <QStringList>

class QMenu;

namespace widgets {

struct Choice {
    QString value;
    QString text;

    friend bool operator==(const Choice&, const Choice&) = default;
};

// A button with a menu of values: one of them, or any number where nothing chosen means all. Values chosen stay listed
// even when they are no longer offered. The menu is filled when it opens, so offering new values costs nothing.
class ChoiceButton : public QPushButton {
    Q_OBJECT

public:
    enum class Mode { One, Any };

    ChoiceButton(Mode mode, const QString& accessibleName, const QString& allText, QWidget* parent = nullptr);

    void offer(const QList<Choice>& choices);
    // A menu entry that asks for a value by hand; chosen values are added.
    void setAskText(const QString& entry, const QString& question);

    QStringList values() const { return m_values; }
    // Does not emit chosen().
    void setValues(const QStringList& values);

signals:
    void chosen(const QStringList& values);

private:
    void fillMenu();
    void toggle(const QString& value);
    void ask();
    void showText();
    QString textOf(const QString& value) const;

    Mode m_mode;
    QString m_name, m_allText, m_askEntry, m_askQuestion;
    QList<Choice> m_choices;
    QStringList m_values;
    QMenu* m_menu;
};

} // namespace widgets
