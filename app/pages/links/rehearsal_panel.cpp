// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/links/rehearsal_panel.h"

#include <QDateTime>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QPushButton>
#include <QSpinBox>
#include <QTableWidget>
#include <QTimeZone>
#include <QVBoxLayout>

#include <algorithm>

#include "app/pages/links/link_words.h"
#include "app/widgets/status_panel.h"
#include "app/widgets/theme/type.h"

namespace links {

namespace {

constexpr int hitsMax = 20'000;      // the API's own limit
constexpr qsizetype groupsShown = 8; // more would push the samples off the screen; the rest is counted

QString whyWord(const QString& code)
{
    if (code == QLatin1String("address"))
        return RehearsalPanel::tr("no address is ever stored");
    if (code == QLatin1String("query"))
        return RehearsalPanel::tr("the query is not stored");
    if (code == QLatin1String("no_visitor"))
        return RehearsalPanel::tr("the visitor asked not to be told apart");
    return Words::safe(code, 64).replace(QLatin1Char('_'), QLatin1Char(' '));
}

} // namespace

RehearsalPanel::RehearsalPanel(QWidget* parent)
    : QWidget(parent), m_hits(new QSpinBox), m_run(new QPushButton(tr("Rehearse the draft"))),
      m_summary(new widgets::Text({}, widgets::Look::Strong)), m_unknown(new widgets::Text({}, widgets::Look::Quiet)),
      m_groups(new QVBoxLayout), m_samples(new QTableWidget)
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(16, 10, 16, 10);
    column->setSpacing(8);
    auto* bar = new QHBoxLayout;
    m_hits->setRange(1, hitsMax);
    m_hits->setValue(1000);
    m_hits->setGroupSeparatorShown(true);
    m_hits->setPrefix(tr("last "));
    m_hits->setSuffix(tr(" hits"));
    m_hits->setAccessibleName(tr("How many hits are rehearsed"));
    bar->addWidget(m_hits);
    bar->addWidget(m_run);
    bar->addStretch();
    column->addLayout(bar);
    auto* result = new QWidget;
    auto* inner = new QVBoxLayout(result);
    inner->setContentsMargins(0, 4, 0, 0);
    inner->setSpacing(6);
    m_summary->setWordWrap(true);
    m_unknown->setWordWrap(true);
    inner->addWidget(m_summary);
    inner->addWidget(m_unknown);
    m_groups->setSpacing(5);
    inner->addLayout(m_groups);
    m_samples->setColumnCount(5);
    m_samples->setHorizontalHeaderLabels({tr("Time"), tr("From"), tr("Device"), tr("Before"), tr("After")});
    m_samples->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_samples->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_samples->setShowGrid(false);
    m_samples->setWordWrap(false);
    m_samples->setTextElideMode(Qt::ElideMiddle);
    m_samples->setTabKeyNavigation(false);
    m_samples->verticalHeader()->hide();
    m_samples->verticalHeader()->setDefaultSectionSize(24);
    m_samples->horizontalHeader()->setSectionResizeMode(3, QHeaderView::Stretch);
    m_samples->horizontalHeader()->setSectionResizeMode(4, QHeaderView::Stretch);
    m_samples->setAccessibleName(tr("Samples of hits that would change"));
    inner->addWidget(m_samples, 1);
    m_stack = new widgets::StatusStack(result);
    column->addWidget(m_stack, 1);
    connect(m_run, &QPushButton::clicked, this, &RehearsalPanel::rehearse);
    connect(m_stack, &widgets::StatusStack::actionRequested, this, &RehearsalPanel::rehearse);
    showIdle();
}

void RehearsalPanel::showIdle()
{
    const bool isNew = m_draft.link.id == 0;
    m_run->setEnabled(!isNew && !m_draft.fields.isEmpty());
    if (m_hasResult)
        return;
    m_stack->setStatus(widgets::PanelStatus{
        widgets::PanelState::Waiting,
        isNew ? tr("Nothing to rehearse with") : tr("Not rehearsed yet"),
        isNew ? tr("A new link has no hits yet.")
        : m_draft.fields.isEmpty()
            ? tr("Change something in the link or its rules first: the last real hits are then sent through the draft.")
            : tr("The last real hits are sent through the draft, and you see what would change."),
        {},
        isNew || m_draft.fields.isEmpty() ? QString() : tr("Rehearse the draft")});
}

void RehearsalPanel::setDraft(const state::LinkDraft& draft)
{
    const bool other = draft.link.id != m_draft.link.id;
    m_draft = draft;
    if (other)
        m_hasResult = false;
    if (m_hasResult && (draft.link != m_rehearsed.link))
        m_stack->setStatus(widgets::PanelStatus{widgets::PanelState::Stale,
                                                tr("The draft has changed since."),
                                                tr("Rehearse it again to see what it would do now."),
                                                {},
                                                {}});
    showIdle();
}

