// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include "app/state/connection_status.h"

class QMenu;
class QHBoxLayout;
class QPushButton;

namespace widgets {
class Text;
}

namespace shell {

class PageTab;

// The bar on top: who we are, the pages there are, which workspace, how the line is, and the way to every command.
class TopBar : public QWidget {
    Q_OBJECT

public:
    explicit TopBar(QWidget* parent = nullptr);

    // In the order in which they are added; `key` opens it too.
    void addPage(const QString& name, const QString& key);
    void setPage(int page);
    void setWorkspace(const QString& name, const QString& role);
    void setConnection(const state::ConnectionStatus& status, std::optional<std::int64_t> roundTripMs);
    QString connectionText() const;
    QMenu* menu() const { return m_menu; }

signals:
    void pageChosen(int page);
    void paletteRequested();
    void connectRequested();

private:
    QHBoxLayout* m_pages;
    QList<PageTab*> m_tabs;
    widgets::Text* m_workspace;
    QPushButton* m_connection;
    QMenu* m_menu;
};

} // namespace shell
