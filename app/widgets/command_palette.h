// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>
#include <QList>

class QAction;
class QLineEdit;
class QListWidget;

namespace widgets {

// Every action by name: type a few letters of it, Enter. Letters match in order, not necessarily side by side.
class CommandPalette : public QDialog {
    Q_OBJECT

public:
    explicit CommandPalette(const QList<QAction*>& actions, QWidget* parent = nullptr);

    QStringList shown() const;
    void setSearch(const QString& text);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void fill();
    void run();

    QList<QAction*> m_actions;
    QLineEdit* m_search;
    QListWidget* m_list;
};

// Whether the letters of `search` stand in `text` in this order, whatever the case.
bool lettersMatch(const QString& search, const QString& text);

} // namespace widgets
