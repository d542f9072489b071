// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/qr/qr_code.h"

#include <qrcodegen/qrcodegen.hpp>

#include <algorithm>
#include <array>
#include <map>
#include <utility>

namespace qr {

namespace {

using Ecc = qrcodegen::QrCode::Ecc;

constexpr std::array<Ecc, 4> levels{Ecc::LOW, Ecc::MEDIUM, Ecc::QUARTILE, Ecc::HIGH};
// A finder pattern with its separator; the free middle keeps clear of them.
constexpr int finderModules = 8;

// Sides of dark modules that have no dark neighbour there, each running clockwise around its module, by where it
// starts. Two may start at one corner, where dark modules touch diagonally.
using Edges = std::multimap<std::pair<int, int>, QPoint>;

QPoint takeFrom(Edges& edges, QPoint corner)
{
    const auto edge = edges.find({corner.y(), corner.x()});
    const QPoint end = edge->second;
    edges.erase(edge);
    return end;
}

} // namespace

QrCode::QrCode(const QrDesign& design) : m_design(design), m_problem(problemOf(design))
{
    if (m_problem.isSet())
        return;
    const QByteArray text = design.text.toUtf8();
    if (text.isEmpty() || text.contains('\0')) {
        m_problem = {QStringLiteral("empty"), QStringLiteral("text")};
        return;
    }
    const Ecc level = levels[static_cast<std::size_t>(neededCorrection(design))];
    try {
        if (text.size() > textBytesMax)
            throw qrcodegen::data_too_long("more than a phone reads");
        const auto code =
            qrcodegen::QrCode::encodeSegments(qrcodegen::QrSegment::makeSegments(text.constData()), level);
        m_side = code.getSize();
        m_correction = static_cast<Correction>(std::find(levels.begin(), levels.end(), code.getErrorCorrectionLevel()) -
                                               levels.begin());
        for (int y = 0; y < m_side; ++y)
            for (int x = 0; x < m_side; ++x)
                m_dark.push_back(code.getModule(x, y));
    } catch (const qrcodegen::data_too_long&) {
        m_problem = {QStringLiteral("too_long"), QStringLiteral("text")};
        return;
    }
    if (design.pixels < wholeSide() * pixelsPerModuleMin) {
        m_problem = {QStringLiteral("too_small"), QStringLiteral("pixels")};
        return;
    }
    freeMiddle();
}

bool QrCode::dark(int x, int y) const
{
    return x >= 0 && y >= 0 && x < m_side && y < m_side && m_dark[static_cast<std::size_t>(y * m_side + x)];
}

void QrCode::freeMiddle()
{
    if (m_design.logoShare <= 0)
        return;
    // Odd, as the code's side is, so that it stands in the very middle.
    m_logoSide = std::min(static_cast<int>(m_design.logoShare * m_side), m_side - 2 * finderModules) | 1;
    if (m_logoSide > m_design.logoShare * m_side)
        m_logoSide -= 2;
    m_logoSide = std::max(m_logoSide, 1);
    const int from = (m_side - m_logoSide) / 2;
    for (int y = from; y < from + m_logoSide; ++y)
        for (int x = from; x < from + m_logoSide; ++x)
            m_dark[static_cast<std::size_t>(y * m_side + x)] = false;
}

QList<QPolygon> QrCode::outlines() const
{
    Edges edges;
    const auto add = [&edges](int fromX, int fromY, int toX, int toY) {
        edges.insert({{fromY, fromX}, QPoint(toX, toY)});
    };
    const int quiet = m_design.quietModules;
    for (int y = 0; y < m_side; ++y) {
        for (int x = 0; x < m_side; ++x) {
            if (!dark(x, y))
                continue;
            const int left = x + quiet, top = y + quiet;
            if (!dark(x, y - 1))
                add(left, top, left + 1, top);
            if (!dark(x + 1, y))
                add(left + 1, top, left + 1, top + 1);
            if (!dark(x, y + 1))
                add(left + 1, top + 1, left, top + 1);
            if (!dark(x - 1, y))
                add(left, top + 1, left, top);
        }
    }
    QList<QPolygon> shapes;
    while (!edges.empty()) {
        const auto [startY, startX] = edges.begin()->first;
        const QPoint start(startX, startY);
        QPolygon shape{start};
        for (QPoint at = takeFrom(edges, start); at != start; at = takeFrom(edges, at)) {
            const qsizetype n = shape.size();
            const bool straight = n > 1 && ((shape[n - 1].x() == at.x() && shape[n - 2].x() == at.x()) ||
                                            (shape[n - 1].y() == at.y() && shape[n - 2].y() == at.y()));
            if (straight)
                shape[n - 1] = at;
            else
                shape.append(at);
        }
        shapes.append(shape);
    }
    return shapes;
}

} // namespace qr
