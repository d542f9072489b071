// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/live/shaped_text.h"

#include <QPainter>
#include <QStyle>
#include <QTextOption>

#include <memory>

namespace live {

void ShapedText::forgetOtherFonts(const QFont& font)
{
    if (font == m_font)
        return;
    m_font = font;
    m_lines.clear();
    m_widths.clear();
}

int ShapedText::widthOf(const QFont& font, const QFontMetrics& metrics, const QString& words)
{
    forgetOtherFonts(font);
    if (const int* known = m_widths.object(words))
        return *known;
    const int width = metrics.horizontalAdvance(words);
    if (words.size() <= charsMax)
        m_widths.insert(words, new int(width));
    return width;
}

void ShapedText::draw(QPainter& painter, const QFontMetrics& metrics, const QRect& where, const QString& words,
                      Qt::Alignment side)
{
    if (words.isEmpty() || where.width() <= 0)
        return;
    forgetOtherFonts(painter.font());
    if (painter.layoutDirection() != m_direction) {
        m_direction = painter.layoutDirection();
        m_lines.clear();
    }
    const Key key{words, where.width()};
    Line* line = m_lines.object(key);
    std::unique_ptr<Line> unkept;
    if (!line) {
        unkept = std::make_unique<Line>();
        line = unkept.get();
        line->width = widthOf(m_font, metrics, words);
        line->text.setText(words);
        if (line->width > where.width()) {
            const QString cut = metrics.elidedText(words, Qt::ElideRight, where.width());
            line->width = metrics.horizontalAdvance(cut);
            line->text.setText(cut);
        }
        line->text.setTextFormat(Qt::PlainText);
        QTextOption option;
        option.setTextDirection(m_direction);
        option.setWrapMode(QTextOption::NoWrap);
        line->text.setTextOption(option);
        line->text.prepare({}, m_font);
        if (words.size() <= charsMax)
            m_lines.insert(key, unkept.release());
    }
    const bool right = QStyle::visualAlignment(m_direction, side) & Qt::AlignRight;
    painter.drawStaticText(QPoint(right ? where.right() + 1 - line->width : where.left(),
                                  where.top() + (where.height() - metrics.height()) / 2),
                           line->text);
}

} // namespace live
