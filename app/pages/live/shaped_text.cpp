// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/live/shaped_text.h"

#include <QPainter>
#include <QStyle>
#include <QTextOption>

#include <memory>

namespace live {

void ShapedText::forgetOthers(const QFont& font, Qt::LayoutDirection direction)
{
    if (font == m_font && direction == m_direction)
        return;
    m_font = font;
    m_direction = direction;
    m_lines.clear();
}

const ShapedText::Line& ShapedText::shaped(const QFontMetrics& metrics, const Key& key, const QString& words)
{
    auto line = std::make_unique<Line>();
    line->text.setText(words);
    line->text.setTextFormat(Qt::PlainText);
    QTextOption option;
    option.setTextDirection(m_direction);
    option.setWrapMode(QTextOption::NoWrap);
    line->text.setTextOption(option);
    line->text.prepare({}, m_font);
    // A laid out line does not count the blank at its end.
    line->width = words.endsWith(QLatin1Char(' ')) ? metrics.horizontalAdvance(words) : line->text.size().width();
    if (key.words.size() > charsMax) {
        m_unkept = *line;
        return m_unkept;
    }
    const Line& kept = *line;
    m_lines.insert(key, line.release());
    return kept;
}

int ShapedText::widthOf(const QPainter& painter, const QFontMetrics& metrics, const QString& words)
{
    forgetOthers(painter.font(), painter.layoutDirection());
    const Key key{words, whole};
    const Line* known = m_lines.object(key);
    return qRound(known ? known->width : shaped(metrics, key, words).width);
}

void ShapedText::draw(QPainter& painter, const QFontMetrics& metrics, const QRect& where, const QString& words,
                      Qt::Alignment side)
{
    if (words.isEmpty() || where.width() <= 0)
        return;
    forgetOthers(painter.font(), painter.layoutDirection());
    Key key{words, whole};
    const Line* line = m_lines.object(key);
    if (!line)
        line = &shaped(metrics, key, words);
    if (line->width > where.width()) {
        key.room = where.width();
        line = m_lines.object(key);
        if (!line)
            line = &shaped(metrics, key, metrics.elidedText(words, Qt::ElideRight, key.room));
    }
    const bool right = QStyle::visualAlignment(m_direction, side) & Qt::AlignRight;
    painter.drawStaticText(QPoint(right ? where.right() + 1 - qRound(line->width) : where.left(),
                                  where.top() + (where.height() - metrics.height()) / 2),
                           line->text);
}

} // namespace live
