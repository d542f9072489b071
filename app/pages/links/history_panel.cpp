// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/links/history_panel.h"

#include <QDateTime>
#include <QTimeZone>
#include <QVBoxLayout>

#include <algorithm>

#include "app/pages/links/link_words.h"
#include "app/widgets/scroll_area.h"
#include "app/widgets/status_panel.h"
#include "app/widgets/theme/type.h"

namespace links {

namespace {
constexpr std::size_t editsShown = 200; // the newest
} // namespace

HistoryPanel::HistoryPanel(QWidget* parent) : QWidget(parent), m_list(new QVBoxLayout)
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(16, 10, 12, 10);
    auto* content = new QWidget;
    auto* inner = new QVBoxLayout(content);
    inner->setContentsMargins(0, 0, 6, 0);
    m_list->setSpacing(9);
    inner->addLayout(m_list);
    inner->addStretch();
    m_stack = new widgets::StatusStack(widgets::scrolled(content));
    column->addWidget(m_stack);
    connect(m_stack, &widgets::StatusStack::actionRequested, this, &HistoryPanel::retryRequested);
    setWaiting(true);
}

void HistoryPanel::setWaiting(bool isNew)
{
    m_stack->setStatus(widgets::PanelStatus{widgets::PanelState::Waiting,
                                            isNew ? tr("No history yet") : tr("Reading the history…"),
                                            isNew ? tr("What is changed from now on stands here.") : QString(),
                                            {},
                                            {}});
}

void HistoryPanel::setFailed(const state::Problem& problem)
{
    m_stack->setStatus(widgets::PanelStatus{widgets::PanelState::Failed,
                                            tr("The history could not be read"),
                                            Words::problem(problem),
                                            {},
                                            tr("Try again")});
}

void HistoryPanel::setEdits(const std::vector<protocol::Edit>& edits)
{
    m_lines.clear();
    while (QLayoutItem* item = m_list->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    if (edits.empty())
        return setWaiting(true);
    std::vector<protocol::Edit> newest = edits;
    std::sort(newest.begin(), newest.end(), [](const auto& a, const auto& b) { return a.id > b.id; });
    newest.resize(std::min(newest.size(), editsShown));
    for (const protocol::Edit& edit : newest)
        addEdit(edit);
    m_stack->setStatus({});
}

void HistoryPanel::addEdit(const protocol::Edit& edit)
{
    const QDateTime time = QDateTime::fromMSecsSinceEpoch(edit.time.value);
    auto* entry = new QWidget;
    auto* column = new QVBoxLayout(entry);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(2);
    const QString title = Words::editWhat(edit);
    auto* head = new widgets::Text(title, widgets::Look::Strong);
    head->setWordWrap(true);
    column->addWidget(head);
    QString by = tr("%1 · %2").arg(edit.actor.empty() ? tr("somebody") : Words::safe(edit.actor, 64),
                                   QLocale().toString(time, QStringLiteral("d MMM HH:mm:ss")));
    if (edit.version > 0)
        by += tr(" · version %1").arg(edit.version);
    auto* who = new widgets::Text(by, widgets::Look::Quiet);
    who->setToolTip(widgets::plainToolTip(time.toUTC().toString(Qt::ISODateWithMs)));
    column->addWidget(who);
    m_lines.append(title + QStringLiteral(" · ") + by);
    for (const protocol::EditChange& change : edit.changes) {
        const auto told = [](const std::string& value) {
            return value.empty() ? QString(widgets::unknownMark) : Words::safe(value, 512);
        };
        const QString line =
            tr("%1: %2 \u2192 %3")
                .arg(Words::field(QString::fromStdString(change.field)), told(change.before), told(change.after));
        auto* text = new widgets::Text(line);
        text->setWrapAnywhere();
        column->addWidget(text);
        m_lines.append(line);
    }
    m_list->addWidget(entry);
}

} // namespace links
