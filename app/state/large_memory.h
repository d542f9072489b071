// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <new>
#include <vector>

#ifdef __linux__
#include <sys/mman.h>
#endif

namespace state {

// Memory of columns and tables that are read in no order: where the system has large pages, it is asked for them, as
// many small ones are more than the processor remembers the places of. (With them, the GUI thread's share in
// tests/bench/table was 17 to 20 % in place of 25 to 28, by glibc.malloc.hugetlb, three turns each.)
template <class Type> class LargeAllocator {
public:
    using value_type = Type;

    LargeAllocator() = default;
    template <class Other> explicit LargeAllocator(const LargeAllocator<Other>&) {}

    Type* allocate(std::size_t count)
    {
        const std::size_t bytes = count * sizeof(Type);
        void* const memory = ::operator new(bytes, alignmentOf(count));
#ifdef MADV_HUGEPAGE
        if (bytes >= page)
            ::madvise(memory, bytes, MADV_HUGEPAGE); // where it is refused, small ones do
#endif
        return static_cast<Type*>(memory);
    }

    void deallocate(Type* memory, std::size_t count) { ::operator delete(memory, alignmentOf(count)); }

    bool operator==(const LargeAllocator&) const { return true; }

private:
    static constexpr std::size_t page = 2 * 1024 * 1024;

    static std::align_val_t alignmentOf(std::size_t count)
    {
        return std::align_val_t(count * sizeof(Type) < page ? alignof(Type) : page);
    }
};

template <class Type> using LargeVector = std::vector<Type, LargeAllocator<Type>>;

} // namespace state
