// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "packaging/demo/agents.h"

namespace demo {

using Random = std::mt19937_64;

// A number from 0 up to, not including, `end`; the same for the same seed on every machine.
std::size_t below(Random& random, std::size_t end);
double fraction(Random& random); // 0 … 1

// A made-up person at a real place's address.
struct Visitor {
    std::string address;
    std::string country;
    std::string acceptLanguage;
    const Browser* browser = nullptr;
    bool globalPrivacyControl = false;
};

// Everybody who may come, after the table of networks with their places and weights (resources/geo/city-sample.csv).
class Audience {
public:
    // `csv`: network,address,country,region,city,weight. Throws std::runtime_error on a table that is none.
    explicit Audience(std::string_view csv);

    struct Wish {
        std::vector<std::string> countries; // most come from these, where there are any
        std::string city;                   // "DE:Berlin": nearly all come from there
        std::string app;                    // many use this app's own window
        bool mobile = false;
    };
    Visitor draw(Random& random, const Wish& wish) const;
    // An address of a computing centre, where robots live.
    std::string robotAddress(Random& random) const;

private:
    struct Network {
        std::uint32_t first = 0, size = 0;
        std::string country;
    };
    // Networks with the running sum of their weights.
    struct Group {
        std::vector<std::size_t> networks;
        std::vector<std::uint64_t> sums;
        std::size_t pick(Random& random) const;
        void add(std::size_t network, std::uint64_t weight);
    };

    std::vector<Network> m_networks;
    Group m_all;
    std::map<std::string, Group, std::less<>> m_groups; // by "DE" and by "DE:Berlin"
};

} // namespace demo
