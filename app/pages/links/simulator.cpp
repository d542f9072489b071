// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/links/simulator.h"

#include <QComboBox>
#include <QCompleter>
#include <QDateTime>
#include <QGridLayout>
#include <QLineEdit>
#include <QUrl>
#include <QVBoxLayout>

#include "app/pages/links/link_words.h"
#include "app/pages/links/value_completer.h"
#include "app/widgets/scroll_area.h"
#include "app/widgets/segmented_control.h"
#include "app/widgets/status_panel.h"
#include "app/widgets/theme/type.h"
#include "backend/protocol/words.h"

namespace links {

namespace {

constexpr int pauseMs = 250; // after the last key
constexpr int lineChars = 2048;

struct FormField {
    const char* name;
    const char* title;
    const char* placeholder;
    QString state::TrialRequest::* member;
};

constexpr FormField fields[] = {
    {"query", QT_TRANSLATE_NOOP("links::Simulator", "Query"), "qr=poster-a", &state::TrialRequest::query},
    {"country", QT_TRANSLATE_NOOP("links::Simulator", "Country"), "DE", &state::TrialRequest::country},
    {"language", QT_TRANSLATE_NOOP("links::Simulator", "Language"), "de", &state::TrialRequest::language},
    {"os", QT_TRANSLATE_NOOP("links::Simulator", "System"), "iOS", &state::TrialRequest::os},
    {"browser", QT_TRANSLATE_NOOP("links::Simulator", "Browser"), "Safari", &state::TrialRequest::browser},
    {"referrer", QT_TRANSLATE_NOOP("links::Simulator", "Referrer"), "instagram.com", &state::TrialRequest::referrer},
    {"region", QT_TRANSLATE_NOOP("links::Simulator", "Region"), "Bavaria", &state::TrialRequest::region},
    {"city", QT_TRANSLATE_NOOP("links::Simulator", "City"), "Munich", &state::TrialRequest::city},
    {"address", QT_TRANSLATE_NOOP("links::Simulator", "Address"), "192.0.2.1", &state::TrialRequest::address},
    {"visitor", QT_TRANSLATE_NOOP("links::Simulator", "Visitor"), "ann", &state::TrialRequest::visitor},
    {"userAgent", QT_TRANSLATE_NOOP("links::Simulator", "Agent"), "Mozilla/5.0 …", &state::TrialRequest::userAgent},
    {"time", QT_TRANSLATE_NOOP("links::Simulator", "Time"), "2026-03-01T12:00:00Z", nullptr},
};

} // namespace

Simulator::Simulator(QWidget* parent)
    : QWidget(parent), m_device(new QComboBox),
      m_which(new widgets::SegmentedControl(tr("What is tried"), {tr("Live link"), tr("Draft")})),
      m_verdict(new widgets::Text({}, widgets::Look::Strong)), m_body(new QWidget), m_report(new QVBoxLayout)
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(16, 10, 12, 10);
    column->setSpacing(8);
    auto* grid = new QGridLayout;
    grid->setHorizontalSpacing(8);
    grid->setVerticalSpacing(5);
    grid->setColumnStretch(1, 1);
    grid->setColumnStretch(3, 1);
    column->addWidget(m_which);
    column->addLayout(grid);
    for (const FormField& field : fields)
        addLine(grid, field.name, tr(field.title), QString::fromUtf8(field.placeholder));
    m_device->addItems({tr("any device"), QStringLiteral("mobile"), QStringLiteral("tablet"), QStringLiteral("desktop"),
                        QStringLiteral("other")});
    m_device->setAccessibleName(tr("Device"));
    const int row = grid->rowCount();
    grid->addWidget(new widgets::Text(tr("Device"), widgets::Look::Quiet), row, 0);
    grid->addWidget(m_device, row, 1);
    auto* result = new QWidget;
    auto* inner = new QVBoxLayout(result);
    inner->setContentsMargins(0, 6, 6, 6);
    inner->setSpacing(6);
    m_verdict->setWrapAnywhere();
    inner->addWidget(m_verdict);
    m_report->setSpacing(3);
    inner->addLayout(m_report);
    inner->addStretch();
    m_stack = new widgets::StatusStack(widgets::scrolled(result));
    column->addWidget(m_stack, 1);
    m_stack->setStatus(widgets::PanelStatus{
        widgets::PanelState::Waiting, tr("Choose a link"), tr("Then say who asks, and see where they go."), {}, {}});
    m_pause.setSingleShot(true);
    m_pause.setInterval(pauseMs);
    connect(&m_pause, &QTimer::timeout, this, &Simulator::ask);
    const auto again = [this] { m_pause.start(); };
    connect(m_device, &QComboBox::currentIndexChanged, this, again);
    connect(m_which, &widgets::SegmentedControl::chosen, this, again);
    connect(m_stack, &widgets::StatusStack::actionRequested, this, &Simulator::ask);
}

