// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/widgets/command_palette.h"

#include <QAction>
#include <QKeyEvent>
#include <QLineEdit>
#include <QListWidget>
#include <QPointer>
#include <QVBoxLayout>

namespace widgets {

namespace {

QString nameOf(const QAction* action)
{
    return action->text().remove(QLatin1Char('&'));
}

} // namespace

bool lettersMatch(const QString& search, const QString& text)
{
    qsizetype at = 0;
    for (const QChar letter : search) {
        if (letter.isSpace())
            continue;
        at = text.indexOf(letter, at, Qt::CaseInsensitive) + 1;
        if (at == 0)
            return false;
    }
    return true;
}

CommandPalette::CommandPalette(const QList<QAction*>& actions, QWidget* parent)
    : QDialog(parent, Qt::Popup), m_actions(actions), m_search(new QLineEdit(this)), m_list(new QListWidget(this))
{
    setAccessibleName(tr("Commands"));
    setProperty("frame", QStringLiteral("card"));
    setAttribute(Qt::WA_StyledBackground);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(10, 10, 10, 10);
    column->addWidget(m_search);
    column->addWidget(m_list);
    m_search->setPlaceholderText(tr("Type a command"));
    m_search->setAccessibleName(tr("Search for a command"));
    m_search->installEventFilter(this);
    m_list->setAccessibleName(tr("Commands found"));
    m_list->setFocusPolicy(Qt::NoFocus);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    resize(480, 380);
    connect(m_search, &QLineEdit::textChanged, this, &CommandPalette::fill);
    connect(m_search, &QLineEdit::returnPressed, this, &CommandPalette::run);
    connect(m_list, &QListWidget::itemClicked, this, &CommandPalette::run);
    fill();
    m_search->setFocus();
}

void CommandPalette::setSearch(const QString& text)
{
    m_search->setText(text);
}

QStringList CommandPalette::shown() const
{
    QStringList names;
    for (int i = 0; i < m_list->count(); ++i)
        names << m_list->item(i)->text();
    return names;
}

void CommandPalette::fill()
{
    m_list->clear();
    const QString search = m_search->text().trimmed();
    // Names that hold the text as it stands come before those that only hold its letters.
    QList<qsizetype> found;
    for (const bool whole : {true, false})
        for (qsizetype i = 0; i < m_actions.size(); ++i)
            if (const QString name = nameOf(m_actions[i]);
                name.contains(search, Qt::CaseInsensitive) == whole && lettersMatch(search, name))
                found.append(i);
    for (const qsizetype i : std::as_const(found)) {
        const QAction* action = m_actions[i];
        if (!action->isEnabled() || !action->isVisible())
            continue;
        const QString keys = action->shortcut().toString(QKeySequence::NativeText);
        auto* item =
            new QListWidgetItem(keys.isEmpty() ? nameOf(action) : nameOf(action) + QStringLiteral("    ") + keys);
        item->setData(Qt::UserRole, i);
        m_list->addItem(item);
    }
    m_list->setCurrentRow(0);
}

void CommandPalette::run()
{
    const QListWidgetItem* item = m_list->currentItem();
    const QPointer<QAction> action = item ? m_actions[item->data(Qt::UserRole).toLongLong()] : nullptr;
    accept();
    if (action)
        action->trigger();
}

bool CommandPalette::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == m_search && event->type() == QEvent::KeyPress) {
        const int key = static_cast<QKeyEvent*>(event)->key();
        const int step = key == Qt::Key_Down ? 1 : key == Qt::Key_Up ? -1 : 0;
        if (step != 0 && m_list->count() > 0) {
            m_list->setCurrentRow((m_list->currentRow() + step + m_list->count()) % m_list->count());
            return true;
        }
    }
    return QDialog::eventFilter(watched, event);
}

} // namespace widgets
