// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/protocol/codec.h"
#include "tests/fuzz/fuzzer.h"

using protocol::Encoding;

namespace {

// What was understood is said again, in both encodings, and understood as the same.
void readAndSayAgain(std::string_view bytes, Encoding encoding)
{
    const protocol::Decoded decoded = protocol::decode(bytes, encoding);
    if (!decoded.message)
        return;
    fuzz::require(decoded.error.empty(), "a message or an error");
    // A number of a later version has no word in JSON: there only what JSON says can be the same.
    const bool isLater = protocol::encode(*decoded.message, Encoding::Json).find("\"unknown\"") != std::string::npos;
    const Encoding compared = isLater ? Encoding::Json : encoding;
    const std::string said = protocol::encode(*decoded.message, compared);
    for (const Encoding other : {Encoding::Cbor, Encoding::Json}) {
        const protocol::Decoded again = protocol::decode(protocol::encode(*decoded.message, other), other);
        fuzz::require(again.message && protocol::encode(*again.message, compared) == said,
                      "said again it is the same message");
    }
}

} // namespace

FUZZER(codec_cbor)
{
    readAndSayAgain(bytes, Encoding::Cbor);
}

FUZZER(codec_json)
{
    readAndSayAgain(bytes, Encoding::Json);
    std::string error;
    if (const auto filter = protocol::streamFilterFrom(bytes, error)) {
        const auto again = protocol::streamFilterFrom(protocol::jsonOf(*filter), error);
        fuzz::require(again && *again == *filter, "a filter said again is the same");
    }
}
