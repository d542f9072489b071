// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

namespace runtime {

// Moves what lies on the program's heap now into pages of 2 MiB, where the kernel can (Linux 6.1 and later): among
// hundreds of thousands of links nearly every look-up else walks the page tables too. Any thread, beside others at
// work. Returns how many bytes could be moved.
std::uint64_t moveHeapToHugePages();

} // namespace runtime
