// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include "app/state/trials.h"

class QCheckBox;
class QComboBox;
class QLineEdit;
class QPushButton;
class QSpinBox;
class QVBoxLayout;

namespace widgets {
class Text;
}

namespace links {

class ValueList;

// One condition of a rule: what it looks at, is or is not, the values.
class ConditionRow : public QWidget {
    Q_OBJECT

public:
    explicit ConditionRow(const state::Condition& condition, QWidget* parent = nullptr);

    state::Condition value() const;
    void setReadOnly(bool readOnly);
    void setFaulty(bool faulty);
    void focusValues();

signals:
    void edited();
    void removeRequested();

private:
    void offer();

    QComboBox* m_kind;
    QComboBox* m_is;
    ValueList* m_values;
    QPushButton* m_remove;
};

// One way out of a rule, with its share of the visitors.
class VariantRow : public QWidget {
    Q_OBJECT

public:
    explicit VariantRow(const state::Variant& variant, QWidget* parent = nullptr);

    state::Variant value() const;
    void setReadOnly(bool readOnly);
    // Of all variants' weights; the only one has no name and no weight to show.
    void setTotal(quint64 total, bool only);
    void setProblem(const QString& words);

signals:
    void edited();
    void removeRequested();

private:
    QLineEdit* m_destination;
    QLineEdit* m_name;
    QSpinBox* m_weight;
    widgets::Text* m_share;
    widgets::Text* m_problem;
    QPushButton* m_remove;
};

// One rule, edited in place, with what the linter found in it.
class RuleCard : public QWidget {
    Q_OBJECT

public:
    explicit RuleCard(const state::Rule& rule, QWidget* parent = nullptr);

    state::Rule value() const;
    void setPlace(int place, int of); // from 1
    void setReadOnly(bool readOnly);
    void setFindings(const state::Findings& findings);
    void setProblem(const QString& words); // the backend's, or the console's
    QStringList findings() const;
    void focusName();

signals:
    void edited();
    void moveRequested(int steps);
    void duplicateRequested();
    void deleteRequested();

private:
    void addCondition(const state::Condition& condition, bool byHand);
    void addVariant(const state::Variant& variant);
    void buildHeader(QVBoxLayout* column);
    void showShares();
    void touch();

    state::Rule m_rule; // id and version: what is not edited
    QCheckBox* m_enabled;
    QLineEdit* m_name;
    widgets::Text* m_place;
    widgets::Text* m_version;
    widgets::Text* m_always;
    QList<QPushButton*> m_buttons; // up, down, duplicate, delete, and the two that add
    QVBoxLayout* m_conditionBox;
    QVBoxLayout* m_variantBox;
    QVBoxLayout* m_findingBox;
    QList<ConditionRow*> m_conditions;
    QList<VariantRow*> m_variants;
    bool m_readOnly = false;
};

} // namespace links
