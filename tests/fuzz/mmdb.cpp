// SPDX-License-Identifier: GPL-3.0-or-later
#include <string>

#include "backend/enrich/geo_database.h"
#include "backend/protocol/limits.h"
#include "tests/fuzz/fuzzer.h"

namespace {

// Bytes that name no end of a file get one: it is longer than the rest of a small file, and the library, whose inside
// libFuzzer does not see, takes no file without. Their first byte says how many nodes there are, how wide, and of
// which family the addresses are.
std::string wholeFile(std::string_view bytes)
{
    const std::string mark = "\xab\xcd\xefMaxMind.com";
    if (bytes.empty() || bytes.find(mark) != std::string_view::npos)
        return std::string(bytes);
    const auto shape = static_cast<unsigned char>(bytes.front());
    const auto text = [](std::string_view letters) {
        return static_cast<char>(0x40 + letters.size()) + std::string(letters);
    };
    const auto number = [](unsigned value, std::string kind = "\xa1") { return kind + static_cast<char>(value); };
    return std::string(bytes.substr(1)) + mark + '\xe9' + text("binary_format_major_version") + number(2) +
           text("binary_format_minor_version") + number(0) + text("build_epoch") + number(1, "\x01\x02") +
           text("database_type") + text("T") + text("description") + '\xe1' + text("en") + text("t") +
           text("ip_version") + number(shape & 0x80 ? 6 : 4) + text("languages") + "\x01\x04" + text("en") +
           text("node_count") + number(1 + (shape & 0x0f), "\xc1") + text("record_size") +
           number(24 + 4 * ((shape >> 4 & 7) % 3));
}

} // namespace

// A file of places: damaged, or made to do damage.
FUZZER(mmdb)
{
    const auto opened = enrich::GeoDatabase::open({fuzz::fileOf(wholeFile(bytes))});
    fuzz::require(opened.database->files().size() + opened.problems.size() == 1,
                  "a file is used or it is said why not");
    enrich::IpAddress address;
    for (const bool v6 : {false, true})
        for (unsigned first = 0; first < 256; first += 5) {
            address.v6 = v6;
            address.bytes.fill(static_cast<unsigned char>(first));
            const enrich::Place place = opened.database->find(address);
            fuzz::require(place.country.empty() || place.country.size() == 2, "a country has two letters");
            fuzz::require(place.city.size() <= protocol::limits::placeNameBytes &&
                              place.region.size() <= protocol::limits::placeNameBytes,
                          "names are bounded");
        }
}
