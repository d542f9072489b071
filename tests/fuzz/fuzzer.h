// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

// A fuzzer is one FUZZER(name) { … } in a file of its own: it takes `bytes`, whatever they are, gives them to one
// reader of ours and checks what must hold of any answer. All stand in one program: tests/fuzz/run has libFuzzer drive
// one of them, tst_corpora plays each its corpus. Called from one thread; must leave nothing behind.
namespace fuzz {

using Harness = void (*)(std::string_view bytes);

struct Fuzzer {
    std::string_view name;
    Harness harness;
};

std::vector<Fuzzer>& fuzzers();

struct Registration {
    Registration(std::string_view name, Harness harness) { fuzzers().push_back({name, harness}); }
};

// Ends the process where it does not hold, so that libFuzzer keeps the bytes.
void require(bool holds, const char* what);

// The pieces between separators, at most `count` of them; the last has the rest.
std::vector<std::string_view> pieces(std::string_view bytes, char separator, std::size_t count);

// The path of a file that holds `bytes` until the next call: for readers that take a path.
const char* fileOf(std::string_view bytes);

} // namespace fuzz

#define FUZZER(name)                                                                                                   \
    static void name##Harness(std::string_view bytes);                                                                 \
    static const fuzz::Registration name##Registered(#name, name##Harness);                                            \
    static void name##Harness(std::string_view bytes)
