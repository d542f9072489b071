// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/imports/drafts.h"
#include "tests/fuzz/fuzzer.h"

using imports::Format;

// A file of any of the tools that links come from; the first byte says which, or that it is to be found out.
FUZZER(imports)
{
    static constexpr Format formats[] = {Format::Csv, Format::Bitly, Format::Shlink, Format::Yourls, Format::Dub};
    if (bytes.empty())
        return;
    imports::Options options;
    const auto first = static_cast<unsigned char>(bytes.front() & 7);
    if (first < std::size(formats))
        options.format = formats[first];
    options.domain = first & 1 ? "go.example" : "";
    options.keepClicks = first & 2;
    bytes.remove_prefix(1);
    const imports::Drafts read = imports::readDrafts(bytes, options);
    if (read.broken)
        fuzz::require(read.drafts.empty() && !read.broken->code.empty(), "a broken file gives no drafts, and says why");
    else
        fuzz::require(read.drafts.size() + read.refused.size() + read.passedOver.size() == read.rows,
                      "every row is accounted for");
    for (const imports::Draft& draft : read.drafts)
        fuzz::require(links::destinationProblem(draft.link.destination).empty(), "a draft leads somewhere");
}
