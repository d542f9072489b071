// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/enrich/geo_database.h"
#include "backend/protocol/limits.h"
#include "tests/fuzz/fuzzer.h"

// A file of places: damaged, or made to do damage.
FUZZER(mmdb)
{
    const auto opened = enrich::GeoDatabase::open({fuzz::fileOf(bytes)});
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