QLineEdit* Simulator::addLine(QGridLayout* grid, const char* name, const QString& title, const QString& placeholder)
{
    auto* line = new QLineEdit;
    line->setMaxLength(lineChars);
    line->setPlaceholderText(placeholder);
    line->setAccessibleName(title);
    if (const QList<Completion> known = completionsFor(QString::fromLatin1(name)); !known.isEmpty()) {
        auto* list = new ValueList;
        list->setMaxLength(lineChars);
        list->setPlaceholderText(placeholder);
        list->setAccessibleName(title);
        list->setCompletions(known);
        delete line;
        line = list;
    }
    const int at = static_cast<int>(m_lines.size());
    auto* label = new widgets::Text(title, widgets::Look::Quiet);
    label->setBuddy(line);
    grid->addWidget(label, at / 2, at % 2 * 2);
    grid->addWidget(line, at / 2, at % 2 * 2 + 1);
    m_lines.insert(QString::fromLatin1(name), line);
    connect(line, &QLineEdit::textChanged, this, [this] { m_pause.start(); });
    return line;
}

void Simulator::setDraft(const state::LinkDraft& draft)
{
    const bool hasDraft = !draft.fields.isEmpty();
    const bool had = !m_draft.fields.isEmpty();
    m_draft = draft;
    if (hasDraft != had || draft.link.id == 0)
        m_which->setCurrent(hasDraft ? 1 : 0); // what is being typed is what one wants to know about
    m_which->setEnabled(hasDraft && draft.link.id != 0);
    if (draft.link.id != 0 && m_told.isEmpty() && m_stack->status() &&
        m_stack->status()->state == widgets::PanelState::Waiting)
        m_stack->setStatus(widgets::PanelStatus{widgets::PanelState::Waiting, tr("Trying…"), {}, {}, {}});
    m_pause.start();
}

void Simulator::triesDraft(bool draft)
{
    m_which->setCurrent(draft ? 1 : 0);
    m_pause.start();
}

void Simulator::setField(const QString& name, const QString& value)
{
    if (name == QLatin1String("device"))
        m_device->setCurrentIndex(std::max(0, m_device->findText(value)));
    else if (QLineEdit* line = m_lines.value(name))
        line->setText(value);
}

void Simulator::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    m_pause.start();
}

void Simulator::ask()
{
    if (!isVisible() || m_draft.link.domain.isEmpty() ||
        (m_draft.link.id == 0 && m_draft.link.destination.isEmpty())) // nothing to try yet
        return;
    state::TrialRequest request;
    request.domain = m_draft.link.domain;
    request.path = QLatin1Char('/') + QString::fromLatin1(QUrl::toPercentEncoding(m_draft.link.slug, "/"));
    if (m_device->currentIndex() > 0)
        request.device = m_device->currentText();
    for (const FormField& field : fields)
        if (field.member)
            request.*field.member = m_lines.value(QLatin1StringView(field.name))->text().trimmed();
    request.country = request.country.toUpper();
    const QString time = m_lines.value(QStringLiteral("time"))->text().trimmed();
    if (const auto at = protocol::utcMsFrom(time.toStdString()))
        request.timeMs = at->value;
    else if (!time.isEmpty())
        return setFailed({0, QStringLiteral("wrong_type"), {}, QStringLiteral("time")});
    if (m_which->current() == 1)
        request.draft = m_draft;
    emit simulateRequested(request);
}

