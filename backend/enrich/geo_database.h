// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "backend/enrich/enricher.h"

namespace enrich {

// One mmdb file as it describes itself.
struct GeoFile {
    std::string path;
    std::string type;         // "DBIP-City-Lite", "GeoLite2-Country", …
    std::int64_t builtAt = 0; // seconds since 1970
    int ipVersion = 0;
    bool cities = false; // a probe found a city name
};

// One or more mmdb files, asked in order: the first that knows the address's country answers. Both layouts are read,
// flat (country_code, state1, city) and nested (country.iso_code, subdivisions, city.names.en). Immutable after
// opening, thread-safe. Files are mapped into memory: replace them by renaming, never in place.
class GeoDatabase {
public:
    struct Opened {
        std::shared_ptr<const GeoDatabase> database; // never null; without files it knows nothing
        std::vector<std::string> problems;           // a sentence for each file that could not be used
    };

    // A file is used when it is a MaxMind DB and some hundred look-ups spread over all addresses find no damage and at
    // least one country.
    static Opened open(const std::vector<std::string>& paths);

    // The files of a data folder (DIR/geo/*.mmdb, those with cities first), then `shipped` where it exists.
    static std::vector<std::string> filesOf(const std::string& dataFolder, const std::string& shipped);

    ~GeoDatabase();
    GeoDatabase(const GeoDatabase&) = delete;
    GeoDatabase& operator=(const GeoDatabase&) = delete;

    Place find(const IpAddress& address) const;
    std::vector<GeoFile> files() const;

private:
    struct File;
    GeoDatabase();

    std::vector<std::unique_ptr<File>> m_files;
};

} // namespace enrich
