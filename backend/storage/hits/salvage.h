// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "backend/runtime/files.h"

namespace storage {

enum class Salvaged : std::uint8_t { Piece, Sealed, Spill };

// Puts what can be read of a damaged file in its place, each hit once and in the order of their sequences, whatever a
// disk wrote where; sets the file aside as it was, and notes that, what could be read and what is missing. Returns the
// last sequence in it, 0 where none is. `nextSeq`: where what comes after the file begins, 0 = not known. Throws
// StoreError and std::system_error.
std::uint64_t salvage(runtime::Files& files, const std::string& path, Salvaged kind, std::uint64_t nextSeq,
                      std::vector<std::string>& notices);

} // namespace storage
