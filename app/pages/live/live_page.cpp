// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/live/live_page.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QJsonValue>
#include <QMenu>
#include <QVBoxLayout>

#include "app/models/hit_table_source.h"
#include "app/models/plain_tables.h"
#include "app/pages/live/cell_menu.h"
#include "app/pages/live/live_page_parts.h"
#include "app/pages/live/live_words.h"
#include "app/widgets/charts/rollup_chart.h"
#include "app/widgets/map/world_map.h"
#include "app/widgets/theme/type.h"

namespace live {

using widgets::DockPanel;

namespace {
constexpr int repaintMs = 100;
constexpr int layoutVersion = 1;
} // namespace

LivePage::LivePage(state::LiveState& state, QWidget* parent) : QWidget(parent), m_parts(std::make_unique<Parts>(state))
{
    m_parts->filters = new FilterBar(this);
    m_parts->tiles = new TileRow(this);
    m_parts->area = new QMainWindow(this);
    m_parts->area->setWindowFlags(Qt::Widget); // its constructor makes it a window whatever it is told
    m_parts->strip = new IntegrityStrip(this);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_parts->filters);
    column->addWidget(m_parts->tiles);
    column->addWidget(m_parts->area, 1);
    column->addWidget(m_parts->strip);
    m_parts->area->setContentsMargins(16, 0, 16, 10);
    m_parts->area->setDockNestingEnabled(true);
    m_parts->area->setAnimated(false);
    m_parts->area->installEventFilter(this);
    buildPanels();
    buildTableHeader();
    resetLayout();
    wireFilters();
    wireState();
    wirePanels();
    addCommands();
    m_parts->sinceTimes.start();
    m_parts->timer.setInterval(repaintMs);
    connect(&m_parts->timer, &QTimer::timeout, this, &LivePage::tick);
    m_parts->timer.start();
    m_parts->table->setFocus();
    tick();
}

LivePage::~LivePage() = default;

void LivePage::buildPanels()
{
    Parts& p = *m_parts;
    p.table = new LiveTable(p.model);
    p.map = new MapPanel;
    p.velocity = new widgets::VelocityChart;
    p.rollups = new RollupPanel;
    p.tops = new TopLists;
    p.inspector = new Inspector;
    p.tablePanel = new DockPanel(QStringLiteral("table"), tr("Live clicks"), p.table, p.area);
    p.mapPanel = new DockPanel(QStringLiteral("map"), tr("QR heatmap"), p.map, p.area);
    auto* velocityBox = new QWidget;
    auto* column = new QVBoxLayout(velocityBox);
    column->setContentsMargins(4, 6, 4, 4);
    column->addWidget(p.velocity);
    p.velocityPanel = new DockPanel(QStringLiteral("velocity"), tr("Velocity"), velocityBox, p.area);
    p.rollupPanel = new DockPanel(QStringLiteral("rollups"), tr("Rollup"), p.rollups, p.area);
    p.topsPanel = new DockPanel(QStringLiteral("tops"), tr("Top lists"), p.tops, p.area);
    p.inspectorPanel = new DockPanel(QStringLiteral("inspector"), tr("Inspector"), p.inspector, p.area);
    p.inspectorPanel->setClosable(true);
    p.map->addHeaderTo(p.mapPanel);
    p.rollups->addHeaderTo(p.rollupPanel);
}

void LivePage::buildTableHeader()
{
    Parts& p = *m_parts;
    p.newRows = new QPushButton;
    p.newRows->setProperty("look", QStringLiteral("new"));
    p.newRows->setToolTip(widgets::plainToolTip(tr("Show the new rows and follow (Esc)")));
    p.pause = new QPushButton;
    p.pause->setProperty("look", QStringLiteral("flat"));
    p.pause->setCheckable(true);
    auto* write = new QPushButton(tr("Export"));
    write->setProperty("look", QStringLiteral("flat"));
    write->setToolTip(widgets::plainToolTip(tr("Write tables and charts to files (Ctrl+E)")));
    auto* columns = new QPushButton(tr("Columns"));
    columns->setProperty("look", QStringLiteral("flat"));
    for (QPushButton* button : {p.newRows, p.pause, write, columns})
        p.tablePanel->addHeaderWidget(button);
    connect(p.newRows, &QPushButton::clicked, this, [this] {
        m_parts->pauseAction->setChecked(false);
        m_parts->table->follow();
    });
    connect(write, &QPushButton::clicked, this, &LivePage::exportRequested);
    connect(columns, &QPushButton::clicked, this,
            [this, columns] { openColumnMenu(columns->mapToGlobal(QPoint(0, columns->height() + 4))); });
}

