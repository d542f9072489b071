// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// Builds small MaxMind DB files for the tests, sound ones and, piece by piece, unsound ones.
namespace mmdb {

// Encoded values of the data section.
std::string text(std::string_view value);
std::string number(std::uint64_t value, int bits); // 16, 32 or 64
std::string map(const std::vector<std::pair<std::string, std::string>>& entries);
std::string array(const std::vector<std::string>& items);
std::string pointer(std::uint32_t offset);
// A header that claims `size` entries or bytes: map (7), array (11) or text (2).
std::string claim(int type, std::uint32_t size);

struct Network {
    std::string first; // 4 or 16 bytes
    int bits = 0;
    std::size_t value = 0; // index into File::values
};

struct File {
    int ipVersion = 4;
    std::string type = "Test";
    std::vector<std::string> values; // encoded
    std::vector<Network> networks;

    std::string bytes() const;
};

// The layouts that are read.
std::string flatPlace(std::string_view country, std::string_view region, std::string_view city);
std::string nestedPlace(std::string_view country, std::string_view region, std::string_view city);

} // namespace mmdb
