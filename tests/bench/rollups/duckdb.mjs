// SPDX-License-Identifier: GPL-3.0-or-later
// DuckDB's half: the same hits, the same ten dimensions by day, one thread; then its cells against ours.
import { createRequire } from "node:module";
import { statSync } from "node:fs";

const [folder, modules] = process.argv.slice(2);
const { DuckDBInstance } = createRequire(modules + "/")("@duckdb/node-api");
const dimensions = ["country", "device", "os", "browser", "language", "referrer", "touch", "placement", "bot", "utm_source"];

const cpu = () => { const used = process.cpuUsage(); return (used.user + used.system) / 1e6; };
const instance = await DuckDBInstance.create(":memory:", { threads: "1" });
const connection = await instance.connect();
const run = (sql) => connection.run(sql);
const value = async (sql) => Number((await (await connection.run(sql)).getRows())[0][0]);

await run(`ATTACH '${folder}/raw.duckdb' AS raw`);
const text = dimensions.map((name) => `'${name}': 'VARCHAR'`).join(", ");
await run(`CREATE TABLE raw.hits AS SELECT * FROM read_csv('${folder}/hits.csv', header = false, nullstr = '\\N', columns = {
    'time': 'BIGINT', 'link': 'UBIGINT', 'click': 'UTINYINT', 'human': 'UTINYINT', 'scan': 'UTINYINT', ${text}})`);
await run("CHECKPOINT raw");
await run(`ATTACH '${folder}/cells.duckdb' AS rolled`);
await run("CREATE TABLE rolled.cells(dimension VARCHAR, day BIGINT, link UBIGINT, value VARCHAR, hits UBIGINT, clicks UBIGINT, human UBIGINT, scans UBIGINT)");
const before = cpu();
for (const name of dimensions)
    await run(`INSERT INTO rolled.cells SELECT '${name}', time - time % 86400000 AS day, link, ${name}, count(*), sum(click), sum(human), sum(scan)
        FROM raw.hits GROUP BY day, link, ${name} ORDER BY link, ${name}, day`);
await run("CHECKPOINT rolled");
const seconds = cpu() - before;
const memory_mb = Math.round(process.resourceUsage().maxRSS / 1024);
const hits = await value("SELECT count(*) FROM raw.hits");
const cells = await value("SELECT count(*) FROM rolled.cells");

let best = Infinity;
for (let round = 0; round < 5; ++round) {
    const start = process.hrtime.bigint();
    await (await run("SELECT day, value, sum(hits), sum(clicks), sum(human), sum(scans) FROM rolled.cells WHERE dimension = 'country' GROUP BY day, value ORDER BY day, value")).getRows();
    best = Math.min(best, Number(process.hrtime.bigint() - start) / 1e6);
}

await run(`CREATE TABLE ours AS SELECT * FROM read_csv('${folder}/cells.csv', header = false, nullstr = '\\N', columns = {
    'dimension': 'VARCHAR', 'day': 'BIGINT', 'link': 'UBIGINT', 'value': 'VARCHAR', 'hits': 'UBIGINT', 'clicks': 'UBIGINT', 'human': 'UBIGINT', 'scans': 'UBIGINT'})`);
const differences = await value("SELECT count(*) FROM ((SELECT * FROM ours EXCEPT ALL SELECT * FROM rolled.cells) UNION ALL (SELECT * FROM rolled.cells EXCEPT ALL SELECT * FROM ours))");
console.log(JSON.stringify({ events_per_cpu_second: Math.round(hits / seconds), cells, bytes: statSync(`${folder}/cells.duckdb`).size, query_ms: Math.round(best * 10) / 10, memory_mb, differences }));
