// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/models/top_list_model.h"

#include <algorithm>

#include "app/models/hit_words.h"
#include "app/models/table_cells.h"
#include "backend/protocol/words.h"

namespace models {

namespace {

using protocol::HitColumn;
using Kind = TopListModel::Kind;

std::optional<HitColumn> columnOf(Kind kind)
{
    switch (kind) {
    case Kind::Links:
    case Kind::Misses:
        return std::nullopt;
    case Kind::Referrers:
        return HitColumn::Referrer;
    case Kind::Channels:
        return HitColumn::Channel;
    case Kind::Countries:
        return HitColumn::Country;
    case Kind::Devices:
        return HitColumn::Device;
    case Kind::Campaigns:
        return HitColumn::Campaign;
    case Kind::Placements:
        return HitColumn::Placement;
    case Kind::Bots:
        return HitColumn::BotCategory;
    case Kind::Regions:
        return HitColumn::Region;
    case Kind::Cities:
        return HitColumn::City;
    }
    return std::nullopt;
}

QString filterFor(Kind kind, const std::string& name)
{
    protocol::FilterNode node;
    node.kind = protocol::FilterNode::Kind::Equals;
    const std::optional<HitColumn> column = columnOf(kind);
    node.linkColumn = !column;
    if (column)
        node.column = *column;
    node.values = {name};
    return QString::fromStdString(protocol::filterText(node));
}

} // namespace

TopListModel::TopListModel(Kind kind, QObject* parent) : QAbstractListModel(parent), m_kind(kind) {}

QString TopListModel::shownName(const std::string& name) const
{
    if (name.empty())
        return m_kind == Kind::Referrers ? words::direct() : words::unknownName();
    if (m_kind == Kind::Countries)
        return words::country(name);
    if (m_kind == Kind::Devices) {
        const auto device = protocol::deviceTypeFrom(name);
        return device ? words::device(*device) : shownText(name);
    }
    if (m_kind == Kind::Bots) {
        const auto category = protocol::botCategoryFrom(name);
        return category && *category != protocol::BotCategory::Human ? words::botCategory(*category) : shownText(name);
    }
    return shownText(name);
}

void TopListModel::setRows(const std::vector<protocol::NamedCount>& rows, quint64 total)
{
    std::vector<Row> shown;
    for (const protocol::NamedCount& row : rows) {
        if (shown.size() == rowsMax)
            break;
        const QString country = m_kind == Kind::Countries ? shownText(row.name) : QString();
        shown.push_back({shownName(row.name), filterFor(m_kind, row.name), country, row.count, row.name.empty()});
    }
    replace(std::move(shown), total);
}

void TopListModel::setPlaces(const std::vector<protocol::PlaceCount>& rows, quint64 total)
{
    std::vector<Row> shown;
    for (const protocol::PlaceCount& row : rows) {
        if (shown.size() == rowsMax)
            break;
        QString text = shownName(row.name);
        const QString country = shownText(row.country);
        if (!country.isEmpty())
            text += QStringLiteral(", ") + country;
        shown.push_back({text, filterFor(m_kind, row.name), country, row.count, row.name.empty()});
    }
    replace(std::move(shown), total);
}

void TopListModel::setWindow(const protocol::WindowAggregate& window)
{
    switch (m_kind) {
    case Kind::Links:
        return setRows(window.topLinks, window.humanClicks);
    case Kind::Referrers:
        return setRows(window.topReferrers, window.humanClicks);
    case Kind::Channels:
        return setRows(window.topChannels, window.humanClicks);
    case Kind::Countries:
        return setRows(window.topCountries, window.humanClicks);
    case Kind::Devices:
        return setRows(window.topDevices, window.humanClicks);
    case Kind::Campaigns:
        return setRows(window.topCampaigns, window.humanClicks);
    case Kind::Placements:
        return setRows(window.topPlacements, window.scans);
    case Kind::Bots:
        return setRows(window.topBots, window.bots);
    case Kind::Misses:
        return setRows(window.topMisses, window.misses);
    case Kind::Regions:
        return setPlaces(window.qrRegions, window.scans);
    case Kind::Cities:
        return setPlaces(window.qrCities, window.scans);
    }
}

// The list changes twice a second and mostly by counts alone: rows that stay are told by dataChanged, so that a
// selection stays.
void TopListModel::replace(std::vector<Row> rows, quint64 total)
{
    const bool totalChanged = total != m_total;
    m_total = total;
    const int before = static_cast<int>(m_rows.size());
    const int after = static_cast<int>(rows.size());
    const bool firstChanged = before > 0 && after > 0 && rows[0].count != m_rows[0].count;
    if (after > before) {
        beginInsertRows({}, before, after - 1);
        m_rows.insert(m_rows.end(), rows.begin() + before, rows.end());
        endInsertRows();
    } else if (after < before) {
        beginRemoveRows({}, after, before - 1);
        m_rows.resize(rows.size());
        endRemoveRows();
    }
    int firstAt = -1;
    int lastAt = -1;
    for (int i = 0; i < after; ++i) {
        const auto at = static_cast<std::size_t>(i);
        if (!totalChanged && !firstChanged && rows[at] == m_rows[at])
            continue;
        m_rows[at] = std::move(rows[at]);
        firstAt = firstAt < 0 ? i : firstAt;
        lastAt = i;
    }
    if (firstAt >= 0)
        emit dataChanged(index(firstAt), index(lastAt));
}

int TopListModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

QVariant TopListModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const Row& row = m_rows[static_cast<std::size_t>(index.row())];
    const auto part = [&row](quint64 of) {
        return of == 0 ? 0.0 : static_cast<double>(row.count) / static_cast<double>(of);
    };
    switch (role) {
    case Qt::DisplayRole:
        return row.text;
    case Qt::ToolTipRole:
        return plainTooltip(row.text);
    case CountRole:
        return QVariant::fromValue<quint64>(row.count);
    case ShareRole:
        return part(m_total);
    case FilterTextRole:
        return row.filter;
    case CountryRole:
        return row.country;
    case IsUnknownRole:
        return row.unknown;
    case BarRole:
        return part(m_rows[0].count);
    default:
        return {};
    }
}

} // namespace models
