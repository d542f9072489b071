// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/qr/symbol_layout.h"

#include <array>

namespace qr {

namespace {

using PerVersion = std::array<int, 40>;

constexpr std::array<PerVersion, 4> checksPerBlock{
    {{7,  10, 15, 20, 26, 18, 20, 24, 30, 18, 20, 24, 26, 30, 22, 24, 28, 30, 28, 28,
      28, 28, 30, 30, 26, 28, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30},
     {10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24, 28, 28, 26, 26, 26,
      26, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28},
     {13, 22, 18, 26, 18, 24, 18, 22, 20, 24, 28, 26, 24, 20, 30, 24, 28, 28, 26, 30,
      28, 30, 30, 30, 30, 28, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30},
     {17, 28, 22, 16, 22, 28, 26, 26, 24, 28, 24, 28, 22, 24, 24, 30, 28, 28, 26, 28,
      30, 24, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30}}};

constexpr std::array<PerVersion, 4> blockCounts{
    {{1, 1, 1, 1,  1,  2,  2,  2,  2,  4,  4,  4,  4,  4,  6,  6,  6,  6,  7,  8,
      8, 9, 9, 10, 12, 12, 12, 13, 14, 15, 16, 17, 18, 19, 19, 20, 21, 22, 24, 25},
     {1,  1,  1,  2,  2,  4,  4,  4,  5,  5,  5,  8,  9,  9,  10, 10, 11, 13, 14, 16,
      17, 17, 18, 20, 21, 23, 25, 26, 28, 29, 31, 33, 35, 37, 38, 40, 43, 45, 47, 49},
     {1,  1,  2,  2,  4,  4,  6,  6,  8,  8,  8,  10, 12, 16, 12, 17, 16, 18, 21, 20,
      23, 23, 25, 27, 29, 34, 34, 35, 38, 40, 43, 45, 48, 51, 53, 56, 59, 62, 65, 68},
     {1,  1,  2,  4,  4,  4,  5,  6,  8,  8,  11, 11, 16, 16, 18, 16, 19, 21, 25, 25,
      25, 34, 30, 32, 35, 37, 40, 42, 45, 48, 51, 54, 57, 60, 63, 66, 70, 74, 77, 81}}};

constexpr int versionsWithInformation = 7; // from this one on, the version stands in the code itself

// The middles of the small squares, in both directions.
std::vector<int> alignmentMiddles(int version)
{
    if (version == 1)
        return {};
    const int count = version / 7 + 2;
    const int step = version == 32 ? 26 : (version * 4 + count * 2 + 1) / (count * 2 - 2) * 2;
    std::vector<int> middles(static_cast<std::size_t>(count), 6);
    for (int i = count - 1, at = sideOf(version) - 7; i >= 1; --i, at -= step)
        middles[static_cast<std::size_t>(i)] = at;
    return middles;
}

class Map {
public:
    explicit Map(int version) : m_side(sideOf(version)), m_taken(static_cast<std::size_t>(m_side * m_side))
    {
        take(0, 0, 9, 9);
        take(m_side - 8, 0, 8, 9);
        take(0, m_side - 8, 9, 8);
        take(6, 0, 1, m_side);
        take(0, 6, m_side, 1);
        const auto middles = alignmentMiddles(version);
        for (const int x : middles)
            for (const int y : middles) {
                const bool atFinder = (x == 6 && y == 6) || (x == 6 && y == m_side - 7) || (x == m_side - 7 && y == 6);
                if (!atFinder)
                    take(x - 2, y - 2, 5, 5);
            }
        if (version >= versionsWithInformation) {
            take(m_side - 11, 0, 3, 6);
            take(0, m_side - 11, 6, 3);
        }
    }
    bool isFree(int x, int y) const { return !m_taken[static_cast<std::size_t>(y * m_side + x)]; }

private:
    void take(int left, int top, int width, int height)
    {
        for (int y = top; y < top + height; ++y)
            for (int x = left; x < left + width; ++x)
                m_taken[static_cast<std::size_t>(y * m_side + x)] = true;
    }

    int m_side;
    std::vector<bool> m_taken;
};

} // namespace

int sideOf(int version)
{
    return 4 * version + 17;
}

int versionOf(int side)
{
    const int version = (side - 17) / 4;
    return version >= 1 && version <= 40 && sideOf(version) == side ? version : 0;
}

std::vector<QPoint> dataModules(int version)
{
    const Map map(version);
    const int side = sideOf(version);
    std::vector<QPoint> modules;
    bool upward = true;
    for (int right = side - 1; right >= 1; right -= 2, upward = !upward) {
        if (right == 6) // the column of the timing pattern is no part of the pairs
            right = 5;
        for (int i = 0; i < side; ++i) {
            const int y = upward ? side - 1 - i : i;
            for (const int x : {right, right - 1})
                if (map.isFree(x, y))
                    modules.emplace_back(x, y);
        }
    }
    return modules;
}

bool isMasked(int mask, int x, int y)
{
    switch (mask) {
    case 0:
        return (x + y) % 2 == 0;
    case 1:
        return y % 2 == 0;
    case 2:
        return x % 3 == 0;
    case 3:
        return (x + y) % 3 == 0;
    case 4:
        return (x / 3 + y / 2) % 2 == 0;
    case 5:
        return x * y % 2 + x * y % 3 == 0;
    case 6:
        return (x * y % 2 + x * y % 3) % 2 == 0;
    default:
        return ((x + y) % 2 + x * y % 3) % 2 == 0;
    }
}

std::vector<QPoint> formatModules(int side, bool second)
{
    std::vector<QPoint> modules;
    if (!second) {
        for (int x = 0; x <= 5; ++x)
            modules.emplace_back(x, 8);
        modules.insert(modules.end(), {{7, 8}, {8, 8}, {8, 7}});
        for (int y = 5; y >= 0; --y)
            modules.emplace_back(8, y);
    } else {
        for (int i = 0; i < 7; ++i)
            modules.emplace_back(8, side - 1 - i);
        for (int i = 7; i < 15; ++i)
            modules.emplace_back(side - 15 + i, 8);
    }
    return modules;
}

Blocks blocksOf(int version, Correction correction)
{
    const auto level = static_cast<std::size_t>(correction), at = static_cast<std::size_t>(version - 1);
    return {blockCounts[level][at], checksPerBlock[level][at], static_cast<int>(dataModules(version).size() / 8)};
}

} // namespace qr
