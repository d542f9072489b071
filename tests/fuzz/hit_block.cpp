// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/storage/hits/hit_block.h"

#include "backend/storage/framed_file.h"
#include "tests/fuzz/fuzzer.h"

// What stands in a sealed file: the info before a block, and the block, whose columns come as they are (a compressed
// one is zstd's to refuse).
FUZZER(hit_block)
{
    if (const auto info = storage::infoFrom(bytes)) {
        std::string said;
        storage::appendInfo(said, *info);
        const auto again = storage::infoFrom(said);
        fuzz::require(again && again->lastSeq == info->lastSeq && again->lastTime == info->lastTime,
                      "an info is kept whole");
    }
    const auto block = storage::HitBlock::read(std::string("\x01\x00", 2) + std::string(bytes));
    if (!block)
        return;
    storage::BlockBuilder builder;
    for (std::size_t at = 0; at < block->size(); ++at) {
        const protocol::HitView hit = block->at(at);
        fuzz::require(block->word(at, 2) < block->words().size(), "a text is one of the block's");
        if (at > 0 && block->seq(at) <= block->seq(at - 1))
            return; // sequences that overflow are written by nobody
        builder.add(hit);
    }
    std::string out;
    builder.finish(out, {});
    fuzz::require(out.size() > 2 * storage::frameHeadBytes, "what was read can be written");
}
