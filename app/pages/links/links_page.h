// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTimer>
#include <QWidget>

#include <memory>

#include "app/models/link_table_model.h"
#include "app/state/trials.h"

class QAction;
class QPushButton;
class QStackedWidget;

namespace widgets {
class SegmentedControl;
class StatusStack;
} // namespace widgets

namespace links {

class HistoryPanel;
class LinkEditor;
class LinkList;
class RehearsalPanel;
class Simulator;

// The Links page: the list, the chosen link's editor, and beside it what becomes of a request, the rehearsal and the
// history. Knows links by what it is given; asks its owner by signals, which answers by the functions of the same name.
class LinksPage : public QWidget {
    Q_OBJECT

public:
    explicit LinksPage(QWidget* parent = nullptr);
    ~LinksPage() override;

    // `cut`: the backend has more.
    void setLinks(std::vector<state::Link> links, bool cut = false);
    // What a search at the backend found.
    void addLinks(const std::vector<state::Link>& links);
    void setLinksFailed(const state::Problem& problem);
    void setDomains(const QList<state::Domain>& domains);
    void setConventions(const QStringList& utmSources, const QStringList& utmMediums);
    void setClicks(const QHash<quint64, quint64>& clicks);
    void setMayEdit(bool may);
    // An edit that the backend made known, by whomever; the link is fetched, and comes by putLink().
    void noteEdit(const protocol::Edit& edit);
    void putLink(const state::Link& link);

    void openLink(quint64 link);
    bool openAddress(const QString& address);
    void openNew(const QString& domain, const QString& slug);
    void pause(quint64 link);

    LinkEditor* editor() const { return m_editor; }
    LinkList* list() const { return m_list; }
    Simulator* simulator() const { return m_simulator; }
    RehearsalPanel* rehearsal() const { return m_rehearsal; }
    HistoryPanel* history() const { return m_history; }
    models::LinkTableModel& model() { return m_model; }
    void showTrial(int panel); // 0 why, 1 rehearsal, 2 history
    QList<QAction*> commands() const { return m_commands; }

signals:
    void saveRequested(const state::LinkDraft& draft);
    void undoRequested(quint64 link);
    void lintRequested(const state::LinkDraft& draft);
    void simulateRequested(const state::TrialRequest& request);
    void rehearseRequested(const state::LinkDraft& draft, int hits);
    void historyRequested(quint64 link);
    void linkWanted(quint64 link);
    void linksWanted();
    void searchRequested(const models::LinkFilter& filter); // among more links than are listed
    void codesRequested(const QString& address);
    void importRequested();

private:
    QWidget* buildEditor();
    QWidget* buildTrials();
    void wireEditor();
    void addCommands();
    void choose(quint64 link);
    void offerValues();
    void showList();
    void onDraft();
    void startNew();

    models::LinkTableModel m_model;
    LinkList* m_list;
    LinkEditor* m_editor;
    widgets::StatusStack* m_editorStack;
    Simulator* m_simulator;
    RehearsalPanel* m_rehearsal;
    HistoryPanel* m_history;
    QStackedWidget* m_trials;
    QPushButton* m_new;
    QPushButton* m_import;
    widgets::SegmentedControl* m_trialSwitch;
    QList<QAction*> m_commands;
    QList<state::Domain> m_domains;
    QStringList m_sources, m_mediums;
    QHash<quint64, protocol::Edit> m_news; // the newest, of links that are being fetched
    QTimer m_lintSoon;
    state::Problem m_problem;
    bool m_loaded = false, m_mayEdit = true;
    quint64 m_wanted = 0; // to be opened once it is known
};

} // namespace links
