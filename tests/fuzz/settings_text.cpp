// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/storage/settings_text.h"
#include "tests/fuzz/fuzzer.h"

// Links as text in a damaged or foreign settings file.
FUZZER(settings_text)
{
    const auto halves = fuzz::pieces(bytes, '\0', 2);
    const std::string link = storage::textOf(storage::linkFrom(halves[0]));
    fuzz::require(storage::textOf(storage::linkFrom(link)) == link, "a link that was read is kept");
    const auto rules = storage::rulesFrom(halves[0]);
    fuzz::require(storage::rulesFrom(storage::textOf(rules)) == rules, "rules that were read are kept");
    storage::changesBetween(halves[0], halves[1]);
    fuzz::require(storage::changesBetween(halves[0], halves[0]).empty(), "nothing differs from itself");
}
