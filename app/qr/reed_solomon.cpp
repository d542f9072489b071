// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/qr/reed_solomon.h"

#include <algorithm>
#include <array>

namespace qr {

namespace {

// GF(256) by x^8 + x^4 + x^3 + x^2 + 1, as ISO/IEC 18004 has it.
struct Field {
    std::array<std::uint8_t, 512> power{};
    std::array<int, 256> logarithm{};

    Field()
    {
        int value = 1;
        for (int i = 0; i < 255; ++i) {
            power[static_cast<std::size_t>(i)] = power[static_cast<std::size_t>(i) + 255] =
                static_cast<std::uint8_t>(value);
            logarithm[static_cast<std::size_t>(value)] = i;
            value = (value << 1) ^ (value >= 128 ? 0x11d : 0);
        }
    }
    std::uint8_t times(std::uint8_t a, std::uint8_t b) const
    {
        return a == 0 || b == 0 ? std::uint8_t(0) : power[static_cast<std::size_t>(logarithm[a] + logarithm[b])];
    }
    std::uint8_t over(std::uint8_t a, std::uint8_t b) const
    {
        return a == 0 ? std::uint8_t(0) : power[static_cast<std::size_t>(logarithm[a] + 255 - logarithm[b])];
    }
    std::uint8_t root(int exponent) const { return power[static_cast<std::size_t>(exponent % 255)]; }
};

const Field field;

using Polynomial = std::vector<std::uint8_t>; // from the constant up

std::uint8_t valueAt(const Polynomial& polynomial, std::uint8_t x)
{
    std::uint8_t value = 0;
    for (auto term = polynomial.rbegin(); term != polynomial.rend(); ++term)
        value = static_cast<std::uint8_t>(field.times(value, x) ^ *term);
    return value;
}

// Berlekamp and Massey: the shortest polynomial whose roots tell where the errors are.
Polynomial locatorOf(const Polynomial& syndromes)
{
    Polynomial current{1}, previous{1};
    std::size_t errors = 0, shift = 1;
    std::uint8_t last = 1;
    for (std::size_t n = 0; n < syndromes.size(); ++n) {
        std::uint8_t discrepancy = syndromes[n];
        for (std::size_t i = 1; i <= errors && i < current.size(); ++i)
            discrepancy ^= field.times(current[i], syndromes[n - i]);
        if (discrepancy == 0) {
            ++shift;
            continue;
        }
        const Polynomial before = current;
        const std::uint8_t factor = field.over(discrepancy, last);
        current.resize(std::max(current.size(), previous.size() + shift), 0);
        for (std::size_t i = 0; i < previous.size(); ++i)
            current[i + shift] ^= field.times(factor, previous[i]);
        if (2 * errors > n) {
            ++shift;
            continue;
        }
        errors = n + 1 - errors;
        previous = before;
        last = discrepancy;
        shift = 1;
    }
    current.resize(errors + 1, 0);
    return current;
}

Polynomial syndromesOf(const std::vector<std::uint8_t>& block, int checks)
{
    const Polynomial message(block.rbegin(), block.rend());
    Polynomial syndromes;
    for (int i = 0; i < checks; ++i)
        syndromes.push_back(valueAt(message, field.root(i)));
    return syndromes;
}

bool allZero(const Polynomial& polynomial)
{
    return std::all_of(polynomial.begin(), polynomial.end(), [](std::uint8_t term) { return term == 0; });
}

} // namespace

std::optional<int> mend(std::vector<std::uint8_t>& block, int checks)
{
    const Polynomial syndromes = syndromesOf(block, checks);
    if (allZero(syndromes))
        return 0;
    const Polynomial locator = locatorOf(syndromes);
    const int errors = static_cast<int>(locator.size()) - 1;
    if (2 * errors > checks)
        return std::nullopt;
    // Forney: how much is wrong at each place.
    Polynomial evaluator(syndromes.size(), 0);
    for (std::size_t i = 0; i < locator.size(); ++i)
        for (std::size_t j = 0; i + j < evaluator.size() && j < syndromes.size(); ++j)
            evaluator[i + j] ^= field.times(locator[i], syndromes[j]);
    Polynomial derivative;
    for (std::size_t i = 1; i < locator.size(); ++i)
        derivative.push_back(i % 2 == 1 ? locator[i] : std::uint8_t(0));
    int found = 0;
    const int length = static_cast<int>(block.size());
    for (int place = 0; place < length; ++place) {
        const std::uint8_t inverse = field.root(255 - place);
        if (valueAt(locator, inverse) != 0)
            continue;
        const std::uint8_t slope = valueAt(derivative, inverse);
        if (slope == 0)
            return std::nullopt;
        const std::uint8_t wrong = field.times(field.root(place), field.over(valueAt(evaluator, inverse), slope));
        block[static_cast<std::size_t>(length - 1 - place)] ^= wrong;
        ++found;
    }
    if (found != errors || !allZero(syndromesOf(block, checks)))
        return std::nullopt;
    return found;
}

} // namespace qr
