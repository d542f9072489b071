// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/live/top_lists.h"

#include <QHBoxLayout>

#include "app/pages/live/filter_bar.h"
#include "app/pages/live/live_words.h"
#include "app/widgets/map/world_map.h"
#include "app/widgets/theme/type.h"
#include "app/widgets/top_list.h"
#include "backend/protocol/words.h"

namespace live {

namespace {

constexpr int listWidth = 176;

QString shownName(TopLists::List list, const std::string& name)
{
    if (name.empty())
        return list == TopLists::Referrers ? Words::tr("None told") : Words::tr("Unknown");
    if (list == TopLists::Countries)
        return widgets::WorldMap::countryName(Words::safe(name, 8));
    if (list == TopLists::Devices)
        if (const auto device = protocol::deviceTypeFrom(name))
            return Words::device(*device);
    return Words::safe(name);
}

} // namespace

TopLists::TopLists(QWidget* parent) : QWidget(parent)
{
    const QString titles[] = {tr("Links"),     tr("Referrers"), tr("Channels"),
                              tr("Countries"), tr("Devices"),   tr("Campaigns")};
    static constexpr const char* fields[] = {"link:", "referrer:", "channel:", "country:", "device:", "campaign:"};
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(14, 4, 14, 8);
    row->setSpacing(18);
    for (std::size_t i = 0; i < ListCount; ++i) {
        m_lists[i] = new widgets::TopList(titles[i], &widgets::Theme::link, this);
        row->addWidget(m_lists[i], i == Links ? 3 : 2);
        connect(m_lists[i], &widgets::TopList::picked, this,
                [this, field = QLatin1String(fields[i])](const QString& key) {
                    emit displayRequested(QStringLiteral("human and ") + field + filterValue(key));
                });
    }
    setMinimumWidth(0);
}

void TopLists::setWindow(const protocol::WindowAggregate& window)
{
    const std::vector<protocol::NamedCount>* const lists[] = {&window.topLinks,    &window.topReferrers,
                                                              &window.topChannels, &window.topCountries,
                                                              &window.topDevices,  &window.topCampaigns};
    for (std::size_t i = 0; i < ListCount; ++i) {
        QList<widgets::TopRow> rows;
        for (const protocol::NamedCount& count : *lists[i])
            rows.append({QString::fromStdString(count.name), shownName(static_cast<List>(i), count.name), count.count});
        m_lists[i]->setRows(rows);
    }
}

void TopLists::resizeEvent(QResizeEvent*)
{
    const int room = std::max(1, (width() - 28 + 18) / (listWidth + 18));
    for (int i = 0; i < ListCount; ++i)
        m_lists[static_cast<std::size_t>(i)]->setVisible(i < room);
}

} // namespace live
