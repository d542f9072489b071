// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/connection/answering.h"
#include "app/connection/json_values.h"
#include "app/connection/link_calls.h"

namespace connection {

namespace {

constexpr qsizetype domainsMax = 1000;

std::optional<state::ImportAnswer> answerFrom(const QByteArray& json)
{
    const auto object = objectFrom(json);
    if (!object)
        return std::nullopt;
    state::ImportAnswer answer;
    answer.format = textOf(*object, "format");
    answer.dryRun = flagOf(*object, "dryRun", true);
    answer.rows = countOf(*object, "rows");
    answer.made = countOf(*object, "made");
    answer.skipped = countOf(*object, "skipped");
    answer.failed = countOf(*object, "failed");
    answer.domains = textsOf(*object, "domains", domainsMax);
    eachOf(*object, "results", state::ImportAnswer::rowsMax, [&answer](const QJsonObject& item) {
        const QJsonObject problem = objectOf(item, "problem");
        answer.said.append({countOf(item, "row"), textOf(item, "domain"), textOf(item, "slug"), textOf(problem, "code"),
                            textOf(problem, "field"), textOf(item, "skipped")});
    });
    return answer;
}

} // namespace

void LinkCalls::importFile(quint64 request, const state::ImportRequest& asked)
{
    QUrlQuery query;
    addText(query, "format", asked.format);
    addText(query, "domain", asked.domain);
    addText(query, "dryRun", asked.dryRun ? QStringLiteral("1") : QString());
    addText(query, "keepClicks", asked.keepClicks ? QStringLiteral("1") : QString());
    m_api.upload(
        QStringLiteral("/v1/imports"), query, asked.file,
        [this, request](qint64 bytes, qint64 all) { emit m_out.importUploaded(request, bytes, all); },
        answering(m_out, request, answerFrom,
                  [this, request](const state::ImportAnswer& answer) { emit m_out.importAnswered(request, answer); }));
}

} // namespace connection
