#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The README's recipes for engines that few have: part of make check-full.

load ../cli/common

# A tidy table of three days in which Abcd alone grows, and what it grew by.
fleet() {
    load ../cli/series
    LEAK=Abcd machine "$WORK/captures" 40960 72
    "$POOLSIFT" convert -q "$WORK/captures" --host web01 -o "$WORK/fleet.$1"
}
GREW=$((40960 * 71))

@test "duckdb says what grew most" {
    fleet csv
    cd "$WORK"
    call=$(recipe duckdb | head -n 1)
    [[ $call == "duckdb "* ]]
    run bash -c "$call -csv" < <(recipe duckdb | tail -n +2)
    echo "$output"
    [ "${lines[0]}" = "host,tag,pool,grew" ]
    [ "${lines[1]}" = "web01,Abcd,nonpaged,$GREW" ]
}

@test "pandas says what grew most" {
    fleet csv
    cd "$WORK"
    run python3 -c "import pandas
$(recipe pandas)"
    echo "$output"
    [[ $output =~ web01\ +Abcd\ +nonpaged\ +$GREW(\.0)?($'\n'|$) ]]
    [ "$(grep -c web01 <<<"$output")" -ge 1 ]
}

@test "pyspark says what holds most" {
    fleet jsonl
    cd "$WORK"
    run python3 -c "from pyspark.sql import SparkSession
spark = SparkSession.builder.master('local[1]').config('spark.ui.enabled', 'false').getOrCreate()
$(recipe pyspark)"
    echo "$output"
    rows=$(grep -E '^\| *web01\|' <<<"$output")
    [[ $(head -n 1 <<<"$rows") =~ \|Bulk\|\ *paged\|\ *40960000\| ]]
}
