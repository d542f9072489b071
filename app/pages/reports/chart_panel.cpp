// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/reports/chart_panel.h"

#include <QVBoxLayout>

#include <cmath>

#include "app/models/reports/report_words.h"
#include "app/pages/report_parts/report_sentences.h"
#include "app/widgets/card.h"
#include "app/widgets/choice_button.h"
#include "backend/protocol/words.h"

namespace reports {

using models::Metric;
using widgets::ChartSeries;
using widgets::ChoiceButton;
using widgets::SeriesChart;
using widgets::Theme;

namespace {

ChoiceButton* flatChoice(const QString& name, const QList<widgets::Choice>& choices)
{
    auto* button = new ChoiceButton(ChoiceButton::Mode::One, name, name);
    button->setProperty("look", QStringLiteral("flat"));
    button->offer(choices);
    button->setValues({choices.first().value});
    return button;
}

template <typename Buckets>
ChartSeries seriesOfMetric(const QString& name, widgets::Ink ink, const Buckets& buckets, Metric metric)
{
    ChartSeries series{name, ink, {}};
    for (const models::SeriesBucket& bucket : buckets) {
        const auto count = models::countOf(bucket.counts, metric);
        series.values.append(count ? static_cast<double>(*count) : std::nan(""));
    }
    return series;
}

ChartSeries before(const models::ReportSeries& series, Metric metric)
{
    ChartSeries compared{ChartPanel::tr("before"), &Theme::text, {}, true, {}};
    for (const auto& bucket : series.compared()) {
        const auto count = bucket ? models::countOf(bucket->counts, metric) : std::nullopt;
        compared.values.append(count ? static_cast<double>(*count) : std::nan(""));
        compared.times.append(bucket ? bucket->startMs : 0);
    }
    return compared;
}

QString wordText(protocol::Granularity granularity)
{
    const std::string_view word = protocol::word(granularity);
    return QString::fromLatin1(word.data(), static_cast<qsizetype>(word.size()));
}

} // namespace

ChartPanel::ChartPanel(QWidget* parent)
    : QWidget(parent), m_chart(new SeriesChart),
      m_view(flatChoice(tr("Figures"), {{QStringLiteral("people"), tr("People and bots")},
                                        {QStringLiteral("scans"), tr("QR scans")},
                                        {QStringLiteral("uniques"), tr("Uniques")},
                                        {QStringLiteral("values"), tr("First five values")}})),
      m_shape(flatChoice(tr("Shape"), {{QStringLiteral("stacked"), tr("Stacked")},
                                       {QStringLiteral("line"), tr("Lines")},
                                       {QStringLiteral("area"), tr("Area")}})),
      m_granularity(flatChoice(tr("Buckets"), {{QString(), tr("Automatic")},
                                               {wordText(protocol::Granularity::Minute), tr("By minute")},
                                               {wordText(protocol::Granularity::Hour), tr("By hour")},
                                               {wordText(protocol::Granularity::Day), tr("By day")}}))
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(4, 6, 4, 4);
    column->addWidget(m_chart);
    m_chart->setSelectable(true);
    m_chart->setShape(SeriesChart::Shape::Stacked);
    connect(m_view, &ChoiceButton::chosen, this, [this] {
        show();
        emit questionChanged(); // the first five come with an answer of their own
    });
    connect(m_shape, &ChoiceButton::chosen, this, &ChartPanel::show);
    connect(m_granularity, &ChoiceButton::chosen, this, &ChartPanel::questionChanged);
    connect(m_chart, &SeriesChart::rangeSelected, this, &ChartPanel::narrow);
    connect(m_chart, &SeriesChart::momentPicked, this, [this](qint64 at) { narrow(at, at); });
}

void ChartPanel::addHeaderTo(widgets::Card* card)
{
    for (ChoiceButton* button : {m_view, m_shape, m_granularity})
        card->addHeaderWidget(button);
}

void ChartPanel::setReport(const state::ReportPtr& report)
{
    m_report = report;
    show();
}

void ChartPanel::setView(View view)
{
    const char* words[] = {"people", "scans", "uniques", "values"};
    m_view->setValues({QString::fromLatin1(words[view])});
    show();
}

