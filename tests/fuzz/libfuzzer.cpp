// SPDX-License-Identifier: GPL-3.0-or-later
// The door for libFuzzer: drives the one fuzzer that CLICKROOM_FUZZER names.
#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "tests/fuzz/fuzzer.h"

namespace {

fuzz::Harness chosen = nullptr;

} // namespace

extern "C" int LLVMFuzzerInitialize(int*, char***)
{
    const char* const name = std::getenv("CLICKROOM_FUZZER");
    for (const fuzz::Fuzzer& fuzzer : fuzz::fuzzers())
        if (name && fuzzer.name == name)
            chosen = fuzzer.harness;
    if (chosen)
        return 0;
    // Without one, the list: tests/fuzz/run reads it.
    for (const fuzz::Fuzzer& fuzzer : fuzz::fuzzers())
        std::printf("%.*s\n", static_cast<int>(fuzzer.name.size()), fuzzer.name.data());
    std::exit(name ? 2 : 0);
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    chosen({reinterpret_cast<const char*>(data), size});
    return 0;
}
