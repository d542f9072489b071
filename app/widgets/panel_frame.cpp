// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/widgets/panel_frame.h"

#include <QHBoxLayout>
#include <QVBoxLayout>

#include "app/widgets/theme/type.h"

namespace widgets {

QHBoxLayout* framePanelHeader(QWidget* header, Text* title, Text* subtitle)
{
    header->setProperty("frame", QStringLiteral("header"));
    header->setAttribute(Qt::WA_StyledBackground);
    auto* row = new QHBoxLayout(header);
    row->setContentsMargins(14, 0, 10, 0);
    row->setSpacing(8);
    row->addWidget(title);
    row->addSpacing(4);
    subtitle->setElided(); // the first to give way: it must not hold the panel open
    row->addWidget(subtitle, 1);
    return row;
}

QWidget* panelBody(QWidget* content)
{
    auto* body = new QWidget;
    body->setProperty("frame", QStringLiteral("body"));
    body->setAttribute(Qt::WA_StyledBackground);
    auto* column = new QVBoxLayout(body);
    column->setContentsMargins(1, 0, 1, 1);
    column->addWidget(content);
    return body;
}

} // namespace widgets
