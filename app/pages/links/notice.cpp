// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/links/notice.h"

#include <QHBoxLayout>
#include <QPushButton>
#include <QVBoxLayout>

#include "app/widgets/theme/type.h"

namespace links {

Notice::Notice(QWidget* parent)
    : QWidget(parent), m_title(new widgets::Text({}, widgets::Look::Strong)), m_lines(new widgets::Text),
      m_buttons(new QHBoxLayout)
{
    setProperty("frame", QStringLiteral("notice"));
    setAttribute(Qt::WA_StyledBackground);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(14, 9, 14, 10);
    column->setSpacing(6);
    m_title->setWordWrap(true);
    m_lines->setWrapAnywhere();
    column->addWidget(m_title);
    column->addWidget(m_lines);
    m_buttons->setSpacing(8);
    column->addLayout(m_buttons);
    hide();
}

void Notice::say(Kind kind, const QString& title, const QStringList& lines, const QList<Answer>& answers)
{
    clear();
    m_title->setLook(kind == Kind::Bad    ? widgets::Look::Alert
                     : kind == Kind::Good ? widgets::Look::Good
                                          : widgets::Look::Strong);
    m_title->setFont(widgets::sized(font(), widgets::basePixels, QFont::DemiBold));
    m_title->setText(title);
    m_lines->setText(lines.join(QChar(QChar::LineSeparator))); // as a text layout breaks lines
    m_lines->setVisible(!lines.isEmpty());
    for (const Answer& answer : answers) {
        auto* button = new QPushButton(answer.text);
        button->setDefault(answer.main);
        // The act may clear the notice, and with it this button.
        connect(button, &QPushButton::clicked, this, [act = answer.act] { act(); }, Qt::QueuedConnection);
        m_buttons->addWidget(button);
    }
    m_buttons->addStretch();
    setAccessibleName(text());
    show();
}

void Notice::clear()
{
    while (QLayoutItem* item = m_buttons->takeAt(0)) {
        if (QWidget* widget = item->widget()) {
            widget->hide();
            widget->deleteLater();
        }
        delete item;
    }
    m_title->setText({});
    m_lines->setText({});
    hide();
}

QString Notice::text() const
{
    return m_lines->text().isEmpty() ? m_title->text() : m_title->text() + QLatin1Char('\n') + m_lines->text();
}

bool Notice::press(const QString& answer)
{
    for (int i = 0; i < m_buttons->count(); ++i)
        if (auto* button = qobject_cast<QPushButton*>(m_buttons->itemAt(i)->widget());
            button && button->text() == answer) {
            button->click();
            return true;
        }
    return false;
}

} // namespace links
