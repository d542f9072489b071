// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/backend/enrich/mmdb_file.h"

#include <array>

namespace mmdb {

namespace {

std::string bigEndian(std::uint64_t value, int bytes)
{
    std::string out;
    for (int shift = (bytes - 1) * 8; shift >= 0; shift -= 8)
        out.push_back(static_cast<char>(value >> shift & 0xff));
    return out;
}

} // namespace

std::string claim(int type, std::uint32_t size)
{
    std::string rest;
    std::uint32_t low = size;
    if (size >= 65821) {
        low = 31;
        rest = bigEndian(size - 65821, 3);
    } else if (size >= 285) {
        low = 30;
        rest = bigEndian(size - 285, 2);
    } else if (size >= 29) {
        low = 29;
        rest = bigEndian(size - 29, 1);
    }
    if (type > 7)
        return std::string{static_cast<char>(low), static_cast<char>(type - 7)} + rest;
    return std::string{static_cast<char>(type << 5 | static_cast<int>(low))} + rest;
}

std::string text(std::string_view value)
{
    return claim(2, static_cast<std::uint32_t>(value.size())) + std::string(value);
}

std::string number(std::uint64_t value, int bits)
{
    return claim(bits == 16   ? 5
                 : bits == 32 ? 6
                              : 9,
                 static_cast<std::uint32_t>(bits / 8)) +
           bigEndian(value, bits / 8);
}

std::string map(const std::vector<std::pair<std::string, std::string>>& entries)
{
    std::string out = claim(7, static_cast<std::uint32_t>(entries.size()));
    for (const auto& [key, value] : entries)
        out += text(key) + value;
    return out;
}

std::string array(const std::vector<std::string>& items)
{
    std::string out = claim(11, static_cast<std::uint32_t>(items.size()));
    for (const std::string& item : items)
        out += item;
    return out;
}

std::string pointer(std::uint32_t offset)
{
    return std::string(1, static_cast<char>(0x38)) + bigEndian(offset, 4);
}

std::string File::bytes() const
{
    constexpr std::int64_t nothing = -1;
    std::vector<std::array<std::int64_t, 2>> nodes{{nothing, nothing}};
    std::string data;
    std::vector<std::size_t> offsets;
    for (const std::string& value : values) {
        offsets.push_back(data.size());
        data += value;
    }
    const auto leaf = [](std::size_t offset) { return -2 - static_cast<std::int64_t>(offset); };
    for (const Network& network : networks) {
        std::size_t node = 0;
        for (int bit = 0; bit < network.bits; ++bit) {
            const auto byte = static_cast<unsigned char>(network.first[static_cast<std::size_t>(bit / 8)]);
            const std::size_t side = byte >> (7 - bit % 8) & 1;
            if (bit == network.bits - 1) {
                nodes[node][side] = leaf(offsets[network.value]);
            } else {
                if (nodes[node][side] == nothing) {
                    nodes[node][side] = static_cast<std::int64_t>(nodes.size());
                    nodes.push_back({nothing, nothing});
                }
                node = static_cast<std::size_t>(nodes[node][side]);
            }
        }
    }
    const auto count = static_cast<std::int64_t>(nodes.size());
    std::string tree;
    for (const auto& node : nodes) {
        for (const std::int64_t record : node)
            tree += bigEndian(static_cast<std::uint64_t>(record >= 0         ? record
                                                         : record == nothing ? count
                                                                             : count + 16 - 2 - record),
                              3);
    }
    return tree + std::string(16, '\0') + data + "\xab\xcd\xefMaxMind.com" +
           map({{"binary_format_major_version", number(2, 16)},
                {"binary_format_minor_version", number(0, 16)},
                {"build_epoch", number(1'700'000'000, 64)},
                {"database_type", text(type)},
                {"description", map({})},
                {"ip_version", number(static_cast<std::uint64_t>(ipVersion), 16)},
                {"languages", array({})},
                {"node_count", number(nodes.size(), 32)},
                {"record_size", number(24, 16)}});
}

std::string flatPlace(std::string_view country, std::string_view region, std::string_view city)
{
    return map({{"city", text(city)}, {"country_code", text(country)}, {"state1", text(region)}});
}

std::string nestedPlace(std::string_view country, std::string_view region, std::string_view city)
{
    const auto named = [](std::string_view name) {
        return map({{"names", map({{"de", text("Nein")}, {"en", text(name)}})}});
    };
    return map({{"city", named(city)},
                {"country", map({{"iso_code", text(country)}})},
                {"subdivisions", array({named(region), named("second")})}});
}

} // namespace mmdb
