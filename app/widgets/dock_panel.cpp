// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/widgets/dock_panel.h"

#include <QHBoxLayout>
#include <QToolButton>

#include "app/widgets/panel_frame.h"
#include "app/widgets/theme/type.h"

namespace widgets {

namespace {

// A dock gives its title bar the height it hints at, whatever its fixed height.
class Header : public QWidget {
public:
    QSize sizeHint() const override { return {QWidget::sizeHint().width(), height}; }
    QSize minimumSizeHint() const override { return {QWidget::minimumSizeHint().width(), height}; }

private:
    static constexpr int height = 38;
};

} // namespace

DockPanel::DockPanel(const QString& name, const QString& title, QWidget* content, QWidget* parent)
    : QDockWidget(title, parent), m_title(new Text(title, Look::Strong)), m_subtitle(new Text({}, Look::Quiet)),
      m_stack(new StatusStack(content))
{
    setObjectName(name);
    setAccessibleName(title);
    setFeatures(QDockWidget::DockWidgetMovable | QDockWidget::DockWidgetFloatable);

    auto* header = new Header;
    m_header = framePanelHeader(header, m_title, m_subtitle);
    setTitleBarWidget(header);
    setWidget(panelBody(m_stack));
}

void DockPanel::setSubtitle(const QString& text)
{
    m_subtitle->setText(text);
}

void DockPanel::addHeaderWidget(QWidget* widget)
{
    m_header->addWidget(widget);
}

void DockPanel::setClosable(bool closable)
{
    setFeatures(features().setFlag(QDockWidget::DockWidgetClosable, closable));
    if (!closable)
        return;
    auto* button = new QToolButton;
    button->setProperty("look", QStringLiteral("flat"));
    button->setText(QStringLiteral("\u2715"));
    button->setAccessibleName(tr("Close %1").arg(windowTitle()));
    button->setToolTip(plainToolTip(tr("Close")));
    connect(button, &QToolButton::clicked, this, &QDockWidget::close);
    addHeaderWidget(button);
}

} // namespace widgets
