// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/widgets/expression_edit.h"

#include <QAbstractItemView>
#include <QCompleter>
#include <QCoreApplication>
#include <QInputMethodEvent>
#include <QKeyEvent>
#include <QStringListModel>
#include <QTextCharFormat>
#include <QTimer>

#include <algorithm>

#include "app/widgets/theme/theme.h"
#include "app/widgets/theme/type.h"

namespace widgets {

namespace {
// Long enough not to refilter at every key of a fast typist, short enough to feel immediate.
constexpr int pauseMs = 150;

bool separates(QChar c)
{
    return c.isSpace() || c == QLatin1Char('(') || c == QLatin1Char(')');
}
} // namespace

ExpressionEdit::ExpressionEdit(QWidget* parent)
    : QLineEdit(parent), m_pause(new QTimer(this)), m_completer(new QCompleter(this)),
      m_words(new QStringListModel(this))
{
    setFont(monospace());
    setClearButtonEnabled(false);
    m_pause->setSingleShot(true);
    m_pause->setInterval(pauseMs);
    m_completer->setWidget(this);
    m_completer->setModel(m_words);
    m_completer->setCompletionMode(QCompleter::UnfilteredPopupCompletion);
    connect(m_pause, &QTimer::timeout, this, &ExpressionEdit::confirm);
    connect(this, &QLineEdit::textChanged, this, [this] {
        check();
        m_pause->start();
    });
    connect(this, &QLineEdit::textEdited, this, &ExpressionEdit::offerCompletions);
    connect(this, &QLineEdit::returnPressed, this, &ExpressionEdit::confirm);
    connect(m_completer, qOverload<const QString&>(&QCompleter::activated), this, &ExpressionEdit::insertCompletion);
}

void ExpressionEdit::setExpression(const QString& text)
{
    setText(text);
    confirm();
}

void ExpressionEdit::check()
{
    const QString before = m_problem.words;
    m_problem = m_check ? m_check(text()) : ExpressionProblem{};
    underline();
    if (m_problem.words == before)
        return;
    setProperty("failed", !m_problem.words.isEmpty());
    restyle(this);
    setAccessibleDescription(m_problem.words);
    emit problemChanged(m_problem.words);
}

void ExpressionEdit::confirm()
{
    m_pause->stop();
    if (!m_problem.words.isEmpty() || text() == m_confirmed)
        return;
    m_confirmed = text();
    emit expressionChanged(m_confirmed);
}

void ExpressionEdit::underline()
{
    // A line edit has no formats of its own; those of an input method without a text are the way to mark a piece.
    QList<QInputMethodEvent::Attribute> attributes;
    if (!m_problem.words.isEmpty()) {
        QTextCharFormat format;
        format.setUnderlineStyle(QTextCharFormat::SpellCheckUnderline);
        format.setUnderlineColor(themeOf(palette()).alert);
        const int at = std::clamp(m_problem.at, 0, static_cast<int>(text().size()));
        const int length = std::max(1, m_problem.length);
        attributes.append({QInputMethodEvent::TextFormat, at - cursorPosition(), length, format});
    }
    QInputMethodEvent event({}, attributes);
    QCoreApplication::sendEvent(this, &event);
}

QString ExpressionEdit::wordAtCursor() const
{
    const QString before = text().left(cursorPosition());
    const auto start = std::find_if(before.crbegin(), before.crend(), separates);
    return before.right(std::distance(before.crbegin(), start));
}

void ExpressionEdit::offerCompletions()
{
    const QString word = wordAtCursor();
    const QStringList words = m_complete && !word.isEmpty() ? m_complete(word) : QStringList();
    if (words.isEmpty() || (words.size() == 1 && words.first() == word)) {
        m_completer->popup()->hide();
        return;
    }
    m_words->setStringList(words);
    const int indent = fontMetrics().horizontalAdvance(text().left(cursorPosition() - word.size()));
    m_completer->complete(QRect(std::min(indent, width() - 260), 0, 260, height()));
}

void ExpressionEdit::insertCompletion(const QString& completion)
{
    const QString word = wordAtCursor();
    const qsizetype start = cursorPosition() - word.size();
    const bool open = completion.endsWith(QLatin1Char(':')) || completion.endsWith(QLatin1Char('~'));
    const QString inserted = open ? completion : completion + QLatin1Char(' ');
    setText(text().left(start) + inserted + text().mid(cursorPosition()));
    setCursorPosition(static_cast<int>(start + inserted.size()));
}

void ExpressionEdit::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Escape) {
        if (m_completer->popup()->isVisible())
            m_completer->popup()->hide();
        else
            clearFocus();
        return;
    }
    QLineEdit::keyPressEvent(event);
}

} // namespace widgets