void LivePage::resetLayout()
{
    Parts& p = *m_parts;
    for (DockPanel* panel : {p.tablePanel, p.topsPanel, p.inspectorPanel, p.mapPanel, p.velocityPanel, p.rollupPanel}) {
        panel->setFloating(false);
        p.area->removeDockWidget(panel);
    }
    p.area->addDockWidget(Qt::TopDockWidgetArea, p.tablePanel);
    p.area->splitDockWidget(p.tablePanel, p.mapPanel, Qt::Horizontal);
    p.area->splitDockWidget(p.tablePanel, p.topsPanel, Qt::Vertical);
    p.area->splitDockWidget(p.mapPanel, p.velocityPanel, Qt::Vertical);
    p.area->splitDockWidget(p.velocityPanel, p.rollupPanel, Qt::Horizontal);
    p.area->splitDockWidget(p.tablePanel, p.inspectorPanel, Qt::Horizontal);
    for (DockPanel* panel : {p.tablePanel, p.topsPanel, p.mapPanel, p.velocityPanel, p.rollupPanel})
        panel->show();
    p.inspectorPanel->hide();
    p.arranged = false;
    QTimer::singleShot(0, this, &LivePage::applyProportions);
}

void LivePage::applyProportions()
{
    Parts& p = *m_parts;
    if (p.arranged)
        return;
    const int w = p.area->width() - 40;
    const int h = p.area->height() - 18;
    if (w <= 0 || h <= 0)
        return;
    const int left = w * 53 / 100;
    const int right = w - left;
    p.area->resizeDocks({p.tablePanel, p.mapPanel}, {left, right}, Qt::Horizontal);
    p.area->resizeDocks({p.velocityPanel, p.rollupPanel}, {right / 2, right - right / 2}, Qt::Horizontal);
    p.area->resizeDocks({p.tablePanel, p.topsPanel}, {h * 76 / 100, h * 24 / 100}, Qt::Vertical);
    p.area->resizeDocks({p.mapPanel, p.velocityPanel}, {h * 55 / 100, h * 45 / 100}, Qt::Vertical);
}

void LivePage::resizeEvent(QResizeEvent*)
{
    QTimer::singleShot(0, this, &LivePage::applyProportions);
}

bool LivePage::eventFilter(QObject* watched, QEvent* event)
{
    // A press that reaches the docks' ground is on a separator: from now on the sizes are the user's.
    if (watched == m_parts->area && event->type() == QEvent::MouseButtonPress)
        m_parts->arranged = true;
    return QWidget::eventFilter(watched, event);
}

QByteArray LivePage::layoutState() const
{
    return m_parts->arranged ? m_parts->area->saveState(layoutVersion) : QByteArray();
}

bool LivePage::restoreLayout(const QByteArray& layout)
{
    if (layout.isEmpty() || !m_parts->area->restoreState(layout, layoutVersion))
        return false;
    m_parts->arranged = true;
    return true;
}

QStringList LivePage::columnNames() const
{
    QStringList names;
    for (const int column : m_parts->table->columns().wanted())
        names.append(models::HitTableWords::columnKey(column));
    names.sort();
    return names;
}

void LivePage::setColumnNames(const QStringList& names)
{
    QSet<int> columns;
    for (int column = 0; column < models::HitTableWords::ColumnCount; ++column)
        if (names.contains(models::HitTableWords::columnKey(column)))
            columns.insert(column);
    m_parts->table->columns().setAllWanted(columns);
    m_parts->table->placeColumns();
}

