// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/models/link_table_model.h"

#include <QLocale>

#include <algorithm>

#include "backend/protocol/words.h"

namespace models {

namespace {

constexpr std::size_t shownBytes = 512;

QString safe(const QString& text)
{
    return QString::fromStdString(protocol::visibleText(text.toStdString(), shownBytes));
}

bool before(const state::Link& a, const state::Link& b)
{
    return std::tie(a.domain, a.slug, a.id) < std::tie(b.domain, b.slug, b.id);
}

template <typename Take> QStringList valuesOf(const std::vector<state::Link>& links, Take take)
{
    QStringList values;
    for (const state::Link& link : links)
        take(link, values);
    values.removeAll(QString());
    values.sort();
    values.removeDuplicates();
    return values;
}

} // namespace

LinkTableModel::LinkTableModel(QObject* parent) : QAbstractTableModel(parent) {}

void LinkTableModel::setLinks(std::vector<state::Link> links)
{
    beginResetModel();
    m_links = std::move(links);
    std::sort(m_links.begin(), m_links.end(), before);
    choose();
    endResetModel();
}

void LinkTableModel::addLinks(const std::vector<state::Link>& links)
{
    QHash<quint64, const state::Link*> news;
    for (const state::Link& link : links)
        news.insert(link.id, &link);
    beginResetModel();
    std::erase_if(m_links, [&news](const state::Link& link) { return news.contains(link.id); });
    for (const state::Link* link : std::as_const(news))
        m_links.push_back(*link);
    std::sort(m_links.begin(), m_links.end(), before);
    choose();
    endResetModel();
}

void LinkTableModel::putLink(const state::Link& link)
{
    const auto known =
        std::find_if(m_links.begin(), m_links.end(), [&](const state::Link& other) { return other.id == link.id; });
    if (known != m_links.end() && known->address() == link.address() && passes(*known) && passes(link)) {
        *known = link;
        const int row = rowOf(link.id);
        emit dataChanged(index(row, 0), index(row, ColumnCount - 1));
        return;
    }
    beginResetModel();
    if (known != m_links.end())
        m_links.erase(known);
    m_links.insert(std::lower_bound(m_links.begin(), m_links.end(), link, before), link);
    choose();
    endResetModel();
}

void LinkTableModel::setFilter(const LinkFilter& filter)
{
    if (filter == m_filter)
        return;
    beginResetModel();
    m_filter = filter;
    choose();
    endResetModel();
}

void LinkTableModel::setClicks(const QHash<quint64, quint64>& clicks)
{
    m_clicks = clicks;
    m_clicksKnown = true;
    if (!m_shown.empty())
        emit dataChanged(index(0, Clicks), index(rowCount() - 1, Clicks));
}

bool LinkTableModel::passes(const state::Link& link) const
{
    if (!m_filter.state.isEmpty() && link.state != m_filter.state)
        return false;
    if (!m_filter.tag.isEmpty() && !link.tags.contains(m_filter.tag))
        return false;
    if (!m_filter.campaign.isEmpty() && link.campaign != m_filter.campaign)
        return false;
    if (m_filter.text.isEmpty())
        return true;
    const QString all = link.address() + QLatin1Char('\n') + link.destination + QLatin1Char('\n') + link.campaign +
                        QLatin1Char('\n') + link.tags.join(QLatin1Char('\n')) + QLatin1Char('\n') + link.owner +
                        QLatin1Char('\n') + link.notes;
    const QStringList words = m_filter.text.split(QLatin1Char(' '), Qt::SkipEmptyParts);
    return std::all_of(words.cbegin(), words.cend(),
                       [&](const QString& word) { return all.contains(word, Qt::CaseInsensitive); });
}

void LinkTableModel::choose()
{
    m_shown.clear();
    for (std::size_t i = 0; i < m_links.size(); ++i)
        if (passes(m_links[i]))
            m_shown.push_back(i);
}

const state::Link* LinkTableModel::linkWith(quint64 id) const
{
    const auto it = std::find_if(m_links.cbegin(), m_links.cend(), [id](const auto& link) { return link.id == id; });
    return it == m_links.cend() ? nullptr : &*it;
}

const state::Link* LinkTableModel::linkAt(const QString& address) const
{
    const auto it =
        std::find_if(m_links.cbegin(), m_links.cend(), [&](const auto& link) { return link.address() == address; });
    return it == m_links.cend() ? nullptr : &*it;
}

int LinkTableModel::rowOf(quint64 id) const
{
    const auto it = std::find_if(m_shown.cbegin(), m_shown.cend(), [&](std::size_t i) { return m_links[i].id == id; });
    return it == m_shown.cend() ? -1 : static_cast<int>(it - m_shown.cbegin());
}

QStringList LinkTableModel::tags() const
{
    return valuesOf(m_links, [](const state::Link& link, QStringList& values) { values.append(link.tags); });
}

QStringList LinkTableModel::campaigns() const
{
    return valuesOf(m_links, [](const state::Link& link, QStringList& values) { values.append(link.campaign); });
}

QStringList LinkTableModel::utmValues(QString state::Utm::* member) const
{
    return valuesOf(m_links,
                    [member](const state::Link& link, QStringList& values) { values.append(link.utm.*member); });
}

QString LinkTableModel::stateWord(const QString& state)
{
    if (state == QLatin1StringView("active"))
        return tr("\u25CF active");
    if (state == QLatin1StringView("paused"))
        return tr("\u275A\u275A paused");
    if (state == QLatin1StringView("expired"))
        return tr("\u25CB expired");
    if (state == QLatin1StringView("deleted"))
        return tr("\u2715 deleted");
    return safe(state);
}

int LinkTableModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_shown.size());
}

int LinkTableModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant LinkTableModel::textOf(const state::Link& link, int column) const
{
    switch (column) {
    case Address:
        return safe(link.address());
    case State:
        return stateWord(link.state);
    case Destination:
        return safe(link.destination);
    case Campaign:
        return link.campaign.isEmpty() ? QStringLiteral("\u2014") : safe(link.campaign);
    case Clicks: {
        // Unknown is not zero: before the first answer nothing is known.
        const auto late = m_clicks.constFind(link.id);
        return late == m_clicks.constEnd() ? (m_clicksKnown ? QStringLiteral("0") : QStringLiteral("\u2026"))
                                           : QLocale().toString(*late);
    }
    case Rules:
        return link.rules.isEmpty() ? QStringLiteral("\u2014") : QLocale().toString(link.rules.size());
    default:
        return {};
    }
}

QVariant LinkTableModel::tipOf(const state::Link& link, int column) const
{
    QString text = textOf(link, column).toString();
    if (column == Clicks && link.clickLimit > 0)
        text = tr("%1 of %2 clicks that it may take")
                   .arg(QLocale().toString(link.clicks.value_or(0)), QLocale().toString(link.clickLimit));
    return QStringLiteral("<qt>") + text.toHtmlEscaped() + QStringLiteral("</qt>");
}

QVariant LinkTableModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || index.row() >= rowCount())
        return {};
    const state::Link& link = m_links[m_shown[static_cast<std::size_t>(index.row())]];
    switch (role) {
    case Qt::DisplayRole:
        return textOf(link, index.column());
    case Qt::ToolTipRole:
        return tipOf(link, index.column());
    case IdRole:
        return static_cast<quint64>(link.id);
    case DomainRole:
        return safe(link.domain);
    case SlugRole:
        return QLatin1Char('/') + safe(link.slug);
    case StateRole:
        return link.state;
    default:
        return {};
    }
}

QVariant LinkTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Address:
        return tr("Link");
    case State:
        return tr("State");
    case Destination:
        return tr("Destination");
    case Campaign:
        return tr("Campaign");
    case Clicks:
        return tr("24 h", "clicks of the last day");
    case Rules:
        return tr("Rules");
    default:
        return {};
    }
}

} // namespace models
