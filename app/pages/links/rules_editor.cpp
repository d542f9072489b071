// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/links/rules_editor.h"

#include <QKeyEvent>
#include <QPushButton>
#include <QRegularExpression>
#include <QShortcut>
#include <QVBoxLayout>

#include "app/pages/links/link_words.h"
#include "app/pages/links/rule_card.h"
#include "app/widgets/theme/type.h"
#include "backend/protocol/limits.h"

namespace links {

RulesEditor::RulesEditor(QWidget* parent)
    : QWidget(parent), m_box(new QVBoxLayout), m_add(new QPushButton(tr("+ Rule"))),
      m_general(new widgets::Text({}, widgets::Look::Alert)), m_end(new widgets::Text({}, widgets::Look::Quiet))
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(16, 10, 16, 16);
    column->setSpacing(8);
    m_general->setWordWrap(true);
    m_general->hide();
    m_end->setWordWrap(true);
    column->addWidget(m_general);
    m_box->setSpacing(8);
    column->addLayout(m_box);
    column->addWidget(m_add, 0, Qt::AlignLeft);
    column->addWidget(m_end);
    column->addStretch();
    connect(m_add, &QPushButton::clicked, this, &RulesEditor::addRule);
    for (const int step : {-1, 1}) {
        auto* keys = new QShortcut(QKeySequence(Qt::ALT | (step < 0 ? Qt::Key_Up : Qt::Key_Down)), this);
        keys->setContext(Qt::WidgetWithChildrenShortcut);
        connect(keys, &QShortcut::activated, this, [this, step] {
            for (RuleCard* card : std::as_const(m_cards))
                if (card->isAncestorOf(focusWidget()))
                    return void(emit card->moveRequested(step));
        });
    }
    number();
}

QList<state::Rule> RulesEditor::rules() const
{
    QList<state::Rule> list;
    for (const RuleCard* card : m_cards)
        list.append(card->value());
    return list;
}

void RulesEditor::setRules(const QList<state::Rule>& rules)
{
    m_general->hide();
    if (rules == this->rules())
        return;
    for (RuleCard* card : std::as_const(m_cards)) {
        card->hide();
        card->deleteLater();
    }
    m_cards.clear();
    for (const state::Rule& rule : rules)
        insertCard(static_cast<int>(m_cards.size()), rule);
    number();
}

RuleCard* RulesEditor::insertCard(int place, const state::Rule& rule)
{
    auto* card = new RuleCard(rule);
    card->setReadOnly(m_readOnly);
    m_cards.insert(place, card);
    m_box->insertWidget(place, card);
    connect(card, &RuleCard::edited, this, &RulesEditor::edited);
    connect(card, &RuleCard::moveRequested, this, [this, card](int steps) {
        const qsizetype from = m_cards.indexOf(card);
        const qsizetype to = std::clamp<qsizetype>(from + steps, 0, m_cards.size() - 1);
        if (from == to)
            return;
        QWidget* focus = focusWidget();
        m_cards.move(from, to);
        m_box->removeWidget(card);
        m_box->insertWidget(static_cast<int>(to), card);
        number();
        if (focus && card->isAncestorOf(focus))
            focus->setFocus();
        emit edited();
    });
    connect(card, &RuleCard::duplicateRequested, this, [this, card] {
        state::Rule copy = card->value();
        copy.id = newId();
        copy.version = 0;
        if (!copy.name.isEmpty())
            copy.name = tr("%1 (copy)").arg(copy.name);
        insertCard(static_cast<int>(m_cards.indexOf(card)) + 1, copy)->focusName();
        number();
        emit edited();
    });
    connect(card, &RuleCard::deleteRequested, this, [this, card] {
        m_cards.removeOne(card);
        card->hide();
        card->deleteLater();
        number();
        m_add->setFocus();
        emit edited();
    });
    return card;
}

// Given here, so that findings and trials of a draft can name the rule before it is saved.
QString RulesEditor::newId() const
{
    for (int i = 1;; ++i) {
        const QString id = QStringLiteral("r%1").arg(i);
        if (std::none_of(m_cards.cbegin(), m_cards.cend(),
                         [&](const RuleCard* card) { return card->value().id == id; }))
            return id;
    }
}

void RulesEditor::addRule()
{
    state::Rule rule;
    rule.id = newId();
    rule.conditions.append({QStringLiteral("country"), false, {}});
    rule.variants.append(state::Variant());
    insertCard(static_cast<int>(m_cards.size()), rule)->focusName();
    number();
    emit edited();
}

void RulesEditor::number()
{
    for (qsizetype i = 0; i < m_cards.size(); ++i)
        m_cards[i]->setPlace(static_cast<int>(i) + 1, static_cast<int>(m_cards.size()));
    m_add->setVisible(!m_readOnly);
    m_add->setEnabled(m_cards.size() < static_cast<qsizetype>(protocol::limits::rulesPerLink));
    m_end->setText(m_cards.isEmpty() ? tr("No rules: everybody goes to the link's own destination.")
                                     : tr("Whoever no rule takes goes to the link's own destination."));
}

void RulesEditor::setReadOnly(bool readOnly)
{
    m_readOnly = readOnly;
    for (RuleCard* card : std::as_const(m_cards))
        card->setReadOnly(readOnly);
    number();
}

void RulesEditor::setFindings(const state::Findings& findings)
{
    for (RuleCard* card : std::as_const(m_cards)) {
        state::Findings mine;
        const QString id = card->value().id;
        for (const state::Finding& finding : findings)
            if (finding.rule == id)
                mine.append(finding);
        card->setFindings(mine);
    }
    QStringList general;
    for (const state::Finding& finding : findings)
        if (finding.rule.isEmpty())
            general.append(QStringLiteral("! ") + Words::finding(finding));
    m_general->setText(general.join(QLatin1Char('\n')));
    m_general->setVisible(!general.isEmpty());
}

void RulesEditor::setProblem(const QString& field, const QString& words)
{
    static const QRegularExpression place(QStringLiteral("^rules[.\\[](\\d+)"));
    const QRegularExpressionMatch match = place.match(field);
    if (RuleCard* card = match.hasMatch() ? m_cards.value(match.captured(1).toInt()) : nullptr)
        return card->setProblem(words);
    m_general->setText(QStringLiteral("! ") + words);
    m_general->show();
}

} // namespace links
