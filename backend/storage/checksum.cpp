// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/storage/checksum.h"

#include <array>
#include <bit>
#include <cstddef>
#include <cstring>

namespace storage {

namespace {

// Eight tables, so that eight bytes are taken at a time: byte by byte a hit's checksum took longer than its write.
constexpr std::size_t stride = 8;
constexpr auto crcTables = [] {
    std::array<std::array<std::uint32_t, 256>, stride> made{};
    for (std::uint32_t at = 0; at < 256; ++at) {
        std::uint32_t value = at;
        for (int bit = 0; bit < 8; ++bit)
            value = (value >> 1) ^ ((value & 1) != 0 ? 0xedb88320U : 0U);
        made[0][at] = value;
    }
    for (std::size_t table = 1; table < stride; ++table)
        for (std::size_t at = 0; at < 256; ++at)
            made[table][at] = (made[table - 1][at] >> 8) ^ made[0][made[table - 1][at] & 0xff];
    return made;
}();

} // namespace

std::uint32_t crc32(std::string_view bytes)
{
    std::uint32_t crc = 0xffffffffU;
    if constexpr (std::endian::native == std::endian::little) {
        for (; bytes.size() >= stride; bytes.remove_prefix(stride)) {
            std::uint32_t low = 0, high = 0;
            std::memcpy(&low, bytes.data(), 4);
            std::memcpy(&high, bytes.data() + 4, 4);
            low ^= crc;
            crc = crcTables[7][low & 0xff] ^ crcTables[6][(low >> 8) & 0xff] ^ crcTables[5][(low >> 16) & 0xff] ^
                  crcTables[4][low >> 24] ^ crcTables[3][high & 0xff] ^ crcTables[2][(high >> 8) & 0xff] ^
                  crcTables[1][(high >> 16) & 0xff] ^ crcTables[0][high >> 24];
        }
    }
    for (const char byte : bytes)
        crc = (crc >> 8) ^ crcTables[0][(crc ^ static_cast<unsigned char>(byte)) & 0xff];
    return ~crc;
}

} // namespace storage
