// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fuzz/fuzzer.h"

#include <cstdio>
#include <cstdlib>
#include <string>

#include <sys/mman.h>
#include <unistd.h>

namespace fuzz {

std::vector<Fuzzer>& fuzzers()
{
    static std::vector<Fuzzer> all;
    return all;
}

void require(bool holds, const char* what)
{
    if (holds)
        return;
    std::fprintf(stderr, "does not hold: %s\n", what);
    std::abort();
}

std::vector<std::string_view> pieces(std::string_view bytes, char separator, std::size_t count)
{
    std::vector<std::string_view> out;
    while (out.size() + 1 < count) {
        const std::size_t end = bytes.find(separator);
        if (end == std::string_view::npos)
            break;
        out.push_back(bytes.substr(0, end));
        bytes.remove_prefix(end + 1);
    }
    out.push_back(bytes);
    out.resize(count);
    return out;
}

const char* fileOf(std::string_view bytes)
{
    static int file = -1;
    static std::string path;
    // A new one each time: the last may still be mapped.
    if (file >= 0)
        close(file);
    file = memfd_create("fuzz", MFD_CLOEXEC);
    require(file >= 0 && write(file, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()), "a file");
    path = "/proc/self/fd/" + std::to_string(file);
    return path.c_str();
}

} // namespace fuzz
