// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shell/main_window.h"

#include <QAction>
#include <QActionGroup>
#include <QDialog>
#include <QFormLayout>
#include <QMenu>
#include <QStackedWidget>
#include <QVBoxLayout>

#include "app/models/plain_tables.h"
#include "app/pages/links/link_list.h"
#include "app/pages/links/links_page.h"
#include "app/pages/live/live_page.h"
#include "app/pages/qr_performance/qr_page.h"
#include "app/pages/report_parts/breakdown_view.h"
#include "app/pages/reports/reports_page.h"
#include "app/pages/settings/settings_page.h"
#include "app/shell/banner.h"
#include "app/shell/top_bar.h"
#include "app/widgets/command_palette.h"
#include "app/widgets/theme/type.h"

namespace shell {

MainWindow::MainWindow(state::LiveState& state, widgets::Appearance& appearance, const Settings& settings,
                       QWidget* parent)
    : QMainWindow(parent), m_state(state), m_appearance(appearance), m_settings(settings), m_topBar(new TopBar),
      m_banner(new Banner), m_pages(new QStackedWidget), m_page(new live::LivePage(state)),
      m_links(new links::LinksPage), m_reports(new reports::ReportsPage), m_qr(new qr_performance::QrPage),
      m_settingsPage(new settings::SettingsPage)
{
    setWindowTitle(tr("Clickroom"));
    auto* ground = new QWidget;
    auto* column = new QVBoxLayout(ground);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_topBar);
    column->addWidget(m_banner);
    for (QWidget* page : std::initializer_list<QWidget*>{m_page, m_links, m_reports, m_qr, m_settingsPage})
        m_pages->addWidget(page);
    column->addWidget(m_pages, 1);
    setCentralWidget(ground);
    setMinimumSize(900, 620);
    resize(1600, 1000);
    restoreGeometry(settings.geometry);
    m_page->restoreLayout(settings.panels);
    if (!settings.columns.isEmpty())
        m_page->setColumnNames(settings.columns);
    m_page->setReducedMotion(settings.reducedMotion);
    m_appearance.setScheme(settings.scheme);
    addCommands();
    wireState();
    connect(m_topBar, &TopBar::connectRequested, this, &MainWindow::connectRequested);
    connect(m_topBar, &TopBar::paletteRequested, this, &MainWindow::openPalette);
    connect(m_banner, &Banner::connectRequested, this, &MainWindow::connectRequested);
    connect(m_banner, &Banner::retryRequested, this, &MainWindow::retryRequested);
}

MainWindow::~MainWindow() = default;

void MainWindow::wireState()
{
    const auto showConnection = [this] {
        m_topBar->setConnection(m_state.connection(), m_state.counters().roundTripMs);
    };
    connect(&m_state, &state::LiveState::connectionChanged, this, [this, showConnection] {
        showConnection();
        m_banner->setConnection(m_state.connection(), m_state.hello().has_value());
        if (m_state.hello())
            m_topBar->setWorkspace(QString::fromStdString(m_state.hello()->workspace),
                                   QString::fromStdString(m_state.hello()->role));
    });
    connect(&m_state, &state::LiveState::countersChanged, this, showConnection);
    connect(&m_appearance, &widgets::Appearance::schemeChanged, this, showConnection);
    connect(&m_state, &state::LiveState::gapsChanged, this, [this] {
        const state::Counters& counters = m_state.counters();
        m_banner->setMissed(counters.missingSequences, counters.gapsFailed == 0);
    });
    connect(m_page, &live::LivePage::exportRequested, this,
            [this] { emit exportRequested(m_page->tableOffers().constFirst().fileName); });
}

QAction* MainWindow::addCommand(const QString& text, const QKeySequence& keys, const std::function<void()>& act)
{
    auto* action = new QAction(text, this);
    action->setShortcut(keys);
    connect(action, &QAction::triggered, this, act);
    addAction(action);
    m_commands.append(action);
    return action;
}

void MainWindow::addPages()
{
    struct PageName {
        Page page;
        QString name;
        Qt::Key key;
    };
    const PageName pages[] = {{Live, tr("Live"), Qt::Key_1},
                              {Links, tr("Links"), Qt::Key_2},
                              {Reports, tr("Reports"), Qt::Key_3},
                              {Qr, tr("QR"), Qt::Key_4},
                              {SettingsOf, tr("Settings"), Qt::Key_7}};
    for (const auto& [page, name, key] : pages) {
        addCommand(tr("Page: %1").arg(name), key, [this, page] { showPage(page); });
        m_topBar->addPage(name, QKeySequence(key).toString(QKeySequence::NativeText));
    }
    connect(m_topBar, &TopBar::pageChosen, this, [this](int page) { showPage(static_cast<Page>(page)); });
    // A page's command leads to its page, from wherever it was given.
    for (const QAction* action : m_page->commands())
        connect(action, &QAction::triggered, this, [this] { showPage(Live); });
    for (const QAction* action : m_links->commands())
        connect(action, &QAction::triggered, this, [this] { showPage(Links); });
    for (const QAction* action : m_reports->commands())
        connect(action, &QAction::triggered, this, [this] { showPage(Reports); });
}

