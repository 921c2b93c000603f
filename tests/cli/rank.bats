#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Series: order, machines, boots, duplicates, what may be called a leak.

load common

# capture NAME LEAK_BYTES OTHER_ALLOCS [MEMORY]: one poolmon -n file with a leaking tag, a
# busy tag and a still one.
capture() {
    local bytes=$2 allocs=$3 memory=${4:-4193780}
    local live=$((bytes / 64))
    {
        printf ' Memory:%8dK Avail: 2000000K  PageFlts:%9d   InRam Krnl: 4000K P:90000K\r\n' "$memory" "$allocs"
        printf ' Commit: 900000K Limit:8000000K Peak: 950000K            Pool N:%6dK P:%6dK\r\n' $((bytes / 1024 + 3000)) 52000
        printf '\r\n Tag  Type     Allocs         Frees    Diff   Bytes    Per Alloc\r\n\r\n'
        row Leak Nonp $((live + 10)) 10 "$bytes"
        row Busy Nonp "$allocs" $((allocs - 500)) 64000
        row Stil Paged 2000 1000 512000
    } >"$1"
}

row() { # TAG TYPE ALLOCS FREES BYTES
    local live=$(($3 - $4))
    printf ' %-4s %-5s %9d %9d %9d %8d %10d\r\n' "$1" "$2" "$3" "$4" "$live" "$5" $((live > 0 ? $5 / live : 0))
}

# A day and a half of hourly captures in $WORK/s.
series() {
    mkdir -p "$WORK/s"
    local h
    for h in $(seq 0 35); do
        capture "$WORK/s/srv-$(printf '200603%02d-%02d0000' $((10 + h / 24)) $((h % 24))).txt" \
            $((1000000 + h * 131072)) $((100000 + h * 40000))
    done
}

@test "a planted leak is found, its rate is right, the others are not accused" {
    series
    json rank --json "$WORK/s"
    [ "$(q .schema)" = poolsift.rank/1 ]
    [ "$(q .complete)" = true ]
    [ "$(q '.hosts | length')" -eq 1 ]
    [ "$(q '.hosts[0].snapshots')" -eq 36 ]
    [ "$(q '.hosts[0].boots | length')" -eq 1 ]
    [ "$(q '.hosts[0].outcome')" = leak ]
    [ "$(q '.hosts[0].tags[0] | "\(.rank) \(.tag) \(.pool) \(.verdict) \(.confidence)"')" = "1 Leak nonpaged leak strong" ]
    [ "$(q '.hosts[0].tags[0].bytes_per_hour > 124000 and .hosts[0].tags[0].bytes_per_hour < 138000')" = true ]
    [ "$(q '[.hosts[0].tags[] | select(.verdict == "leak") | .tag] | join(" ")')" = Leak ]
    [ "$(q '.hosts[0].tags_total')" -eq 3 ]
    [ "$(q '.hosts[0].from')" = 2006-03-10T00:00:00 ]
    [ "$(q '.hosts[0].to')" = 2006-03-11T11:00:00 ]
    [ "$(q '.hosts[0].time_source')" = name ]
    run "$POOLSIFT" rank -q --exit-code "$WORK/s"
    [ "$status" -eq 1 ]
    [[ ${lines[0]} == *Leak* && ${lines[0]} == *leak* ]]
    fits_80
}