models::HitTableModel& LivePage::model()
{
    return m_parts->model;
}

QList<QAction*> LivePage::commands() const
{
    return m_parts->commands;
}

void LivePage::setRedirectAddress(const QString& address)
{
    if (!address.isEmpty())
        m_parts->redirectAddress = address;
    m_parts->dirty |= Line;
}

void LivePage::setMayEdit(bool may)
{
    m_parts->mayEdit = may;
    m_parts->inspector->setMayEdit(may);
}

void LivePage::setReducedMotion(bool reduced)
{
    m_parts->map->map()->setReducedMotion(reduced);
}

void LivePage::openCellMenu(const QModelIndex& index, const QPoint& position)
{
    auto* menu = new CellMenu(m_parts->model, index, m_parts->table->shownColumns(), m_parts->displayText,
                              m_parts->mayEdit, this);
    connect(menu, &CellMenu::displayRequested, m_parts->filters, &FilterBar::setDisplayText);
    connect(menu, &CellMenu::streamRequested, this, &LivePage::applyStream);
    connect(menu, &CellMenu::editRequested, this, &LivePage::editRequested);
    connect(menu, &CellMenu::createRequested, this, &LivePage::createRequested);
    connect(menu, &CellMenu::addressRequested, this, &LivePage::addressRequested);
    connect(menu, &CellMenu::inspectRequested, this, &LivePage::inspect);
    connect(menu, &CellMenu::codesRequested, this, &LivePage::codesRequested);
    connect(menu, &CellMenu::markRequested, this,
            [this](quint64 seq, bool marked) { m_parts->state.setMarked(protocol::HitSeq(seq), marked); });
    menu->popup(position);
}

void LivePage::openColumnMenu(const QPoint& position)
{
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    LiveTable* table = m_parts->table;
    for (int column = 0; column < models::HitTableWords::ColumnCount; ++column) {
        QAction* entry = menu->addAction(models::HitTableWords::columnTitle(column));
        entry->setCheckable(true);
        entry->setChecked(table->columns().wanted().contains(column));
        entry->setEnabled(!ColumnLayout::isFixed(column));
        connect(entry, &QAction::toggled, this, [table, column](bool wanted) {
            table->columns().setWanted(column, wanted);
            table->placeColumns();
        });
    }
    menu->popup(position);
}

QList<state::TableOffer> LivePage::tableOffers() const
{
    Parts& p = *m_parts;
    QList<state::TableOffer> offers{
        {tr("Live clicks, as shown"), QStringLiteral("clicks"), [&p](bool all) -> std::unique_ptr<state::TableSource> {
             const QList<int> shown = p.table->shownColumns();
             return std::make_unique<models::HitTableSource>(
                 p.model, all ? models::HitTableSource::allColumns() : std::vector<int>(shown.cbegin(), shown.cend()));
         }}};
    if (p.rollups->hasRows())
        offers.append({tr("Rollup chart"), QStringLiteral("rollups"),
                       [&p](bool) { return models::rollupTable(p.rollups->series()); }});
    if (!p.state.window())
        return offers;
    offers.append({tr("Velocity chart"), QStringLiteral("velocity"), [&p](bool) {
                       return models::velocityTable(p.state.window().value_or(protocol::WindowAggregate()));
                   }});
    offers.append({tr("Top lists"), QStringLiteral("top-lists"),
                   [&p](bool) { return models::topTable(p.state.window().value_or(protocol::WindowAggregate())); }});
    return offers;
}

QList<widgets::PictureOffer> LivePage::pictureOffers() const
{
    const Parts& p = *m_parts;
    return {{tr("QR heatmap"), QStringLiteral("qr-heatmap"), p.map},
            {tr("Velocity chart"), QStringLiteral("velocity"), p.velocity},
            {tr("Rollup chart"), QStringLiteral("rollups"), p.rollups->chart()},
            {tr("Top lists"), QStringLiteral("top-lists"), p.tops}};
}

} // namespace live
