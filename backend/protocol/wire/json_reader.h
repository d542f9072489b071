// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>

#include "backend/protocol/wire/reader_base.h"

namespace protocol::wire {

// Reads JSON (RFC 8259) item by item, strictly, without building a tree. The same functions as CborReader.
class JsonReader : public ReaderBase {
public:
    using ReaderBase::ReaderBase;
    static constexpr bool positionalHits = false;

    bool takeNull();
    bool readBool(bool& value);
    bool readNumber(Number& value);
    bool readText(std::string& value, std::size_t bytesMax);
    bool beginArray();
    bool nextItem();
    bool beginMap();
    bool nextKey(std::string_view& key); // valid until the next call
    bool skip();
    bool atEnd();

private:
    static constexpr std::size_t keyBytesMax = 1024;

    char peek(); // behind white space; '\0' at the end
    bool take(std::string_view literal);
    bool begin(char open);
    bool next(char close);
    bool readEscape(std::string& value);
    bool readHex4(char32_t& unit);
    std::size_t integerEnd(std::size_t at) const;

    std::string m_key;
    std::array<bool, depthMax + 1> m_first{}; // no item of the open array or map was taken yet
};

} // namespace protocol::wire
