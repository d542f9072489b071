// SPDX-License-Identifier: GPL-3.0-or-later
// The oracle over an exported file: ClickHouse (chdb) reads the CSV and counts it, with its own clock of the zone.
import { createRequire } from "node:module";
import { renameSync, writeFileSync } from "node:fs";

const [csv, zone, answer, modules] = process.argv.slice(2);
const { Session } = createRequire(modules + "/")("chdb");
const session = new Session();
const run = (sql) => session.query(sql, "TabSeparated");

run("CREATE DATABASE oracle");
run("CREATE TABLE oracle.hits (day Int64, country LowCardinality(String), slug LowCardinality(String), visitor String, click UInt8, human UInt8, scan UInt8) ENGINE = MergeTree ORDER BY tuple()");
run(`INSERT INTO oracle.hits SELECT toInt64(toUnixTimestamp(toStartOfDay(toTimeZone(parseDateTimeBestEffort(time, 'UTC'), '${zone}')))) * 1000, country, slug, visitor,
    class = 'click', class = 'click' AND bot = 'false', class = 'click' AND touch = 'qr' FROM file('${csv}', 'CSVWithNames')
    SETTINGS input_format_csv_use_best_effort_in_schema_inference = 0`);
const figures = "count(), sum(click), sum(human), sum(scan)";
const lines = run(`SELECT 'cell', day, country, ${figures} FROM oracle.hits GROUP BY day, country`)
    + run(`SELECT 'link', 0, slug, ${figures} FROM oracle.hits GROUP BY slug`)
    + run("SELECT 'visitors', day, '', uniqExact(visitor), 0, 0, 0 FROM oracle.hits WHERE human GROUP BY day");
writeFileSync(answer + ".part", lines);
renameSync(answer + ".part", answer);
session.cleanup();
