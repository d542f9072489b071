// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace storage {

// Bytes with a first byte that says how the rest is to be read: as it is, or by zstd, where that is shorter.
std::string packedBytes(std::string_view bytes, int level);
// False where they are not what packedBytes() gives, or unpack to more than a pack may hold.
bool unpackBytes(std::string_view packed, std::string& bytes);

} // namespace storage
