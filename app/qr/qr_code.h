// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QPolygon>

#include <vector>

#include "app/qr/qr_design.h"

namespace qr {

// The modules of one code, in the design they were made for. Immutable; a plain value.
class QrCode {
public:
    // Check `problem` before anything else: with one, the code has no modules.
    explicit QrCode(const QrDesign& design);

    const DesignProblem& problem() const { return m_problem; }
    const QrDesign& design() const { return m_design; }
    Correction correction() const { return m_correction; }
    int side() const { return m_side; }                                  // modules without the quiet zone
    int wholeSide() const { return m_side + 2 * m_design.quietModules; } // and with it
    int logoSide() const { return m_logoSide; }                          // modules of the free middle, 0 = none
    bool dark(int x, int y) const;
    // The dark parts as closed outlines in modules, the quiet zone included; to be filled odd-even. Whole shapes, since
    // single squares side by side show hairlines on paper.
    QList<QPolygon> outlines() const;

private:
    void freeMiddle();

    QrDesign m_design;
    DesignProblem m_problem;
    Correction m_correction = Correction::Low;
    int m_side = 0;
    int m_logoSide = 0;
    std::vector<bool> m_dark;
};

} // namespace qr
