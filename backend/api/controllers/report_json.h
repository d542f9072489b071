// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "backend/links/snapshot.h"
#include "backend/protocol/messages.h"
#include "backend/storage/rollup_report.h"

namespace api {

// What is not in yet: how far the rollups are, and how many hits are behind that.
struct Freshness {
    protocol::Watermark watermark;
    protocol::UtcMs now;

    std::uint64_t toCome() const { return watermark.lastSeq.value - watermark.seq.value; }
    bool isPartial(protocol::UtcMs end) const { return end > now || (toCome() > 0 && end > watermark.time); }
};

// Written as text, not through a JSON document: a report has up to a hundred thousand figures.
std::string quoted(protocol::UtcMs time);
void appendCounts(std::string& out, const storage::Figures& figures); // without braces
void appendObject(std::string& out, const storage::Figures& figures);
void appendFreshness(std::string& out, const Freshness& fresh);
void appendChange(std::string& out, const storage::Change& change);
// `byValue`: one value was asked for, of which restatements do not know.
void appendRestated(std::string& out, const storage::RestatedSum& sum, bool byValue);

} // namespace api
