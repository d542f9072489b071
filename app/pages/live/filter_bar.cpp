// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/live/filter_bar.h"

#include <QFormLayout>
#include <QGridLayout>
#include <QLocale>
#include <QPushButton>

#include <algorithm>

#include "app/pages/live/live_words.h"
#include "app/widgets/expression_edit.h"
#include "app/widgets/map/world_map.h"
#include "app/widgets/segmented_control.h"
#include "app/widgets/theme/type.h"
#include "backend/protocol/limits.h"
#include "backend/protocol/words.h"

namespace live {

using widgets::ChoiceButton;

namespace {

constexpr int oneRowWidth = 1440;

QString wordOf(auto value)
{
    const std::string_view text = protocol::word(value);
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

std::vector<std::string> stringsOf(const QStringList& values)
{
    std::vector<std::string> out;
    for (const QString& value : values)
        out.push_back(value.toStdString());
    return out;
}

QStringList listOf(const std::vector<std::string>& values)
{
    QStringList out;
    for (const std::string& value : values)
        out.append(QString::fromStdString(value));
    return out;
}

} // namespace

QString filterValue(const QString& value)
{
    static const QString special = QStringLiteral(" \t,()\"'\\:~!<>=");
    const bool plain =
        !value.isEmpty() && std::none_of(value.cbegin(), value.cend(), [](QChar c) { return special.contains(c); });
    if (plain)
        return value;
    QString quoted = value;
    return QLatin1Char('"') +
           quoted.replace(QLatin1Char('\\'), QStringLiteral("\\\\")).replace(QLatin1Char('"'), QStringLiteral("\\\"")) +
           QLatin1Char('"');
}

QString joinedFilters(const QString& first, const QString& second, bool either)
{
    if (first.trimmed().isEmpty())
        return second;
    const auto bracketed = [&](const QString& text) {
        const protocol::FilterParse parse = protocol::parseFilter(text.toStdString());
        const bool mixed = parse.error.empty() && parse.root.kind == (either ? protocol::FilterNode::Kind::And
                                                                             : protocol::FilterNode::Kind::Or);
        return mixed ? QLatin1Char('(') + text + QLatin1Char(')') : text;
    };
    return bracketed(first) + (either ? QStringLiteral(" or ") : QStringLiteral(" and ")) + bracketed(second);
}

FilterBar::FilterBar(QWidget* parent)
    : QWidget(parent), m_links(new ChoiceButton(ChoiceButton::Mode::Any, tr("Links"), tr("All links"), this)),
      m_domains(new ChoiceButton(ChoiceButton::Mode::Any, tr("Domains"), tr("All domains"), this)),
      m_touch(new widgets::SegmentedControl(tr("Touch type"), {tr("All"), tr("Short URL"), tr("QR")}, this)),
      m_bots(new widgets::SegmentedControl(tr("Bots"), {tr("Bots shown"), tr("Hidden"), tr("Only")}, this)),
      m_window(new ChoiceButton(ChoiceButton::Mode::One, tr("Live window"), tr("Last 30 min"), this)),
      m_more(new QPushButton(this)), m_display(new widgets::ExpressionEdit(this)),
      m_streamLabel(new widgets::Text(tr("Stream"), widgets::Look::Quiet, this)),
      m_displayLabel(new widgets::Text(tr("Show"), widgets::Look::Quiet, this)),
      m_counts(new widgets::Text({}, widgets::Look::Quiet, this)), m_grid(new QGridLayout(this))
{
    setProperty("frame", QStringLiteral("bar"));
    setAttribute(Qt::WA_StyledBackground);
    setAccessibleName(tr("Filters"));
    m_streamLabel->setToolTip(widgets::plainToolTip(
        tr("The stream filter: what the backend sends from now on. Rows that came before stay.")));
    m_displayLabel->setToolTip(widgets::plainToolTip(tr("The display filter: which of the rows here are shown.")));
    QList<widgets::Choice> windows;
    for (const qint64 minutes : {1, 5, 15, 30, 60, 180, 360, 720, 1440})
        windows.append(
            {QString::number(minutes * 60), tr("Last %1", "a length of time").arg(Words::window(minutes * 60))});
    m_window->offer(windows);
    setWindowSeconds(protocol::limits::windowSecondsDefault);
    m_links->setAskText(tr("Another link…"), tr("Link, as domain/slug:"));
    m_domains->setAskText(tr("Another domain…"), tr("Domain:"));
    m_display->setPlaceholderText(tr("country:DE,US and not bot"));
    m_display->setAccessibleName(tr("Display filter"));
    m_display->setCheck([](const QString& text) -> widgets::ExpressionProblem {
        const std::string utf8 = text.toStdString();
        const protocol::FilterParse parse = protocol::parseFilter(utf8);
        if (parse.error.empty())
            return {};
        // The parser counts bytes, the line edit characters.
        const auto at = QString::fromStdString(utf8.substr(0, std::min(parse.errorAt, utf8.size()))).size();
        return {Words::filterProblem(parse), static_cast<int>(at),
                static_cast<int>(QString::fromStdString(parse.errorText).size())};
    });
    m_display->setComplete([this](const QString& word) { return completions(word); });
    m_counts->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    m_counts->setMinimumWidth(160);
    makeMore();
    wire();
    m_grid->setContentsMargins(16, 8, 16, 8);
    m_grid->setHorizontalSpacing(9);
    m_grid->setVerticalSpacing(7);
    layOut(false);
}

void FilterBar::makeMore()
{
    m_morePanel = new QWidget(this, Qt::Popup);
    m_morePanel->setProperty("frame", QStringLiteral("card"));
    m_morePanel->setAttribute(Qt::WA_StyledBackground);
    m_classes = new ChoiceButton(ChoiceButton::Mode::Any, tr("Class"), tr("All classes"), m_morePanel);
    m_campaigns = new ChoiceButton(ChoiceButton::Mode::Any, tr("Campaign"), tr("All campaigns"), m_morePanel);
    m_countries = new ChoiceButton(ChoiceButton::Mode::Any, tr("Country"), tr("All countries"), m_morePanel);
    m_devices = new ChoiceButton(ChoiceButton::Mode::Any, tr("Device"), tr("All devices"), m_morePanel);
    m_campaigns->setAskText(tr("Another campaign…"), tr("Campaign:"));
    m_countries->setAskText(tr("Another country…"), tr("Country code, for instance DE:"));
    using protocol::DeviceType;
    using protocol::HitClass;
    QList<widgets::Choice> classes, devices;
    for (const HitClass value :
         {HitClass::Click, HitClass::Probe, HitClass::Prefetch, HitClass::Miss, HitClass::Blocked})
        classes.append({wordOf(value), Words::hitClass(value)});
    for (const DeviceType value : {DeviceType::Mobile, DeviceType::Tablet, DeviceType::Desktop, DeviceType::Other})
        devices.append({wordOf(value), Words::device(value)});
    m_classes->offer(classes);
    m_devices->offer(devices);
    auto* form = new QFormLayout(m_morePanel);
    form->setContentsMargins(14, 12, 14, 12);
    form->setSpacing(9);
    form->setLabelAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    const auto add = [&](const QString& label, ChoiceButton* button) {
        form->addRow(new widgets::Text(label, widgets::Look::Quiet), button);
    };
    add(tr("Class"), m_classes);
    add(tr("Campaign"), m_campaigns);
    add(tr("Country"), m_countries);
    add(tr("Device"), m_devices);
    m_more->setAccessibleName(tr("More of the stream filter"));
    connect(m_more, &QPushButton::clicked, this, [this] {
        m_morePanel->adjustSize();
        m_morePanel->move(m_more->mapToGlobal(QPoint(0, m_more->height() + 4)));
        m_morePanel->show();
    });
    showMoreText();
}

void FilterBar::wire()
{
    const auto chosen = [this] {
        showMoreText();
        emit streamFilterChosen(streamFilter());
    };
    for (ChoiceButton* button : {m_links, m_domains, m_classes, m_campaigns, m_countries, m_devices})
        connect(button, &ChoiceButton::chosen, this, chosen);
    connect(m_touch, &widgets::SegmentedControl::chosen, this, chosen);
    connect(m_bots, &widgets::SegmentedControl::chosen, this, chosen);
    connect(m_window, &ChoiceButton::chosen, this, [this] { emit windowChosen(windowSeconds()); });
    connect(m_display, &widgets::ExpressionEdit::expressionChanged, this, [this](const QString& text) {
        emit displayFilterChanged(protocol::parseFilter(text.toStdString()).root, text);
    });
    connect(m_display, &widgets::ExpressionEdit::problemChanged, this, [this](const QString& words) {
        m_counts->setLook(words.isEmpty() ? widgets::Look::Quiet : widgets::Look::Alert);
        if (!words.isEmpty())
            m_counts->setText(words);
    });
}

void FilterBar::layOut(bool twoRows)
{
    m_twoRows = twoRows;
    QWidget* const stream[] = {m_streamLabel, m_links, m_domains, m_touch, m_bots, m_window, m_more};
    int column = 0;
    for (QWidget* widget : stream)
        m_grid->addWidget(widget, 0, column++);
    // Two rows: column 7 is the room right of the stream filter, and the display filter reaches into it.
    m_grid->setColumnStretch(7, twoRows ? 1 : 0);
    m_grid->setColumnStretch(8, twoRows ? 0 : 1);
    if (twoRows) {
        m_grid->addWidget(m_displayLabel, 1, 0);
        m_grid->addWidget(m_display, 1, 1, 1, 7);
        m_grid->addWidget(m_counts, 1, 8);
    } else {
        m_grid->addWidget(m_displayLabel, 0, 7);
        m_grid->addWidget(m_display, 0, 8);
        m_grid->addWidget(m_counts, 0, 9);
    }
}

void FilterBar::resizeEvent(QResizeEvent*)
{
    const bool twoRows = width() < oneRowWidth;
    if (twoRows != m_twoRows)
        layOut(twoRows);
}

void FilterBar::showMoreText()
{
    const auto fields = {m_classes, m_campaigns, m_countries, m_devices};
    const auto set = std::count_if(fields.begin(), fields.end(),
                                   [](const ChoiceButton* button) { return !button->values().isEmpty(); });
    m_more->setText((set == 0 ? tr("More") : tr("More · %1").arg(set)) + QStringLiteral("  \u25BE"));
    m_more->setProperty("active", set > 0);
    widgets::restyle(m_more);
}

protocol::StreamFilter FilterBar::streamFilter() const
{
    protocol::StreamFilter filter;
    filter.links = stringsOf(m_links->values());
    filter.domains = stringsOf(m_domains->values());
    filter.campaigns = stringsOf(m_campaigns->values());
    filter.countries = stringsOf(m_countries->values());
    if (m_touch->current() != 0)
        filter.touches = {m_touch->current() == 1 ? protocol::TouchType::Link : protocol::TouchType::Qr};
    if (m_bots->current() != 0)
        filter.bot = m_bots->current() == 2;
    const QStringList classes = m_classes->values();
    for (const QString& value : classes)
        if (const auto known = protocol::hitClassFrom(value.toStdString()))
            filter.classes.push_back(*known);
    const QStringList devices = m_devices->values();
    for (const QString& value : devices)
        if (const auto known = protocol::deviceTypeFrom(value.toStdString()))
            filter.devices.push_back(*known);
    filter.normalise();
    return filter;
}

void FilterBar::setStreamFilter(const protocol::StreamFilter& filter)
{
    m_links->setValues(listOf(filter.links));
    m_domains->setValues(listOf(filter.domains));
    m_campaigns->setValues(listOf(filter.campaigns));
    m_countries->setValues(listOf(filter.countries));
    m_touch->setCurrent(filter.touches.size() != 1 ? 0 : filter.touches[0] == protocol::TouchType::Link ? 1 : 2);
    m_bots->setCurrent(!filter.bot ? 0 : *filter.bot ? 2 : 1);
    QStringList classes, devices;
    for (const protocol::HitClass value : filter.classes)
        classes.append(wordOf(value));
    for (const protocol::DeviceType value : filter.devices)
        devices.append(wordOf(value));
    m_classes->setValues(classes);
    m_devices->setValues(devices);
    showMoreText();
}

qint64 FilterBar::windowSeconds() const
{
    return m_window->values().value(0).toLongLong();
}

void FilterBar::setWindowSeconds(qint64 seconds)
{
    m_window->setValues({QString::number(seconds)});
}

QString FilterBar::displayText() const
{
    return m_display->text();
}

void FilterBar::setDisplayText(const QString& text)
{
    m_display->setExpression(text);
}

void FilterBar::focusDisplay()
{
    m_display->setFocus(Qt::ShortcutFocusReason);
    m_display->selectAll();
}

void FilterBar::setCounts(quint64 shown, quint64 of)
{
    if (m_display->problem().words.isEmpty())
        m_counts->setText(tr("%1 of %2 rows").arg(widgets::figure(shown), widgets::figure(of)));
}

void FilterBar::offer(ChoiceButton* button, const QString& field, const QStringList& values)
{
    QList<widgets::Choice> choices;
    for (const QString& value : values)
        choices.append({value, field == QLatin1String("country") && !value.isEmpty()
                                   ? widgets::WorldMap::countryName(value) + QStringLiteral("  ") + value
                               : value.isEmpty() ? tr("Unknown")
                                                 : value});
    button->offer(choices);
    m_values.insert(field, values);
}

void FilterBar::offerLinks(const QStringList& addresses)
{
    offer(m_links, QStringLiteral("link"), addresses);
}

void FilterBar::offerDomains(const QStringList& hosts)
{
    offer(m_domains, QStringLiteral("domain"), hosts);
}

void FilterBar::offerCampaigns(const QStringList& campaigns)
{
    offer(m_campaigns, QStringLiteral("campaign"), campaigns);
}

void FilterBar::offerCountries(const QStringList& codes)
{
    offer(m_countries, QStringLiteral("country"), codes);
}

QStringList FilterBar::completions(const QString& word) const
{
    static constexpr int completionsMax = 30;
    QStringList found;
    const qsizetype colon = word.indexOf(QLatin1Char(':'));
    if (colon < 0) {
        for (const std::string_view field : protocol::filterFields()) {
            const QString name = QString::fromUtf8(field.data(), static_cast<qsizetype>(field.size()));
            if (name.startsWith(word, Qt::CaseInsensitive))
                found.append(name + QLatin1Char(':'));
        }
        for (const char* bare :
             {"bot", "human", "qr", "scan", "click", "miss", "probe", "prefetch", "blocked", "not", "and", "or"})
            if (QLatin1String(bare).startsWith(word, Qt::CaseInsensitive))
                found.append(QLatin1String(bare));
        return found;
    }
    const QString field = word.left(colon);
    // Values may be a list: only the last one is completed.
    const qsizetype start = word.lastIndexOf(QLatin1Char(',')) + 1;
    const QString before = word.left(std::max(start, colon + 1));
    const QString typed = word.mid(before.size());
    QStringList values = m_values.value(field);
    if (field == QLatin1String("device"))
        values = {QStringLiteral("mobile"), QStringLiteral("tablet"), QStringLiteral("desktop"),
                  QStringLiteral("other")};
    else if (field == QLatin1String("class"))
        values = {QStringLiteral("click"), QStringLiteral("probe"), QStringLiteral("prefetch"), QStringLiteral("miss"),
                  QStringLiteral("blocked")};
    else if (field == QLatin1String("touch"))
        values = {QStringLiteral("link"), QStringLiteral("qr")};
    for (const QString& value : std::as_const(values))
        if (found.size() < completionsMax && value.startsWith(typed, Qt::CaseInsensitive))
            found.append(before + filterValue(value));
    return found;
}

} // namespace live
