// SPDX-License-Identifier: GPL-3.0-or-later
// What Qt's libraries do with memory is ordered by Qt's own locks, which the thread sanitizer cannot see
// (qt_order.cpp). Of that it hears only their calls of the C library; here those stop being taken for accesses, and
// stay what they are in all else. Our own calls are watched as ever: ignore_noninstrumented_modules, the sanitizer's
// own way, on Linux leaves out the program's too. What is said of Qt's libraries holds for GLib's, by whose threads the
// desktop's keychain is spoken to.
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <new>

#include <dlfcn.h>
#include <link.h>
#include <sys/socket.h>
#include <unistd.h>

extern "C" {
void __tsan_func_entry(void* caller);
void __tsan_func_exit();
void AnnotateIgnoreReadsBegin(const char* file, int line);
void AnnotateIgnoreReadsEnd(const char* file, int line);
void* __interceptor_memalign(std::size_t alignment, std::size_t size);
void __interceptor_free(void* memory);
}

namespace {

struct Range {
    std::uintptr_t first = 0, end = 0;

    bool holds(std::uintptr_t address) const { return address >= first && address < end; }
};
constexpr const char* unwatched[] = {"/libQt6", "/libglib-2.0.", "/libgobject-2.0.", "/libgio-2.0.", "/libsecret-1."};
// Filled before main(), when there is one thread.
constinit std::array<Range, 64> ranges; // where those libraries are
constinit std::size_t rangeCount = 0;
constinit Range program;

int addRanges(dl_phdr_info* object, std::size_t, void*)
{
    const bool isProgram = *object->dlpi_name == '\0' && program.end == 0; // it comes first
    const auto isIn = [object](const char* name) { return std::strstr(object->dlpi_name, name) != nullptr; };
    if (!isProgram && !std::any_of(std::begin(unwatched), std::end(unwatched), isIn))
        return 0;
    for (int i = 0; i < object->dlpi_phnum && rangeCount < ranges.size(); ++i) {
        const auto& part = object->dlpi_phdr[i];
        if (part.p_type == PT_LOAD && (part.p_flags & PF_X) != 0)
            (isProgram ? program : ranges[rangeCount++]) = {object->dlpi_addr + part.p_vaddr,
                                                            object->dlpi_addr + part.p_vaddr + part.p_memsz};
    }
    return 0;
}

// The keychain's library is opened before it is asked for: its place must be known, and of those that it brings.
[[maybe_unused]] const int found = (dlopen("libsecret-1.so.0", RTLD_LAZY), dl_iterate_phdr(&addRanges, nullptr));

// In the scope of one, a caller in those libraries is not watched, and one in the program stands in the stacks that the
// sanitizer keeps, from which it finds what is suppressed: these functions, not compiled with it, would leave him out.
class Called {
public:
    explicit Called(void* caller)
    {
        const auto address = reinterpret_cast<std::uintptr_t>(caller);
        m_byProgram = program.holds(address);
        for (std::size_t i = 0; i < rangeCount && !m_byThem; ++i)
            m_byThem = ranges[i].holds(address);
        if (m_byThem)
            AnnotateIgnoreReadsBegin(__FILE__, __LINE__);
        if (m_byProgram)
            __tsan_func_entry(caller);
    }
    ~Called()
    {
        if (m_byThem)
            AnnotateIgnoreReadsEnd(__FILE__, __LINE__);
        if (m_byProgram)
            __tsan_func_exit();
    }
    Called(const Called&) = delete;
    Called& operator=(const Called&) = delete;

private:
    bool m_byThem = false, m_byProgram = false;
};

void* taken(std::size_t size, std::align_val_t alignment = std::align_val_t(__STDCPP_DEFAULT_NEW_ALIGNMENT__))
{
    void* memory = __interceptor_memalign(static_cast<std::size_t>(alignment), size == 0 ? 1 : size);
    if (memory == nullptr)
        throw std::bad_alloc();
    return memory;
}

} // namespace

