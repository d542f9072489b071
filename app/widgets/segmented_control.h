// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QButtonGroup;

namespace widgets {

// A few choices side by side, exactly one chosen: All | Short URL | QR.
class SegmentedControl : public QWidget {
    Q_OBJECT

public:
    SegmentedControl(const QString& accessibleName, const QStringList& segments, QWidget* parent = nullptr);

    int current() const;
    // Does not emit chosen().
    void setCurrent(int segment);
    void setSegmentToolTip(int segment, const QString& text);

signals:
    void chosen(int segment);

private:
    QButtonGroup* m_group;
};

} // namespace widgets
