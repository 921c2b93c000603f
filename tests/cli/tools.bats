#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# What other tools save and copy, as the person sees it.

load common

@test "--date-order decides what xray's dates mean; without it they are order only" {
    json show --json --all "$FIXTURES/xray/ambiguous.csv"
    [ "$(q '.snapshots[0].time')" = null ]
    json show --json --all --date-order dmy "$FIXTURES/xray/ambiguous.csv"
    [ "$(q '.snapshots[0].time')" = 2026-04-03T09:05:11.200 ]
    json show --json --all --date-order mdy "$FIXTURES/xray/ambiguous.csv"
    [ "$(q '.snapshots[0].time')" = 2026-03-04T09:05:11.200 ]
}

@test "a loop of poolmon-powershell is a series" {
    json show --json --all "$FIXTURES/powershell/loop.csv"
    [ "$(q '[.snapshots[].time] | join(" ")')" = \
        "2026-11-09T09:00:00Z 2026-11-09T10:00:00Z 2026-11-09T11:00:00Z" ]
    json diff --json "$FIXTURES/powershell/loop.csv@1" "$FIXTURES/powershell/loop.csv@3"
    [ "$(q '.rows[] | select(.tag == "Leak") | .bytes_change')" -eq 38400 ]
    [ "$(q .hours)" = 2 ]
}

@test "rounded sizes are used and said" {
    run "$POOLSIFT" show "$FIXTURES/systeminformer/rows.txt"
    [ "$status" -eq 0 ]
    says "printed rounded"
    says "selected"
}

@test "memsnap: host, time and facts; process logs and unknown rows are refused" {
    json show --json "$FIXTURES/memsnap/proving.log"
    [ "$(q '.snapshots[0].host')" = WEB01 ]
    [ "$(q '.snapshots[0].uptime_s')" -eq 4297600 ]
    run "$POOLSIFT" show "$FIXTURES/memsnap/process.log"
    [ "$status" -eq 2 ]
    says "process log of memsnap"
    run "$POOLSIFT" show "$FIXTURES/memsnap/other-rows.log"
    [ "$status" -eq 2 ]
    says "no real /p log has been seen: please send yours"
}

@test "clean tables of other tools pass --strict" {
    for f in xray/two-sets.csv powershell/view-csv.csv powershell/loop.csv \
        poolmonx/v1.csv poolmonx/v3.csv; do
        run "$POOLSIFT" show --strict "$FIXTURES/$f"
        [ "$status" -eq 0 ] || { echo "$f: $output"; false; }
    done
    run "$POOLSIFT" show --strict "$FIXTURES/poolmonx/v3-one-bad.csv"
    [ "$status" -eq 2 ]
}

@test "text to archive to tidy table: every figure of every format stays" {
    for f in xray/two-sets.csv powershell/view-csv.csv poolmonx/v1.csv poolmonx/v3.csv \
        poolmonx/v2-rows.txt systeminformer/rows.txt systeminformer/one-pool.txt \
        volatility/pooltracker.txt rekall/pool_tracker.txt memsnap/proving.log \
        xray/bytes-wrapped.csv; do
        "$POOLSIFT" show --json --all -n 0 "$FIXTURES/$f" 2>/dev/null |
            jq -c '.snapshots[] | [.time, .host, .uptime_s, .totals, .rows]' >"$WORK/a"
        "$POOLSIFT" convert "$FIXTURES/$f" -o "$WORK/x.psz" 2>/dev/null
        "$POOLSIFT" convert "$WORK/x.psz" -o "$WORK/x.csv" 2>/dev/null
        for g in x.psz x.csv; do
            "$POOLSIFT" show --json --all -n 0 "$WORK/$g" 2>/dev/null |
                jq -c '.snapshots[] | [.time, .host, .uptime_s, .totals, .rows]' >"$WORK/b"
            cmp "$WORK/a" "$WORK/b" || { echo "$f by $g"; false; }
        done
    done
}