// A program that counts its allocations by operators of its own keeps them.
#define STANDS_BEFORE_NEW(operation, parameters, arguments)                                                            \
    [[gnu::weak]] void* operation parameters                                                                           \
    {                                                                                                                  \
        const Called called(__builtin_return_address(0));                                                              \
        return taken arguments;                                                                                        \
    }
#define STANDS_BEFORE_DELETE(operation, parameters)                                                                    \
    [[gnu::weak]] void operation parameters noexcept                                                                   \
    {                                                                                                                  \
        const Called called(__builtin_return_address(0));                                                              \
        __interceptor_free(memory);                                                                                    \
    }

STANDS_BEFORE_NEW(operator new, (std::size_t size), (size))
STANDS_BEFORE_NEW(operator new[], (std::size_t size), (size))
STANDS_BEFORE_NEW(operator new, (std::size_t size, std::align_val_t alignment), (size, alignment))
STANDS_BEFORE_NEW(operator new[], (std::size_t size, std::align_val_t alignment), (size, alignment))
STANDS_BEFORE_DELETE(operator delete, (void* memory))
STANDS_BEFORE_DELETE(operator delete[], (void* memory))
STANDS_BEFORE_DELETE(operator delete, (void* memory, std::size_t))
STANDS_BEFORE_DELETE(operator delete[], (void* memory, std::size_t))
STANDS_BEFORE_DELETE(operator delete, (void* memory, std::align_val_t))
STANDS_BEFORE_DELETE(operator delete[], (void* memory, std::align_val_t))
STANDS_BEFORE_DELETE(operator delete, (void* memory, std::size_t, std::align_val_t))
STANDS_BEFORE_DELETE(operator delete[], (void* memory, std::size_t, std::align_val_t))

// NAME of the C library, which the sanitizer has as __interceptor_NAME.
#define STANDS_BEFORE(result, name, parameters, arguments, exceptions)                                                 \
    extern "C" result __interceptor_##name parameters;                                                                 \
    extern "C" result name parameters exceptions                                                                       \
    {                                                                                                                  \
        const Called called(__builtin_return_address(0));                                                              \
        return __interceptor_##name arguments;                                                                         \
    }

STANDS_BEFORE(void*, malloc, (std::size_t size), (size), noexcept)
STANDS_BEFORE(void*, calloc, (std::size_t count, std::size_t size), (count, size), noexcept)
STANDS_BEFORE(void*, realloc, (void* memory, std::size_t size), (memory, size), noexcept)
STANDS_BEFORE(void, free, (void* memory), (memory), noexcept)
STANDS_BEFORE(void*, memcpy, (void* to, const void* from, std::size_t size), (to, from, size), noexcept)
STANDS_BEFORE(void*, memmove, (void* to, const void* from, std::size_t size), (to, from, size), noexcept)
STANDS_BEFORE(void*, memset, (void* to, int value, std::size_t size), (to, value, size), noexcept)
STANDS_BEFORE(int, memcmp, (const void* one, const void* other, std::size_t size), (one, other, size), noexcept)
STANDS_BEFORE(ssize_t, read, (int file, void* to, std::size_t size), (file, to, size), )
STANDS_BEFORE(ssize_t, write, (int file, const void* from, std::size_t size), (file, from, size), )
STANDS_BEFORE(ssize_t, recvmsg, (int file, msghdr* message, int flags), (file, message, flags), )
STANDS_BEFORE(ssize_t, sendmsg, (int file, const msghdr* message, int flags), (file, message, flags), )

// These keep the time zone, and free what another thread's call took for it, under a lock of the C library's own.
STANDS_BEFORE(std::tm*, localtime_r, (const std::time_t* time, std::tm* parts), (time, parts), noexcept)
STANDS_BEFORE(std::time_t, mktime, (std::tm * parts), (parts), noexcept)

void tzset() noexcept // the sanitizer has none
{
    static const auto own = reinterpret_cast<void (*)()>(dlsym(RTLD_NEXT, "tzset"));
    const Called called(__builtin_return_address(0));
    own();
}
