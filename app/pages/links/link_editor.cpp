// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/links/link_editor.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QPushButton>
#include <QStackedWidget>
#include <QUuid>
#include <QVBoxLayout>

#include "app/models/link_changes.h"
#include "app/models/link_table_model.h"
#include "app/pages/links/link_words.h"
#include "app/pages/links/notice.h"
#include "app/pages/links/rules_editor.h"
#include "app/widgets/scroll_area.h"
#include "app/widgets/segmented_control.h"
#include "app/widgets/theme/type.h"

namespace links {

namespace {

constexpr QLatin1StringView active("active");
constexpr QLatin1StringView paused("paused");
constexpr QLatin1StringView deleted("deleted");

} // namespace

LinkEditor::LinkEditor(QWidget* parent)
    : QWidget(parent), m_title(new widgets::Text({}, widgets::Look::Strong)), m_state(new widgets::Text),
      m_byLine(new widgets::Text({}, widgets::Look::Quiet)), m_copy(new QPushButton(tr("Copy"))),
      m_codes(new QPushButton(tr("QR codes…"))), m_pause(new QPushButton), m_remove(new QPushButton),
      m_discard(new QPushButton(tr("Discard"))), m_save(new QPushButton(tr("Save"))), m_notice(new Notice),
      m_stack(new QStackedWidget), m_form(new LinkForm), m_rules(new RulesEditor)
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    buildHeader(column);
    column->addWidget(m_notice);
    m_switch = new widgets::SegmentedControl(tr("Part of the link"), {tr("Link"), tr("Rules")});
    auto* bar = new QHBoxLayout;
    bar->setContentsMargins(16, 8, 16, 4);
    bar->addWidget(m_switch);
    bar->addStretch();
    column->addLayout(bar);
    m_stack->addWidget(widgets::scrolled(m_form));
    m_stack->addWidget(widgets::scrolled(m_rules));
    column->addWidget(m_stack, 1);
    connect(m_switch, &widgets::SegmentedControl::chosen, m_stack, &QStackedWidget::setCurrentIndex);
    const auto touched = [this] {
        if (std::exchange(m_reviewing, false))
            m_notice->clear(); // what was shown is not what would be saved any more
        showHeader();
        emit draftChanged();
    };
    connect(m_form, &LinkForm::edited, this, touched);
    connect(m_rules, &RulesEditor::edited, this, touched);
}

void LinkEditor::buildHeader(QVBoxLayout* column)
{
    auto* top = new QHBoxLayout;
    top->setContentsMargins(16, 12, 16, 0);
    top->setSpacing(8);
    m_title->setFont(widgets::sized(font(), 16, QFont::DemiBold));
    m_title->setElided();
    m_copy->setProperty("look", QStringLiteral("flat"));
    m_copy->setToolTip(widgets::plainToolTip(tr("Copy the link's address")));
    m_codes->setProperty("look", QStringLiteral("flat"));
    m_codes->setToolTip(widgets::plainToolTip(tr("QR codes of the link, one for each placement")));
    connect(m_codes, &QPushButton::clicked, this, [this] { emit codesRequested(m_base.address()); });
    m_save->setToolTip(widgets::plainToolTip(tr("Save (Ctrl+S)")));
    top->addWidget(m_title, 1);
    m_remove->setProperty("look", QStringLiteral("flat"));
    for (QPushButton* button : {m_copy, m_codes, m_remove})
        top->addWidget(button);
    column->addLayout(top);
    auto* below = new QHBoxLayout;
    below->setContentsMargins(16, 3, 16, 8);
    below->setSpacing(10);
    m_byLine->setElided();
    below->addWidget(m_state);
    below->addWidget(m_byLine, 1);
    for (QPushButton* button : {m_pause, m_discard, m_save})
        below->addWidget(button);
    column->addLayout(below);
    connect(m_copy, &QPushButton::clicked, this,
            [this] { QGuiApplication::clipboard()->setText(QStringLiteral("https://") + m_base.address()); });
    connect(m_pause, &QPushButton::clicked, this, &LinkEditor::togglePause);
    connect(m_remove, &QPushButton::clicked, this, &LinkEditor::remove);
    connect(m_discard, &QPushButton::clicked, this, &LinkEditor::discard);
    connect(m_save, &QPushButton::clicked, this, &LinkEditor::save);
}

