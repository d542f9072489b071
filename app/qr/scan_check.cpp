// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/qr/scan_check.h"

#include <QRect>

#include <algorithm>
#include <bit>
#include <vector>

#include "app/qr/reed_solomon.h"
#include "app/qr/symbol_layout.h"

namespace qr {

namespace {

constexpr int finderRun = 7;      // modules across a finder pattern, its upper edge dark all along
constexpr int contrastLeast = 40; // of 255 between dark and light

struct Grid {
    int side = 0;
    std::vector<bool> dark;

    bool at(QPoint module) const { return dark[static_cast<std::size_t>(module.y() * side + module.x())]; }
};

// Dark and light parted half way between the darkest and the lightest.
class Pixels {
public:
    explicit Pixels(const QImage& picture) : m_grey(picture.convertToFormat(QImage::Format_Grayscale8))
    {
        int least = 255, most = 0;
        for (int y = 0; y < m_grey.height(); ++y)
            for (int x = 0; x < m_grey.width(); ++x) {
                least = std::min(least, value(x, y));
                most = std::max(most, value(x, y));
            }
        m_threshold = most - least < contrastLeast ? -1 : (least + most) / 2;
    }

    bool dark(int x, int y) const { return value(x, y) <= m_threshold; }
    int width() const { return m_grey.width(); }
    int height() const { return m_grey.height(); }
    QRect darkBox() const
    {
        QRect box;
        for (int y = 0; y < height(); ++y)
            for (int x = 0; x < width(); ++x)
                if (dark(x, y))
                    box |= QRect(x, y, 1, 1);
        return box;
    }

private:
    int value(int x, int y) const { return m_grey.constScanLine(y)[x]; }

    QImage m_grey;
    int m_threshold;
};

std::optional<Grid> gridOf(const QImage& picture)
{
    const Pixels pixels(picture);
    const QRect box = pixels.darkBox();
    if (box.isEmpty())
        return std::nullopt;
    int run = 0;
    while (run < box.width() && pixels.dark(box.left() + run, box.top()))
        ++run;
    const double module = static_cast<double>(run) / finderRun;
    Grid grid;
    grid.side = module > 0 ? qRound(box.width() / module) : 0;
    if (versionOf(grid.side) == 0 || std::abs(box.width() - box.height()) > module)
        return std::nullopt;
    for (int y = 0; y < grid.side; ++y)
        for (int x = 0; x < grid.side; ++x)
            grid.dark.push_back(pixels.dark(box.left() + static_cast<int>((x + 0.5) * box.width() / grid.side),
                                            box.top() + static_cast<int>((y + 0.5) * box.height() / grid.side)));
    return grid;
}

struct FormatInformation {
    Correction correction;
    int mask;
};

// The nearest of the 32 formats there are, of either copy.
std::optional<FormatInformation> formatOf(const Grid& grid)
{
    constexpr Correction levels[] = {Correction::Medium, Correction::Low, Correction::High, Correction::Quartile};
    constexpr int mendable = 3;
    for (const bool second : {false, true}) {
        unsigned bits = 0;
        for (const QPoint module : formatModules(grid.side, second))
            bits = bits << 1 | (grid.at(module) ? 1u : 0u);
        for (unsigned data = 0; data < 32; ++data) {
            unsigned check = data;
            for (int i = 0; i < 10; ++i)
                check = (check << 1) ^ ((check >> 9) * 0x537);
            const unsigned format = (data << 10 | (check & 0x3ff)) ^ 0x5412;
            if (std::popcount(format ^ bits) <= mendable)
                return FormatInformation{levels[data >> 3], static_cast<int>(data & 7)};
        }
    }
    return std::nullopt;
}

class Bits {
public:
    explicit Bits(const std::vector<std::uint8_t>& bytes) : m_bytes(bytes) {}

