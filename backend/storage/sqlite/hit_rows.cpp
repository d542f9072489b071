// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/storage/sqlite/hit_rows.h"

namespace storage {

using protocol::Hit;

namespace {

// Words kept in memory per open day file: about a hundred thousand of ordinary length.
constexpr std::size_t wordBytesMax = 16 * 1024 * 1024;
constexpr std::size_t wordOverheadBytes = 80;

constexpr const char* columns =
    "seq, time, workspace, link, visitor, class, reason, touch, device, bot, late, status, "
    "rule_version, bot_reason, domain, slug, placement, country, region, city, os, browser, "
    "language, referrer, campaign, utm_source, utm_medium, utm_term, utm_content, "
    "destination, rule, variant, passed_over";

} // namespace

const char* const hitFileSchema = R"(
CREATE TABLE IF NOT EXISTS words(id INTEGER PRIMARY KEY, text TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS hits(
  seq INTEGER PRIMARY KEY, time INTEGER NOT NULL, workspace INTEGER NOT NULL, link INTEGER NOT NULL, visitor INTEGER NOT NULL,
  class INTEGER NOT NULL, reason INTEGER NOT NULL, touch INTEGER NOT NULL, device INTEGER NOT NULL, bot INTEGER NOT NULL,
  late INTEGER NOT NULL, status INTEGER NOT NULL, rule_version INTEGER NOT NULL,
  bot_reason INTEGER NOT NULL, domain INTEGER NOT NULL, slug INTEGER NOT NULL, placement INTEGER NOT NULL,
  country INTEGER NOT NULL, region INTEGER NOT NULL, city INTEGER NOT NULL, os INTEGER NOT NULL, browser INTEGER NOT NULL,
  language INTEGER NOT NULL, referrer INTEGER NOT NULL, campaign INTEGER NOT NULL, utm_source INTEGER NOT NULL,
  utm_medium INTEGER NOT NULL, utm_term INTEGER NOT NULL, utm_content INTEGER NOT NULL, destination INTEGER NOT NULL,
  rule INTEGER NOT NULL, variant INTEGER NOT NULL, passed_over INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS totals(
  workspace INTEGER PRIMARY KEY, hits INTEGER NOT NULL, click INTEGER NOT NULL, probe INTEGER NOT NULL,
  prefetch INTEGER NOT NULL, miss INTEGER NOT NULL, blocked INTEGER NOT NULL, bots INTEGER NOT NULL,
  bot_clicks INTEGER NOT NULL, late INTEGER NOT NULL);
)";

std::string insertHitSql()
{
    std::string sql = std::string("INSERT INTO hits(") + columns + ") VALUES(";
    for (std::size_t column = 0; column < hitPlainColumns + hitTexts.size(); ++column)
        sql += column ? ",?" : "?";
    return sql + ")";
}

std::string selectHitsSql()
{
    return std::string("SELECT ") + columns + " FROM hits WHERE seq > ?1 AND seq <= ?2 ORDER BY seq";
}

std::string selectFactsSql()
{
    return "SELECT seq, time, workspace, link, visitor, class, touch, device, bot, status, placement, country, region, "
           "city, os, browser, language, referrer, campaign, utm_source, utm_medium, utm_term, utm_content, "
           "destination, rule, variant FROM hits WHERE seq > ?1 AND seq <= ?2 ORDER BY seq";
}

WordWriter::WordWriter(const Database& database)
    : m_nextId(database.integer("SELECT max(id) FROM words") + 1),
      m_insert(database.prepare("INSERT INTO words(id, text) VALUES(?, ?)"))
{
    Statement words = database.prepare("SELECT id, text FROM words ORDER BY id LIMIT 50000");
    while (words.step() && m_bytes < wordBytesMax) {
        const std::string_view text = words.text(1);
        m_bytes += text.size() + wordOverheadBytes;
        m_ids.emplace(text, words.integer(0));
    }
}

std::int64_t WordWriter::idOf(std::string_view word)
{
    if (word.empty())
        return 0;
    if (const auto found = m_ids.find(word); found != m_ids.end())
        return found->second;
    if (m_bytes >= wordBytesMax) {
        m_ids.clear();
        m_bytes = 0;
    }
    const std::int64_t id = m_nextId++;
    m_insert.bind(1, id).bind(2, word).run();
    m_ids.emplace(word, id);
    m_bytes += word.size() + wordOverheadBytes;
    return id;
}

WordReader::WordReader(const Database& database) : m_select(database.prepare("SELECT text FROM words WHERE id = ?")) {}

const std::string& WordReader::text(std::int64_t id)
{
    static const std::string none;
    if (id == 0)
        return none;
    if (const auto found = m_words.find(id); found != m_words.end())
        return found->second;
    if (m_bytes >= wordBytesMax) {
        m_words.clear();
        m_bytes = 0;
    }
    m_select.bind(1, id);
    std::string word = m_select.step() ? std::string(m_select.text(0)) : std::string();
    m_select.reset();
    m_bytes += word.size() + wordOverheadBytes;
    return m_words.emplace(id, std::move(word)).first->second;
}

void bindHit(Statement& insert, const Hit& hit, WordWriter& words)
{
    int at = 0;
    for (const std::int64_t value :
         {static_cast<std::int64_t>(hit.seq.value), hit.time.value, std::int64_t{hit.workspace.value},
          static_cast<std::int64_t>(hit.link.value), static_cast<std::int64_t>(hit.visitor.value),
          static_cast<std::int64_t>(hit.hitClass), static_cast<std::int64_t>(hit.reason),
          static_cast<std::int64_t>(hit.touch), static_cast<std::int64_t>(hit.device),
          static_cast<std::int64_t>(hit.botCategory), std::int64_t{hit.late}, std::int64_t{hit.status},
          std::int64_t{hit.ruleVersion}})
        insert.bind(++at, value);
    for (const auto text : hitTexts)
        insert.bind(++at, words.idOf(hit.*text));
}

Hit hitOf(const Statement& row, WordReader& words)
{
    Hit hit;
    hit.seq = protocol::HitSeq(row.number(0));
    hit.time = protocol::UtcMs(row.integer(1));
    hit.workspace = protocol::WorkspaceId(static_cast<std::uint32_t>(row.integer(2)));
    hit.link = protocol::LinkId(row.number(3));
    hit.visitor = protocol::VisitorKey(row.number(4));
    hit.hitClass = static_cast<protocol::HitClass>(row.integer(5));
    hit.reason = static_cast<protocol::HitReason>(row.integer(6));
    hit.touch = static_cast<protocol::TouchType>(row.integer(7));
    hit.device = static_cast<protocol::DeviceType>(row.integer(8));
    hit.botCategory = static_cast<protocol::BotCategory>(row.integer(9));
    hit.late = row.integer(10) != 0;
    hit.status = static_cast<std::uint16_t>(row.integer(11));
    hit.ruleVersion = static_cast<std::uint32_t>(row.integer(12));
    int at = hitPlainColumns;
    for (const auto text : hitTexts)
        hit.*text = words.text(row.integer(at++));
    return hit;
}

} // namespace storage
