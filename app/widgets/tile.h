// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QWidget>

#include "app/widgets/theme/theme.h"

namespace widgets {

class Sparkline;

// What a tile says: one figure, and beneath it one line that says what the figure is made of. The line's first words
// may carry a colour, and always say in words or with a glyph what the colour says.
struct TileContent {
    QString figure;
    QString lead;
    Ink leadInk = &Theme::quiet;
    QString note;
    bool alert = false;
    QString toolTip;

    friend bool operator==(const TileContent&, const TileContent&) = default;
};

// One figure, large enough to read from two metres.
class Tile : public QWidget {
    Q_OBJECT

public:
    explicit Tile(const QString& label, QWidget* parent = nullptr);

    void setContent(const TileContent& content);
    const TileContent& content() const { return m_content; }
    void setTrend(const QList<double>& values);

    QSize sizeHint() const override { return {300, 82}; }
    QSize minimumSizeHint() const override { return {150, 82}; }

signals:
    void pressed();

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;

private:
    QString m_label;
    TileContent m_content;
    Sparkline* m_sparkline = nullptr;
};

} // namespace widgets