void Simulator::setFailed(const state::Problem& problem)
{
    m_stack->setStatus(widgets::PanelStatus{
        widgets::PanelState::Failed,
        tr("This could not be tried"),
        problem.field.isEmpty() ? Words::problem(problem)
                                : Words::field(problem.field) + QStringLiteral(": ") + Words::problem(problem),
        {},
        tr("Try again")});
}

void Simulator::clearReport()
{
    m_told.clear();
    while (QLayoutItem* item = m_report->takeAt(0)) {
        delete item->widget();
        delete item;
    }
}

void Simulator::addLineOf(const QString& glyph, const QString& text, bool good, bool quiet, int indent)
{
    m_told.append(glyph + QLatin1Char(' ') + text);
    auto* line = new QWidget;
    auto* row = new QHBoxLayout(line);
    row->setContentsMargins(indent, 0, 0, 0);
    row->setSpacing(8);
    auto* mark = new widgets::Text(glyph, quiet  ? widgets::Look::Quiet
                                          : good ? widgets::Look::Good
                                                 : widgets::Look::Alert);
    mark->setFixedWidth(14);
    row->addWidget(mark, 0, Qt::AlignTop);
    auto* words = new widgets::Text(text, quiet ? widgets::Look::Quiet : widgets::Look::Normal);
    words->setWrapAnywhere();
    row->addWidget(words, 1);
    m_report->addWidget(line);
}

void Simulator::showRule(const state::TriedRule& rule, bool reached)
{
    const QString name = Words::ruleName(rule.id, rule.name);
    const QString verdict = rule.decided    ? tr("%1 decides.").arg(name)
                            : !rule.enabled ? tr("%1 is switched off.").arg(name)
                            : rule.holds    ? tr("%1 would hold, but comes too late.").arg(name)
                            : reached       ? tr("%1 does not hold.").arg(name)
                                            : tr("%1 comes after the one that decides.").arg(name);
    addLineOf(rule.decided ? QStringLiteral("\u2713") : QStringLiteral("\u2013"), verdict, true, !rule.decided, 22);
    if (!rule.enabled)
        return;
    for (const state::TriedCondition& one : rule.conditions)
        addLineOf(one.holds ? QStringLiteral("\u2713") : QStringLiteral("\u2717"),
                  tr("%1: saw %2")
                      .arg(Words::condition(one.condition),
                           one.saw.isEmpty() ? tr("nothing (unknown)") : Words::safe(one.saw, 128)),
                  one.holds, !reached, 44);
    if (rule.decided && rule.variants.size() > 1)
        for (const state::TriedVariant& variant : rule.variants)
            addLineOf(QStringLiteral("\u2192"),
                      tr("%1 %: %2 %3")
                          .arg(widgets::figure(variant.share * 100, 1), Words::safe(variant.name, 64),
                               Words::safe(variant.destination, 512)),
                      true, true, 44);
}

void Simulator::setResult(const state::Simulation& result)
{
    m_stack->setStatus({});
    setUpdatesEnabled(false);
    clearReport();
    m_verdict->setText(Words::decision(result.decision));
    for (const state::TrialStep& step : result.steps) {
        const bool failed = step.state == QLatin1String("failed");
        const bool skipped = step.state == QLatin1String("skipped");
        QString text = Words::step(step.code);
        if (failed)
            text = tr("No: “%1” is where it ends.").arg(text);
        if (!step.detail.isEmpty())
            text += QStringLiteral(" \u00b7 ") + Words::safe(step.detail, 512);
        addLineOf(failed    ? QStringLiteral("\u2717")
                  : skipped ? QStringLiteral("\u2013")
                            : QStringLiteral("\u2713"),
                  text, !failed, skipped);
        if (step.code == QLatin1String("rules") && !skipped) {
            bool reached = true;
            for (const state::TriedRule& rule : result.rules) {
                showRule(rule, reached);
                reached = reached && !rule.decided;
            }
        }
    }
    setUpdatesEnabled(true);
}

QString Simulator::verdict() const
{
    return m_verdict->text();
}

QStringList Simulator::report() const
{
    return m_told;
}

} // namespace links
