// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include "app/state/trials.h"

class QPushButton;
class QVBoxLayout;

namespace widgets {
class Text;
}

namespace links {

class RuleCard;

// A link's rules in the order in which they are tried. The first one that holds decides; after them comes the link's
// own destination.
class RulesEditor : public QWidget {
    Q_OBJECT

public:
    explicit RulesEditor(QWidget* parent = nullptr);

    QList<state::Rule> rules() const;
    void setRules(const QList<state::Rule>& rules);
    void setReadOnly(bool readOnly);
    void setFindings(const state::Findings& findings);
    // What the backend refused, as "rules", "rules.0.conditions" or "rules[0].…".
    void setProblem(const QString& field, const QString& words);
    void addRule();
    RuleCard* card(int place) const { return m_cards.value(place); }

signals:
    void edited();

private:
    RuleCard* insertCard(int place, const state::Rule& rule);
    void number();
    QString newId() const;

    QList<RuleCard*> m_cards;
    QVBoxLayout* m_box;
    QPushButton* m_add;
    widgets::Text* m_general; // problems of no rule in particular
    widgets::Text* m_end;
    bool m_readOnly = false;
};

} // namespace links
