// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "backend/protocol/hit.h"
#include "backend/storage/sqlite/database.h"

namespace storage {

// A day file's tables; see FORMAT.md. `version` of FORMAT.md stands in user_version.
inline constexpr int hitFileVersion = 1;
extern const char* const hitFileSchema;

// The hit's texts, in the order of their columns; each column holds a number from `words`, 0 = "".
inline constexpr std::array<std::string protocol::Hit::*, 20> hitTexts{
    &protocol::Hit::botReason,   &protocol::Hit::domain,    &protocol::Hit::slug,     &protocol::Hit::placement,
    &protocol::Hit::country,     &protocol::Hit::region,    &protocol::Hit::city,     &protocol::Hit::os,
    &protocol::Hit::browser,     &protocol::Hit::language,  &protocol::Hit::referrer, &protocol::Hit::campaign,
    &protocol::Hit::utmSource,   &protocol::Hit::utmMedium, &protocol::Hit::utmTerm,  &protocol::Hit::utmContent,
    &protocol::Hit::destination, &protocol::Hit::rule,      &protocol::Hit::variant,  &protocol::Hit::passedOver};
inline constexpr int hitPlainColumns = 13; // those before the texts

// "INSERT INTO hits …" and "SELECT … FROM hits WHERE seq > ?1 AND seq <= ?2 ORDER BY seq".
std::string insertHitSql();
std::string selectHitsSql();
// The columns of rollups::HitFacts, the texts in its order.
std::string selectFactsSql();

// What a writer knows of a day file's words. Bounded: when full it forgets, and a word may then be stored twice, which
// no reader minds. Hostile slugs must not fill the memory.
class WordWriter {
public:
    WordWriter() = default;
    explicit WordWriter(const Database& database);
    std::int64_t idOf(std::string_view word);

private:
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
    };
    std::unordered_map<std::string, std::int64_t, Hash, std::equal_to<>> m_ids;
    std::size_t m_bytes = 0;
    std::int64_t m_nextId = 1;
    Statement m_insert;
};

// The same for a reader.
class WordReader {
public:
    WordReader() = default;
    explicit WordReader(const Database& database);
    const std::string& text(std::int64_t id);

private:
    std::unordered_map<std::int64_t, std::string> m_words;
    std::size_t m_bytes = 0;
    Statement m_select;
};

void bindHit(Statement& insert, const protocol::Hit& hit, WordWriter& words);
protocol::Hit hitOf(const Statement& row, WordReader& words);

} // namespace storage
