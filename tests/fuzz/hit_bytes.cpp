// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/storage/hit_bytes.h"
#include "backend/protocol/codec.h"
#include "tests/fuzz/fuzzer.h"

FUZZER(hit_bytes)
{
    const auto hit = storage::hitFromBytes(bytes);
    if (!hit)
        return;
    std::string said;
    storage::appendHitBytes(said, *hit);
    const auto again = storage::hitFromBytes(said);
    fuzz::require(again && *again == *hit, "a hit is kept whole");
    protocol::jsonOf(*hit);
}
