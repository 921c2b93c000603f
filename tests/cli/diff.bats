#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Two snapshots.

load common

@test "the printer pair: every figure of the difference" {
    json diff --json "$STORIES/drsd-printer/1.txt" "$STORIES/drsd-printer/2.txt"
    [ "$(q .schema)" = poolsift.diff/1 ]
    [ "$(q '.rows[0] | "\(.tag) \(.pool) \(.state) \(.old_bytes) \(.new_bytes) \(.bytes_change) \(.live_change) \(.allocs_change) \(.frees_change)"')" = "Drsd paged both 17472 22464 4992 6 177 171" ]
    [ "$(q '.rows[0].bytes_per_new_alloc')" = 832 ]
    [ "$(q '.rows[0].bytes_per_hour')" = null ]
    [ "$(q '.rows[0].freed * 177 | round')" -eq 171 ]
    [ "$(q .hours)" = null ]
    [ "$(q .same_boot)" = true ]
    [ "$(q '.totals.paged | "\(.change_bytes) \(.source)"')" = "8192 header" ]
}

@test "turned round, every sign turns" {
    json diff --json "$STORIES/drsd-printer/2.txt" "$STORIES/drsd-printer/1.txt"
    [ "$(q '.rows[0] | "\(.bytes_change) \(.live_change)"')" = "-4992 -6" ]
}

@test "a capture against itself: nothing, and --exit-code says so" {
    run "$POOLSIFT" diff --exit-code "$SCREEN" "$SCREEN"
    [ "$status" -eq 0 ]
    run "$POOLSIFT" diff --exit-code "$STORIES/drsd-printer/1.txt" "$STORIES/drsd-printer/2.txt"
    [ "$status" -eq 1 ]
}

@test "one input: first and last of its last boot" {
    cat "$STORIES/drsd-printer/1.txt" "$STORIES/drsd-printer/2.txt" >"$WORK/log.txt"
    json diff --json "$WORK/log.txt"
    [ "$(q '.rows[0].bytes_change')" -eq 4992 ]
    json diff --json "$WORK/log.txt@2" "$WORK/log.txt@1"
    [ "$(q '.rows[0].bytes_change')" -eq -4992 ]
    fails diff "$SCREEN"
    says "diff needs two snapshots, found 1"
}

@test "the word leak is not used of two captures" {
    run "$POOLSIFT" diff "$STORIES/drsd-printer/1.txt" "$STORIES/drsd-printer/2.txt"
    [ "$status" -eq 0 ]
    says Drsd
    [[ ${output,,} != *leaks* ]]
    for how in --csv --markdown; do
        run "$POOLSIFT" diff -q $how "$STORIES/drsd-printer/1.txt" "$STORIES/drsd-printer/2.txt"
        [ "$status" -eq 0 ]
        says Drsd
    done
}

@test "three inputs are a series" {
    fails diff "$SCREEN" "$SCREEN" "$SCREEN"
    says "rank"
}

@test "-s orders the changes by any figure" {
    row() { printf ' %-4s %-5s %9d %9d %9d %8d %10d\n' "$1" Nonp "$2" "$3" $(($2 - $3)) "$4" $(($4 / ($2 - $3))); }
    head=' Tag  Type     Allocs         Frees    Diff   Bytes    Per Alloc'
    { echo "$head"; echo; row Aaaa 100 50 5000; row Bbbb 100 50 9000; row Cccc 100 50 3200; } >"$WORK/1.txt"
    { echo "$head"; echo; row Aaaa 900 700 7000; row Bbbb 200 149 5000; row Cccc 150 99 3264; } >"$WORK/2.txt"
    order() {
        json diff --json -s "$1" "$WORK/1.txt" "$WORK/2.txt"
        q '[.rows[].tag] | join(" ")'
    }
    [ "$(order bytes)" = "Bbbb Aaaa Cccc" ]
    [ "$(order delta)" = "Aaaa Cccc Bbbb" ]
    [ "$(order live)" = "Aaaa Bbbb Cccc" ]
    [ "$(order allocs)" = "Aaaa Bbbb Cccc" ]
    [ "$(order frees)" = "Aaaa Bbbb Cccc" ]
    [ "$(order per-alloc)" = "Cccc Aaaa Bbbb" ]
    [ "$(order tag)" = "Aaaa Bbbb Cccc" ]
    [ "$(order pool,delta)" = "Aaaa Cccc Bbbb" ]
    [ "$(order source)" = "Bbbb Aaaa Cccc" ]
}

@test "captures of two scopes are no difference" {
    fails diff "$FIXTURES/poolmon/session-3.txt" "$SCREEN"
    says "expected two captures of one scope, found session:3 and system"
    says "hint: compare captures of the system, or of one session"
}
