// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/report_parts/range_bar.h"

#include <QDateEdit>
#include <QDateTime>
#include <QHBoxLayout>
#include <QSignalBlocker>

#include "app/models/table_cells.h"
#include "app/widgets/choice_button.h"
#include "app/widgets/segmented_control.h"

namespace reports {

using widgets::Choice;
using widgets::ChoiceButton;

namespace {

constexpr qint64 dayMs = 86'400'000;

// How many days a preset goes back, today among them.
int daysOf(RangeBar::Preset preset)
{
    switch (preset) {
    case RangeBar::Week:
        return 7;
    case RangeBar::Month:
        return 30;
    case RangeBar::Quarter:
        return 90;
    case RangeBar::Year:
        return 365;
    default:
        return 1;
    }
}

QList<Choice> choicesOf(QStringList values)
{
    values.removeAll(QString());
    values.sort();
    values.removeDuplicates();
    QList<Choice> choices;
    for (const QString& value : std::as_const(values))
        choices.append({value, models::shownText(value.toStdString())});
    return choices;
}

QDateEdit* dateEdit(const QString& name)
{
    auto* edit = new QDateEdit;
    edit->setCalendarPopup(true);
    edit->setAccessibleName(name);
    edit->setKeyboardTracking(false);
    edit->hide();
    return edit;
}

} // namespace

RangeBar::RangeBar(QWidget* parent)
    : QWidget(parent), m_rows(new QBoxLayout(QBoxLayout::LeftToRight, this)), m_when(new QWidget), m_what(new QWidget),
      m_range(new widgets::SegmentedControl(
          tr("Range"), {tr("Today"), tr("24 h"), tr("7 d"), tr("30 d"), tr("90 d"), tr("365 d"), tr("Own")})),
      m_from(dateEdit(tr("From"))), m_to(dateEdit(tr("To"))),
      m_links(new ChoiceButton(ChoiceButton::Mode::Any, tr("Links"), tr("All links"))),
      m_campaigns(new ChoiceButton(ChoiceButton::Mode::Any, tr("Campaigns"), tr("All campaigns"))),
      m_domains(new ChoiceButton(ChoiceButton::Mode::Any, tr("Domains"), tr("All domains"))),
      m_tags(new ChoiceButton(ChoiceButton::Mode::Any, tr("Tags"), tr("All tags"))),
      m_compare(new ChoiceButton(ChoiceButton::Mode::One, tr("Compare"), tr("Compare")))
{
    setProperty("frame", QStringLiteral("bar"));
    setAttribute(Qt::WA_StyledBackground);
    m_rows->setContentsMargins(16, 8, 16, 8);
    m_rows->setSpacing(8);
    auto* when = new QHBoxLayout(m_when);
    auto* what = new QHBoxLayout(m_what);
    for (QHBoxLayout* row : {when, what}) {
        row->setContentsMargins(0, 0, 0, 0);
        row->setSpacing(8);
    }
    for (QWidget* widget : std::initializer_list<QWidget*>{m_range, m_from, m_to})
        when->addWidget(widget);
    for (ChoiceButton* button : {m_links, m_campaigns, m_domains, m_tags}) {
        what->addWidget(button);
        connect(button, &ChoiceButton::chosen, this, &RangeBar::changed);
    }
    what->addStretch();
    what->addWidget(m_compare);
    m_rows->addWidget(m_when, 0, Qt::AlignLeft);
    m_rows->addWidget(m_what, 1);
    m_links->setAskText(tr("Another link…"), tr("Domain and slug, as in go.acme.example/spring"));
    m_range->setCurrent(Week);
    connect(m_range, &widgets::SegmentedControl::chosen, this, &RangeBar::choosePreset);
    for (QDateEdit* edit : {m_from, m_to})
        connect(edit, &QDateEdit::dateChanged, this, &RangeBar::takeDates);
    connect(m_compare, &ChoiceButton::chosen, this, &RangeBar::changed);
    connect(this, &RangeBar::changed, this, &RangeBar::arrange); // what is chosen is written out
    offer({});
    setCompare(QStringLiteral("previous"));
}

QSize RangeBar::minimumSizeHint() const
{
    const QMargins margins = m_rows->contentsMargins();
    return {std::max(m_when->minimumSizeHint().width(), m_what->minimumSizeHint().width()) + margins.left() +
                margins.right(),
            QWidget::minimumSizeHint().height()};
}

void RangeBar::arrange()
{
    const QMargins margins = m_rows->contentsMargins();
    const int needed =
        m_when->sizeHint().width() + m_what->sizeHint().width() + m_rows->spacing() + margins.left() + margins.right();
    m_rows->setDirection(needed > width() ? QBoxLayout::TopToBottom : QBoxLayout::LeftToRight);
}

void RangeBar::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    arrange();
}

