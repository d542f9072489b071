// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/links/rule_card.h"

#include <QCheckBox>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

#include <functional>

#include "app/pages/links/link_words.h"
#include "app/widgets/theme/type.h"
#include "backend/protocol/limits.h"

namespace links {

namespace {

constexpr int ruleNameChars = 128;

QPushButton* smallButton(const QString& text, const QString& name)
{
    auto* button = new QPushButton(text);
    button->setProperty("look", QStringLiteral("flat"));
    button->setAccessibleName(name);
    button->setToolTip(widgets::plainToolTip(name));
    return button;
}

} // namespace

RuleCard::RuleCard(const state::Rule& rule, QWidget* parent)
    : QWidget(parent), m_rule(rule), m_enabled(new QCheckBox), m_name(new QLineEdit(rule.name)),
      m_place(new widgets::Text({}, widgets::Look::Strong)), m_version(new widgets::Text({}, widgets::Look::Quiet)),
      m_always(new widgets::Text(tr("Always holds: add a condition to narrow it."), widgets::Look::Quiet)),
      m_conditionBox(new QVBoxLayout), m_variantBox(new QVBoxLayout), m_findingBox(new QVBoxLayout)
{
    setProperty("frame", QStringLiteral("card"));
    setAttribute(Qt::WA_StyledBackground);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(12, 9, 10, 10);
    column->setSpacing(7);
    buildHeader(column);
    m_findingBox->setSpacing(2);
    column->addLayout(m_findingBox);
    column->addWidget(m_always);
    m_conditionBox->setSpacing(5);
    column->addLayout(m_conditionBox);
    m_variantBox->setSpacing(5);
    column->addLayout(m_variantBox);
    auto* adders = new QHBoxLayout;
    auto* condition = smallButton(tr("+ Condition"), tr("Add a condition to the rule"));
    auto* variant = smallButton(tr("+ Split"), tr("Split the visitors of the rule over one more destination"));
    adders->addWidget(condition);
    adders->addWidget(variant);
    adders->addStretch();
    column->addLayout(adders);
    m_buttons << condition << variant;
    connect(condition, &QPushButton::clicked, this, [this] {
        addCondition({QStringLiteral("country"), false, {}}, true);
        touch();
    });
    connect(variant, &QPushButton::clicked, this, [this] {
        addVariant({QString(QChar(u'a' + static_cast<char16_t>(std::min<qsizetype>(25, m_variants.size())))), {}, 1});
        touch();
    });
    for (const state::Condition& one : rule.conditions)
        addCondition(one, false);
    for (const state::Variant& one : rule.variants)
        addVariant(one);
    if (rule.variants.isEmpty())
        addVariant({});
    showShares();
}

void RuleCard::buildHeader(QVBoxLayout* column)
{
    auto* header = new QHBoxLayout;
    header->setSpacing(7);
    m_enabled->setChecked(m_rule.enabled);
    m_enabled->setText(tr("on"));
    m_enabled->setAccessibleName(tr("The rule is switched on"));
    m_name->setPlaceholderText(tr("Name of the rule"));
    m_name->setAccessibleName(tr("Name of the rule"));
    m_name->setMaxLength(ruleNameChars);
    m_version->setText(m_rule.version == 0 ? tr("new")
                                           : tr("%1 · v%2").arg(Words::safe(m_rule.id, 32)).arg(m_rule.version));
    header->addWidget(m_place);
    header->addWidget(m_enabled);
    header->addWidget(m_name, 1);
    header->addWidget(m_version);
    struct Button {
        QString text, name;
        std::function<void()> act;
    };
    const Button buttons[] = {
        {QStringLiteral("\u2191"), tr("Move the rule up (Alt+Up)"), [this] { emit moveRequested(-1); }},
        {QStringLiteral("\u2193"), tr("Move the rule down (Alt+Down)"), [this] { emit moveRequested(1); }},
        {tr("Copy"), tr("Duplicate the rule"), [this] { emit duplicateRequested(); }},
        {QStringLiteral("\u2715"), tr("Delete the rule"), [this] { emit deleteRequested(); }},
    };
    for (const Button& one : buttons) {
        QPushButton* button = smallButton(one.text, one.name);
        connect(button, &QPushButton::clicked, this, one.act);
        header->addWidget(button);
        m_buttons.append(button);
    }
    column->addLayout(header);
    connect(m_enabled, &QCheckBox::toggled, this, &RuleCard::touch);
    connect(m_name, &QLineEdit::textChanged, this, &RuleCard::touch);
}

void RuleCard::addCondition(const state::Condition& condition, bool byHand)
{
    if (m_conditions.size() >= static_cast<qsizetype>(protocol::limits::conditionsPerRule))
        return;
    auto* row = new ConditionRow(condition);
    row->setReadOnly(m_readOnly);
    m_conditions.append(row);
    m_conditionBox->addWidget(row);
    m_always->hide();
    connect(row, &ConditionRow::edited, this, &RuleCard::touch);
    connect(row, &ConditionRow::removeRequested, this, [this, row] {
        m_conditions.removeOne(row);
        row->hide();
        row->deleteLater();
        m_always->setVisible(m_conditions.isEmpty());
        touch();
    });
    if (byHand)
        row->focusValues();
}

void RuleCard::addVariant(const state::Variant& variant)
{
    if (m_variants.size() >= static_cast<qsizetype>(protocol::limits::variantsPerRule))
        return;
    auto* row = new VariantRow(variant);
    row->setReadOnly(m_readOnly);
    m_variants.append(row);
    m_variantBox->addWidget(row);
    connect(row, &VariantRow::edited, this, &RuleCard::touch);
    connect(row, &VariantRow::removeRequested, this, [this, row] {
        m_variants.removeOne(row);
        row->hide();
        row->deleteLater();
        touch();
    });
}

state::Rule RuleCard::value() const
{
    state::Rule rule = m_rule;
    rule.name = m_name->text().trimmed();
    rule.enabled = m_enabled->isChecked();
    rule.conditions.clear();
    for (const ConditionRow* row : m_conditions)
        rule.conditions.append(row->value());
    rule.variants.clear();
    for (const VariantRow* row : m_variants)
        rule.variants.append(row->value());
    // The only way out needs no name and has no share.
    if (rule.variants.size() == 1 && m_rule.variants.size() != 1)
        rule.variants.first().name.clear();
    return rule;
}

void RuleCard::setPlace(int place, int of)
{
    m_place->setText(QString::number(place));
    m_buttons[0]->setEnabled(place > 1);
    m_buttons[1]->setEnabled(place < of);
}

void RuleCard::setReadOnly(bool readOnly)
{
    m_readOnly = readOnly;
    m_enabled->setEnabled(!readOnly);
    m_name->setReadOnly(readOnly);
    for (QPushButton* button : std::as_const(m_buttons))
        button->setVisible(!readOnly);
    for (ConditionRow* row : std::as_const(m_conditions))
        row->setReadOnly(readOnly);
    for (VariantRow* row : std::as_const(m_variants))
        row->setReadOnly(readOnly);
}

void RuleCard::setFindings(const state::Findings& findings)
{
    while (QLayoutItem* item = m_findingBox->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    for (ConditionRow* row : std::as_const(m_conditions))
        row->setFaulty(false);
    for (const state::Finding& finding : findings) {
        const bool bad = finding.severity == QLatin1String("error");
        const bool info = finding.severity == QLatin1String("info");
        auto* text = new widgets::Text((bad    ? QStringLiteral("! ")
                                        : info ? QStringLiteral("\u2139 ")
                                               : QStringLiteral("\u26A0 ")) +
                                           Words::finding(finding),
                                       bad    ? widgets::Look::Alert
                                       : info ? widgets::Look::Quiet
                                              : widgets::Look::Normal);
        text->setWordWrap(true);
        m_findingBox->addWidget(text);
        if (finding.condition >= 0 && finding.condition < m_conditions.size() && !info)
            m_conditions[finding.condition]->setFaulty(true);
    }
}

void RuleCard::setProblem(const QString& words)
{
    if (words.isEmpty())
        return;
    auto* text = new widgets::Text(QStringLiteral("! ") + words, widgets::Look::Alert);
    text->setWordWrap(true);
    m_findingBox->addWidget(text);
}

QStringList RuleCard::findings() const
{
    QStringList texts;
    for (int i = 0; i < m_findingBox->count(); ++i)
        texts.append(static_cast<widgets::Text*>(m_findingBox->itemAt(i)->widget())->text());
    return texts;
}

void RuleCard::focusName()
{
    m_name->setFocus();
}

void RuleCard::showShares()
{
    quint64 total = 0;
    for (const VariantRow* row : std::as_const(m_variants))
        total += row->value().weight;
    for (VariantRow* row : std::as_const(m_variants))
        row->setTotal(total, m_variants.size() == 1);
}

void RuleCard::touch()
{
    showShares();
    emit edited();
}

} // namespace links
