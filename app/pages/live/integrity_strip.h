// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QWidget>

#include "app/state/live_state.h"

class QPushButton;

namespace live {

// One line that says whether what is on screen is live and complete. Every figure is there at all times; what is wrong
// is red and says so in words.
class IntegrityStrip : public QWidget {
    Q_OBJECT

public:
    explicit IntegrityStrip(QWidget* parent = nullptr);

    void setState(const state::LiveState& state);
    // All that is shown, as one text.
    QString text() const;

    QSize sizeHint() const override { return {900, 36}; }

signals:
    void diagnosisRequested();

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    struct Item {
        QString label, value;
        bool bad = false;
        QString rest; // quiet, behind the value

        friend bool operator==(const Item&, const Item&) = default;
    };
    static QList<Item> itemsOf(const state::LiveState& state);

    QList<Item> m_items;
    state::Phase m_phase = state::Phase::Disconnected;
    QPushButton* m_why;
};

} // namespace live
