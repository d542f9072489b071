// SPDX-License-Identifier: GPL-3.0-or-later
// What Qt's libraries do with memory is ordered by Qt's own locks, which the thread sanitizer cannot see
// (qt_order.cpp). Of that it hears only their calls of the C library; here those stop being taken for accesses, and
// stay what they are in all else. Our own calls are watched as ever: ignore_noninstrumented_modules, the sanitizer's
// own way, on Linux leaves out the program's too.
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <new>

#include <link.h>
#include <sys/socket.h>
#include <unistd.h>

extern "C" {
void AnnotateIgnoreReadsBegin(const char* file, int line);
void AnnotateIgnoreReadsEnd(const char* file, int line);
void* __interceptor_malloc(std::size_t size);
void __interceptor_free(void* memory);
}

namespace {

struct Range {
    std::uintptr_t first = 0, end = 0;
};
constinit std::array<Range, 64> ranges; // where Qt's libraries are; filled before main(), when there is one thread
constinit std::size_t rangeCount = 0;

int addRanges(dl_phdr_info* library, std::size_t, void*)
{
    if (std::strstr(library->dlpi_name, "/libQt6") == nullptr)
        return 0;
    for (int i = 0; i < library->dlpi_phnum && rangeCount < ranges.size(); ++i) {
        const auto& part = library->dlpi_phdr[i];
        if (part.p_type == PT_LOAD && (part.p_flags & PF_X) != 0)
            ranges[rangeCount++] = {library->dlpi_addr + part.p_vaddr,
                                    library->dlpi_addr + part.p_vaddr + part.p_memsz};
    }
    return 0;
}

[[maybe_unused]] const int found = dl_iterate_phdr(&addRanges, nullptr);

// In the scope of one, a caller in Qt's libraries is not watched.
class Unwatched {
public:
    explicit Unwatched(const void* caller)
    {
        const auto address = reinterpret_cast<std::uintptr_t>(caller);
        for (std::size_t i = 0; i < rangeCount && !m_ofQt; ++i)
            m_ofQt = address >= ranges[i].first && address < ranges[i].end;
        if (m_ofQt)
            AnnotateIgnoreReadsBegin(__FILE__, __LINE__);
    }
    ~Unwatched()
    {
        if (m_ofQt)
            AnnotateIgnoreReadsEnd(__FILE__, __LINE__);
    }
    Unwatched(const Unwatched&) = delete;
    Unwatched& operator=(const Unwatched&) = delete;

private:
    bool m_ofQt = false;
};

void* taken(std::size_t size)
{
    void* memory = __interceptor_malloc(size == 0 ? 1 : size);
    if (memory == nullptr)
        throw std::bad_alloc();
    return memory;
}

} // namespace

void* operator new(std::size_t size)
{
    const Unwatched unwatched(__builtin_return_address(0));
    return taken(size);
}

void* operator new[](std::size_t size)
{
    const Unwatched unwatched(__builtin_return_address(0));
    return taken(size);
}

void operator delete(void* memory) noexcept
{
    const Unwatched unwatched(__builtin_return_address(0));
    __interceptor_free(memory);
}

void operator delete(void* memory, std::size_t) noexcept
{
    const Unwatched unwatched(__builtin_return_address(0));
    __interceptor_free(memory);
}

void operator delete[](void* memory) noexcept
{
    const Unwatched unwatched(__builtin_return_address(0));
    __interceptor_free(memory);
}

void operator delete[](void* memory, std::size_t) noexcept
{
    const Unwatched unwatched(__builtin_return_address(0));
    __interceptor_free(memory);
}

// NAME of the C library, which the sanitizer has as __interceptor_NAME.
#define UNWATCHED_FROM_QT(result, name, parameters, arguments, exceptions)                                             \
    extern "C" result __interceptor_##name parameters;                                                                 \
    extern "C" result name parameters exceptions                                                                       \
    {                                                                                                                  \
        const Unwatched unwatched(__builtin_return_address(0));                                                        \
        return __interceptor_##name arguments;                                                                         \
    }

UNWATCHED_FROM_QT(void*, malloc, (std::size_t size), (size), noexcept)
UNWATCHED_FROM_QT(void*, calloc, (std::size_t count, std::size_t size), (count, size), noexcept)
UNWATCHED_FROM_QT(void*, realloc, (void* memory, std::size_t size), (memory, size), noexcept)
UNWATCHED_FROM_QT(void, free, (void* memory), (memory), noexcept)
UNWATCHED_FROM_QT(void*, memcpy, (void* to, const void* from, std::size_t size), (to, from, size), noexcept)
UNWATCHED_FROM_QT(void*, memmove, (void* to, const void* from, std::size_t size), (to, from, size), noexcept)
UNWATCHED_FROM_QT(void*, memset, (void* to, int value, std::size_t size), (to, value, size), noexcept)
UNWATCHED_FROM_QT(int, memcmp, (const void* one, const void* other, std::size_t size), (one, other, size), noexcept)
UNWATCHED_FROM_QT(ssize_t, read, (int file, void* to, std::size_t size), (file, to, size), )
UNWATCHED_FROM_QT(ssize_t, write, (int file, const void* from, std::size_t size), (file, from, size), )
UNWATCHED_FROM_QT(ssize_t, recvmsg, (int file, msghdr* message, int flags), (file, message, flags), )
UNWATCHED_FROM_QT(ssize_t, sendmsg, (int file, const msghdr* message, int flags), (file, message, flags), )
