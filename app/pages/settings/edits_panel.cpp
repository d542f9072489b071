// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/settings/edits_panel.h"

#include <QDateTime>
#include <QLocale>
#include <QVBoxLayout>

#include <algorithm>

#include "app/widgets/theme/type.h"

namespace settings {

namespace {
constexpr std::size_t editsShown = 200;

bool holds(const std::vector<protocol::Edit>& edits, const protocol::Edit& edit)
{
    return std::any_of(edits.begin(), edits.end(), [&edit](const auto& known) { return known.id == edit.id; });
}
} // namespace

EditsPanel::EditsPanel(QWidget* parent)
    : SettingsPanel(tr("Log of edits"), tr("The last 30 days, newest first: who, when, before and after."), parent)
{
}

void EditsPanel::setEdits(const std::vector<protocol::Edit>& edits)
{
    m_edits = edits;
    m_loaded = true;
    // The answer may have been on its way when these came.
    for (const protocol::Edit& news : std::exchange(m_news, {}))
        if (!holds(edits, news))
            m_edits.push_back(news);
    std::sort(m_edits.begin(), m_edits.end(), [](const auto& a, const auto& b) { return a.id > b.id; });
    m_edits.resize(std::min(m_edits.size(), editsShown));
    show();
}

void EditsPanel::addEdit(const protocol::Edit& edit)
{
    if (m_news.size() < editsShown)
        m_news.push_back(edit);
    if (!m_loaded || holds(m_edits, edit))
        return;
    m_edits.insert(m_edits.begin(), edit);
    m_edits.resize(std::min(m_edits.size(), editsShown));
    if (isVisible())
        show();
}

void EditsPanel::show()
{
    clearEntries();
    m_lines.clear();
    if (m_edits.empty())
        return showWaiting(tr("Nothing has been changed"));
    for (const protocol::Edit& edit : m_edits) {
        QVBoxLayout* entry = addEntry();
        const QDateTime time = QDateTime::fromMSecsSinceEpoch(edit.time.value);
        const QString title = tr("%1 · %2").arg(safe(edit.subject, 128), safe(edit.what, 64));
        auto* head = new widgets::Text(title, widgets::Look::Strong);
        head->setWrapAnywhere();
        entry->addWidget(head);
        const QString by = tr("%1 · %2").arg(edit.actor.empty() ? tr("somebody") : safe(edit.actor, 64),
                                             QLocale().toString(time, QStringLiteral("d MMM HH:mm:ss")));
        auto* who = new widgets::Text(by, widgets::Look::Quiet);
        who->setToolTip(widgets::plainToolTip(time.toUTC().toString(Qt::ISODateWithMs)));
        entry->addWidget(who);
        m_lines << title << by;
        for (const protocol::EditChange& change : edit.changes) {
            const auto told = [](const std::string& value) {
                return value.empty() ? QString(widgets::unknownMark) : safe(value, 240);
            };
            const QString line =
                tr("%1: %2 \u2192 %3").arg(safe(change.field, 64), told(change.before), told(change.after));
            auto* text = new widgets::Text(line);
            text->setWrapAnywhere();
            entry->addWidget(text);
            m_lines.append(line);
        }
    }
    showEntries();
}

} // namespace settings
