// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAction>
#include <QElapsedTimer>
#include <QMainWindow>
#include <QPointer>
#include <QPushButton>

#include "app/pages/live/filter_bar.h"
#include "app/pages/live/inspector.h"
#include "app/pages/live/integrity_strip.h"
#include "app/pages/live/live_page.h"
#include "app/pages/live/live_table.h"
#include "app/pages/live/map_panel.h"
#include "app/pages/live/rollup_panel.h"
#include "app/pages/live/tile_row.h"
#include "app/pages/live/top_lists.h"
#include "app/widgets/charts/velocity_chart.h"
#include "app/widgets/dock_panel.h"

namespace live {

// What the page is made of; seen by the page's own files alone.
struct LivePage::Parts {
    explicit Parts(state::LiveState& liveState) : state(liveState), model(liveState) {}

    state::LiveState& state;
    models::HitTableModel model;
    QString redirectAddress = QStringLiteral("127.0.0.1:8080");
    QStringList knownLinks;
    QHash<quint64, RuleNames> ruleNames; // by link
    QString displayText;
    bool mayEdit = true;

    FilterBar* filters = nullptr;
    TileRow* tiles = nullptr;
    QMainWindow* area = nullptr; // the docks' ground
    IntegrityStrip* strip = nullptr;
    LiveTable* table = nullptr;
    MapPanel* map = nullptr;
    widgets::VelocityChart* velocity = nullptr;
    RollupPanel* rollups = nullptr;
    TopLists* tops = nullptr;
    Inspector* inspector = nullptr;
    widgets::DockPanel *tablePanel = nullptr, *mapPanel = nullptr, *velocityPanel = nullptr, *rollupPanel = nullptr,
                       *topsPanel = nullptr, *inspectorPanel = nullptr;
    QPushButton* newRows = nullptr;
    QPushButton* pause = nullptr;
    QAction* pauseAction = nullptr;
    QList<QAction*> commands;
    QPointer<DiagnosisDialog> diagnosis;
    QList<DiagnosisStep> ownSteps;

    QTimer timer;
    QElapsedTimer sinceTimes;   // the relative times' tick
    QElapsedTimer sinceRollups; // the last request
    unsigned dirty = Everything;
    state::RowNumber glowSeen = 0;
    QString rollupProblem;
    bool arranged = false; // by the user or from a saved layout: proportions are theirs
};

} // namespace live
