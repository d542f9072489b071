// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/enrich/geo_database.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstring>
#include <filesystem>

#include <maxminddb.h>
#include <netinet/in.h>

#include "backend/enrich/request_text.h"
#include "backend/protocol/limits.h"
#include "backend/protocol/words.h"

namespace enrich {

namespace {

constexpr int probes = 512;
constexpr int treeDepthMax = 128;
// An honest file answers all probes in under a millisecond; one made to be slow is found out here.
constexpr auto probeTimeMax = std::chrono::seconds(2);

using Path = std::array<const char*, 5>; // ends with a null pointer

constexpr Path flatCountry = {"country_code"};
constexpr Path flatRegion = {"state1"};
constexpr Path flatCity = {"city"};
constexpr Path nestedCountry = {"country", "iso_code"};
constexpr Path nestedRegion = {"subdivisions", "0", "names", "en"};
constexpr Path nestedCity = {"city", "names", "en"};

// The text at `path`; empty where there is none or where it is of another kind. False: the file is damaged there.
bool readText(MMDB_entry_s entry, const Path& path, std::string_view& out)
{
    MMDB_entry_data_s data{};
    const int status = MMDB_aget_value(&entry, &data, path.data());
    out = {};
    if (status == MMDB_LOOKUP_PATH_DOES_NOT_MATCH_DATA_ERROR)
        return true;
    if (status != MMDB_SUCCESS)
        return false;
    if (data.has_data && data.type == MMDB_DATA_TYPE_UTF8_STRING)
        out = std::string_view(data.utf8_string, data.data_size);
    return true;
}

bool isPlain(std::string_view text)
{
    return std::ranges::all_of(text, [](char c) { return c >= ' ' && c <= '~'; });
}

std::string placeName(std::string_view text)
{
    if (text.size() <= protocol::limits::placeNameBytes && isPlain(text))
        return std::string(text);
    // A hostile file may hold megabytes here: only what can remain is looked at.
    return protocol::visibleText(text.substr(0, protocol::limits::placeNameBytes * 4),
                                 protocol::limits::placeNameBytes);
}

std::string countryCode(std::string_view text)
{
    const auto letter = [](char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); };
    if (text.size() != 2 || !std::ranges::all_of(text, letter))
        return {};
    std::string code(text);
    std::ranges::transform(code, code.begin(), [](char c) { return c >= 'a' ? static_cast<char>(c - 'a' + 'A') : c; });
    return code == "ZZ" ? std::string() : code; // ZZ: unknown, by agreement
}

// False: damaged.
bool readPlace(const MMDB_entry_s& entry, Place& place)
{
    std::string_view text;
    if (!readText(entry, flatCountry, text))
        return false;
    const bool flat = !text.empty();
    if (!flat && !readText(entry, nestedCountry, text))
        return false;
    place.country = countryCode(text);
    if (!readText(entry, flat ? flatRegion : nestedRegion, text))
        return false;
    place.region = placeName(text);
    if (!readText(entry, flat ? flatCity : nestedCity, text))
        return false;
    place.city = placeName(text);
    return true;
}

// The same numbers at every start, so that a file is not taken today and refused tomorrow.
std::uint64_t nextNumber(std::uint64_t& state)
{
    std::uint64_t z = state += 0x9e3779b97f4a7c15; // splitmix64
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
}

} // namespace

struct GeoDatabase::File {
    MMDB_s db{};
    GeoFile about;
    bool open = false;

    ~File()
    {
        if (open)
            MMDB_close(&db);
    }

    // One way down the search tree, chosen by `bits`; where there is nothing, the other side. False: damaged.
    bool probe(std::uint64_t bits, Place& place) const
    {
        std::uint64_t node = 0;
        for (int depth = 0; depth < treeDepthMax; ++depth) {
            MMDB_search_node_s record{};
            if (MMDB_read_node(&db, static_cast<std::uint32_t>(node), &record) != MMDB_SUCCESS)
                return false;
            bool right = bits >> (depth % 64) & 1;
            if ((right ? record.right_record_type : record.left_record_type) == MMDB_RECORD_TYPE_EMPTY)
                right = !right;
            const auto type = right ? record.right_record_type : record.left_record_type;
            if (type == MMDB_RECORD_TYPE_EMPTY)
                return true;
            if (type == MMDB_RECORD_TYPE_DATA)
                return readPlace(right ? record.right_record_entry : record.left_record_entry, place);
            if (type != MMDB_RECORD_TYPE_SEARCH_NODE)
                return false;
            node = right ? record.right_record : record.left_record;
        }
        return false; // deeper than any address: a circle
    }

