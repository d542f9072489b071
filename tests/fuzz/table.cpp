// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/imports/drafts.h"
#include "backend/imports/table_reader.h"
#include "tests/fuzz/fuzzer.h"

namespace {

void readAll(imports::RowSource& source, std::size_t bytes)
{
    imports::Row row;
    std::size_t before = 0;
    while (source.next(row)) {
        fuzz::require(row.cells.size() <= imports::cellsMax, "cells are bounded");
        for (const std::string& cell : row.cells)
            fuzz::require(cell.size() <= imports::cellBytesMax, "a cell is bounded");
        fuzz::require(source.bytesRead() >= before && source.bytesRead() <= bytes, "rows are read forward");
        fuzz::require(!row.cells.empty(), "a row has a cell");
        before = source.bytesRead();
    }
}

} // namespace

FUZZER(csv)
{
    imports::TableReader table(bytes);
    readAll(table, bytes.size());
}

FUZZER(sql_dump)
{
    imports::DumpReader::isDump(bytes);
    imports::DumpReader dump(bytes);
    readAll(dump, bytes.size());
}
