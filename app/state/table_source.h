// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QJsonObject>
#include <QString>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace state {

struct TableColumn {
    std::string name;    // as in exports: "human_clicks"; stable, never translated
    bool number = false; // its cells are numbers, or empty where unknown
    bool flag = false;   // its cells are "true" or "false"
};

// A table as it stands at one moment, to be exported. Made for one export, read on the GUI thread from the first row to
// the last, a few hundred rows at a time.
class TableSource {
public:
    virtual ~TableSource() = default;

    virtual std::vector<TableColumn> columns() const = 0;
    virtual std::uint64_t rowCount() const = 0;
    // Writes the row's cells into `cells`, raw as they came from outside: the exporter makes them safe. Numbers are
    // plain ("-5", "0.25"); unknown is empty. False: the row is not there any more; it is counted, not written.
    virtual bool readRow(std::uint64_t row, std::vector<std::string>& cells) = 0;
    // For the file beside: filter, range, watermark and whatever else says where the figures come from. Asked for once
    // all rows were read.
    virtual QJsonObject facts() const = 0;
};

// A table that is small enough to be copied: a report's, a chart's, the list of links.
class CopiedTable final : public TableSource {
public:
    using Rows = std::vector<std::vector<std::string>>; // each as wide as the columns

    CopiedTable(std::vector<TableColumn> columns, Rows rows, QJsonObject facts)
        : m_columns(std::move(columns)), m_rows(std::move(rows)), m_facts(std::move(facts))
    {
    }

    std::vector<TableColumn> columns() const override { return m_columns; }
    std::uint64_t rowCount() const override { return m_rows.size(); }
    bool readRow(std::uint64_t row, std::vector<std::string>& cells) override
    {
        cells = m_rows[static_cast<std::size_t>(row)];
        return true;
    }
    QJsonObject facts() const override { return m_facts; }

private:
    std::vector<TableColumn> m_columns;
    Rows m_rows;
    QJsonObject m_facts;
};

// A table that a page can export, as the Export dialog lists it.
struct TableOffer {
    QString title;    // "Breakdown by country"
    QString fileName; // without ending: "clicks-by-country"
    // With all columns that there are, or with those shown; many tables know no difference.
    std::function<std::unique_ptr<TableSource>(bool allColumns)> make;
};

} // namespace state
