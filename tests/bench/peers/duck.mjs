// SPDX-License-Identifier: MIT
// The same with DuckDB, on the text, where Node.js has it and Python has not.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(process.env.NODE_PATH ? `${process.env.NODE_PATH}/x.js` : import.meta.url);
const { DuckDBInstance } = require("@duckdb/node-api");
const db = await (await DuckDBInstance.create(":memory:")).connect();
const text = process.argv[2].replaceAll("'", "''");
await db.run(`
    create table lines as
    select row_number() over () as n, line
    from read_csv('${text}', columns = {'line': 'varchar'}, header = false, delim = '\x01',
                  quote = '', escape = '', auto_detect = false, strict_mode = false)`);
const question = readFileSync(new URL("duck.sql", import.meta.url), "utf8");
for (const [n, key] of (await db.runAndReadAll(question)).getRows())
    console.log(`${n} ${key}`);
