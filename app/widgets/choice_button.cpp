// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/widgets/choice_button.h"

#include <QInputDialog>
#include <QMenu>

#include <algorithm>

#include "app/widgets/theme/type.h"

namespace widgets {

namespace {
constexpr int textWidthMax = 190;
constexpr int choicesMax = 40; // a menu longer than this is no longer read

// A menu takes "&" for a shortcut and a tab for a column.
QString menuText(QString text)
{
    return text.replace(QLatin1Char('&'), QStringLiteral("&&")).replace(QLatin1Char('\t'), QLatin1Char(' '));
}
} // namespace

ChoiceButton::ChoiceButton(Mode mode, const QString& accessibleName, const QString& allText, QWidget* parent)
    : QPushButton(parent), m_mode(mode), m_name(accessibleName), m_allText(allText), m_menu(new QMenu(this))
{
    setMenu(m_menu);
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    connect(m_menu, &QMenu::aboutToShow, this, &ChoiceButton::fillMenu);
    fillMenu();
    showText();
}

void ChoiceButton::offer(const QList<Choice>& choices)
{
    m_choices = choices.first(std::min<qsizetype>(choices.size(), choicesMax));
    if (!m_menu->isVisible())
        fillMenu();
    showText();
}

void ChoiceButton::setAskText(const QString& entry, const QString& question)
{
    m_askEntry = entry;
    m_askQuestion = question;
    fillMenu();
}

void ChoiceButton::setValues(const QStringList& values)
{
    if (m_values == values)
        return;
    m_values = values;
    fillMenu();
    showText();
}

QString ChoiceButton::textOf(const QString& value) const
{
    const auto it =
        std::find_if(m_choices.cbegin(), m_choices.cend(), [&](const Choice& c) { return c.value == value; });
    return it == m_choices.cend() ? value : it->text;
}

void ChoiceButton::fillMenu()
{
    m_menu->clear();
    if (m_mode == Mode::Any) {
        QAction* all = m_menu->addAction(menuText(m_allText));
        all->setCheckable(true);
        all->setChecked(m_values.isEmpty());
        connect(all, &QAction::triggered, this, [this] {
            setValues({});
            emit chosen(m_values);
        });
        m_menu->addSeparator();
    }
    QList<Choice> listed = m_choices;
    for (const QString& value : std::as_const(m_values))
        if (std::none_of(m_choices.cbegin(), m_choices.cend(), [&](const Choice& c) { return c.value == value; }))
            listed.append({value, value});
    for (const Choice& choice : std::as_const(listed)) {
        QAction* entry = m_menu->addAction(menuText(choice.text));
        entry->setCheckable(true);
        entry->setChecked(m_values.contains(choice.value));
        connect(entry, &QAction::triggered, this, [this, value = choice.value] { toggle(value); });
    }
    if (!m_askEntry.isEmpty()) {
        m_menu->addSeparator();
        connect(m_menu->addAction(menuText(m_askEntry)), &QAction::triggered, this, &ChoiceButton::ask);
    }
}

void ChoiceButton::toggle(const QString& value)
{
    QStringList values = m_values;
    if (m_mode == Mode::One)
        values = {value};
    else if (!values.removeOne(value))
        values.append(value);
    setValues(values);
    emit chosen(m_values);
}

void ChoiceButton::ask()
{
    bool accepted = false;
    const QString value =
        QInputDialog::getText(this, m_name, m_askQuestion, QLineEdit::Normal, {}, &accepted).trimmed();
    if (accepted && !value.isEmpty() && !m_values.contains(value))
        toggle(value);
}

void ChoiceButton::showText()
{
    QString text = m_allText;
    if (m_values.size() == 1)
        text = textOf(m_values.first());
    else if (m_values.size() > 1)
        text = tr("%1 +%2", "first value chosen, and how many more")
                   .arg(textOf(m_values.first()))
                   .arg(m_values.size() - 1);
    setAccessibleName(m_name + QStringLiteral(": ") + text);
    setText(menuText(fontMetrics().elidedText(text, Qt::ElideMiddle, textWidthMax)) + QStringLiteral("  \u25BE"));
    const bool active = m_mode == Mode::Any && !m_values.isEmpty();
    if (property("active").toBool() != active) {
        setProperty("active", active);
        restyle(this);
    }
}

} // namespace widgets
