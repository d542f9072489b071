// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDockWidget>

#include "app/widgets/status_panel.h"

class QHBoxLayout;

namespace widgets {

// A panel that docks: a header with title, quiet sub-title and room for the panel's own buttons, and a body that shows
// the content or its status. The header is what the panel is dragged by.
class DockPanel : public QDockWidget {
    Q_OBJECT

public:
    // `name` identifies the panel in a saved layout and is never translated.
    DockPanel(const QString& name, const QString& title, QWidget* content, QWidget* parent = nullptr);

    void setSubtitle(const QString& text);
    // Adds to the header's right end.
    void addHeaderWidget(QWidget* widget);
    // A closable panel has a close button; the others are always there.
    void setClosable(bool closable);

    StatusStack* stack() const { return m_stack; }

private:
    Text* m_title;
    Text* m_subtitle;
    QHBoxLayout* m_header;
    StatusStack* m_stack;
};

} // namespace widgets
