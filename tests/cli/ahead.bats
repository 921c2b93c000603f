#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The benchmark of forecasts: limits are what pools come to, and the scorer counts what
# came true.

load common
load series

# Five days of hourly captures, of which four are ranked.
week() {
    machine "$WORK/s" 65536 121
    local h=0 f
    {
        for f in "$WORK"/s/*; do
            printf 'capture\t%s\t%d.0\t0\n' "${f##*/}" $h
            h=$((h + 1))
        done
        printf 'tag\t4c65616b\tnonpaged\tsteady\t1\t0\t7864320\t7864320\t121\n'
    } >"$WORK/truth"
    mapfile -t early < <(printf '%s\n' "$WORK"/s/* | head -n 97)
}

@test "the limit is the highest total of the hours ahead" {
    week
    run "$TOOLS/ahead" limits "$WORK/truth" "$WORK/s" 96 24
    [ "$status" -eq 0 ]
    last=$(sed -n 's/.*Pool N: *\([0-9]*\)K.*/\1/p' "$WORK/s/srv-20060311-000000.txt")
    says "--limit nonpaged=${last}K --limit paged="
}

@test "a steady leak: the hour and the pace come true" {
    week
    limits=$("$TOOLS/ahead" limits "$WORK/truth" "$WORK/s" 96 24)
    # shellcheck disable=SC2086 # words on purpose
    "$POOLSIFT" rank --json -n 0 $limits "${early[@]}" >"$WORK/json" 2>"$WORK/err"
    run "$TOOLS/ahead" score "$WORK/truth" "$WORK/s" 96 24 "$WORK/json"
    [ "$status" -eq 0 ]
    # the paged pool rises by day and does not grow
    says "pools 2 refused 1 open 0 within 1 tags 1 none 0 wide 0 held 1 "
}

@test "a forecast that does not come true is counted as such" {
    week
    cat >"$WORK/json" <<'J'
{"hosts": [{"boots": [], "pools": {"nonpaged": {"exhausted_in_h": 2, "exhausted_in_h_low": 1,
"exhausted_in_h_high": 3, "forecast_refused": null}}, "tags": [{"tag_hex": "4c65616b",
"pool": "nonpaged", "verdict": "leak", "confidence": "strong", "bytes_per_hour_low": 1,
"bytes_per_hour_high": 2}]}]}
J
    run "$TOOLS/ahead" score "$WORK/truth" "$WORK/s" 96 24 "$WORK/json"
    [ "$status" -eq 0 ]
    says "pools 1 refused 0 open 0 within 0 tags 1 none 0 wide 0 held 0 "
    sed -i 's/"exhausted_in_h_high": 3/"exhausted_in_h_high": null/; s/"exhausted_in_h": 2, //' "$WORK/json"
    run "$TOOLS/ahead" score "$WORK/truth" "$WORK/s" 96 24 "$WORK/json"
    says "pools 1 refused 1 open 0 within 0 "
}

@test "wrong words are answered with the usage, a file that is missing with its name" {
    week
    run "$TOOLS/ahead" limits "$WORK/truth" "$WORK/s" 96
    [ "$status" -eq 2 ]
    says "ahead limits|score"
    rm "$WORK/s/srv-20060310-120000.txt"
    run "$TOOLS/ahead" limits "$WORK/truth" "$WORK/s" 96 24
    [ "$status" -eq 2 ]
    says "srv-20060310-120000.txt"
}
