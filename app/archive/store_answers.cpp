// SPDX-License-Identifier: GPL-3.0-or-later
// The answers of the API in the archive.
#include <QUrlQuery>

#include <sqlite3.h>

#include "app/archive/statement.h"
#include "app/archive/store.h"

namespace archive {

namespace {

// The request without its range of time: charts ask for the range that ends now, which is never asked for twice.
QByteArray shapeOf(const QString& path, const QString& query)
{
    QUrlQuery items(query);
    for (const QString& name : {QStringLiteral("from"), QStringLiteral("to"), QStringLiteral("since")})
        items.removeAllQueryItems(name);
    return (path + QLatin1Char('?') + items.query(QUrl::FullyEncoded)).toUtf8();
}

QByteArray nameOf(const QString& path, const QString& query)
{
    return (path + QLatin1Char('?') + query).toUtf8();
}

} // namespace

void Store::putAnswer(const QString& path, const QString& query, const QByteArray& body, std::int64_t atMs)
{
    if (static_cast<std::size_t>(body.size()) > answerBytes)
        return;
    const QByteArray name = m_sealing.hidden(nameOf(path, query)), shape = m_sealing.hidden(shapeOf(path, query));
    // The query stands with the answer, for it is told with it.
    const QByteArray plain = query.toUtf8() + '\n' + body;
    Statement put(m_db, "INSERT OR REPLACE INTO answers(name, shape, at, sealed) VALUES(?1, ?2, ?3, ?4)");
    put.bind(1, name).bind(2, shape).bind(3, atMs).bind(4, m_sealing.seal(name, plain)).run(m_problem);
    Statement drop(m_db, "DELETE FROM answers WHERE shape=?1 AND id NOT IN (SELECT id FROM answers WHERE shape=?1 "
                         "ORDER BY at DESC, id DESC LIMIT ?2)");
    drop.bind(1, shape).bind(2, std::int64_t(answersPerShape)).run(m_problem);
}

std::optional<state::StoredAnswer> Store::answer(const QString& path, const QString& query)
{
    const QByteArray name = m_sealing.hidden(nameOf(path, query)), shape = m_sealing.hidden(shapeOf(path, query));
    Statement rows(m_db, "SELECT id, name, at, sealed FROM answers WHERE shape=?1 AND aside=0 "
                         "ORDER BY name=?2 DESC, at DESC, id DESC");
    rows.bind(1, shape).bind(2, name);
    while (rows.step()) {
        const std::optional<QByteArray> plain = m_sealing.open(rows.blob(1), rows.blob(3), answerBytes + 64 * 1024);
        const qsizetype end = plain ? plain->indexOf('\n') : -1;
        if (end < 0) {
            aside("answers", rows.number(0));
            continue;
        }
        return state::StoredAnswer{QString::fromUtf8(plain->first(end)), plain->sliced(end + 1), rows.number(2)};
    }
    return std::nullopt;
}

} // namespace archive
