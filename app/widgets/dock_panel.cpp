// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/widgets/dock_panel.h"

#include <QHBoxLayout>
#include <QToolButton>
#include <QVBoxLayout>

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
    header->setProperty("frame", QStringLiteral("header"));
    header->setAttribute(Qt::WA_StyledBackground);
    m_header = new QHBoxLayout(header);
    m_header->setContentsMargins(14, 0, 10, 0);
    m_header->setSpacing(8);
    m_header->addWidget(m_title);
    m_header->addSpacing(4);
    m_subtitle->setElided(); // the first to give way: it must not hold the panel open
    m_header->addWidget(m_subtitle, 1);
    setTitleBarWidget(header);

    auto* body = new QWidget;
    body->setProperty("frame", QStringLiteral("body"));
    body->setAttribute(Qt::WA_StyledBackground);
    auto* column = new QVBoxLayout(body);
    column->setContentsMargins(1, 0, 1, 1);
    column->addWidget(m_stack);
    setWidget(body);
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
