// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "backend/runtime/files.h"

namespace storage {

// What opening a file of hits found in it, and made of it: a torn end, as a crash leaves it, is cut. Anything else
// that is not whole is damage: the file is set aside as it was, one with all that could be read takes its place, and a
// notice says so.
struct Recovered {
    std::uint64_t lastSeq = 0;
    bool wasDamaged = false;
};
// `afterCrash`: an end that is not whole may be a torn one. Throws StoreError and std::system_error.
Recovered recoverPiece(runtime::Files& files, const std::string& path, bool afterCrash,
                       std::vector<std::string>& notices);
// `nextPiece`: the first sequence of the day's oldest piece, 0 where there is none. Only a piece that was on its way
// into the file when it all ended can have left an end that is not whole: the piece is there still.
Recovered recoverSealed(runtime::Files& files, const std::string& path, bool afterCrash, std::uint64_t nextPiece,
                        std::vector<std::string>& notices);
// The spill file. Its torn end is left to who opens it.
Recovered recoverSpill(runtime::Files& files, const std::string& path, bool afterCrash,
                       std::vector<std::string>& notices);

// Where the whole blocks of a sealed file end, without a look into any but the last, and the last sequence in them.
struct SealedEnd {
    std::uint64_t at = 0, lastSeq = 0;
};
SealedEnd sealedEnd(runtime::File& file);

} // namespace storage