void MainWindow::addCommands()
{
    QMenu* menu = m_topBar->menu();
    const auto add = [this](const QString& text, const QKeySequence& keys, const std::function<void()>& act) {
        return addCommand(text, keys, act);
    };
    addPages();
    menu->addAction(add(tr("Reset layout"), {}, [this] { m_page->resetLayout(); }));
    menu->addSeparator();
    auto* schemes = new QActionGroup(this);
    const QString names[] = {tr("Look: as the system"), tr("Look: dark"), tr("Look: light")};
    for (int i = 0; i < 3; ++i) {
        QAction* action = add(names[i], {}, [this, i] {
            m_settings.scheme = static_cast<widgets::Scheme>(i);
            m_appearance.setScheme(m_settings.scheme);
        });
        action->setCheckable(true);
        action->setChecked(static_cast<int>(m_settings.scheme) == i);
        schemes->addAction(action);
        menu->addAction(action);
    }
    QAction* calm = add(tr("Reduce motion"), {}, [] {});
    calm->setCheckable(true);
    calm->setChecked(m_settings.reducedMotion);
    connect(calm, &QAction::toggled, this, [this](bool reduced) {
        m_settings.reducedMotion = reduced;
        m_page->setReducedMotion(reduced);
    });
    menu->addAction(calm);
    menu->addSeparator();
    menu->addAction(add(tr("Export…"), QKeySequence(Qt::CTRL | Qt::Key_E), [this] { emit exportRequested({}); }));
    menu->addAction(
        add(tr("Full screen"), Qt::Key_F11, [this] { setWindowState(windowState() ^ Qt::WindowFullScreen); }));
    menu->addAction(add(tr("Connect to a backend…"), {}, [this] { emit connectRequested(); }));
    add(tr("Commands"), QKeySequence(Qt::CTRL | Qt::Key_K), [this] { openPalette(); });
    menu->addAction(add(tr("Keys"), Qt::Key_Question, [this] { openKeys(); }));
    menu->addAction(add(tr("Quit"), QKeySequence::Quit, [this] { close(); }));
}

exports::Offers MainWindow::offers() const
{
    exports::Offers all;
    all.tables = m_page->tableOffers();
    all.tables.append({tr("Links"), QStringLiteral("links"),
                       [this](bool) { return models::catalogueTable(m_links->model().links()); }});
    all.tables += m_reports->tableOffers() + m_qr->tableOffers();
    all.pictures = m_page->pictureOffers() + m_reports->pictureOffers() + m_qr->pictureOffers();
    return all;
}

QList<QAction*> MainWindow::commands() const
{
    return m_page->commands() + m_links->commands() + m_reports->commands() + m_commands;
}

MainWindow::Page MainWindow::pageNamed(const QString& word)
{
    const QStringList words{QStringLiteral("live"), QStringLiteral("links"), QStringLiteral("reports"),
                            QStringLiteral("qr"), QStringLiteral("settings")};
    return static_cast<Page>(std::max<qsizetype>(0, words.indexOf(word)));
}

MainWindow::Page MainWindow::shownPage() const
{
    return static_cast<Page>(m_pages->currentIndex());
}

void MainWindow::showPage(Page page)
{
    const bool other = shownPage() != page;
    m_pages->setCurrentIndex(page);
    m_topBar->setPage(page);
    if (other && page == Links && !m_links->isAncestorOf(focusWidget()))
        m_links->list()->table()->setFocus();
    if (other && page == Reports && !m_reports->isAncestorOf(focusWidget()))
        m_reports->table()->setFocus();
    if (other && page == Qr && !m_qr->isAncestorOf(focusWidget()))
        m_qr->table()->setFocus();
}

Settings MainWindow::settings() const
{
    Settings settings = m_settings;
    settings.geometry = saveGeometry();
    settings.panels = m_page->layoutState();
    settings.columns = m_page->columnNames();
    return settings;
}

void MainWindow::openPalette()
{
    auto* palette = new widgets::CommandPalette(commands(), this);
    palette->setAttribute(Qt::WA_DeleteOnClose);
    palette->move(mapToGlobal(QPoint((width() - palette->width()) / 2, 90)));
    palette->show();
}

void MainWindow::openKeys()
{
    auto* dialog = new QDialog(this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(tr("Keys"));
    auto* form = new QFormLayout(dialog);
    form->setContentsMargins(24, 20, 24, 20);
    form->setHorizontalSpacing(28);
    form->setVerticalSpacing(7);
    const auto addRow = [form](const QString& keys, const QString& text) {
        form->addRow(new widgets::Text(keys, widgets::Look::Strong), new widgets::Text(text));
    };
    const QList<QAction*> all = commands();
    for (const QAction* action : all)
        if (!action->shortcut().isEmpty())
            addRow(action->shortcut().toString(QKeySequence::NativeText), action->text());
    addRow(tr("Enter"), tr("Inspect the row"));
    addRow(tr("Esc"), tr("Follow the newest rows"));
    addRow(tr("+  −  0"), tr("Zoom the map; show all of it"));
    dialog->show();
}

} // namespace shell