ChartPanel::View ChartPanel::view() const
{
    const QString word = m_view->values().value(0);
    return word == QLatin1StringView("scans")     ? Scans
           : word == QLatin1StringView("uniques") ? Uniques
           : word == QLatin1StringView("values")  ? ByValue
                                                  : PeopleAndBots;
}

std::optional<protocol::Granularity> ChartPanel::granularity() const
{
    return protocol::granularityFrom(m_granularity->values().value(0).toStdString());
}

void ChartPanel::setGranularity(std::optional<protocol::Granularity> granularity)
{
    m_granularity->setValues({granularity ? wordText(*granularity) : QString()});
}

QList<ChartSeries> ChartPanel::splitOf(const models::ReportSeries& series) const
{
    const widgets::Ink inks[] = {&Theme::link, &Theme::violet, &Theme::teal, &Theme::rose, &Theme::sand};
    QList<ChartSeries> list;
    std::size_t split = 0;
    for (const state::ReportValue& value : m_report->values)
        if (!value.series.empty() && split < series.split().size() && split < std::size(inks)) {
            list.append(seriesOfMetric(models::words::reportValue(m_report->by, value.value), inks[split],
                                       series.split()[split], Metric::Clicks));
            ++split;
        }
    return list;
}

QList<ChartSeries> ChartPanel::seriesOf(const models::ReportSeries& series) const
{
    const auto of = [&series](Metric metric, widgets::Ink ink) {
        return seriesOfMetric(models::words::metricName(metric), ink, series.buckets(), metric);
    };
    QList<ChartSeries> list;
    Metric against = Metric::Clicks;
    switch (view()) {
    case PeopleAndBots:
        list = {of(Metric::People, &Theme::link), of(Metric::Bots, &Theme::bot)};
        break;
    case Scans:
        list = {of(Metric::Scans, &Theme::qr)};
        against = Metric::Scans;
        break;
    case Uniques:
        list = {of(Metric::Uniques, &Theme::link), of(Metric::UniqueScanners, &Theme::qr)};
        against = Metric::Uniques;
        break;
    case ByValue:
        return splitOf(series);
    }
    // A line of zeros tells less than its absence.
    if (m_report->compared && m_report->compared->totals.hits > 0)
        list.append(before(series, against));
    return list;
}

void ChartPanel::show()
{
    const QString shape = m_shape->values().value(0);
    // Uniques are no parts of a sum, nor are scanners apart from visitors.
    const bool stacked = shape == QLatin1StringView("stacked") && view() != Uniques;
    m_chart->setShape(stacked                              ? SeriesChart::Shape::Stacked
                      : shape == QLatin1StringView("area") ? SeriesChart::Shape::Area
                                                           : SeriesChart::Shape::Line);
    m_missing.clear();
    if (!m_report)
        return;
    if (view() == Uniques && m_report->granularity != protocol::Granularity::Day)
        m_missing = tr("Uniques are kept by day. Choose days, or a longer range.");
    else if (view() == ByValue && m_report->query.by.isEmpty())
        m_missing = tr("Choose what to break down by.");
    const models::ReportSeries series(*m_report);
    QList<widgets::ChartBucket> buckets;
    for (const models::SeriesBucket& bucket : series.buckets())
        buckets.append({bucket.startMs, bucket.endMs, bucket.partial});
    m_chart->setZone(series.zone());
    m_chart->setSeries(buckets, seriesOf(series), series.completeToMs(),
                       Sentences::edge(series.completeToMs(), series.zone()));
    emit viewChanged();
}

void ChartPanel::narrow(qint64 fromMs, qint64 toMs)
{
    const auto& buckets = m_chart->buckets();
    const qsizetype first = m_chart->bucketAt(fromMs), last = m_chart->bucketAt(toMs);
    if (first < 0 || last < 0 || (first == 0 && last == buckets.size() - 1))
        return;
    // A minute has nothing finer within.
    if (first == last && m_report && m_report->granularity == protocol::Granularity::Minute)
        return;
    emit rangePicked(buckets[first].startMs, buckets[last].endMs);
}

} // namespace reports
