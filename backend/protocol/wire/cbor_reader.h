// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>

#include "backend/protocol/wire/reader_base.h"

namespace protocol::wire {

// Reads CBOR (RFC 8949) item by item. Tags are ignored, lengths that exceed the input are refused before anything is
// allocated, and texts must be of definite length and valid UTF-8. The same functions as JsonReader, so that one
// description reads both.
class CborReader : public ReaderBase {
public:
    using ReaderBase::ReaderBase;
    static constexpr bool positionalHits = true;

    bool takeNull();
    bool readBool(bool& value);
    bool readNumber(Number& value);
    bool readText(std::string& value, std::size_t bytesMax);
    bool beginArray();
    bool nextItem(); // false at the end of the array, or after an error
    bool beginMap();
    bool nextKey(std::string_view& key); // as nextItem; keys that are no text are skipped with their value
    bool skip();
    bool atEnd(); // nothing may follow the message

private:
    static constexpr std::uint64_t untilBreak = UINT64_MAX;

    struct Head {
        unsigned major = 0;
        unsigned info = 0;
        std::uint64_t argument = 0;
    };

    bool readHead(Head& head);
    bool readBytes(const Head& head, std::string_view& bytes);
    bool readFloat(const Head& head, double& value) const;
    bool begin(unsigned major, std::uint64_t bytesPerItem);
    bool next();

    std::array<std::uint64_t, depthMax + 1> m_left{}; // items of every open array or map still to come
};

} // namespace protocol::wire
