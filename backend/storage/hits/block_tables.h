// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace storage {

// Which facts of a hit stand together in a block's tables, for the builder and the reader alike; FORMAT.md says why.
// `numbers` come first in a row (see numbersOf in hit_block.cpp), then the texts, by their place in protocol::hitTexts.
inline constexpr std::size_t blockTables = 6;
inline constexpr std::size_t noText = 99;
struct TableShape {
    std::size_t numbers;
    std::array<std::size_t, 12> texts;
    std::size_t textCount;
};
inline constexpr std::size_t shapeNumbers = 9;
// What the fields of the first table hold at most: a larger number would become another that is known.
inline constexpr std::array<std::uint64_t, shapeNumbers> shapeMax{
    UINT32_MAX, UINT8_MAX, UINT8_MAX, UINT8_MAX, UINT8_MAX, UINT8_MAX, 1, UINT16_MAX, UINT32_MAX};
inline constexpr std::array<TableShape, blockTables> blockShapes{{
    {shapeNumbers, {}, 0}, // workspace, class, reason, touch, device, bot, late, status, rule version
    {1,
     {1, 2, 3, 11, 12, 13, 14, 15, 16, 17, 18, 19},
     12},              // the link: domain, slug, placement, campaign, UTM, where it led and why
    {0, {4, 5, 6}, 3}, // country, region, city
    {0, {0, 7, 8}, 3}, // bot reason, OS, browser
    {0, {9}, 1},       // language
    {0, {10}, 1},      // referrer
}};

struct TextPlace {
    std::size_t table, column;
};
// Where each text of a hit is to be found.
inline constexpr auto textPlaces = [] {
    std::array<TextPlace, 20> places{};
    for (std::size_t table = 0; table < blockTables; ++table)
        for (std::size_t at = 0; at < blockShapes[table].textCount; ++at)
            places[blockShapes[table].texts[at]] = {table, blockShapes[table].numbers + at};
    return places;
}();

} // namespace storage
