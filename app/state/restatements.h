// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/state/reports.h"
#include "backend/protocol/messages.h"

// What became another after it had been reported, and what was edited meanwhile, as plain values with the words of the
// API. Read from JSON by connection, shown by pages; texts are still raw here.
namespace state {

// One change of figures that had been reported: of one run of the rollups, one link and one day.
struct Restatement {
    std::uint64_t id = 0;
    std::int64_t notedAtMs = 0;
    QString reason;                    // late, rebuild or zone
    std::int64_t fromMs = 0, toMs = 0; // hours concerned
    std::uint64_t link = 0;            // 0 = hits that found no link, or several links
    QString domain, slug;
    bool several = false; // a sum over several links
    CountsChange change;
    std::optional<Counts> before; // known of a rebuild

    QString address() const { return domain + QLatin1Char('/') + slug; }
};

struct Restatements {
    std::int64_t fromMs = 0, toMs = 0;
    std::vector<Restatement> items; // newest first
    bool cut = false;               // there are more
};

// The edits of a stretch of a report's range, told by the newest of them.
struct EditMark {
    std::int64_t fromMs = 0, toMs = 0; // the first and the last of them
    std::uint64_t count = 0;
    protocol::Edit newest;
};

struct EditMarks {
    std::uint64_t total = 0;
    std::vector<EditMark> marks; // oldest first
};

using RestatementsPtr = std::shared_ptr<const Restatements>;
using EditMarksPtr = std::shared_ptr<const EditMarks>;

} // namespace state
