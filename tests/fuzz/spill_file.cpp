// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/storage/spill_file.h"

#include "tests/fuzz/fuzzer.h"
#include "tests/fuzz/one_file.h"

// What an earlier run left in the spill file, torn or changed: whole records are read, the next ones follow them.
FUZZER(spill_file)
{
    std::string contents = fuzz::framed(bytes);
    fuzz::OneFile files(contents);
    std::uint64_t waiting = 0;
    {
        storage::SpillFile spill(files, "/");
        waiting = spill.hits();
        fuzz::require(spill.tornBytes() <= contents.size(), "no more is torn than there is");
        protocol::Hit hit;
        hit.slug = "next";
        spill.append(std::span(&hit, 1));
    }
    storage::SpillFile spill(files, "/");
    fuzz::require(spill.hits() == waiting + 1 && spill.tornBytes() == 0, "what is appended follows the whole records");
    std::uint64_t read = 0;
    std::string last;
    while (!spill.isEmpty()) {
        const protocol::HitBatch hits = spill.front(3);
        fuzz::require(!hits.empty(), "what waits is given");
        read += hits.size();
        last = hits.back().slug;
        spill.drop();
    }
    fuzz::require(read == waiting + 1 && last == "next" && contents.empty(), "each is given once");
}
