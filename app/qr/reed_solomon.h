// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace qr {

// Mends one block of a QR code in place: its last `checks` bytes are what was added against errors. Gives how many
// bytes were wrong; nothing where they are too many.
std::optional<int> mend(std::vector<std::uint8_t>& block, int checks);

} // namespace qr