void RehearsalPanel::rehearse()
{
    if (m_draft.link.id == 0 || m_draft.fields.isEmpty())
        return;
    m_rehearsed = m_draft;
    m_hasResult = false;
    m_stack->setStatus(widgets::PanelStatus{widgets::PanelState::Waiting, tr("Rehearsing…"), {}, {}, {}});
    emit rehearseRequested(m_draft, m_hits->value());
}

void RehearsalPanel::setFailed(const state::Problem& problem)
{
    m_stack->setStatus(widgets::PanelStatus{
        widgets::PanelState::Failed,
        tr("The draft could not be rehearsed"),
        (problem.field.isEmpty() ? QString() : Words::field(problem.field) + QStringLiteral(": ")) +
            Words::problem(problem),
        {},
        tr("Try again")});
}

void RehearsalPanel::setResult(const state::Rehearsal& result)
{
    m_hasResult = true;
    m_stack->setStatus({});
    if (result.tried == 0)
        m_summary->setText(tr("No hit of this link is stored: nothing to rehearse with."));
    else
        m_summary->setText(tr("Of the last %1 hits, %2 would go elsewhere (%3), %4 stay as they are.")
                               .arg(widgets::figure(static_cast<quint64>(result.tried)),
                                    widgets::figure(static_cast<quint64>(result.changed)),
                                    widgets::percent(result.changed, result.tried),
                                    widgets::figure(static_cast<quint64>(result.same))));
    QStringList why;
    for (auto reason = result.why.cbegin(); reason != result.why.cend(); ++reason)
        if (reason.value() > 0)
            why.append(
                tr("%1 because %2").arg(widgets::figure(static_cast<quint64>(reason.value())), whyWord(reason.key())));
    QString unknown =
        tr("Unknown for %1 of them (%2).")
            .arg(widgets::figure(static_cast<quint64>(result.unknown)), widgets::percent(result.unknown, result.tried));
    if (!why.isEmpty())
        unknown += QLatin1Char(' ') + tr("That is %1.").arg(why.join(QStringLiteral(", ")));
    m_unknown->setText(result.unknown == 0 ? tr("Of each of them it is known where it would go.") : unknown);
    m_unknown->setVisible(result.tried > 0);
    showGroups(result);
    showSamples(result);
}

void RehearsalPanel::showGroups(const state::Rehearsal& result)
{
    m_groupTexts.clear();
    while (QLayoutItem* item = m_groups->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    QList<state::OutcomeGroup> groups = result.groups;
    groups.removeIf(
        [](const state::OutcomeGroup& group) { return group.before == group.after; }); // what stays is summed up
    std::sort(groups.begin(), groups.end(), [](const auto& a, const auto& b) { return a.count > b.count; });
    for (const state::OutcomeGroup& group : groups.first(std::min(groupsShown, groups.size()))) {
        const QString text =
            tr("%1 (%2): %3 \u2192 %4")
                .arg(widgets::figure(static_cast<quint64>(group.count)), widgets::percent(group.count, result.tried),
                     Words::outcome(group.before), Words::outcome(group.after));
        m_groupTexts.append(text);
        auto* line = new widgets::Text(text);
        line->setWrapAnywhere();
        m_groups->addWidget(line);
    }
    if (groups.size() > groupsShown)
        m_groups->addWidget(new widgets::Text(tr("and %1 more kinds of change").arg(groups.size() - groupsShown),
                                              widgets::Look::Quiet));
}

void RehearsalPanel::showSamples(const state::Rehearsal& result)
{
    m_samples->setRowCount(static_cast<int>(result.samples.size()));
    m_samples->setVisible(!result.samples.isEmpty());
    for (int row = 0; row < m_samples->rowCount(); ++row) {
        const state::OutcomeSample& sample = result.samples[row];
        const QDateTime time = QDateTime::fromMSecsSinceEpoch(sample.timeMs);
        const QString from = sample.country.isEmpty() ? QString(widgets::unknownMark) : Words::safe(sample.country, 8);
        const QString cells[] = {
            time.toString(QStringLiteral("HH:mm:ss")),
            sample.language.isEmpty() ? from : from + QStringLiteral(" · ") + Words::safe(sample.language, 16),
            Words::safe(sample.device, 32), Words::outcome(sample.before), Words::outcome(sample.after)};
        for (int column = 0; column < 5; ++column)
            m_samples->setItem(row, column, new QTableWidgetItem(cells[column]));
    }
    for (const int column : {0, 1, 2})
        m_samples->resizeColumnToContents(column);
}

QString RehearsalPanel::summary() const
{
    return m_summary->text() + QLatin1Char('\n') + m_unknown->text();
}

} // namespace links
