// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractListModel>
#include <QString>

#include <vector>

#include "backend/protocol/window.h"

namespace models {

// One of the live window's top lists. Text is visible-safe; an unknown name reads "Unknown". At most rowsMax rows.
class TopListModel final : public QAbstractListModel {
    Q_OBJECT

public:
    static constexpr std::size_t rowsMax = 256;
    enum Role {
        CountRole = Qt::UserRole + 1, // quint64
        ShareRole,                    // double, of total()
        FilterTextRole,               // "referrer:t.co", or empty
        CountryRole,                  // alpha-2 where rows are places or countries
        IsUnknownRole,                // bool
        BarRole,                      // double 0…1, of the first row
    };
    enum class Kind {
        Links,
        Referrers,
        Channels,
        Countries,
        Devices,
        Campaigns,
        Placements,
        Bots,
        Misses,
        Regions,
        Cities
    };

    explicit TopListModel(Kind kind, QObject* parent = nullptr);

    void setRows(const std::vector<protocol::NamedCount>& rows, quint64 total);
    void setPlaces(const std::vector<protocol::PlaceCount>& rows, quint64 total);
    // Takes the list of its kind out of a window.
    void setWindow(const protocol::WindowAggregate& window);
    quint64 total() const { return m_total; }
    Kind kind() const { return m_kind; }

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;

private:
    struct Row {
        QString text, filter, country;
        quint64 count = 0;
        bool unknown = false;

        bool operator==(const Row&) const = default;
    };
    void replace(std::vector<Row> rows, quint64 total);
    QString shownName(const std::string& name) const;

    Kind m_kind;
    std::vector<Row> m_rows;
    quint64 m_total = 0;
};

} // namespace models
