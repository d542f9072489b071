// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/reports/crumb_bar.h"

#include <QHBoxLayout>
#include <QPushButton>

#include "app/widgets/theme/type.h"

namespace reports {

CrumbBar::CrumbBar(QWidget* parent)
    : QWidget(parent), m_row(new QHBoxLayout), m_freshness(new widgets::Text({}, widgets::Look::Quiet)),
      m_restated(new QPushButton)
{
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(16, 6, 16, 6);
    row->setSpacing(12);
    m_row->setSpacing(2);
    row->addLayout(m_row);
    m_freshness->setElided();
    m_freshness->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    row->addWidget(m_freshness, 1);
    m_restated->setProperty("look", QStringLiteral("flat"));
    m_restated->hide();
    connect(m_restated, &QPushButton::clicked, this, &CrumbBar::restatedChosen);
    row->addWidget(m_restated);
}

void CrumbBar::setRestated(const QString& text, const QString& more)
{
    m_restated->setText(text);
    m_restated->setToolTip(widgets::plainToolTip(more));
    m_restated->setAccessibleDescription(more);
    m_restated->setVisible(!text.isEmpty());
}

void CrumbBar::setFreshness(const QString& text)
{
    m_freshness->setText(text);
    m_freshness->setToolTip(widgets::plainToolTip(text));
}

QString CrumbBar::freshness() const
{
    return m_freshness->text();
}

void CrumbBar::setSteps(const QStringList& steps)
{
    if (steps == m_steps)
        return;
    m_steps = steps;
    while (QLayoutItem* item = m_row->takeAt(0)) {
        if (QWidget* widget = item->widget()) {
            widget->hide();
            widget->deleteLater(); // one of them may have led here
        }
        delete item;
    }
    // A step's name may be a whole address: what is cut is told on hover.
    constexpr int nameWidth = 220;
    for (qsizetype i = 0; i < steps.size(); ++i) {
        const QString name = fontMetrics().elidedText(steps[i], Qt::ElideMiddle, nameWidth);
        if (i > 0)
            m_row->addWidget(new widgets::Text(QStringLiteral("\u203A"), widgets::Look::Quiet));
        if (i == steps.size() - 1) {
            auto* last = new widgets::Text(QLatin1Char(' ') + name, widgets::Look::Strong);
            last->setToolTip(widgets::plainToolTip(steps[i]));
            m_row->addWidget(last);
            continue;
        }
        auto* button = new QPushButton(QString(name).replace(QLatin1Char('&'), QStringLiteral("&&")));
        button->setProperty("look", QStringLiteral("flat"));
        button->setToolTip(widgets::plainToolTip(tr("Back to %1").arg(steps[i])));
        connect(button, &QPushButton::clicked, this, [this, i] { emit stepChosen(static_cast<int>(i)); });
        m_row->addWidget(button);
    }
}

} // namespace reports
