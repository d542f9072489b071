// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/archive/known_json.h"
#include "app/archive/sealing.h"
#include "app/state/hit_columns.h"
#include "tests/fuzz/fuzzer.h"

// The console's own records: what was known of a backend, its hits, and their seal.
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
    if (const state::ColumnsPtr hits = state::decodeColumns(bytes, 4000)) {
        state::HitRing ring(5000);
        ring.append(*hits);
        const state::ColumnsPtr again = state::decodeColumns(state::encodeColumns(*hits), hits->size());
        fuzz::require(again && again->seqs == hits->seqs && again->times == hits->times, "hits are kept");
        for (std::size_t row = 0; row < hits->size(); ++row)
            fuzz::require(again->hitAt(row) == hits->hitAt(row) && ring.hitAt(row).seq == hits->hitAt(row).seq,
                          "each hit is the same");
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
