// SPDX-License-Identifier: GPL-3.0-or-later
// The page's connections: filters, panels, state and commands.
#include <QKeySequence>

#include "app/pages/live/live_page_parts.h"
#include "app/pages/live/live_words.h"
#include "app/widgets/charts/rollup_chart.h"

namespace live {

void LivePage::wireFilters()
{
    Parts& p = *m_parts;
    connect(p.filters, &FilterBar::streamFilterChosen, this, [this](const protocol::StreamFilter& filter) {
        m_parts->rollups->setScope(filter.links.size() == 1 ? QString::fromStdString(filter.links.front()) : QString());
        emit streamFilterChosen(filter);
    });
    connect(p.filters, &FilterBar::windowChosen, this, &LivePage::windowChosen);
    connect(p.filters, &FilterBar::displayFilterChanged, this,
            [this](const protocol::FilterNode& filter, const QString& text) {
                m_parts->displayText = text;
                m_parts->model.setDisplayFilter(filter);
                m_parts->dirty |= Rows;
                tick();
            });
    connect(p.tiles, &TileRow::filterRequested, p.filters, &FilterBar::setDisplayText);
    connect(p.map, &MapPanel::displayRequested, p.filters, &FilterBar::setDisplayText);
    connect(p.tops, &TopLists::displayRequested, p.filters, &FilterBar::setDisplayText);
    connect(p.inspector, &Inspector::displayRequested, p.filters, &FilterBar::setDisplayText);
}

void LivePage::wireState()
{
    state::LiveState& state = m_parts->state;
    const auto mark = [this](unsigned what) { return [this, what] { m_parts->dirty |= what; }; };
    connect(&state, &state::LiveState::hitsAppended, this, mark(Rows));
    connect(&state, &state::LiveState::olderInserted, this, mark(Rows));
    connect(&state, &state::LiveState::cleared, this, mark(Everything));
    connect(&state, &state::LiveState::countersChanged, this, mark(Counters));
    connect(&state, &state::LiveState::gapsChanged, this, mark(Counters));
    connect(&state, &state::LiveState::windowChanged, this, mark(Window));
    connect(&state, &state::LiveState::watermarkChanged, this, mark(Watermark | Counters));
    connect(&state, &state::LiveState::connectionChanged, this, mark(Line | Counters));
    connect(&state, &state::LiveState::editAdded, this, mark(Window));
    connect(&state, &state::LiveState::pastEditsAdded, this, mark(Window));
    connect(&state, &state::LiveState::annotationChanged, this, &LivePage::showInspected);
    // What the backend confirms is what the bar shows, so that two consoles' words and deeds agree.
    connect(&state, &state::LiveState::filterChanged, this,
            [this] { m_parts->filters->setStreamFilter(m_parts->state.streamFilter()); });
}

void LivePage::wirePanels()
{
    Parts& p = *m_parts;
    connect(p.table, &LiveTable::inspectRequested, this, &LivePage::inspect);
    connect(p.table, &LiveTable::cellMenuRequested, this, &LivePage::openCellMenu);
    connect(p.table, &LiveTable::columnMenuRequested, this, &LivePage::openColumnMenu);
    // By selection and not by the current row: taking the focus makes a row current, and selects none.
    connect(p.table->selectionModel(), &QItemSelectionModel::selectionChanged, this, [this] {
        if (const int row = m_parts->table->currentRow(); row >= 0 && m_parts->inspectorPanel->isVisible())
            inspect(row);
    });
    connect(&p.model, &models::HitTableModel::pendingChanged, this, [this] { m_parts->dirty |= Rows; });
    connect(&p.model, &models::HitTableModel::heldChanged, this, [this] { m_parts->dirty |= Rows; });
    connect(p.rollups, &RollupPanel::rowsRequested, this, &LivePage::rollupsRequested);
    connect(p.strip, &IntegrityStrip::diagnosisRequested, this, &LivePage::openDiagnosis);
    connect(p.tablePanel->stack(), &widgets::StatusStack::actionRequested, this,
            [this] { m_parts->filters->setDisplayText({}); });
    connect(p.rollupPanel->stack(), &widgets::StatusStack::actionRequested, this, [this] {
        m_parts->rollupProblem.clear();
        requestRollups();
    });
    connect(p.inspector, &Inspector::markRequested, this,
            [this](quint64 seq, bool marked) { m_parts->state.setMarked(protocol::HitSeq(seq), marked); });
    connect(p.inspector, &Inspector::commentRequested, this,
            [this](quint64 seq, const QString& text) { m_parts->state.setComment(protocol::HitSeq(seq), text); });
    connect(p.inspector, &Inspector::editRequested, this, &LivePage::editRequested);
    connect(p.inspector, &Inspector::pauseRequested, this, &LivePage::pauseRequested);
    connect(p.inspector, &Inspector::createRequested, this, &LivePage::createRequested);
    connect(p.inspector, &Inspector::addressRequested, this, &LivePage::addressRequested);
    connect(p.velocity, &widgets::TimeChart::markPicked, this, &LivePage::editRequested);
    connect(p.rollups->chart(), &widgets::TimeChart::markPicked, this, &LivePage::editRequested);
    for (widgets::DockPanel* panel :
         {p.tablePanel, p.mapPanel, p.velocityPanel, p.rollupPanel, p.topsPanel, p.inspectorPanel})
        connect(panel, &QDockWidget::topLevelChanged, this, [this](bool floating) { m_parts->arranged |= floating; });
}

void LivePage::addCommands()
{
    Parts& p = *m_parts;
    // Single letters and the space bar belong to the table: elsewhere they are typed, or press a button.
    const auto add = [&](const QString& text, const QKeySequence& keys, bool tableOnly, auto slot) {
        auto* action = new QAction(text, this);
        action->setShortcut(keys);
        action->setShortcutContext(tableOnly ? Qt::WidgetWithChildrenShortcut : Qt::WindowShortcut);
        if (tableOnly)
            p.table->addAction(action);
        else
            addAction(action);
        connect(action, &QAction::triggered, this, slot);
        p.commands.append(action);
        return action;
    };
    p.pauseAction = add(tr("Pause"), Qt::Key_Space, true, [] {});
    p.pauseAction->setCheckable(true);
    connect(p.pauseAction, &QAction::toggled, this, [this](bool paused) {
        m_parts->model.setHeld(models::HitTableModel::Paused, paused);
        showHold();
    });
    connect(p.pause, &QPushButton::clicked, p.pauseAction, &QAction::setChecked);
    add(tr("Next row"), Qt::Key_J, true, [this] { m_parts->table->moveRow(1); });
    add(tr("Previous row"), Qt::Key_K, true, [this] { m_parts->table->moveRow(-1); });
    add(tr("Follow the newest rows"), {}, true, [this] {
        m_parts->pauseAction->setChecked(false);
        m_parts->table->follow();
    });
    add(tr("Display filter"), Qt::Key_Slash, false, [this] { m_parts->filters->focusDisplay(); });
    add(tr("Clear the display filter"), {}, false, [this] { m_parts->filters->setDisplayText({}); });
    add(tr("Clear the stream filter"), {}, false, [this] {
        m_parts->filters->setStreamFilter({});
        emit streamFilterChosen({});
    });
    add(tr("Start over"), Qt::Key_F5, false, [this] { emit startOverRequested(); });
    add(tr("Why is nothing arriving?"), {}, false, [this] { openDiagnosis(); });
    QAction* compact = add(tr("Compact rows"), {}, false, [] {});
    compact->setCheckable(true);
    connect(compact, &QAction::toggled, p.table, &LiveTable::setCompact);
    showHold();
}

} // namespace live
