// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QWidget>

#include "app/widgets/theme/theme.h"

namespace widgets {

// A small line of the recent past, from zero; decoration beside a figure that says the same in words.
class Sparkline : public QWidget {
    Q_OBJECT

public:
    explicit Sparkline(Ink ink = &Theme::link, QWidget* parent = nullptr);

    void setValues(const QList<double>& values);
    const QList<double>& values() const { return m_values; }

    QSize sizeHint() const override { return {124, 36}; }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    Ink m_ink;
    QList<double> m_values;
};

// At most `count` values: the mean of each group of neighbours.
QList<double> thinned(const QList<double>& values, qsizetype count);

} // namespace widgets
