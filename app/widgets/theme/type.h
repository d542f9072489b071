// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFont>
#include <QLabel>
#include <QString>

class QTextLayout;

namespace widgets {

inline constexpr int basePixels = 13;
inline constexpr int labelPixels = 12;
inline constexpr int figurePixels = 27;

// The same family and features at another size and weight.
QFont sized(QFont font, int pixels, QFont::Weight weight = QFont::Normal);
// For addresses, filters and commands.
QFont monospace(int pixels = basePixels);

// Unknown, zero and "not yet" are three different things.
inline constexpr QChar unknownMark{0x2014};
inline constexpr QChar notYetMark{0x2026};

// Figures in the default locale, thousands separated.
QString figure(quint64 value);
QString figure(double value, int decimals);
// "17.3 %"; the mark for unknown where there is nothing to have a share of.
QString percent(quint64 part, quint64 whole);
// "3 s", "12 min", "5 h", "2 d".
QString shortDuration(qint64 milliseconds);

// A tool tip that no text can turn into markup.
QString plainToolTip(const QString& text);

// Makes the style sheet look at a widget's properties again.
void restyle(QWidget* widget);

enum class Look { Normal, Quiet, Strong, Alert, Good, Code };

// A label that shows text as it is, whatever stands in it.
class Text : public QLabel {
    Q_OBJECT

public:
    explicit Text(const QString& text = {}, Look look = Look::Normal, QWidget* parent = nullptr);

    void setLook(Look look);
    // What does not fit ends in "…" instead of being cut, and the label gives way to its neighbours.
    void setElided();
    // Lines break wherever they must, so that an address without a blank holds no panel open. Right click copies.
    void setWrapAnywhere();

    int heightForWidth(int width) const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    void applyLook();

    Look m_look;
    double layOut(QTextLayout& layout, double width) const;

    bool m_elided = false;
    bool m_wrapAnywhere = false;
};

} // namespace widgets
