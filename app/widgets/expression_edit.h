// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLineEdit>

#include <functional>

class QCompleter;
class QStringListModel;
class QTimer;

namespace widgets {

// Where a typed expression is wrong, in characters of the text, and why in words. No problem: `words` is empty.
struct ExpressionProblem {
    QString words;
    int at = 0;
    int length = 0;
};

// One line for a typed expression: checked while it is typed, with the faulty piece underlined and the reason told, and
// completion of the piece under the cursor. What the expression means is the owner's business.
class ExpressionEdit : public QLineEdit {
    Q_OBJECT

public:
    using Check = std::function<ExpressionProblem(const QString& text)>;
    // Completions of the word that the cursor stands in.
    using Complete = std::function<QStringList(const QString& word)>;

    explicit ExpressionEdit(QWidget* parent = nullptr);

    void setCheck(Check check) { m_check = std::move(check); }
    void setComplete(Complete complete) { m_complete = std::move(complete); }
    const ExpressionProblem& problem() const { return m_problem; }

    // Sets the text as if it had been typed and confirmed.
    void setExpression(const QString& text);

signals:
    // A text without a problem, a moment after the last key or at once on Enter.
    void expressionChanged(const QString& text);
    void problemChanged(const QString& words);

protected:
    void keyPressEvent(QKeyEvent* event) override;

private:
    void check();
    void confirm();
    void underline();
    void offerCompletions();
    void insertCompletion(const QString& completion);
    QString wordAtCursor() const;

    Check m_check;
    Complete m_complete;
    ExpressionProblem m_problem;
    QString m_confirmed;
    QTimer* m_pause;
    QCompleter* m_completer;
    QStringListModel* m_words;
};

} // namespace widgets
