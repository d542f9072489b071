// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/live/page_status.h"

#include "app/pages/live/live_words.h"
#include "app/widgets/theme/type.h"

namespace live {

using widgets::PanelState;
using widgets::PanelStatus;

namespace {

bool isDown(const state::LiveState& state)
{
    const state::Phase phase = state.connection().phase;
    return phase == state::Phase::Offline || phase == state::Phase::Disconnected;
}

PanelStatus offlineStatus(const state::LiveState& state)
{
    PanelStatus status{PanelState::Offline, {}, {}, {}, {}};
    const qint64 since = state.connection().sinceMs;
    status.title = since > 0 ? Words::tr("Offline since %1.").arg(Words::moment(since)) : Words::tr("Offline.");
    status.text = Words::tr("Showing what was known then.");
    return status;
}

// Nothing is known and nothing comes: an empty panel under an offline line would be just blank.
PanelStatus neverConnected(const state::LiveState& state)
{
    if (state.connection().phase == state::Phase::Disconnected)
        return {PanelState::Waiting,
                Words::tr("Not connected"),
                Words::tr("Connect to a backend to see its clicks."),
                {},
                {}};
    if (state.connection().phase != state::Phase::Offline)
        return {PanelState::Waiting, Words::tr("Connecting"), {}, {}, {}};
    return {PanelState::Failed,
            Words::offline(state.connection().reason),
            Words::offlineAdvice(state.connection().reason),
            {},
            {}};
}

QString curl(const QString& redirectAddress, const QString& link, const QString& query)
{
    // Links are told as domain/slug; the domain becomes the Host header where it is not the address itself.
    const qsizetype slash = link.indexOf(QLatin1Char('/'));
    const QString host = link.left(slash), path = slash < 0 ? QStringLiteral("/") : link.mid(slash);
    QString command = QStringLiteral("curl -so /dev/null ");
    if (!host.isEmpty() && host != QLatin1String("localhost") && !redirectAddress.startsWith(host))
        command += QStringLiteral("-H 'Host: %1' ").arg(host);
    return command + QStringLiteral("'http://%1%2%3'").arg(redirectAddress, path, query);
}

} // namespace

OptionalStatus tableStatus(const state::LiveState& state, const models::HitTableModel& model,
                           const QString& redirectAddress, const QString& exampleLink)
{
    const auto held = static_cast<quint64>(state.ring().size());
    if (held == 0) {
        if (!state.hello())
            return neverConnected(state);
        return PanelStatus{PanelState::Waiting,
                           Words::tr("Waiting for the first click."),
                           Words::tr("Try:"),
                           curl(redirectAddress, exampleLink, {}),
                           {}};
    }
    if (model.rowCount() == 0 && model.isFiltered())
        return PanelStatus{PanelState::Filtered,
                           Words::tr("0 of %1 rows").arg(widgets::figure(held)),
                           Words::tr("None of them matches the display filter."),
                           {},
                           Words::tr("Clear the filter")};
    if (isDown(state))
        return offlineStatus(state);
    return {};
}

OptionalStatus windowStatus(const state::LiveState& state)
{
    if (!state.window())
        return state.hello() ? PanelStatus{PanelState::Waiting, Words::tr("Waiting for the live window."), {}, {}, {}}
                             : neverConnected(state);
    if (isDown(state))
        return offlineStatus(state);
    if (state.window()->hits == 0)
        return PanelStatus{PanelState::Waiting,
                           Words::tr("No click in the last %1.").arg(Words::window(state.window()->windowSeconds)),
                           {},
                           {},
                           {}};
    return {};
}

OptionalStatus mapStatus(const state::LiveState& state, const QString& redirectAddress, const QString& exampleLink,
                         const QString& mapProblem)
{
    if (!mapProblem.isEmpty())
        return PanelStatus{PanelState::Failed,
                           Words::tr("The map cannot be drawn."),
                           Words::tr("Qt Location and its “itemsoverlay” plugin are needed. %1").arg(mapProblem),
                           {},
                           {}};
    if (state.hello() && state.hello()->plan == "starter")
        return PanelStatus{PanelState::NotInPlan,
                           Words::tr("Not in this plan"),
                           Words::tr("The QR heatmap is part of the professional plan."),
                           {},
                           {}};
    if (const OptionalStatus status = windowStatus(state); status && (!state.window() || isDown(state)))
        return status;
    if (state.window()->scans == 0)
        return PanelStatus{PanelState::Waiting,
                           Words::tr("No QR scan in the last %1.").arg(Words::window(state.window()->windowSeconds)),
                           Words::tr("Try:"),
                           curl(redirectAddress, exampleLink, QStringLiteral("?qr=poster")),
                           {}};
    return {};
}

OptionalStatus rollupStatus(const state::LiveState& state, bool hasRows, const QString& problem)
{
    if (!problem.isEmpty() && !hasRows)
        return PanelStatus{
            PanelState::Failed, Words::tr("The rollups could not be read."), problem, {}, Words::tr("Try again")};
    if (!hasRows && !state.hello())
        return neverConnected(state);
    const auto& watermark = state.watermark();
    if (watermark && watermark->rolledAt.value == 0)
        return PanelStatus{PanelState::Waiting,
                           Words::tr("Waiting for the first rollup."),
                           Words::tr("They are made every %1 s.").arg(watermark->intervalSeconds),
                           {},
                           {}};
    if (!hasRows)
        return PanelStatus{PanelState::Waiting, Words::tr("Reading the rollups."), {}, {}, {}};
    if (isDown(state))
        return offlineStatus(state);
    if (!problem.isEmpty())
        return PanelStatus{PanelState::Stale, Words::tr("Not refreshed."), problem, {}, {}};
    return {};
}

} // namespace live
