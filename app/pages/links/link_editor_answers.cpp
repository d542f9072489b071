// SPDX-License-Identifier: GPL-3.0-or-later
// What the editor does with the backend's answers and with what others change.
#include "app/models/link_changes.h"
#include "app/pages/links/link_editor.h"
#include "app/pages/links/link_words.h"
#include "app/pages/links/notice.h"
#include "app/pages/links/rules_editor.h"
#include "app/widgets/theme/type.h"

namespace links {

void LinkEditor::rebase(const state::Link& theirs, bool keepMine)
{
    const state::Link mine = link();
    const state::Link base = std::exchange(m_base, theirs);
    m_reviewing = false;
    show(keepMine && base.id == theirs.id ? models::merged(base, mine, theirs) : theirs);
}

void LinkEditor::setSaved(const state::Link& saved)
{
    const Asked what = std::exchange(m_asked, Asked::Nothing);
    const state::Link before = m_base;
    m_saving = false;
    // A pause or an undo leaves what is being typed alone.
    rebase(saved, what != Asked::Save);
    tellSaved(before, saved, what);
    setByLine(tr("changed by you, just now"));
    emit this->saved(saved);
}

void LinkEditor::tellSaved(const state::Link& before, const state::Link& after, Asked what)
{
    const Notice::Answer close{tr("Close"), [this] { m_notice->clear(); }};
    if (before.id == 0)
        return m_notice->say(Notice::Kind::Good, tr("\u2713 Made: %1").arg(Words::safe(after.address())), {}, {close});
    const QStringList lines = changeLines(before, after);
    if (what == Asked::Undo)
        return m_notice->say(Notice::Kind::Good, tr("\u2713 Undone. In force now:"), lines,
                             {{tr("Redo"), [this] { undo(); }}, close});
    m_notice->say(Notice::Kind::Good,
                  what != Asked::State                      ? tr("\u2713 Saved, in force now:")
                  : after.state == QLatin1String("paused")  ? tr("\u2713 Paused: nobody passes.")
                  : after.state == QLatin1String("deleted") ? tr("\u2713 Deleted: nobody passes.")
                                                            : tr("\u2713 In force: people pass again."),
                  what == Asked::State ? QStringList() : lines, {{tr("Undo"), [this] { undo(); }, true}, close});
}

void LinkEditor::setFailed(const state::Problem& problem)
{
    m_asked = Asked::Nothing;
    m_saving = false;
    showHeader();
    if (problem.conflict && problem.conflict->current.id == m_base.id)
        return offerBoth(problem.conflict->current, problem.conflict->changedBy, problem.conflict->changes);
    const QString words = Words::problem(problem);
    if (problem.field.startsWith(QLatin1String("rules"))) {
        showRules(true);
        m_rules->setProblem(problem.field, words);
    } else if (m_form->setProblem(problem.field, words)) {
        showRules(false);
    } else {
        m_notice->say(Notice::Kind::Bad, words, {}, {{tr("Close"), [this] { m_notice->clear(); }}});
        return;
    }
    m_notice->say(Notice::Kind::Bad,
                  tr("Not saved: %1 %2")
                      .arg(Words::field(problem.field.section(QLatin1Char('.'), 0, 0)) + QLatin1Char(':'), words),
                  {}, {{tr("Close"), [this] { m_notice->clear(); }}});
}

void LinkEditor::offerBoth(const state::Link& theirs, const QString& actor,
                           const std::vector<protocol::EditChange>& changes)
{
    QStringList lines;
    for (const protocol::EditChange& change : changes)
        lines.append(tr("%1: %2 \u2192 %3")
                         .arg(Words::field(QString::fromStdString(change.field)),
                              change.before.empty() ? QString(widgets::unknownMark) : Words::safe(change.before, 240),
                              change.after.empty() ? QString(widgets::unknownMark) : Words::safe(change.after, 240)));
    if (lines.isEmpty())
        lines = changeLines(m_base, theirs);
    const QString who = actor.isEmpty() ? tr("Somebody") : Words::safe(actor, 64);
    m_notice->say(Notice::Kind::Bad, tr("%1 changed this link while you were editing it:").arg(who), lines,
                  {{tr("Take theirs"),
                    [this, theirs] {
                        m_notice->clear();
                        rebase(theirs, false);
                    }},
                   {tr("Put mine on top"), [this, theirs] {
                        m_notice->clear();
                        rebase(theirs, true);
                        save();
                    }}});
}

void LinkEditor::refresh(const state::Link& theirs, const QString& actor,
                         const std::vector<protocol::EditChange>& changes)
{
    if (theirs.id != m_base.id || theirs.version <= m_base.version || m_saving)
        return;
    const bool dirty = isDirty();
    if (dirty)
        return offerBoth(theirs, actor, changes);
    rebase(theirs, false);
    setByLine(tr("changed by %1, just now").arg(actor.isEmpty() ? tr("somebody") : Words::safe(actor, 64)));
}

void LinkEditor::setFindings(const state::Findings& findings)
{
    m_rules->setFindings(findings);
}

} // namespace links
