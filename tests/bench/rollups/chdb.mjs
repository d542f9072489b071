// SPDX-License-Identifier: GPL-3.0-or-later
// ClickHouse's half, in this process: the same hits, the same ten dimensions by day, one thread; then its cells against ours. Texts
// as LowCardinality, cells sorted and under ZSTD, as its manual advises for such a table; background merges are off, so that none is
// counted.
import { createRequire } from "node:module";

const [folder, modules] = process.argv.slice(2);
const { Session } = createRequire(modules + "/")("chdb");
const dimensions = ["country", "device", "os", "browser", "language", "referrer", "touch", "placement", "bot", "utm_source"];

const cpu = () => { const used = process.cpuUsage(); return (used.user + used.system) / 1e6; };
const session = new Session(folder + "/chdb");
const oneThread = " SETTINGS max_threads = 1, max_insert_threads = 1";
const run = (sql) => session.query(sql, "TabSeparated");
const value = (sql) => Number(run(sql).trim());
const bytesOf = (table) => value(`SELECT sum(bytes_on_disk) FROM system.parts WHERE active AND database = 'bench' AND table = '${table}'`);

const texts = dimensions.map((name) => `${name} LowCardinality(String)`).join(", ");
const raw = `time Int64, link UInt64, click UInt8, human UInt8, scan UInt8, ${texts}`;
const cellsAre = "dimension LowCardinality(String), day Int64, link UInt64, value LowCardinality(String), hits UInt64, clicks UInt64, human UInt64, scans UInt64";
const packed = cellsAre.split(", ").map((column) => column + " CODEC(ZSTD(3))").join(", ");
run("CREATE DATABASE bench");
run(`CREATE TABLE bench.hits (${raw}) ENGINE = MergeTree ORDER BY time`);
run(`CREATE TABLE bench.cells (${packed}) ENGINE = MergeTree PARTITION BY dimension ORDER BY (link, value, day)`);
run("SYSTEM STOP MERGES");
run(`INSERT INTO bench.hits SELECT * FROM file('${folder}/hits.csv', 'CSV', '${raw}')`);
const before = cpu();
for (const name of dimensions)
    run(`INSERT INTO bench.cells SELECT '${name}', time - time % 86400000 AS day, link, ${name}, count(), sum(click), sum(human), sum(scan)
        FROM bench.hits GROUP BY day, link, ${name} ORDER BY link, ${name}, day` + oneThread);
const seconds = cpu() - before;
const memory_mb = Math.round(process.resourceUsage().maxRSS / 1024);
const hits = value("SELECT count() FROM bench.hits");
const cells = value("SELECT count() FROM bench.cells");

let best = Infinity;
for (let round = 0; round < 5; ++round) {
    const start = process.hrtime.bigint();
    run("SELECT day, value, sum(hits), sum(clicks), sum(human), sum(scans) FROM bench.cells WHERE dimension = 'country' GROUP BY day, value ORDER BY day, value" + oneThread);
    best = Math.min(best, Number(process.hrtime.bigint() - start) / 1e6);
}

run(`CREATE TABLE bench.ours (${cellsAre}) ENGINE = MergeTree ORDER BY (dimension, link, value, day)`);
run(`INSERT INTO bench.ours SELECT * FROM file('${folder}/cells.csv', 'CSV', '${cellsAre}')`);
const differences = value(`SELECT count() FROM (SELECT sum(side) AS balance FROM (SELECT *, 1 AS side FROM bench.ours UNION ALL SELECT *, -1 AS side FROM bench.cells)
    GROUP BY dimension, day, link, value, hits, clicks, human, scans HAVING balance != 0)`);
console.log(JSON.stringify({ events_per_cpu_second: Math.round(hits / seconds), cells, bytes: bytesOf("cells"), query_ms: Math.round(best * 10) / 10, memory_mb, differences }));
session.cleanup();
