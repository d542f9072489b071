// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string_view>

namespace storage {

// CRC-32 (IEEE 802.3), to tell a torn record from a whole one.
std::uint32_t crc32(std::string_view bytes);

} // namespace storage
