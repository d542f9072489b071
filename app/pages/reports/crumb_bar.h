// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringList>
#include <QWidget>

class QHBoxLayout;
class QPushButton;

namespace widgets {
class Text;
}

namespace reports {

// The way that led to what is shown, each step a button back to it, and how fresh the figures are.
class CrumbBar : public QWidget {
    Q_OBJECT

public:
    explicit CrumbBar(QWidget* parent = nullptr);

    // The first stands for everything, the last for what is shown.
    void setSteps(const QStringList& steps);
    QStringList steps() const { return m_steps; }
    void setFreshness(const QString& text);
    QString freshness() const;
    // That figures had been reported otherwise; empty = none was.
    void setRestated(const QString& text, const QString& more);
    QPushButton* restated() const { return m_restated; }

signals:
    void stepChosen(int step);
    void restatedChosen();

private:
    QHBoxLayout* m_row;
    QStringList m_steps;
    widgets::Text* m_freshness;
    QPushButton* m_restated;
};

} // namespace reports
