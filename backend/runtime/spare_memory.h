// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace runtime {

// Gives memory that was freed back to the system, where the C library would keep it: after a peak that may not come
// again for days. Any thread; the others' allocations wait a few milliseconds. Does nothing where there is no such
// call.
void giveBackSpareMemory();

} // namespace runtime
