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