    std::string validate()
    {
        const auto deadline = std::chrono::steady_clock::now() + probeTimeMax;
        std::uint64_t state = 1;
        int countries = 0;
        for (int i = 0; i < probes; ++i) {
            Place place;
            if (!probe(nextNumber(state), place))
                return "is damaged";
            countries += !place.country.empty();
            about.cities |= !place.city.empty();
            if (std::chrono::steady_clock::now() > deadline)
                return "answers far too slowly to be sound";
        }
        return countries == 0 ? "holds no countries (neither country_code nor country.iso_code)" : std::string();
    }

    std::string load(const std::string& path)
    {
        const int status = MMDB_open(path.c_str(), MMDB_MODE_MMAP, &db);
        if (status != MMDB_SUCCESS)
            return MMDB_strerror(status);
        open = true;
        if (db.metadata.node_count == 0)
            return "is empty";
        about.path = path;
        about.type = protocol::visibleText(
            db.metadata.database_type ? std::string_view(db.metadata.database_type).substr(0, 256) : "", 64);
        about.builtAt = static_cast<std::int64_t>(db.metadata.build_epoch);
        about.ipVersion = db.metadata.ip_version;
        return validate();
    }
};

GeoDatabase::GeoDatabase() = default;
GeoDatabase::~GeoDatabase() = default;

GeoDatabase::Opened GeoDatabase::open(const std::vector<std::string>& paths)
{
    Opened opened;
    std::shared_ptr<GeoDatabase> database(new GeoDatabase);
    for (const std::string& path : paths) {
        auto file = std::make_unique<File>();
        if (std::string problem = file->load(path); problem.empty())
            database->m_files.push_back(std::move(file));
        else
            opened.problems.push_back(path + ": this geo database cannot be used: " + problem);
    }
    opened.database = std::move(database);
    return opened;
}

std::vector<std::string> GeoDatabase::filesOf(const std::string& dataFolder, const std::string& shipped)
{
    std::vector<std::string> cities, others;
    std::error_code error;
    for (std::filesystem::directory_iterator it(dataFolder + "/geo", error), end; !error && it != end;
         it.increment(error)) {
        if (it->path().extension() != ".mmdb")
            continue;
        const bool city = lowerAscii(it->path().filename().string()).find("city") != std::string::npos;
        (city ? cities : others).push_back(it->path().string());
    }
    std::ranges::sort(cities);
    std::ranges::sort(others);
    cities.insert(cities.end(), others.begin(), others.end());
    if (!shipped.empty() && std::filesystem::exists(shipped, error))
        cities.push_back(shipped);
    return cities;
}

Place GeoDatabase::find(const IpAddress& address) const
{
    sockaddr_storage storage{};
    if (address.v6) {
        sockaddr_in6 v6{};
        v6.sin6_family = AF_INET6;
        std::memcpy(&v6.sin6_addr, address.bytes.data(), 16);
        std::memcpy(&storage, &v6, sizeof v6);
    } else {
        sockaddr_in v4{};
        v4.sin_family = AF_INET;
        std::memcpy(&v4.sin_addr, address.bytes.data(), 4);
        std::memcpy(&storage, &v4, sizeof v4);
    }
    for (const auto& file : m_files) {
        // A file of the other family, or without this address, leaves it to the next.
        if (address.v6 && file->about.ipVersion == 4)
            continue;
        int status = MMDB_SUCCESS;
        MMDB_lookup_result_s result =
            MMDB_lookup_sockaddr(&file->db, reinterpret_cast<const sockaddr*>(&storage), &status);
        Place place;
        if (status == MMDB_SUCCESS && result.found_entry && readPlace(result.entry, place) && !place.country.empty())
            return place;
    }
    return {};
}

std::vector<GeoFile> GeoDatabase::files() const
{
    std::vector<GeoFile> out;
    for (const auto& file : m_files)
        out.push_back(file->about);
    return out;
}

} // namespace enrich
