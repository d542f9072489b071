// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/connection/live_line.h"

#include "app/connection/answering.h"
#include "app/connection/api_reader.h"
#include "backend/protocol/codec.h"
#include "backend/protocol/limits.h"
#include "backend/protocol/words.h"

// The API calls that pages ask for.
namespace connection {

namespace {

constexpr qint64 rollupBytesMax = 32LL * 1024 * 1024; // 100,000 rows are about 15 MB
constexpr qint64 linkPageBytesMax = 16LL * 1024 * 1024;
constexpr qint64 diagnosisBytesMax = 1024 * 1024;

// A stored answer is of the range that was asked for then.
void setRange(RollupQuery& query, const QString& stored)
{
    const QUrlQuery items(stored);
    const auto timeOf = [&items](const char* name) {
        const QString text = items.queryItemValue(QLatin1StringView(name), QUrl::FullyDecoded).left(64);
        return protocol::utcMsFrom(text.toStdString()).value_or(protocol::UtcMs());
    };
    query.from = timeOf("from");
    query.to = timeOf("to");
}

} // namespace

void LiveLine::getRollups(quint64 request, const RollupQuery& asked)
{
    QUrlQuery query;
    addText(query, "granularity", protocol::word(asked.granularity));
    if (asked.dimension != protocol::Dimension::None)
        addText(query, "by", protocol::word(asked.dimension));
    if (asked.from.value != 0)
        addText(query, "from", QString::fromStdString(protocol::rfc3339(asked.from)));
    if (asked.to.value != 0)
        addText(query, "to", QString::fromStdString(protocol::rfc3339(asked.to)));
    addText(query, "link", asked.link);
    if (asked.perLink)
        addText(query, "per_link", QStringLiteral("1"));
    m_api.get(QStringLiteral("/v1/rollups"), query, "application/json", rollupBytesMax,
              [this, request, asked](const Reply& reply) {
                  if (reply.problem.isSet())
                      return void(emit m_out.failed(request, reply.problem));
                  std::optional<Rollups> rollups = rollupsFrom(reply.body);
                  if (!rollups)
                      return void(emit m_out.failed(request, notReadable()));
                  rollups->query = asked;
                  if (reply.storedQuery)
                      setRange(rollups->query, *reply.storedQuery);
                  emit m_out.rollupsArrived(request, *rollups);
              });
}

void LiveLine::getLinks(quint64 request, const std::shared_ptr<Links>& soFar, const QString& cursor)
{
    QUrlQuery query;
    addText(query, "limit", QString::number(protocol::limits::pageItemsMax));
    addText(query, "cursor", cursor);
    m_api.get(QStringLiteral("/v1/links"), query, "application/json", linkPageBytesMax,
              [this, request, soFar, cursor](const Reply& reply) {
                  if (reply.problem.isSet())
                      return void(emit m_out.failed(request, reply.problem));
                  QString next;
                  const std::size_t before = soFar->items.size();
                  if (!linksFrom(reply.body, *soFar, next))
                      return void(emit m_out.failed(request, notReadable()));
                  // A page that brings nothing, or the same cursor, would be asked for without end.
                  if (!next.isEmpty() && next != cursor && soFar->items.size() > before && !soFar->cut)
                      return getLinks(request, soFar, next);
                  emit m_out.linksArrived(request, *soFar);
              });
}

void LiveLine::getDiagnosis(quint64 request, const QString& link)
{
    QUrlQuery query;
    addText(query, "link", link);
    if (!m_filter.isEmpty())
        addText(query, "filter", QString::fromStdString(protocol::jsonOf(m_filter)));
    m_api.get(QStringLiteral("/v1/diagnosis"), query, "application/json", diagnosisBytesMax,
              answering(m_out, request, diagnosisFrom, [this, request](const Diagnosis& diagnosis) {
                  emit m_out.diagnosisArrived(request, diagnosis);
              }));
}

} // namespace connection
