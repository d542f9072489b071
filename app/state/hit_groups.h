// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

#include "app/state/hit_ring.h"

namespace state {

// Which columns of a hit make up a group's entry, and in which order.
std::size_t fieldsOf(Group group);
// Writes the group's columns of the hit into `value`, fields joined by Dictionary::separator.
void joinGroup(Group group, const protocol::Hit& hit, std::string& value);
// And back, into the hit. A value that overflowed reads "…overflow" in its texts.
void splitGroup(Group group, std::string_view value, protocol::Hit& hit);

} // namespace state
