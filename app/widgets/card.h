// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include "app/widgets/status_panel.h"

class QHBoxLayout;

namespace widgets {

class Text;

// A panel that stays where it is: a header with title, quiet sub-title and room for the panel's own buttons, and a body
// that shows the content or its status. DockPanel is the one that moves.
class Card : public QWidget {
    Q_OBJECT

public:
    Card(const QString& title, QWidget* content, QWidget* parent = nullptr);

    void setTitle(const QString& text);
    void setSubtitle(const QString& text);
    // Adds to the header's right end.
    void addHeaderWidget(QWidget* widget);
    StatusStack* stack() const { return m_stack; }

private:
    Text* m_title;
    Text* m_subtitle;
    QHBoxLayout* m_header;
    StatusStack* m_stack;
};

} // namespace widgets