    std::size_t left() const { return m_bytes.size() * 8 - m_at; }
    unsigned take(std::size_t count)
    {
        unsigned value = 0;
        for (; count > 0 && left() > 0; --count, ++m_at)
            value = value << 1 | (m_bytes[m_at / 8] >> (7 - m_at % 8) & 1u);
        return value << count;
    }

private:
    const std::vector<std::uint8_t>& m_bytes;
    std::size_t m_at = 0;
};

void takeDigits(Bits& bits, unsigned count, QByteArray& text)
{
    for (; count >= 3; count -= 3)
        text += QByteArray::number(bits.take(10)).rightJustified(3, '0');
    if (count > 0)
        text += QByteArray::number(bits.take(count == 2 ? 7 : 4)).rightJustified(static_cast<int>(count), '0');
}

void takeAlphanumeric(Bits& bits, unsigned count, QByteArray& text)
{
    constexpr char set[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
    for (; count >= 2; count -= 2) {
        const unsigned pair = std::min(bits.take(11), 45u * 45u - 1);
        text += set[pair / 45];
        text += set[pair % 45];
    }
    if (count > 0)
        text += set[std::min(bits.take(6), 44u)];
}

// The text of the segments; nothing where one is of a kind we never write.
std::optional<QString> textOf(const std::vector<std::uint8_t>& data, int version)
{
    Bits bits(data);
    QByteArray text;
    const std::size_t size = version < 10 ? 0 : version < 27 ? 1 : 2;
    constexpr std::size_t digitCounts[] = {10, 12, 14}, letterCounts[] = {9, 11, 13}, byteCounts[] = {8, 16, 16};
    while (bits.left() >= 4) {
        switch (bits.take(4)) {
        case 0:
            return QString::fromUtf8(text);
        case 1:
            takeDigits(bits, bits.take(digitCounts[size]), text);
            break;
        case 2:
            takeAlphanumeric(bits, bits.take(letterCounts[size]), text);
            break;
        case 4:
            for (unsigned count = bits.take(byteCounts[size]); count > 0 && bits.left() >= 8; --count)
                text += static_cast<char>(bits.take(8));
            break;
        default:
            return std::nullopt;
        }
    }
    return QString::fromUtf8(text);
}

} // namespace

std::optional<Reading> scanCheck(const QImage& picture)
{
    const auto grid = gridOf(picture);
    const auto format = grid ? formatOf(*grid) : std::nullopt;
    if (!format)
        return std::nullopt;
    const int version = versionOf(grid->side);
    std::vector<std::uint8_t> codewords;
    int bit = 0;
    for (const QPoint module : dataModules(version)) {
        if (bit++ % 8 == 0)
            codewords.push_back(0);
        const bool set = grid->at(module) != isMasked(format->mask, module.x(), module.y());
        codewords.back() = static_cast<std::uint8_t>(codewords.back() << 1 | (set ? 1 : 0));
    }
    const Blocks blocks = blocksOf(version, format->correction);
    codewords.resize(static_cast<std::size_t>(blocks.bytes)); // without the bits left over
    // Dealt out in turn: first all data, where the later blocks may have one byte more, then all checks.
    const int shortData = blocks.bytes / blocks.count - blocks.checks, longer = blocks.bytes % blocks.count;
    std::vector<std::vector<std::uint8_t>> dealt(static_cast<std::size_t>(blocks.count));
    auto next = codewords.cbegin();
    for (int round = 0; round <= shortData + blocks.checks; ++round)
        for (int block = 0; block < blocks.count; ++block)
            if (round != shortData || block >= blocks.count - longer)
                dealt[static_cast<std::size_t>(block)].push_back(*next++);
    Reading reading;
    reading.correction = format->correction;
    reading.mendable = blocks.checks / 2;
    std::vector<std::uint8_t> data;
    for (auto& block : dealt) {
        const auto mended = mend(block, blocks.checks);
        if (!mended)
            return std::nullopt;
        reading.mended = std::max(reading.mended, *mended);
        data.insert(data.end(), block.begin(), block.end() - blocks.checks);
    }
    const auto text = textOf(data, version);
    if (!text)
        return std::nullopt;
    reading.text = *text;
    return reading;
}

} // namespace qr
