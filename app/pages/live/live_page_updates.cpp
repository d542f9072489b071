// SPDX-License-Identifier: GPL-3.0-or-later
// What the page's one timer does: shows what changed since the last time, each part at most ten times a second.
#include <QDateTime>

#include <algorithm>

#include "app/pages/live/live_page_parts.h"
#include "app/pages/live/live_words.h"
#include "app/pages/live/page_status.h"
#include "app/widgets/charts/rollup_chart.h"
#include "app/widgets/map/world_map.h"
#include "app/widgets/theme/type.h"

namespace live {

namespace {

constexpr qint64 timesMs = 1000; // relative times count seconds
// The newest bar moves with the clock even when no rollup ran; the watermark asks in between.
constexpr qint64 rollupsMs = 60'000;
// A burst of scans lights its newest ones: more than this nobody can tell apart.
constexpr state::RowNumber glowsMax = 64;

QStringList namesOf(const std::vector<protocol::NamedCount>& rows)
{
    QStringList names;
    for (const protocol::NamedCount& row : rows)
        if (!row.name.empty())
            names.append(QString::fromStdString(row.name));
    return names;
}

QStringList domainsOf(const QStringList& addresses)
{
    QStringList hosts;
    for (const QString& address : addresses)
        if (const QString host = address.left(address.indexOf(QLatin1Char('/'))); !hosts.contains(host))
            hosts.append(host);
    return hosts;
}

} // namespace

void LivePage::tick()
{
    Parts& p = *m_parts;
    const unsigned dirty = std::exchange(p.dirty, 0);
    if (dirty & Rows)
        showRows();
    if (dirty & Window)
        showWindow();
    if (dirty & (Counters | Line))
        p.strip->setState(p.state);
    if (dirty & Watermark) {
        if (p.state.watermark())
            p.rollups->setWatermark(*p.state.watermark());
        requestRollups();
    }
    if (dirty)
        showStatus();
    if (p.sinceTimes.elapsed() >= timesMs) {
        p.sinceTimes.restart();
        p.table->refreshTimes();
        if (p.sinceRollups.isValid() && p.sinceRollups.elapsed() >= rollupsMs)
            requestRollups();
    }
    p.table->paintArrived();
}

void LivePage::refreshNow()
{
    applyProportions();
    m_parts->dirty = Everything & ~Watermark;
    tick();
}

void LivePage::showRows()
{
    Parts& p = *m_parts;
    p.filters->setCounts(static_cast<quint64>(p.model.rowCount()), p.state.ring().size());
    showHold();
    glowNewScans();
}

void LivePage::showHold()
{
    Parts& p = *m_parts;
    const quint64 waiting = p.model.pendingRows();
    p.newRows->setVisible(p.model.isHeld());
    p.newRows->setText(waiting == 0 ? tr("\u2191 follow") : tr("\u2191 %1 new").arg(widgets::figure(waiting)));
    const bool paused = p.model.isHeldFor(models::HitTableModel::Paused);
    p.pause->setChecked(paused);
    p.pause->setText(paused ? tr("\u25B6 Resume") : tr("\u275A\u275A Pause"));
    p.tablePanel->setSubtitle(paused                 ? tr("paused; nothing is lost")
                              : p.model.isHeld()     ? tr("held while you read")
                              : p.model.isFiltered() ? tr("newest first · filtered")
                                                     : tr("newest first"));
}

void LivePage::glowNewScans()
{
    Parts& p = *m_parts;
    const state::HitRing& ring = p.state.ring();
    const state::RowNumber end = ring.endRow();
    const state::RowNumber from = std::max({p.glowSeen, ring.firstRow(), end > glowsMax ? end - glowsMax : 0});
    const bool first = p.glowSeen == 0; // history is not news
    p.glowSeen = end;
    if (first)
        return;
    protocol::Hit hit;
    QSet<QString> countries;
    for (state::RowNumber row = from; row < end; ++row) {
        ring.readEntry(state::Group::Shape, ring.entryAt(state::Group::Shape, row), hit);
        if (!hit.isScan())
            continue;
        ring.readEntry(state::Group::Place, ring.entryAt(state::Group::Place, row), hit);
        countries.insert(QString::fromStdString(hit.country));
    }
    p.map->map()->glow(countries);
}

void LivePage::showWindow()
{
    Parts& p = *m_parts;
    const auto& window = p.state.window();
    if (!window)
        return;
    p.tiles->setWindow(*window);
    p.map->setWindow(*window);
    p.tops->setWindow(*window);
    QList<widgets::VelocityPoint> points;
    points.reserve(static_cast<qsizetype>(window->velocity.size()));
    for (const protocol::VelocityBucket& bucket : window->velocity)
        points.append({bucket.start.value, static_cast<double>(bucket.humans),
                       static_cast<double>(bucket.clicks) - static_cast<double>(std::min(bucket.humans, bucket.clicks)),
                       static_cast<double>(bucket.scans)});
    p.velocity->setPoints(points, window->bucketSeconds * protocol::msPerSecond, window->coveredFrom.value);
    const QList<widgets::ChartMark> moments = Words::editMarks(p.state.edits());
    p.velocity->setMoments(moments);
    p.rollups->chart()->setMoments(moments);

    const QString when = windowText(*window);
    p.velocityPanel->setSubtitle(tr("per minute · %1").arg(when));
    p.mapPanel->setSubtitle(tr("scans by country · %1").arg(when));
    p.topsPanel->setSubtitle(tr("human clicks · %1").arg(when));
    QStringList links = namesOf(window->topLinks);
    for (const QString& link : std::as_const(p.knownLinks))
        if (!links.contains(link))
            links.append(link);
    p.filters->offerLinks(links);
    p.filters->offerDomains(domainsOf(links));
    p.filters->offerCampaigns(namesOf(window->topCampaigns));
    p.filters->offerCountries(namesOf(window->topCountries));
}

void LivePage::setKnownLinks(const QStringList& addresses)
{
    m_parts->knownLinks = addresses;
    m_parts->model.setKnownLinks(addresses);
    m_parts->filters->offerLinks(addresses);
    m_parts->filters->offerDomains(domainsOf(addresses));
    m_parts->dirty |= Window | Line;
}

void LivePage::setSuggestion(const QString& domain, const QString& slug, const QString& suggestion)
{
    m_parts->model.noteSuggestion(domain, slug, suggestion);
    showInspected();
}

void LivePage::setRuleNames(const QHash<quint64, RuleNames>& names)
{
    m_parts->ruleNames = names;
}

void LivePage::showStatus()
{
    Parts& p = *m_parts;
    const QString example = p.knownLinks.value(0);
    p.tablePanel->stack()->setStatus(tableStatus(p.state, p.model, p.redirectAddress, example));
    p.mapPanel->stack()->setStatus(mapStatus(p.state, p.redirectAddress, example, p.map->map()->problem()));
    p.velocityPanel->stack()->setStatus(windowStatus(p.state));
    p.topsPanel->stack()->setStatus(windowStatus(p.state));
    p.rollupPanel->stack()->setStatus(rollupStatus(p.state, p.rollups->hasRows(), p.rollupProblem));
}

void LivePage::requestRollups()
{
    Parts& p = *m_parts;
    if (!p.state.hello())
        return;
    p.sinceRollups.start();
    p.rollups->request(p.state.serverNowMs());
}

void LivePage::setRollups(const std::vector<protocol::RollupRow>& rows, protocol::Granularity granularity,
                          protocol::UtcMs from, protocol::UtcMs to, const protocol::Watermark& watermark)
{
    m_parts->rollupProblem.clear();
    m_parts->rollups->setRows(rows, granularity, from, to, watermark);
    m_parts->dirty |= Line;
}

void LivePage::setRollupsFailed(const QString& code, const QString& detail)
{
    m_parts->rollupProblem = code == QLatin1String("timeout") || code == QLatin1String("unreachable")
                                 ? tr("The backend's API did not answer.")
                                 : Words::safe((detail.isEmpty() ? code : detail).toStdString());
    m_parts->dirty |= Line;
}

void LivePage::inspect(int row)
{
    Parts& p = *m_parts;
    const auto hit = p.model.hitAt(row);
    if (!hit)
        return;
    const QString suggestion =
        p.model.index(row, models::HitTableWords::Link).data(models::HitTableWords::SuggestionRole).toString();
    const state::Annotation note = p.state.annotation(hit->seq);
    const bool isNew = p.inspector->seq() != hit->seq;
    p.inspector->setHit(*hit, suggestion, p.ruleNames.value(hit->link.value), note.marked, note.comment);
    if (isNew && suggestion.isEmpty() && hit->reason == protocol::HitReason::UnknownSlug)
        emit suggestionWanted(QString::fromStdString(hit->domain), QString::fromStdString(hit->slug));
    p.inspectorPanel->setSubtitle(tr("no. %1").arg(widgets::figure(hit->seq.value)));
    if (!p.inspectorPanel->isVisible()) {
        p.inspectorPanel->show();
        p.area->resizeDocks({p.inspectorPanel}, {340}, Qt::Horizontal);
    }
}

void LivePage::showInspected()
{
    Parts& p = *m_parts;
    if (const auto seq = p.inspector->seq(); seq && p.inspectorPanel->isVisible())
        if (const int row = p.model.rowOf(*seq); row >= 0)
            inspect(row);
}

void LivePage::applyStream(const QString& text)
{
    const auto filter = protocol::streamFilterOf(protocol::parseFilter(text.toStdString()).root);
    if (!filter)
        return;
    m_parts->filters->setStreamFilter(*filter);
    emit streamFilterChosen(*filter);
}

void LivePage::openDiagnosis()
{
    Parts& p = *m_parts;
    const bool live = p.state.connection().phase == state::Phase::Live;
    const auto stateOf = [](bool ok, const char* otherwise) {
        return ok ? QStringLiteral("ok") : QString::fromLatin1(otherwise);
    };
    // What only the console can know; the rest is asked of the backend.
    p.ownSteps = {{QStringLiteral("connection"), stateOf(live, "failed"),
                   live ? QString() : Words::offline(p.state.connection().reason)},
                  {QStringLiteral("filter"), stateOf(p.state.streamFilter().isEmpty(), "warning"), {}},
                  {QStringLiteral("display_filter"),
                   stateOf(!p.model.isFiltered() || p.model.rowCount() > 0 || p.state.ring().size() == 0, "failed"),
                   {}},
                  {QStringLiteral("paused"), stateOf(!p.model.isHeld(), "warning"), {}}};
    if (!p.diagnosis) {
        p.diagnosis = new DiagnosisDialog(this);
        p.diagnosis->setAttribute(Qt::WA_DeleteOnClose);
    }
    p.diagnosis->setSteps(p.ownSteps, !live);
    p.diagnosis->show();
    if (live)
        emit diagnosisRequested();
}

void LivePage::addDiagnosis(const QList<DiagnosisStep>& steps)
{
    Parts& p = *m_parts;
    if (!p.diagnosis)
        return;
    QList<DiagnosisStep> all = p.ownSteps;
    for (const DiagnosisStep& step : steps)
        if (std::none_of(all.cbegin(), all.cend(), [&](const DiagnosisStep& own) { return own.code == step.code; }))
            all.append(step);
    p.diagnosis->setSteps(all, true);
}

} // namespace live
