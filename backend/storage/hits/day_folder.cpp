// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/storage/hits/day_folder.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <filesystem>

#include "backend/storage/store.h"

namespace storage {

namespace fs = std::filesystem;

Day dayOf(protocol::UtcMs time)
{
    const std::int64_t day = time.value / protocol::msPerDay - (time.value % protocol::msPerDay < 0 ? 1 : 0);
    // A file name holds years of four digits; a clock beyond that is broken, and its hits stay findable all the same.
    constexpr std::int64_t lastDay = 2'932'896; // 9999-12-31
    return static_cast<Day>(std::clamp<std::int64_t>(day, 0, lastDay));
}

std::string dayName(Day day)
{
    const std::chrono::year_month_day date{std::chrono::sys_days(std::chrono::days(day))};
    char name[32];
    std::snprintf(name, sizeof name, "%04d-%02u-%02u", static_cast<int>(date.year()),
                  static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
    return name;
}

std::optional<Day> dayFrom(std::string_view name)
{
    if (name.size() != 10 || name[4] != '-' || name[7] != '-')
        return std::nullopt;
    int year = 0;
    unsigned month = 0, day = 0;
    const auto read = [&](std::size_t at, std::size_t length, auto& out) {
        const auto result = std::from_chars(name.data() + at, name.data() + at + length, out);
        return result.ec == std::errc() && result.ptr == name.data() + at + length;
    };
    if (!read(0, 4, year) || !read(5, 2, month) || !read(8, 2, day))
        return std::nullopt;
    const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(month), std::chrono::day(day)};
    if (!date.ok())
        return std::nullopt;
    return static_cast<Day>(std::chrono::sys_days(date).time_since_epoch().count());
}

std::string hitsFolder(const std::string& folder)
{
    return folder + "/hits";
}

std::string dayFolder(const std::string& folder, Day day)
{
    return hitsFolder(folder) + "/" + dayName(day);
}

std::vector<Day> daysIn(const std::string& folder)
{
    std::vector<Day> days;
    std::error_code error;
    for (fs::directory_iterator entry(hitsFolder(folder), error), end; !error && entry != end; entry.increment(error)) {
        if (const auto day = dayFrom(entry->path().filename().string()))
            days.push_back(*day);
    }
    std::sort(days.begin(), days.end());
    return days;
}

std::string piecePath(const std::string& folder, Day day, std::uint64_t firstSeq)
{
    char name[32];
    std::snprintf(name, sizeof name, "/%020llu.log", static_cast<unsigned long long>(firstSeq));
    return dayFolder(folder, day) + name;
}

std::vector<std::uint64_t> piecesIn(const std::string& folder, Day day)
{
    constexpr std::size_t digits = 20;
    std::vector<std::uint64_t> pieces;
    std::error_code error;
    for (fs::directory_iterator entry(dayFolder(folder, day), error), end; !error && entry != end;
         entry.increment(error)) {
        const std::string name = entry->path().filename().string();
        std::uint64_t firstSeq = 0;
        const auto number = std::from_chars(name.data(), name.data() + name.size(), firstSeq);
        if (number.ptr - name.data() == digits && std::string_view(number.ptr, name.data() + name.size()) == ".log")
            pieces.push_back(firstSeq);
    }
    std::sort(pieces.begin(), pieces.end());
    return pieces;
}

std::string sealedPath(const std::string& folder, Day day)
{
    return dayFolder(folder, day) + "/sealed";
}

std::string setAside(const std::string& path)
{
    std::error_code error;
    std::string target;
    int number = 1;
    do
        target = path + ".damaged-" + std::to_string(number++);
    while (fs::exists(target, error));
    fs::rename(path, target, error);
    if (error)
        throw StoreError("cannot set the damaged file " + path + " aside: " + error.message());
    std::error_code ignored;
    fs::rename(path + "-wal", target + "-wal", ignored);
    fs::remove(path + "-shm", ignored);
    return target;
}

std::size_t countDamaged(const std::string& folder)
{
    std::vector<std::string> folders{folder, folder + "/spill"};
    for (const Day day : daysIn(folder))
        folders.push_back(dayFolder(folder, day));
    std::size_t count = 0;
    for (const std::string& where : folders) {
        std::error_code error;
        for (fs::directory_iterator entry(where, error), end; !error && entry != end; entry.increment(error)) {
            const std::string name = entry->path().filename().string();
            if (name.find(".damaged-") != std::string::npos && !name.ends_with("-wal"))
                ++count;
        }
    }
    return count;
}

} // namespace storage
