// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/storage/hit_bytes.h"
#include "backend/protocol/codec.h"
#include "tests/fuzz/fuzzer.h"

FUZZER(hit_bytes)
{
    protocol::VarintReader reader(bytes);
    storage::HitView view;
    while (storage::takeHit(reader, view)) {
        const protocol::Hit hit = view.hit();
        std::string said;
        storage::appendHitBytes(said, hit);
        protocol::VarintReader once(said);
        storage::HitView again;
        fuzz::require(storage::takeHit(once, again) && once.isReadOut() && again.hit() == hit, "a hit is kept whole");
        protocol::jsonOf(hit);
    }
}
