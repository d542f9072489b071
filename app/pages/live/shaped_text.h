// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCache>
#include <QFont>
#include <QFontMetrics>
#include <QHash>
#include <QStaticText>

class QPainter;

namespace live {

// Lines of plain text, shaped once: a live table draws the same words again and again, and shaping them costs more than
// their pixels. Those that do not fit are cut to their room. GUI thread. At most linesMax are kept, those used last; a
// longer text than charsMax is not kept and drawn all the same.
class ShapedText {
public:
    static constexpr int linesMax = 4096, charsMax = 256;

    ShapedText() : m_lines(linesMax) {}

    // In the painter's font and pen, in the middle of the height.
    void draw(QPainter& painter, const QFontMetrics& metrics, const QRect& where, const QString& words,
              Qt::Alignment side);
    int widthOf(const QPainter& painter, const QFontMetrics& metrics, const QString& words);

private:
    struct Line {
        QStaticText text;
        double width = 0; // of the text as drawn
    };
    struct Key {
        QString words;
        int room = 0; // that it was cut to; whole = not at all
        bool operator==(const Key&) const = default;
    };
    static constexpr int whole = -1;
    friend size_t qHash(const Key& key, size_t seed) { return qHashMulti(seed, key.words, key.room); }

    void forgetOthers(const QFont& font, Qt::LayoutDirection direction);
    // `words` as they are: wherever they are cut, that was done before. Good until the next call.
    const Line& shaped(const QFontMetrics& metrics, const Key& key, const QString& words);

    QFont m_font;
    Qt::LayoutDirection m_direction = Qt::LeftToRight;
    QCache<Key, Line> m_lines;
    Line m_unkept;
};

} // namespace live
