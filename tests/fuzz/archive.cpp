// SPDX-License-Identifier: GPL-3.0-or-later
#include <array>

#include "app/archive/known_json.h"
#include "app/archive/sealing.h"
#include "app/state/hit_columns.h"
#include "backend/protocol/codec.h"
#include "tests/fuzz/fuzzer.h"

// The console's own records: what was known of a backend, and their seal.
FUZZER(archive)
{
    const auto halves = fuzz::pieces(bytes, '\0', 2);
    const auto array = [](std::string_view text) {
        return QByteArray(text.data(), static_cast<qsizetype>(text.size()));
    };
    if (const auto known = archive::knownFrom(array(halves[0]), array(halves[1]))) {
        const auto again = archive::knownFrom(archive::placeJson(*known), archive::notesJson(*known));
        fuzz::require(again.has_value(), "what was known is kept");
        fuzz::require(again->place.dataId == known->place.dataId && again->place.cursor == known->place.cursor &&
                          again->place.gaps.size() == known->place.gaps.size() &&
                          again->edits.size() == known->edits.size() &&
                          again->annotations.size() == known->annotations.size(),
                      "it is the same");
    }
    static const archive::Sealing sealing(QByteArray(archive::Sealing::keyBytes, 'k'));
    const QByteArray plain = array(bytes);
    fuzz::require(!sealing.open("a", plain, 1 << 20), "nobody seals by chance");
    QByteArray sealed = sealing.seal("a", plain);
    fuzz::require(sealing.open("a", sealed, 1 << 20) == plain && !sealing.open("b", sealed, 1 << 20),
                  "what is sealed opens under its name alone");
    if (plain.isEmpty())
        return;
    const qsizetype at = (static_cast<unsigned char>(plain[0]) * 31) % sealed.size();
    sealed[at] = static_cast<char>(sealed[at] ^ 1);
    fuzz::require(!sealing.open("a", sealed, 1 << 20), "a changed record does not open");
}

// Its hits, a chunk as it stands under the seal, and the way from there into the ring.
FUZZER(archive_columns)
{
    const state::ColumnsPtr hits = state::decodeColumns(bytes, 4000);
    if (!hits)
        return;
    const state::ColumnsPtr again = state::decodeColumns(state::encodeColumns(*hits), hits->size());
    fuzz::require(again && again->seqs == hits->seqs && again->times == hits->times, "hits are kept");
    // Smaller than some chunks; not empty when one comes.
    state::HitRing ring(64);
    protocol::Hit first;
    first.seq = protocol::HitSeq(1);
    if (!hits->seqs.empty() && first.seq.value < hits->seqs.front())
        ring.append(std::array{first});
    ring.append(*hits);
    fuzz::require(ring.size() <= ring.capacity() && ring.endRow() <= 1 + hits->size(), "the ring is bounded");
    for (std::size_t row = 0; row < hits->size(); ++row) {
        const protocol::Hit hit = hits->hitAt(row);
        fuzz::require(again->hitAt(row) == hit, "each hit is the same");
        protocol::jsonOf(hit);
        const state::RowNumber at = ring.endRow() - hits->size() + row;
        fuzz::require(hits->size() >= ring.capacity() || ring.hitAt(at) == hit, "it is the same in the ring");
    }
    ring.markMoreRepeats(ring.size());
}
