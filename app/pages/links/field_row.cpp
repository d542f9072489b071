// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/links/field_row.h"

#include <QHBoxLayout>
#include <QVBoxLayout>

#include "app/widgets/theme/type.h"

namespace links {

namespace {
constexpr int nameWidth = 104;
}

FieldRow::FieldRow(const QString& name, QWidget* editor, QWidget* parent)
    : QWidget(parent), m_editor(editor), m_row(new QHBoxLayout), m_below(new widgets::Text({}, widgets::Look::Quiet))
{
    auto* line = new QHBoxLayout(this);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(10);
    auto* label = new widgets::Text(name, widgets::Look::Quiet);
    label->setFixedWidth(nameWidth);
    label->setContentsMargins(0, 5, 0, 0);
    label->setBuddy(editor);
    label->setWordWrap(true);
    line->addWidget(label, 0, Qt::AlignTop);
    auto* column = new QVBoxLayout;
    column->setSpacing(3);
    m_row->setSpacing(6);
    m_row->addWidget(editor, 1);
    column->addLayout(m_row);
    m_below->setWrapAnywhere();
    m_below->setFont(widgets::sized(font(), widgets::labelPixels));
    m_below->hide();
    column->addWidget(m_below);
    line->addLayout(column, 1);
    if (editor->accessibleName().isEmpty())
        editor->setAccessibleName(name);
}

void FieldRow::addBeside(QWidget* widget)
{
    m_row->addWidget(widget);
}

void FieldRow::setHint(const QString& text)
{
    m_hint = text;
    show();
}

void FieldRow::setProblem(const QString& text)
{
    if (m_problem == text)
        return;
    m_problem = text;
    m_editor->setProperty("failed", !text.isEmpty());
    widgets::restyle(m_editor);
    show();
}

void FieldRow::show()
{
    const QString& text = m_problem.isEmpty() ? m_hint : m_problem;
    m_below->setLook(m_problem.isEmpty() ? widgets::Look::Quiet : widgets::Look::Alert);
    m_below->setText(m_problem.isEmpty() ? text : QStringLiteral("! ") + text);
    m_below->setVisible(!text.isEmpty());
    m_editor->setAccessibleDescription(text);
}

} // namespace links
