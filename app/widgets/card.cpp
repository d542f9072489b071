// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/widgets/card.h"

#include <QHBoxLayout>
#include <QVBoxLayout>

#include "app/widgets/panel_frame.h"
#include "app/widgets/theme/type.h"

namespace widgets {

namespace {
constexpr int headerHeight = 38;
} // namespace

Card::Card(const QString& title, QWidget* content, QWidget* parent)
    : QWidget(parent), m_title(new Text(title, Look::Strong)), m_subtitle(new Text({}, Look::Quiet)),
      m_stack(new StatusStack(content))
{
    setAccessibleName(title);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    auto* header = new QWidget;
    header->setFixedHeight(headerHeight);
    m_header = framePanelHeader(header, m_title, m_subtitle);
    column->addWidget(header);
    column->addWidget(panelBody(m_stack), 1);
}

void Card::setTitle(const QString& text)
{
    m_title->setText(text);
    setAccessibleName(text);
}

void Card::setSubtitle(const QString& text)
{
    m_subtitle->setText(text);
}

void Card::addHeaderWidget(QWidget* widget)
{
    m_header->addWidget(widget);
}

} // namespace widgets