void LinkEditor::setLink(const state::Link& link)
{
    m_base = link;
    m_saving = m_reviewing = false;
    m_asked = Asked::Nothing;
    m_notice->clear();
    show(link);
}

void LinkEditor::startNew(const QString& domain, const QString& slug, const QString& destination)
{
    state::Link link;
    link.domain = domain;
    link.status = 302;
    link.state = active;
    setLink(link);
    link.slug = slug;
    link.destination = destination;
    m_key = QUuid::createUuid().toString(QUuid::WithoutBraces);
    show(link);
    showRules(false);
    m_form->focusFirst();
}

void LinkEditor::show(const state::Link& link)
{
    m_form->setLink(link);
    m_rules->setRules(link.rules);
    showHeader();
    emit draftChanged();
}

state::Link LinkEditor::link() const
{
    state::Link link = m_form->value(m_base);
    link.rules = m_rules->rules();
    return link;
}

state::LinkDraft LinkEditor::draft() const
{
    state::LinkDraft draft;
    draft.link = link();
    draft.fields = models::changedFields(m_base, draft.link);
    draft.expectedVersion = m_base.version;
    if (m_form->passwordTouched()) {
        draft.fields.append(QStringLiteral("password"));
        draft.password = m_form->password();
    }
    if (m_base.id == 0)
        draft.key = m_key;
    return draft;
}

bool LinkEditor::isDirty() const
{
    return m_base.id == 0 ? !link().destination.isEmpty() || !link().slug.isEmpty() : !draft().fields.isEmpty();
}

void LinkEditor::setByLine(const QString& text)
{
    m_byLine->setText(text);
}

void LinkEditor::showHeader()
{
    const bool isNew = m_base.id == 0;
    const QString address = isNew ? link().address() : m_base.address();
    m_title->setText(isNew ? tr("New link") : Words::safe(address));
    m_state->setText(isNew ? tr("not saved yet") : models::LinkTableModel::stateWord(m_base.state));
    m_state->setLook(m_base.state == active && !isNew ? widgets::Look::Good : widgets::Look::Normal);
    const bool dirty = isDirty();
    m_copy->setVisible(!isNew);
    m_codes->setVisible(!isNew);
    m_pause->setVisible(m_mayEdit && !isNew && (m_base.state == active || m_base.state == paused));
    m_pause->setText(m_base.state == paused ? tr("\u25B6 Resume") : tr("\u275A\u275A Pause"));
    m_remove->setVisible(m_mayEdit && !isNew);
    m_remove->setText(m_base.state == deleted ? tr("Bring back") : tr("Delete…"));
    m_remove->setEnabled(!m_saving);
    m_discard->setVisible(m_mayEdit && dirty);
    m_save->setVisible(m_mayEdit);
    m_save->setText(m_saving ? tr("Saving…") : m_reviewing ? tr("Save now") : tr("Save"));
    m_save->setEnabled(dirty && !m_saving);
    m_save->setDefault(dirty);
    m_pause->setEnabled(!m_saving);
    widgets::restyle(m_save);
}

