// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include "app/qr/qr_design.h"

class QDoubleSpinBox;
class QFormLayout;
class QPushButton;
class QSlider;
class QSpinBox;

namespace widgets {
class SegmentedControl;
class Text;
} // namespace widgets

namespace qr_codes {

// What a design's problem means, and what to do about it.
QString problemWords(const qr::DesignProblem& problem, const qr::QrDesign& design);
QString correctionWord(qr::Correction correction);

// The look of a code, without its text.
class QrOptions : public QWidget {
    Q_OBJECT

public:
    explicit QrOptions(QWidget* parent = nullptr);

    qr::QrDesign design() const;
    void setDesign(const qr::QrDesign& design);
    // Of the column of names, for fields that stand above.
    int nameWidth() const;

signals:
    void changed();

private:
    void addColours(QFormLayout* form);
    void addLogo(QFormLayout* form);
    void choose(QColor& colour, const QString& title);
    void show();

    qr::QrDesign m_design;
    widgets::SegmentedControl* m_correction;
    QDoubleSpinBox* m_millimetres;
    QSpinBox* m_pixels;
    QSpinBox* m_quiet;
    QPushButton* m_ink;
    QPushButton* m_paper;
    QSlider* m_logo;
    widgets::Text* m_logoWords;
};

} // namespace qr_codes