RangeBar::Preset RangeBar::preset() const
{
    return static_cast<Preset>(m_range->current());
}

void RangeBar::setPreset(Preset preset)
{
    m_range->setCurrent(preset);
    showDates();
}

void RangeBar::choosePreset(int preset)
{
    if (preset == Own && m_ownFromMs == 0)
        setRange(QDateTime::currentMSecsSinceEpoch() - 6 * dayMs, QDateTime::currentMSecsSinceEpoch());
    showDates();
    emit changed();
}

void RangeBar::setRange(qint64 fromMs, qint64 toMs)
{
    m_ownFromMs = fromMs;
    m_ownToMs = toMs;
    m_range->setCurrent(Own);
    const QSignalBlocker from(m_from), to(m_to);
    m_from->setDate(QDateTime::fromMSecsSinceEpoch(fromMs, m_zone).date());
    m_to->setDate(QDateTime::fromMSecsSinceEpoch(std::max(fromMs, toMs - 1), m_zone).date());
    showDates();
}

void RangeBar::showDates()
{
    for (QDateEdit* edit : {m_from, m_to})
        edit->setVisible(preset() == Own);
    arrange();
}

void RangeBar::takeDates()
{
    // The one that was not touched gives way.
    if (m_from->date() > m_to->date()) {
        const QSignalBlocker from(m_from), to(m_to);
        if (sender() == m_from)
            m_to->setDate(m_from->date());
        else
            m_from->setDate(m_to->date());
    }
    m_ownFromMs = m_from->date().startOfDay(m_zone).toMSecsSinceEpoch();
    m_ownToMs = m_to->date().addDays(1).startOfDay(m_zone).toMSecsSinceEpoch();
    emit changed();
}

state::ReportQuery RangeBar::query(qint64 nowMs) const
{
    state::ReportQuery query;
    query.toMs = nowMs;
    if (preset() == Own) {
        query.fromMs = m_ownFromMs;
        query.toMs = m_ownToMs;
    } else if (preset() == LastDay) {
        query.fromMs = nowMs - dayMs;
    } else {
        const QDate today = QDateTime::fromMSecsSinceEpoch(nowMs, m_zone).date();
        query.fromMs = today.addDays(1 - daysOf(preset())).startOfDay(m_zone).toMSecsSinceEpoch();
    }
    query.links = m_links->values();
    query.campaigns = m_campaigns->values();
    query.domains = m_domains->values();
    query.tags = m_tags->values();
    query.compare = compare();
    return query;
}

RangeBar::Choices RangeBar::choices() const
{
    return {preset(),         m_ownFromMs, m_ownToMs, m_links->values(), m_campaigns->values(), m_domains->values(),
            m_tags->values(), compare()};
}

void RangeBar::setChoices(const Choices& choices)
{
    if (choices.fromMs != 0)
        setRange(choices.fromMs, choices.toMs);
    setPreset(choices.preset);
    m_links->setValues(choices.links);
    m_campaigns->setValues(choices.campaigns);
    m_domains->setValues(choices.domains);
    m_tags->setValues(choices.tags);
    setCompare(choices.compare);
    arrange();
}

void RangeBar::setLinks(const QStringList& addresses)
{
    m_links->setValues(addresses);
    arrange();
}

void RangeBar::setCompare(const QString& compare)
{
    m_compare->setValues({compare});
}

QString RangeBar::compare() const
{
    return m_compare->values().value(0);
}

void RangeBar::clear()
{
    for (ChoiceButton* button : {m_links, m_campaigns, m_domains, m_tags})
        button->setValues({});
}

void RangeBar::offer(const std::vector<state::Link>& links)
{
    QStringList addresses, campaigns, domains, tags;
    for (const state::Link& link : links) {
        addresses.append(link.address());
        campaigns.append(link.campaign);
        domains.append(link.domain);
        tags.append(link.tags);
    }
    m_links->offer(choicesOf(addresses));
    m_domains->offer(choicesOf(domains));
    m_tags->offer(choicesOf(tags));
    const QList<Choice> named = choicesOf(campaigns);
    m_campaigns->offer(named);
    QList<Choice> against{{QString(), tr("No comparison")},
                          {QStringLiteral("previous"), tr("Against the time before")},
                          {QStringLiteral("weekdays"), tr("Against the same weekdays")}};
    for (const Choice& choice : named)
        against.append({QStringLiteral("campaign:") + choice.value, tr("Against campaign %1").arg(choice.text)});
    m_compare->offer(against);
}

} // namespace reports
