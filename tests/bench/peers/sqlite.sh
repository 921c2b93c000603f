#!/bin/sh
# SPDX-License-Identifier: MIT
# The same with sqlite3, which needs columns: awk makes them.
awk -v OFS='|' '/^# / { captures++ }
    $2 == "Nonp" || $2 == "Paged" { print captures, substr($0, 2, 4) " " $2, $(NF - 1) }' "$1" |
sqlite3 -separator '|' :memory: \
    'create table rows (capture integer, key text, bytes integer)' \
    '.import /dev/stdin rows' \
    "select b.bytes - (a.capture = 1) * a.bytes, x.key from
       (select key, min(rowid) lo, max(rowid) hi from rows group by key) x
       join rows a on a.rowid = x.lo join rows b on b.rowid = x.hi
     order by b.bytes - (a.capture = 1) * a.bytes desc, x.key limit 20" |
tr '|' ' '
