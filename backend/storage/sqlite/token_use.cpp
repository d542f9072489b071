// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/storage/sqlite/token_use.h"

namespace storage {

namespace {

constexpr int busyTimeoutMs = 1'000;

} // namespace

void TokenUse::note(const std::map<protocol::TokenId, protocol::UtcMs>& used)
{
    if (!m_database) {
        m_database = Database(m_path, Database::Mode::Write, busyTimeoutMs);
        m_database.run("PRAGMA synchronous = NORMAL");
    }
    Transaction transaction(m_database);
    Statement put = m_database.prepare("UPDATE tokens SET last_used_at = ?2 WHERE id = ?1 AND last_used_at < ?2");
    for (const auto& [token, time] : used)
        put.bind(1, token.value).bind(2, time.value).run();
    transaction.commit();
}

} // namespace storage
