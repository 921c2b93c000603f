#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Two to nine captures: what growth means against what was there before it, and when a
# pool will be full.

load common

row() { # TAG TYPE ALLOCS LIVE SIZE
    printf ' %-4s %-5s %9d %9d %8d %9d %6d\r\n' "$1" "$2" "$3" $(($3 - $4)) "$4" $(($4 * $5)) "$5"
}

# capture UPTIME_H: twelve busy tags that tell the uptime; Leak has brought 1000 objects an
# hour since boot; Blob holds a gigabyte and moves by twice as many bytes as Leak gains.
capture() {
    local up=$1 i
    printf ' Memory:4193780K Avail: 2000000K  PageFlts: 1000   InRam Krnl: 4000K P:90000K\r\n'
    printf ' Commit: 900000K Limit:8000000K Peak: 950000K            Pool N:%dK P: 52000K\r\n' $((1200000 + up * 200))
    printf '\r\n Tag  Type     Allocs     Frees     Diff     Bytes Per Alloc\r\n\r\n'
    for i in 10 11 12 13 14 15 16 17 18 19 20 21; do
        row "Bs$i" Nonp $((up * 100 * i)) 40 64
    done
    row Blob Nonp $((up * 500000)) $((1600000 + up * 200)) 640
    row Leak Nonp $((up * 2000)) $((up * 1000)) 64
    row Stil Paged 2000 1000 512
}

# captures N HOURS: the first one 100 hours after the start.
captures() {
    local n=$1 span=$2 i h
    mkdir -p "$WORK/s"
    for i in $(seq 0 $((n - 1))); do
        h=$((i * span / (n - 1)))
        capture $((100 + h)) >"$WORK/s/srv-$(printf '200603%02d-%02d0000' $((10 + h / 24)) $((h % 24))).txt"
    done
}

@test "two captures: a difference, what a leak would do first, the largest change said" {
    captures 2 48
    json rank --json "$WORK/s"
    [ "$(q '.hosts[0].outcome')" = too-few ]
    [ "$(q '[.hosts[0].tags[].verdict] | unique | join(" ")')" = too-few ]
    [ "$(q '[.hosts[0].tags[0:2][].tag] | join(" ")')" = "Leak Blob" ]
    [ "$(q '.hosts[0].tags[0].since_boot > .95')" = true ]
    [ "$(q '.hosts[0].tags[1].since_boot < .05')" = true ]
    [ "$(q '.hosts[0].tags[0].growth_bytes')" -eq 3072000 ]
    [ "$(q '.hosts[0].tags[1].growth_bytes')" -eq 6144000 ]
    [ "$(q '[.hosts[0].tags[0].evidence[].code] | index("since-boot") != null')" = true ]
    run "$POOLSIFT" rank -q "$WORK/s"
    [ "$status" -eq 0 ]
    says "Two captures are a difference, not a leak: Blob (nonpaged) changed most, +6000K"
    says "against what was held before, Leak"
    says "Difference, ordered by growth against what was held before"
    fits_80
    run "$POOLSIFT" rank -q -v "$WORK/s"
    says "can be this growth"
    fits_80
}

@test "three captures: a possible leak, with the reason" {
    captures 3 48
    json rank --json "$WORK/s"
    [ "$(q '.hosts[0].outcome')" = suspect ]
    [ "$(q '.hosts[0].tags[0] | "\(.tag) \(.verdict) \(.confidence)"')" = "Leak growing possible" ]
    [ "$(q '[.hosts[0].tags[] | select(.confidence == "possible")] | length')" -eq 1 ]
    run "$POOLSIFT" rank -q "$WORK/s"
    says "all that it held before can be this growth since boot"
    fits_80
}

@test "twelve captures: the shape decides, and its own counters" {
    captures 12 44
    json rank --json "$WORK/s"
    [ "$(q '.hosts[0].tags[0] | "\(.tag) \(.since_boot)"')" = "Leak null" ]
}

@test "a day's pace: when the pool is full, and an interval" {
    captures 25 96
    # 1219200K after 96 hours, 200K an hour
    json rank --json --limit nonpaged=1240000K "$WORK/s"
    [ "$(q '.hosts[0].pools.nonpaged.forecast_refused')" = null ]
    [ "$(q '.hosts[0].pools.nonpaged | .exhausted_in_h > 3.9 and .exhausted_in_h < 4.1')" = true ]
    [ "$(q '.hosts[0].pools.nonpaged | .exhausted_in_h_low <= .exhausted_in_h and .exhausted_in_h <= .exhausted_in_h_high')" = true ]
    [ "$(q '.hosts[0].pools.paged.forecast_refused')" = unknown-limit ]
    run "$POOLSIFT" rank -q --limit nonpaged=1240000K "$WORK/s"
    says "about 4.0 h (4.0 h to 4.0 h)"
    fits_80
    # 20480K before that something refuses connections already
    json rank --json --limit nonpaged=1260000K "$WORK/s"
    http='.hosts[0].pools.nonpaged.thresholds[] | select(.free_bytes == 20971520)'
    [ "$(q "$http | .reached_in_h > 1.5 and .reached_in_h < 1.7")" = true ]
    [ "$(q "$http | .refused")" = null ]
    run "$POOLSIFT" rank -q --limit nonpaged=1260000K "$WORK/s"
    says "below 20480K free: in about 1.6 h (1.6 h to"
    json rank --json --limit nonpaged=1000000K "$WORK/s"
    [ "$(q '.hosts[0].pools.nonpaged.exhausted_in_h')" = 0 ]
    run "$POOLSIFT" rank -q --limit nonpaged=1000000K "$WORK/s"
    says "of the stated limit 1000000K; full"
}
