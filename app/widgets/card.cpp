// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/widgets/card.h"

#include <QHBoxLayout>
#include <QVBoxLayout>

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
    header->setProperty("frame", QStringLiteral("header"));
    header->setAttribute(Qt::WA_StyledBackground);
    header->setFixedHeight(headerHeight);
    m_header = new QHBoxLayout(header);
    m_header->setContentsMargins(14, 0, 10, 0);
    m_header->setSpacing(8);
    m_header->addWidget(m_title);
    m_header->addSpacing(4);
    m_subtitle->setElided(); // the first to give way: it must not hold the panel open
    m_header->addWidget(m_subtitle, 1);
    column->addWidget(header);
    auto* body = new QWidget;
    body->setProperty("frame", QStringLiteral("body"));
    body->setAttribute(Qt::WA_StyledBackground);
    auto* inner = new QVBoxLayout(body);
    inner->setContentsMargins(1, 0, 1, 1);
    inner->addWidget(m_stack);
    column->addWidget(body, 1);
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
