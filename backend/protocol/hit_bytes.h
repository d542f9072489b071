// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

#include "backend/protocol/hit_view.h"
#include "backend/protocol/varints.h"

namespace protocol {

// A hit as bytes, as the loops hand it over, the log and the spill file hold it and the stream keeps it: a head, the
// format's version and the sequence, and a body, all the rest. Numbers are varints, texts come after their length;
// storage/FORMAT.md has them one by one.
void appendHitHead(std::string& out, HitSeq seq);
void appendHitBody(std::string& out, const HitView& hit);
void appendHitBytes(std::string& out, const Hit& hit);
// The next hit of several; false at the end, and where the bytes are no hit (then the reader is broken).
bool takeHit(VarintReader& bytes, HitView& hit);

} // namespace protocol
