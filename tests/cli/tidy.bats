#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Tidy tables: what convert writes is read back, and by others.

load common

SERIES=$FIXTURES/series/web01.zip

# Sum of bytes and number of rows as poolsift itself reads an input.
own_sums() {
    "$POOLSIFT" show -q --all --json "$1" |
        jq -r '[.snapshots[].rows[].bytes] | "\(add) \(length)"'
}

@test "the series as CSV and as JSON lines is the series" {
    "$POOLSIFT" convert -q "$SERIES" -o "$WORK/a.psz"
    "$POOLSIFT" convert -q "$SERIES" -o "$WORK/a.csv"
    "$POOLSIFT" convert -q "$WORK/a.psz" -o "$WORK/a.jsonl"
    json rank --json "$SERIES"
    first=$(q '.hosts[0].tags')
    for x in csv jsonl; do
        json rank --json "$WORK/a.$x"
        [ "$(q '.hosts[0].tags')" = "$first" ]
        json info --json "$WORK/a.$x"
        [ "$(q '.inputs[0].format')" = "$x" ]
    done
    "$POOLSIFT" convert -q "$WORK/a.csv" -o "$WORK/b.jsonl"
    cmp "$WORK/a.jsonl" "$WORK/b.jsonl"
    "$POOLSIFT" convert -q "$WORK/b.jsonl" -o "$WORK/b.csv"
    cmp "$WORK/a.csv" "$WORK/b.csv"
}

@test "every line of JSON is a document with every key" {
    "$POOLSIFT" convert -q "$SCREEN" -o "$WORK/a.jsonl"
    "$POOLSIFT" convert -q "$SCREEN" -o "$WORK/a.csv"
    [ "$(jq -r 'keys_unsorted | join(",")' "$WORK/a.jsonl" | sort -u)" = \
        "$(head -n 1 "$WORK/a.csv")" ]
    [ "$(jq -s length "$WORK/a.jsonl")" -eq 20 ]
    [ "$(jq -r 'select(.tag == "ISil") | .tag_hex' "$WORK/a.jsonl")" = 4953696c ]
    [ "$(jq -r 'select(.tag == "ISil") | .live' "$WORK/a.jsonl")" = 80939 ]
    [ "$(jq -s '[.[].nonpaged_kib] | unique | join(" ")' -r "$WORK/a.jsonl")" = 109056 ]
}

@test "a capture without rows is one line with an empty tag" {
    "$POOLSIFT" convert -q "$FIXTURES/poolmon/session-empty.txt" -o "$WORK/a.csv"
    [ "$(wc -l <"$WORK/a.csv")" -eq 2 ]
    json show --json "$WORK/a.csv"
    [ "$(q '.snapshots[0].rows | length')" -eq 0 ]
    [ "$(q '.snapshots[0].scope')" = all-sessions ]
}

@test "events stand beside the captures, and come back" {
    "$POOLSIFT" convert -q "$STORIES/connections-refused" -o "$WORK/a.csv"
    [ "$(wc -l <"$WORK/a.csv")" -eq 48 ] # a header, 20 rows, 27 events
    "$POOLSIFT" convert -q "$WORK/a.csv" -o "$WORK/a.psz"
    "$POOLSIFT" convert -q "$WORK/a.psz" -o "$WORK/b.csv"
    cmp "$WORK/a.csv" "$WORK/b.csv"
    "$POOLSIFT" convert -q "$WORK/a.psz" -o "$WORK/a.jsonl"
    [ "$(jq -s '[.[] | select(.event == "connections-refused").event_count] | add' \
        "$WORK/a.jsonl")" -eq 53 ]
}

@test "one file a snapshot, and --to" {
    "$POOLSIFT" convert -q --to csv "$FIXTURES/poolmon/two-snapshots.txt" -o "$WORK/out/"
    [ "$(ls "$WORK/out" | wc -l)" -eq 2 ]
    fails convert "$SCREEN" -o "$WORK/x.docx"
    says "csv, jsonl"
}

@test "sqlite3 gives the same sums, by the README's recipe" {
    command -v sqlite3 >/dev/null || skip "no sqlite3"
    "$POOLSIFT" convert -q "$SERIES" -o "$WORK/fleet.psz" # without its duplicates
    "$POOLSIFT" convert -q "$SERIES" -o "$WORK/fleet.csv"
    recipe=$(recipe sqlite)
    [[ $recipe == *".import"* ]]
    output=$(cd "$WORK" && bash -c "$recipe")
    echo "$output"
    tag=$("$POOLSIFT" show -q --all --json "$WORK/fleet.psz" |
        jq -r '[.snapshots[].rows[]] | group_by([.tag, .pool]) |
               max_by(map(.bytes) | max) | "\(.[0].tag)|\(.[0].pool)|\(map(.bytes) | max)"')
    says "$tag"
    sums=$(cd "$WORK" && sqlite3 -separator ' ' :memory: '.import --csv fleet.csv pool' \
        'select sum(bytes), count(*) from pool')
    [ "$sums" = "$(own_sums "$WORK/fleet.psz")" ]
}

@test "poolsift formats is the table of the README" {
    table=$("$POOLSIFT" formats --markdown)
    readme=$(sed -n '/<!-- formats -->/,/<!-- end -->/p' README.md | grep '^|')
    diff <(echo "$table") <(echo "$readme")
}
