// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "backend/protocol/hit.h"

namespace storage {

// A hit as the spill file holds it: numbers as varints, texts with their length; see FORMAT.md.
void appendHitBytes(std::string& out, const protocol::Hit& hit);
// Nothing where the bytes are not exactly one hit.
std::optional<protocol::Hit> hitFromBytes(std::string_view bytes);

// CRC-32 (IEEE 802.3), to tell a torn record from a whole one.
std::uint32_t crc32(std::string_view bytes);

} // namespace storage