@test "the order of the arguments does not matter" {
    series
    json rank --json "$WORK/s"
    first=$(q '.hosts[0] | del(.notes)')
    output=$("$POOLSIFT" rank --json $(ls -r "$WORK"/s/*) 2>/dev/null)
    [ "$(q '.hosts[0] | del(.notes)')" = "$first" ]
}

@test "a duplicate is kept once, and said" {
    series
    cp "$WORK/s/srv-20060310-050000.txt" "$WORK/s/copy-20060310-050000.txt"
    json rank --json "$WORK/s"
    [ "$(q '.hosts[0].snapshots')" -eq 36 ]
    [ "$(q '[.hosts[0].notes[].code] | index("duplicate") != null')" = true ]
}

@test "one screen: suspects by size, never a leak" {
    json rank --json "$SCREEN"
    [ "$(q '.hosts[0].outcome')" = too-few ]
    [ "$(q '.hosts[0].tags[0].tag')" = ISil ]
    [ "$(q '[.hosts[0].tags[].verdict] | unique[]')" = too-few ]
    [ "$(q '[.hosts[0].tags[].confidence] | unique[]')" = null ]
    run "$POOLSIFT" rank --exit-code "$SCREEN"
    [ "$status" -eq 0 ]
}

@test "the printer pair: a difference, filtered, without times no rate" {
    json rank --json "$STORIES/drsd-printer"
    [ "$(q '.hosts[0].snapshots')" -eq 2 ]
    [ "$(q '.hosts[0].outcome')" = too-few ]
    [ "$(q '.hosts[0].tags[0] | "\(.tag) \(.bytes) \(.growth_bytes) \(.bytes_per_hour) \(.verdict)"')" = "Drsd 22464 4992 null too-few" ]
    [ "$(q '[.hosts[0].notes[].code] | index("no-times") != null')" = true ]
    json rank --json --start 2000-01-01T00:00:00 --every 1h "$STORIES/drsd-printer"
    [ "$(q '.hosts[0].from')" = 2000-01-01T00:00:00 ]
    [ "$(q '.hosts[0].to')" = 2000-01-01T01:00:00 ]
}

@test "steps that leave the calendar are refused" {
    json rank -q --json --start 9999-12-30 --every 1d "$SCREEN" "$SCREEN"
    fails rank --start 9999-12-30 --every 1d "$SCREEN" "$SCREEN" "$SCREEN"
    says "--start and --every give snapshot 3 a time behind the year 9999"
}

@test "session pools are series of their own" {
    json rank --json "$STORIES/session-pool"
    [ "$(q '[.hosts[].scope] | sort | join(" ")')" = "all-sessions session:0" ]
    [ "$(q '.hosts[] | select(.scope == "session:0") | .snapshots')" -eq 2 ]
    fails diff "$STORIES/session-pool/1.txt" "$STORIES/session-pool/2.txt"
    says "scope"
}

@test "two machines by turns are not ranked as one" {
    mkdir "$WORK/m"
    for h in 0 1 2 3; do
        capture "$WORK/m/a-20060310-0${h}0000.txt" $((1000000 + h * 1000)) $((1000 + h)) 4193780
        capture "$WORK/m/b-20060310-0${h}3000.txt" $((2000000 + h * 1000)) $((1000 + h)) 1048016
    done
    fails rank "$WORK/m"
    says "two machines"
    says "--host-from"
    json rank --json --host-from name "$WORK/m"
    [ "$(q '[.hosts[].host] | join(" ")')" = "a b" ]
    [ "$(q '[.hosts[].snapshots] | join(" ")')" = "4 4" ]
}

@test "--since and --until include both ends" {
    series
    json rank --json --since 2006-03-10T10:00 --until 2006-03-10T20:00 "$WORK/s"
    [ "$(q '.hosts[0].snapshots')" -eq 11 ]
}

@test "captures without a time among others are left out, and counted" {
    series
    capture "$WORK/s/undated.txt" 1000000 100000
    json rank --json "$WORK/s"
    [ "$(q '.hosts[0].snapshots')" -eq 36 ]
    [ "$(q '[.hosts[0].notes[].code] | index("some-without-time") != null')" = true ]
}

@test "a limit that the pool was above before is forecast with that remark" {
    local series=$FIXTURES/series/web01.zip remark='before: then this limit was not in force'
    json rank -q --json "$series"
    [ "$(q '.hosts[0].pools.nonpaged | .most_bytes > .bytes')" = true ]
    most=$(q '.hosts[0].pools.nonpaged.most_bytes / 1024')
    output=$("$POOLSIFT" rank -q -n 1 --limit nonpaged="$((most - 1))K" "$series" | tr -s '\n ' ' ')
    says "but it held ${most}K $remark"
    output=$("$POOLSIFT" rank -q -n 1 --limit nonpaged="${most}K" "$series" | tr -s '\n ' ' ')
    [[ $output == *"stated limit ${most}K"* && $output != *"$remark"* ]]
}

@test "--limit gives headroom and a forecast; without it there is none" {
    series
    json rank --json "$WORK/s"
    [ "$(q '.hosts[0].pools.nonpaged.limit_bytes')" = null ]
    [ "$(q '.hosts[0].pools.nonpaged.forecast_refused')" = unknown-limit ]
    json rank --json --limit nonpaged=16M "$WORK/s"
    [ "$(q '.hosts[0].pools.nonpaged.limit_bytes')" -eq 16777216 ]
    [ "$(q '.hosts[0].pools.nonpaged.limit_source')" = option ]
    # 16 MiB less what is held, at 128 KiB an hour.
    [ "$(q '.hosts[0].pools.nonpaged | (.limit_bytes - .bytes) / 131072 - .exhausted_in_h | fabs < 5')" = true ]
    fails rank --limit nonpaged=lots "$WORK/s"
}

@test "text, JSON, CSV and Markdown agree on the first tag" {
    series
    run "$POOLSIFT" rank -q --csv "$WORK/s"
    [[ ${lines[1]} == *Leak* ]]
    run "$POOLSIFT" rank -q --markdown "$WORK/s"
    says '`Leak`'
    run "$POOLSIFT" rank -q -v "$WORK/s"
    says "Leak"
    fits_80
}

@test "two runs give the same bytes" {
    series
    "$POOLSIFT" rank --json "$WORK/s" >"$WORK/1" 2>&1
    "$POOLSIFT" rank --json "$WORK/s" >"$WORK/2" 2>&1
    cmp "$WORK/1" "$WORK/2"
}

@test "daily, three hours each, day first: the number above twelve decides for all" {
    mkdir "$WORK/d"
    for d in 9 10 11 12 13; do
        capture "$WORK/d/$(printf 'poolmon.2026-%02d-11-09-00-00.log' $d)" $((1000000 + d * 1000)) $((1000 * d))
    done
    json rank --json "$WORK/d"
    [ "$(q '.hosts[0].from')" = 2026-11-09T09:00:00 ]
    [ "$(q '.hosts[0].to')" = 2026-11-13T09:00:00 ]
}

@test "--date-order decides doubtful dates, in whatever order they come" {
    local d turned
    for d in 3 4 5; do
        capture "$WORK/srv_0$d-02-2026_0900.txt" $((1000000 + d * 1000)) $((1000 * d))
    done
    turned=("$WORK/srv_05-02-2026_0900.txt" "$WORK/srv_03-02-2026_0900.txt" "$WORK/srv_04-02-2026_0900.txt")
    json rank --json --date-order dmy "${turned[@]}"
    [ "$(q '.hosts[0] | "\(.from) \(.to)"')" = "2026-02-03T09:00:00 2026-02-05T09:00:00" ]
    json rank --json --date-order mdy "${turned[@]}"
    [ "$(q '.hosts[0] | "\(.from) \(.to)"')" = "2026-03-02T09:00:00 2026-05-02T09:00:00" ]
}
