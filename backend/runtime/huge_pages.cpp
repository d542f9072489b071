// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/runtime/huge_pages.h"

#include <charconv>
#include <fstream>
#include <string>

#ifdef __linux__
#include <sys/mman.h>
#endif

namespace runtime {

namespace {

constexpr std::uintptr_t pageBytes = 2 * 1024 * 1024;

// The main heap of malloc, as the kernel names it; from 0 to 0 where there is none.
struct Range {
    std::uintptr_t from = 0, to = 0;
};
[[maybe_unused]] Range heap()
{
    std::ifstream maps("/proc/self/maps");
    for (std::string line; std::getline(maps, line);) {
        if (!line.ends_with("[heap]"))
            continue;
        Range range;
        const char* const end = line.data() + line.size();
        const auto [dash, problem] = std::from_chars(line.data(), end, range.from, 16);
        if (problem == std::errc() && dash != end && *dash == '-' &&
            std::from_chars(dash + 1, end, range.to, 16).ec == std::errc())
            return range;
    }
    return {};
}

} // namespace

std::uint64_t moveHeapToHugePages()
{
    std::uint64_t moved = 0;
#ifdef __linux__
    constexpr int collapse = 25; // MADV_COLLAPSE, which glibc's headers may lack
    const auto [from, to] = heap();
    for (std::uintptr_t at = (from + pageBytes - 1) / pageBytes * pageBytes; at + pageBytes <= to; at += pageBytes)
        if (::madvise(reinterpret_cast<void*>(at), pageBytes, collapse) == 0)
            moved += pageBytes;
#endif
    return moved;
}

} // namespace runtime
