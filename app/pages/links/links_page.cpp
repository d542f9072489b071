// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/links/links_page.h"

#include <QAction>
#include <QDateTime>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QPushButton>
#include <QSplitter>
#include <QStackedWidget>
#include <QVBoxLayout>

#include "app/pages/links/history_panel.h"
#include "app/pages/links/link_editor.h"
#include "app/pages/links/link_list.h"
#include "app/pages/links/link_words.h"
#include "app/pages/links/notice.h"
#include "app/pages/links/rehearsal_panel.h"
#include "app/pages/links/rules_editor.h"
#include "app/pages/links/simulator.h"
#include "app/pages/links/utm_form.h"
#include "app/widgets/segmented_control.h"
#include "app/widgets/status_panel.h"
#include "app/widgets/theme/type.h"

namespace links {

namespace {

constexpr int lintPauseMs = 350; // after the last key

QWidget* panel(QWidget* content)
{
    auto* card = new QWidget;
    card->setProperty("frame", QStringLiteral("card"));
    card->setAttribute(Qt::WA_StyledBackground);
    auto* column = new QVBoxLayout(card);
    column->setContentsMargins(1, 1, 1, 1);
    column->setSpacing(0);
    column->addWidget(content);
    return card;
}

} // namespace

LinksPage::LinksPage(QWidget* parent)
    : QWidget(parent), m_list(new LinkList(m_model)), m_editor(new LinkEditor), m_simulator(new Simulator),
      m_rehearsal(new RehearsalPanel), m_history(new HistoryPanel), m_trials(new QStackedWidget),
      m_new(new QPushButton(tr("New link"))), m_import(new QPushButton(tr("Import…")))
{
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(16, 10, 16, 12);
    auto* left = new QWidget;
    auto* leftColumn = new QVBoxLayout(left);
    leftColumn->setContentsMargins(0, 0, 0, 0);
    leftColumn->setSpacing(0);
    auto* head = new QHBoxLayout;
    head->setContentsMargins(14, 10, 12, 0);
    head->setSpacing(8);
    head->addWidget(new widgets::Text(tr("Links"), widgets::Look::Strong));
    head->addStretch();
    m_import->setToolTip(widgets::plainToolTip(tr("Take links from another tool's export file (Ctrl+I)")));
    head->addWidget(m_import);
    m_new->setToolTip(widgets::plainToolTip(tr("Make a new link (Ctrl+N)")));
    head->addWidget(m_new);
    leftColumn->addLayout(head);
    leftColumn->addWidget(m_list, 1);
    auto* splitter = new QSplitter;
    splitter->setChildrenCollapsible(false);
    splitter->setHandleWidth(8);
    splitter->addWidget(panel(left));
    splitter->addWidget(panel(buildEditor()));
    splitter->addWidget(panel(buildTrials()));
    splitter->setSizes({640, 660, 560});
    splitter->setStretchFactor(0, 3);
    splitter->setStretchFactor(1, 4);
    splitter->setStretchFactor(2, 3);
    row->addWidget(splitter);
    m_lintSoon.setSingleShot(true);
    m_lintSoon.setInterval(lintPauseMs);
    connect(&m_lintSoon, &QTimer::timeout, this, [this] {
        if (!m_editor->link().domain.isEmpty() && !m_editor->link().rules.isEmpty())
            emit lintRequested(m_editor->draft());
    });
    connect(&m_model, &models::LinkTableModel::modelReset, this, &LinksPage::showList);
    wireEditor();
    addCommands();
    showList();
}

LinksPage::~LinksPage() = default;

QWidget* LinksPage::buildEditor()
{
    m_editorStack = new widgets::StatusStack(m_editor);
    m_editorStack->setMinimumWidth(380);
    m_editorStack->setStatus(widgets::PanelStatus{widgets::PanelState::Waiting,
                                                  tr("No link chosen"),
                                                  tr("Choose one from the list, or make a new one."),
                                                  {},
                                                  tr("New link")});
    connect(m_editorStack, &widgets::StatusStack::actionRequested, this, &LinksPage::startNew);
    return m_editorStack;
}

QWidget* LinksPage::buildTrials()
{
    auto* right = new QWidget;
    right->setMinimumWidth(330);
    auto* column = new QVBoxLayout(right);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    m_trialSwitch = new widgets::SegmentedControl(tr("What to look at"),
                                                  {tr("Why this destination?"), tr("Rehearsal"), tr("History")});
    auto* bar = new QHBoxLayout;
    bar->setContentsMargins(16, 10, 16, 2);
    bar->addWidget(m_trialSwitch);
    bar->addStretch();
    column->addLayout(bar);
    for (QWidget* page : std::initializer_list<QWidget*>{m_simulator, m_rehearsal, m_history})
        m_trials->addWidget(page);
    column->addWidget(m_trials, 1);
    connect(m_trialSwitch, &widgets::SegmentedControl::chosen, m_trials, &QStackedWidget::setCurrentIndex);
    return right;
}

void LinksPage::wireEditor()
{
    connect(m_new, &QPushButton::clicked, this, &LinksPage::startNew);
    connect(m_import, &QPushButton::clicked, this, &LinksPage::importRequested);
    connect(m_list, &LinkList::newRequested, this, &LinksPage::startNew);
    connect(m_list, &LinkList::retryRequested, this, &LinksPage::linksWanted);
    connect(m_list, &LinkList::chosen, this, &LinksPage::choose);
    connect(m_list, &LinkList::searched, this, &LinksPage::searchRequested);
    connect(m_editor, &LinkEditor::saveRequested, this, &LinksPage::saveRequested);
    connect(m_editor, &LinkEditor::undoRequested, this, &LinksPage::undoRequested);
    connect(m_editor, &LinkEditor::rehearsalWanted, this, [this] {
        showTrial(1);
        m_rehearsal->rehearse();
    });
    connect(m_editor, &LinkEditor::codesRequested, this, &LinksPage::codesRequested);
    connect(m_editor, &LinkEditor::draftChanged, this, &LinksPage::onDraft);
    connect(m_editor, &LinkEditor::saved, this, [this](const state::Link& link) {
        m_model.putLink(link);
        m_list->select(link.id);
        offerValues();
        showList();
        emit historyRequested(link.id);
    });
    connect(m_simulator, &Simulator::simulateRequested, this, &LinksPage::simulateRequested);
    connect(m_rehearsal, &RehearsalPanel::rehearseRequested, this, &LinksPage::rehearseRequested);
    connect(m_history, &HistoryPanel::retryRequested, this, [this] { emit historyRequested(m_editor->linkId()); });
}

void LinksPage::addCommands()
{
    const auto add = [this](const QString& text, const QKeySequence& keys, auto slot) {
        auto* action = new QAction(text, this);
        action->setShortcut(keys);
        action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
        addAction(action);
        connect(action, &QAction::triggered, this, slot);
        m_commands.append(action);
    };
    add(tr("New link"), QKeySequence(Qt::CTRL | Qt::Key_N), [this] { startNew(); });
    add(tr("Save the link"), QKeySequence(Qt::CTRL | Qt::Key_S), [this] { m_editor->save(); });
    add(tr("Undo the link's last edit"), QKeySequence(Qt::CTRL | Qt::ALT | Qt::Key_Z), [this] { m_editor->undo(); });
    add(tr("Pause or resume the link"), QKeySequence(Qt::CTRL | Qt::ALT | Qt::Key_P),
        [this] { m_editor->togglePause(); });
    add(tr("Delete the link…"), QKeySequence(Qt::CTRL | Qt::ALT | Qt::Key_D), [this] { m_editor->remove(); });
    add(tr("QR codes of the link"), {}, [this] {
        if (m_editor->linkId() != 0)
            emit codesRequested(m_editor->base().address());
    });
    add(tr("Import links…"), QKeySequence(Qt::CTRL | Qt::Key_I), [this] { emit importRequested(); });
    add(tr("Search the links"), QKeySequence(Qt::CTRL | Qt::Key_F), [this] { m_list->search()->setFocus(); });
    add(tr("The link's fields"), QKeySequence(Qt::ALT | Qt::Key_1), [this] { m_editor->showRules(false); });
    add(tr("The link's rules"), QKeySequence(Qt::ALT | Qt::Key_2), [this] { m_editor->showRules(true); });
    add(tr("Why this destination?"), QKeySequence(Qt::ALT | Qt::Key_3), [this] { showTrial(0); });
    add(tr("Rehearse the draft"), QKeySequence(Qt::ALT | Qt::Key_4), [this] {
        showTrial(1);
        m_rehearsal->rehearse();
    });
    add(tr("The link's history"), QKeySequence(Qt::ALT | Qt::Key_5), [this] { showTrial(2); });
}

void LinksPage::showTrial(int panel)
{
    m_trialSwitch->setCurrent(panel);
    m_trials->setCurrentIndex(panel);
}

void LinksPage::startNew()
{
    QString domain = m_editor->base().domain;
    if (domain.isEmpty() && !m_domains.isEmpty())
        domain = m_domains.first().host;
    openNew(domain, {});
}

void LinksPage::openNew(const QString& domain, const QString& slug)
{
    if (!m_mayEdit)
        return;
    m_list->select(0);
    m_editorStack->setStatus({});
    m_editor->startNew(domain, slug);
    m_editor->setByLine({});
    m_history->setWaiting(true);
}

void LinksPage::openLink(quint64 link)
{
    m_list->select(link);
    choose(link);
}

bool LinksPage::openAddress(const QString& address)
{
    const state::Link* link = m_model.linkAt(address);
    if (link)
        openLink(link->id);
    return link != nullptr;
}

void LinksPage::pause(quint64 link)
{
    openLink(link);
    m_editor->togglePause();
}

void LinksPage::choose(quint64 id)
{
    const state::Link* link = m_model.linkWith(id);
    if (!link) {
        m_wanted = id;
        emit linkWanted(id);
        return;
    }
    m_wanted = 0;
    m_editorStack->setStatus({});
    m_editor->setLink(*link);
    m_editor->setByLine(link->updatedAtMs > 0
                            ? tr("version %1 · changed %2")
                                  .arg(link->version)
                                  .arg(Words::ago(link->updatedAtMs, QDateTime::currentMSecsSinceEpoch()))
                            : tr("version %1").arg(link->version));
    m_history->setWaiting(false);
    emit historyRequested(id);
}

void LinksPage::onDraft()
{
    const state::LinkDraft draft = m_editor->draft();
    m_simulator->setDraft(draft);
    m_rehearsal->setDraft(draft);
    m_lintSoon.start();
}

void LinksPage::addLinks(const std::vector<state::Link>& links)
{
    m_model.addLinks(links);
    m_list->select(m_editor->linkId());
    showList();
}

void LinksPage::setLinks(std::vector<state::Link> links, bool cut)
{
    m_loaded = true;
    m_list->setCut(cut);
    m_problem = {};
    m_model.setLinks(std::move(links));
    m_list->select(m_editor->linkId());
    offerValues();
    showList();
    // What came by the list is as good as what is fetched link by link.
    if (const state::Link* open = m_model.linkWith(m_editor->linkId())) {
        const protocol::Edit news = m_news.take(open->id);
        m_editor->refresh(*open, QString::fromStdString(news.actor), news.changes);
    }
    if (m_wanted != 0 && m_model.linkWith(m_wanted))
        openLink(m_wanted);
}

void LinksPage::setLinksFailed(const state::Problem& problem)
{
    m_problem = problem;
    showList();
}

void LinksPage::setDomains(const QList<state::Domain>& domains)
{
    m_domains = domains;
    offerValues();
}

void LinksPage::setConventions(const QStringList& utmSources, const QStringList& utmMediums)
{
    m_sources = utmSources;
    m_mediums = utmMediums;
    offerValues();
}

void LinksPage::setClicks(const QHash<quint64, quint64>& clicks)
{
    m_model.setClicks(clicks);
}

void LinksPage::setMayEdit(bool may)
{
    m_mayEdit = may;
    m_new->setVisible(may);
    m_import->setVisible(may);
    m_editor->setMayEdit(may);
    const auto both = Qt::CTRL | Qt::ALT;
    const QList<QKeySequence> edits{Qt::CTRL | Qt::Key_N, Qt::CTRL | Qt::Key_I, Qt::CTRL | Qt::Key_S,
                                    both | Qt::Key_Z,     both | Qt::Key_P,     both | Qt::Key_D};
    for (QAction* action : std::as_const(m_commands))
        if (edits.contains(action->shortcut()))
            action->setEnabled(may);
}

void LinksPage::noteEdit(const protocol::Edit& edit)
{
    constexpr qsizetype newsMax = 1000;
    if (m_news.size() < newsMax)
        m_news.insert(edit.link.value, edit);
}

void LinksPage::putLink(const state::Link& link)
{
    m_model.putLink(link);
    m_list->select(m_editor->linkId());
    offerValues();
    showList();
    const protocol::Edit news = m_news.take(link.id);
    if (link.id == m_editor->linkId()) {
        m_editor->refresh(link, QString::fromStdString(news.actor), news.changes);
        if (m_trials->currentWidget() == m_history)
            emit historyRequested(link.id);
    }
    if (link.id == m_wanted)
        openLink(link.id);
}

void LinksPage::offerValues()
{
    ValuesInUse values;
    for (const state::Domain& domain : std::as_const(m_domains)) {
        values.domains.append(domain.host);
        values.ownHosts.append(domain.host);
    }
    values.tags = m_model.tags();
    values.campaigns = m_model.campaigns();
    for (const state::Link& link : m_model.links()) {
        values.goals.append(link.goal);
        values.owners.append(link.owner);
        if (m_domains.isEmpty() && !values.domains.contains(link.domain))
            values.domains.append(link.domain);
    }
    for (QStringList* list : {&values.goals, &values.owners}) {
        list->removeAll(QString());
        list->sort();
        list->removeDuplicates();
    }
    for (int i = 0; i < UtmForm::count; ++i)
        values.utm[i] = m_model.utmValues(UtmForm::members[i]);
    values.sources = m_sources;
    values.mediums = m_mediums;
    m_editor->setInUse(values);
    m_list->offer();
}

void LinksPage::showList()
{
    using widgets::PanelState;
    using widgets::PanelStatus;
    std::optional<PanelStatus> status;
    if (m_problem.isSet() && !m_loaded)
        status = PanelStatus{
            PanelState::Failed, tr("The links could not be read"), Words::problem(m_problem), {}, tr("Try again")};
    else if (!m_loaded)
        status = PanelStatus{PanelState::Waiting, tr("Reading the links…"), {}, {}, {}};
    else if (m_model.links().empty())
        status = PanelStatus{
            PanelState::Waiting, tr("There are no links yet"), {}, {}, m_mayEdit ? tr("New link") : QString()};
    else if (m_model.rowCount() == 0)
        status = PanelStatus{PanelState::Filtered,
                             tr("0 of %1 links").arg(widgets::figure(static_cast<quint64>(m_model.links().size()))),
                             tr("None of them matches the search."),
                             {},
                             tr("Clear the search")};
    else if (m_problem.isSet())
        status = PanelStatus{PanelState::Stale, tr("Not refreshed."), Words::problem(m_problem), {}, {}};
    m_list->stack()->setStatus(status);
    m_list->showCount();
}

} // namespace links
