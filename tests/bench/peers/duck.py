# SPDX-License-Identifier: MIT
"""The same with DuckDB, on the text."""
import pathlib
import sys

import duckdb

db = duckdb.connect()
db.execute("""
    create table lines as
    select row_number() over () as n, line
    from read_csv(?, columns = {'line': 'varchar'}, header = false, delim = '\x01', quote = '',
                  escape = '', auto_detect = false, strict_mode = false)""", [sys.argv[1]])
question = pathlib.Path(__file__).with_name("duck.sql").read_text()
for n, key in db.execute(question).fetchall():
    print(n, key)
