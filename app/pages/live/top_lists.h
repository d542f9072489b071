// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include <array>

#include "backend/protocol/window.h"

namespace widgets {
class TopList;
}

namespace live {

// The live window's top lists side by side, as many as there is room for; the most useful stay longest.
class TopLists : public QWidget {
    Q_OBJECT

public:
    enum List { Links, Referrers, Channels, Countries, Devices, Campaigns, ListCount };

    explicit TopLists(QWidget* parent = nullptr);

    void setWindow(const protocol::WindowAggregate& window);
    widgets::TopList* list(List which) const { return m_lists[which]; }

    QSize sizeHint() const override { return {900, 190}; }

signals:
    void displayRequested(const QString& text);

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    std::array<widgets::TopList*, ListCount> m_lists{};
};

} // namespace live
