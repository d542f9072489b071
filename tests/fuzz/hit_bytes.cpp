// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/protocol/hit_bytes.h"
#include "backend/protocol/codec.h"
#include "tests/fuzz/fuzzer.h"

FUZZER(hit_bytes)
{
    protocol::VarintReader reader(bytes);
    protocol::HitView view;
    while (protocol::takeHit(reader, view)) {
        const protocol::Hit hit = view.hit();
        std::string said;
        protocol::appendHitBytes(said, hit);
        protocol::VarintReader once(said);
        protocol::HitView again;
        fuzz::require(protocol::takeHit(once, again) && once.isReadOut() && again.hit() == hit, "a hit is kept whole");
        protocol::jsonOf(hit);
    }
}
