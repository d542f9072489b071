// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/protocol/filter_expression.h"
#include "tests/fuzz/fuzzer.h"
#include "tests/support/hit_samples.h"

FUZZER(filter)
{
    const protocol::FilterParse parse = protocol::parseFilter(bytes);
    if (!parse.error.empty()) {
        fuzz::require(parse.errorAt <= bytes.size(), "a mistake has a place in the text");
        return;
    }
    static const std::vector<protocol::Hit> hits = support::hitsFrom(1, 4);
    const std::string text = protocol::filterText(parse.root);
    const protocol::FilterParse again = protocol::parseFilter(text);
    // A filter may become longer by being written out: then, and only then, it is too long to be read again.
    if (again.error == "too_long")
        return;
    fuzz::require(again.error.empty() && again.root == parse.root, "written out it is the same filter");
    const auto stream = protocol::streamFilterOf(parse.root);
    for (const protocol::Hit& hit : hits) {
        const bool matched = protocol::matches(parse.root, hit);
        fuzz::require(!stream || stream->matches(protocol::viewOf(hit)) == matched,
                      "the backend's filter means the same");
    }
}
