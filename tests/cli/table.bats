#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Tables made by hand: what the person sees.

load common

TABLES=$FIXTURES/table

@test "two tables of one post are one snapshot, each in the pool of its heading" {
    json show --json "$TABLES/two-pools.md"
    [ "$(q '.snapshots | length')" -eq 1 ]
    [ "$(q '[.snapshots[0].rows[] | select(.pool == "paged") | .tag] | join(",")')" = "CM25,MmSt,Toke,Gh|5" ]
    [ "$(q '[.snapshots[0].rows[] | select(.pool == "nonpaged") | .tag] | join(",")')" = "QzFC,File,Io  ,Mm  " ]
    [ "$(q '.snapshots[0].rows[] | select(.tag == "QzFC") | .bytes')" -eq 19327352832 ]
    [ "$(q '.snapshots[0].rows[] | select(.tag == "QzFC") | .allocs')" = null ]
    [ "$(q '.snapshots[0].completeness')" = filtered ]
}

@test "the doubt about MB is said, and so is the pool that nobody named" {
    run "$POOLSIFT" show "$TABLES/no-pool.md"
    [ "$status" -eq 0 ]
    says "MB was read as MiB"
    says "does not say which pool"
    json show --json "$TABLES/no-pool.md"
    [ "$(q '[.snapshots[0].rows[].pool] | unique[]')" = unknown ]
    [ "$(q '.snapshots[0].rows[0].owner')" = "qzfs.sys (unknown vendor)" ]
}

@test "a table of changes is refused in those words, with what to send instead" {
    for f in changes-net.md changes-plus.md changes-rate.txt changes-above.md; do
        fails show "$TABLES/$f"
        says "a table of changes"
        says "no snapshot"
        says "hint: send the figures as they stood"
    done
}

@test "rows that contradict themselves are dropped and said" {
    run "$POOLSIFT" show "$TABLES/wrong-rows.md"
    [ "$status" -eq 0 ]
    says "wrong-rows.md:5: note: the figures of this row contradict each other"
    says "wrong-rows.md:4: note: the count of live allocations contradicts"
    run "$POOLSIFT" show --strict "$TABLES/wrong-rows.md"
    [ "$status" -eq 2 ]
}

@test "tables and poolmon text mix in one folder" {
    cp "$TABLES/aligned-arrow.txt" "$FIXTURES/poolmon/n32.txt" "$TABLES/changes-net.md" "$WORK"
    json show --all --json "$WORK"
    [ "$(q '[.snapshots[].format] | sort | join(",")')" = "poolmon,table" ]
}

@test "innocent tables are no captures" {
    for f in "$FIXTURES"/innocent/*; do
        fails show "$f"
        says "expected a pool capture"
    done
}

@test "a table becomes an archive and comes back with every figure" {
    "$POOLSIFT" convert "$TABLES/get-pool.txt" -o "$WORK/t.psz" 2>/dev/null
    json show --json "$WORK/t.psz"
    [ "$(q '.snapshots[0].rows[] | select(.tag == "QzFC") | "\(.allocs) \(.frees) \(.live) \(.bytes) \(.per_alloc)"')" = "126693501 26693501 100000000 12800000000 128" ]
}