QStringList LinkEditor::changeLines(const state::Link& before, const state::Link& after) const
{
    constexpr std::size_t shown = 240;
    QStringList lines;
    for (const QString& field : models::changedFields(before, after)) {
        const auto told = [&](const state::Link& link) {
            const QString value = Words::value(link, field);
            return value.isEmpty() ? QString(widgets::unknownMark) : value;
        };
        if (field == QLatin1String("rules")) {
            // Rules that stay as they are would only hide those that do not.
            const QStringList old = told(before).split(QLatin1Char('\n')), now = told(after).split(QLatin1Char('\n'));
            for (const QString& line : old)
                if (!now.contains(line) && !before.rules.isEmpty())
                    lines.append(tr("Rule − %1").arg(Words::safe(line, shown)));
            for (const QString& line : now)
                if (!old.contains(line) && !after.rules.isEmpty())
                    lines.append(tr("Rule + %1").arg(Words::safe(line, shown)));
            continue;
        }
        lines.append(tr("%1: %2 \u2192 %3")
                         .arg(Words::field(field), Words::safe(told(before), shown), Words::safe(told(after), shown)));
    }
    return lines;
}

void LinkEditor::save()
{
    if (!m_mayEdit || m_saving || !isDirty())
        return;
    if (const QString problem = m_form->firstProblem(); !problem.isEmpty()) {
        showRules(false);
        m_form->setProblem(QStringLiteral("destination"), problem);
        m_form->focusFirst();
        return;
    }
    if (m_base.id != 0 && m_base.state == active && !m_reviewing)
        return review();
    send();
}

void LinkEditor::review()
{
    m_reviewing = true;
    QStringList lines = changeLines(m_base, link());
    if (m_form->passwordTouched())
        lines.append(m_form->password() ? tr("Password: set anew") : tr("Password: removed"));
    m_notice->say(Notice::Kind::Plain, tr("This changes a live link, at once:"), lines,
                  {{tr("Save now (Ctrl+S)"), [this] { save(); }, true},
                   {tr("Rehearse first"), [this] { emit rehearsalWanted(); }},
                   {tr("Keep editing"), [this] {
                        m_reviewing = false;
                        m_notice->clear();
                        showHeader();
                    }}});
    showHeader();
}

void LinkEditor::ask(Asked what)
{
    m_asked = what;
    m_saving = true;
    m_reviewing = false;
    m_notice->clear();
    m_form->clearProblems();
    showHeader();
}

void LinkEditor::send()
{
    const state::LinkDraft mine = draft();
    ask(Asked::Save);
    emit saveRequested(mine);
}

void LinkEditor::setState(QLatin1StringView state)
{
    if (!m_mayEdit || m_saving || m_base.id == 0)
        return;
    state::LinkDraft draft;
    draft.link = m_base;
    draft.link.state = state;
    draft.fields = {QStringLiteral("state")};
    ask(Asked::State);
    emit saveRequested(draft);
}

void LinkEditor::togglePause()
{
    setState(m_base.state == paused ? active : paused);
}

void LinkEditor::remove()
{
    if (!m_mayEdit || m_saving || m_base.id == 0)
        return;
    if (m_base.state == deleted)
        return setState(active);
    m_reviewing = false;
    m_notice->say(
        Notice::Kind::Bad, tr("Delete %1?").arg(Words::safe(m_base.address())),
        {tr("From now on its visitors get 410 Gone. The slug is kept free: no other link ever gets it."),
         tr("Its hits and reports stay. The link can be brought back.")},
        {{tr("Delete the link"), [this] { setState(deleted); }}, {tr("Keep it"), [this] { m_notice->clear(); }, true}});
    showHeader();
}

void LinkEditor::undo()
{
    if (!m_mayEdit || m_saving || m_base.id == 0)
        return;
    ask(Asked::Undo);
    emit undoRequested(m_base.id);
}

void LinkEditor::discard()
{
    const bool isNew = m_base.id == 0;
    setLink(m_base);
    if (isNew)
        startNew(m_base.domain, {});
}

void LinkEditor::setMayEdit(bool may)
{
    m_mayEdit = may;
    m_form->setReadOnly(!may);
    m_rules->setReadOnly(!may);
    showHeader();
}

void LinkEditor::showRules(bool rules)
{
    m_switch->setCurrent(rules ? 1 : 0);
    m_stack->setCurrentIndex(rules ? 1 : 0);
}

} // namespace links
