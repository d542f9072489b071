// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractTableModel>
#include <QHash>

#include <vector>

#include "app/state/links.h"

namespace models {

// Which links are listed; empty fields let everything through.
struct LinkFilter {
    QString text; // words that all stand in the address, destination, campaign, tags, owner or notes
    QString state, tag, campaign;

    bool isEmpty() const { return text.isEmpty() && state.isEmpty() && tag.isEmpty() && campaign.isEmpty(); }
    friend bool operator==(const LinkFilter&, const LinkFilter&) = default;
};

// The links that are known, by address, and of them those that pass the filter. Texts shown are made visible-safe.
class LinkTableModel final : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column { Address, State, Destination, Campaign, Clicks, Rules, ColumnCount };
    enum Role {
        IdRole = Qt::UserRole + 1, // quint64
        DomainRole,
        SlugRole,  // with its slash
        StateRole, // the API's word
    };

    explicit LinkTableModel(QObject* parent = nullptr);

    void setLinks(std::vector<state::Link> links);
    // Adds them, or takes the place of their older selves.
    void addLinks(const std::vector<state::Link>& links);
    // Adds it, or takes the place of its older self.
    void putLink(const state::Link& link);
    void setFilter(const LinkFilter& filter);
    const LinkFilter& filter() const { return m_filter; }
    // Human clicks of late, by link.
    void setClicks(const QHash<quint64, quint64>& clicks);

    const std::vector<state::Link>& links() const { return m_links; }
    const state::Link* linkWith(quint64 id) const;
    const state::Link* linkAt(const QString& address) const;
    int rowOf(quint64 id) const; // among the rows shown; -1 = not there
    // Values in use, each once, in order.
    QStringList tags() const;
    QStringList campaigns() const;
    QStringList utmValues(QString state::Utm::* member) const;

    static QString stateWord(const QString& state); // with its glyph

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    bool passes(const state::Link& link) const;
    void choose();
    QVariant textOf(const state::Link& link, int column) const;
    QVariant tipOf(const state::Link& link, int column) const;

    std::vector<state::Link> m_links; // by address
    std::vector<std::size_t> m_shown;
    LinkFilter m_filter;
    QHash<quint64, quint64> m_clicks;
    bool m_clicksKnown = false;
};

} // namespace models
