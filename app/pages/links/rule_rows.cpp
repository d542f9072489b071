// SPDX-License-Identifier: GPL-3.0-or-later
// The lines of a rule: its conditions and its ways out.
#include <QComboBox>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QPushButton>
#include <QSpinBox>
#include <QVBoxLayout>

#include "app/pages/links/link_words.h"
#include "app/pages/links/rule_card.h"
#include "app/pages/links/value_completer.h"
#include "app/widgets/theme/type.h"
#include "backend/protocol/limits.h"

namespace links {

namespace {

QPushButton* removeButton(const QString& name)
{
    auto* button = new QPushButton(QStringLiteral("\u2715"));
    button->setProperty("look", QStringLiteral("flat"));
    button->setAccessibleName(name);
    button->setToolTip(widgets::plainToolTip(name));
    return button;
}

} // namespace

ConditionRow::ConditionRow(const state::Condition& condition, QWidget* parent)
    : QWidget(parent), m_kind(new QComboBox), m_is(new QComboBox), m_values(new ValueList),
      m_remove(removeButton(tr("Remove this condition")))
{
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(6);
    for (const QString& kind : Words::kinds())
        m_kind->addItem(Words::kind(kind), kind);
    m_kind->setAccessibleName(tr("Condition looks at"));
    m_is->addItems({tr("is"), tr("is not")});
    m_is->setAccessibleName(tr("Is or is not"));
    m_values->setAccessibleName(tr("Values of the condition"));
    m_kind->setCurrentIndex(std::max(0, m_kind->findData(condition.kind)));
    m_is->setCurrentIndex(condition.negate ? 1 : 0);
    m_values->setValues(condition.values);
    m_values->setCursorPosition(0);
    offer();
    m_kind->setFixedWidth(138);
    m_is->setFixedWidth(72);
    m_values->setMinimumWidth(90);
    row->addWidget(m_kind);
    row->addWidget(m_is);
    row->addWidget(m_values, 1);
    row->addWidget(m_remove);
    connect(m_kind, &QComboBox::currentIndexChanged, this, [this] {
        offer();
        emit edited();
    });
    connect(m_is, &QComboBox::currentIndexChanged, this, &ConditionRow::edited);
    connect(m_values, &QLineEdit::textChanged, this, &ConditionRow::edited);
    connect(m_remove, &QPushButton::clicked, this, &ConditionRow::removeRequested);
}

void ConditionRow::offer()
{
    const QString kind = m_kind->currentData().toString();
    m_values->setCompletions(completionsFor(kind));
    m_values->setPlaceholderText(Words::kindExample(kind));
}

state::Condition ConditionRow::value() const
{
    state::Condition condition{m_kind->currentData().toString(), m_is->currentIndex() == 1, m_values->values()};
    if (condition.kind == QLatin1String("country"))
        for (QString& value : condition.values)
            value = value.toUpper();
    return condition;
}

void ConditionRow::setReadOnly(bool readOnly)
{
    m_kind->setEnabled(!readOnly);
    m_is->setEnabled(!readOnly);
    m_values->setReadOnly(readOnly);
    m_remove->setVisible(!readOnly);
}

void ConditionRow::setFaulty(bool faulty)
{
    m_values->setProperty("failed", faulty);
    widgets::restyle(m_values);
}

void ConditionRow::focusValues()
{
    m_values->setFocus();
}

VariantRow::VariantRow(const state::Variant& variant, QWidget* parent)
    : QWidget(parent), m_destination(new QLineEdit(variant.destination)), m_name(new QLineEdit(variant.name)),
      m_weight(new QSpinBox), m_share(new widgets::Text({}, widgets::Look::Quiet)),
      m_problem(new widgets::Text({}, widgets::Look::Alert)), m_remove(removeButton(tr("Remove this way out")))
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(3);
    auto* row = new QHBoxLayout;
    row->setSpacing(6);
    row->addWidget(new widgets::Text(QStringLiteral("\u2192"), widgets::Look::Quiet));
    m_destination->setPlaceholderText(tr("https://…"));
    m_destination->setFont(widgets::monospace());
    m_destination->setMaxLength(static_cast<int>(protocol::limits::destinationBytes));
    m_destination->setAccessibleName(tr("Destination of the rule"));
    m_destination->setCursorPosition(0);
    m_name->setPlaceholderText(tr("name"));
    m_name->setMaxLength(static_cast<int>(protocol::limits::ruleIdBytes));
    m_name->setFixedWidth(62);
    m_destination->setMinimumWidth(120);
    m_name->setAccessibleName(tr("Name of the variant"));
    m_weight->setRange(1, 1'000'000);
    m_weight->setValue(static_cast<int>(std::min<std::uint32_t>(variant.weight, 1'000'000)));
    m_weight->setAccessibleName(tr("Weight of the variant"));
    m_weight->setFixedWidth(64);
    m_share->setFixedWidth(48);
    m_share->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    row->addWidget(m_destination, 1);
    row->addWidget(m_name);
    row->addWidget(m_weight);
    row->addWidget(m_share);
    row->addWidget(m_remove);
    column->addLayout(row);
    m_problem->setContentsMargins(20, 0, 0, 0);
    m_problem->setWordWrap(true);
    m_problem->hide();
    column->addWidget(m_problem);
    connect(m_destination, &QLineEdit::textChanged, this, &VariantRow::edited);
    connect(m_name, &QLineEdit::textChanged, this, &VariantRow::edited);
    connect(m_weight, &QSpinBox::valueChanged, this, &VariantRow::edited);
    connect(m_remove, &QPushButton::clicked, this, &VariantRow::removeRequested);
}

state::Variant VariantRow::value() const
{
    return {m_name->text().trimmed(), m_destination->text().trimmed(), static_cast<std::uint32_t>(m_weight->value())};
}

void VariantRow::setReadOnly(bool readOnly)
{
    m_destination->setReadOnly(readOnly);
    m_name->setReadOnly(readOnly);
    m_weight->setReadOnly(readOnly);
    m_remove->setEnabled(!readOnly);
}

void VariantRow::setTotal(quint64 total, bool only)
{
    for (QWidget* widget : std::initializer_list<QWidget*>{m_name, m_weight, m_share, m_remove})
        widget->setVisible(!only);
    m_share->setText(widgets::percent(static_cast<quint64>(m_weight->value()), total));
}

void VariantRow::setProblem(const QString& words)
{
    m_problem->setText(words.isEmpty() ? QString() : QStringLiteral("! ") + words);
    m_problem->setVisible(!words.isEmpty());
}

} // namespace links
