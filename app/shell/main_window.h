// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QMainWindow>

#include <functional>

#include "app/pages/exports/export_dialog.h"
#include "app/shell/settings.h"
#include "app/state/live_state.h"

class QAction;

class QStackedWidget;

namespace links {
class LinksPage;
}
namespace live {
class LivePage;
}
namespace qr_performance {
class QrPage;
}
namespace reports {
class ReportsPage;
}
namespace settings {
class SettingsPage;
}

namespace shell {

class Banner;
class TopBar;

// The console's window: top bar, banner when something is wrong, the pages, of which one is shown. Owns none of the
// data; GUI thread.
class MainWindow : public QMainWindow {
    Q_OBJECT

public:
    MainWindow(state::LiveState& state, widgets::Appearance& appearance, const Settings& settings,
               QWidget* parent = nullptr);
    ~MainWindow() override;

    enum Page { Live, Links, Reports, Qr, SettingsOf };

    live::LivePage& page() { return *m_page; }
    links::LinksPage& linksPage() { return *m_links; }
    reports::ReportsPage& reportsPage() { return *m_reports; }
    qr_performance::QrPage& qrPage() { return *m_qr; }
    settings::SettingsPage& settingsPage() { return *m_settingsPage; }
    void showPage(Page page);
    static Page pageNamed(const QString& word); // as on the command line
    Page shownPage() const;
    TopBar& topBar() { return *m_topBar; }
    Banner& banner() { return *m_banner; }
    // As it is now, to be saved.
    Settings settings() const;
    void setAddress(const QString& address) { m_settings.address = address; }

    // All that the pages can export.
    exports::Offers offers() const;
    const exports::ExportChoice& exportChoice() const { return m_settings.exportChoice; }
    void setExportChoice(const exports::ExportChoice& choice) { m_settings.exportChoice = choice; }

    QList<QAction*> commands() const;
    void openPalette();
    void openKeys();

signals:
    void connectRequested();
    void retryRequested();
    void exportRequested(const QString& what); // an offer's name; empty = as last time

private:
    void addPages();
    void addCommands();
    QAction* addCommand(const QString& text, const QKeySequence& keys, const std::function<void()>& act);
    void wireState();

    state::LiveState& m_state;
    widgets::Appearance& m_appearance;
    Settings m_settings;
    TopBar* m_topBar;
    Banner* m_banner;
    QStackedWidget* m_pages;
    live::LivePage* m_page;
    links::LinksPage* m_links;
    reports::ReportsPage* m_reports;
    qr_performance::QrPage* m_qr;
    settings::SettingsPage* m_settingsPage;
    QList<QAction*> m_commands;
};

} // namespace shell
