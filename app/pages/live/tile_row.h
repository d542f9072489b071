// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include <array>

#include "backend/protocol/window.h"

class QGridLayout;

namespace widgets {
class Tile;
}

namespace live {

// The six figures of the live window: how fast, how many people, scans, bots, what goes wrong, and how many visitors.
class TileRow : public QWidget {
    Q_OBJECT

public:
    enum Figure { Velocity, People, Scans, Bots, Misses, Visitors, FigureCount };

    explicit TileRow(QWidget* parent = nullptr);

    void setWindow(const protocol::WindowAggregate& window);
    widgets::Tile* tile(Figure figure) const { return m_tiles[figure]; }

signals:
    // The display filter that shows what a tile counts.
    void filterRequested(const QString& text);

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void layOut(int columns);
    void showVelocity(const protocol::WindowAggregate& window);
    void showCounts(const protocol::WindowAggregate& window);
    void showMisses(const protocol::WindowAggregate& window);

    std::array<widgets::Tile*, FigureCount> m_tiles{};
    QGridLayout* m_grid;
    int m_columns = 0;
};

// "30 min", or "since 14:02" where the window is not filled yet.
QString windowText(const protocol::WindowAggregate& window);

} // namespace live
