#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Growth that ended, growth that has just begun, and growth that is listed for its size.

load common

LEAKS="l00 l01 l02 l03 l04 l05 l06 l07 l08 l09 l10 l11"

# days FOLDER [WITHOUT]: sixty hourly poolmon -n files.  Fini gains 1,024,000 bytes an
# hour from hour 10 to 25 and keeps them, Late as much from hour 52 on, Jump 40 MB at once
# in hour 30; l00 to l11 leak 32,000 bytes an hour, forty others live a healthy life.  The
# tags of WITHOUT are left out.
days() {
    mkdir -p "$1"
    awk -v dir="$1" -v without="$2" '
    function row(tag, pool, allocs, live, size) {
        if (index(without, tag))
            return
        live = int(live)
        rows = rows sprintf(" %-4s %-5s %9d %9d %9d %8d %10d\r\n", tag, pool,
            allocs + live, allocs, live, live * size, size)
    }
    function between(v, low, high) {
        return v < low ? 0 : v > high ? high - low : v - low
    }
    BEGIN {
        for (h = 0; h < 60; h++) {
            rows = ""
            row("Fini", "Nonp", 900 * h, 2000 + 16000 * between(h, 10, 25), 64)
            row("Late", "Nonp", 900 * h, 2000 + 16000 * between(h, 52, 99), 64)
            row("Jump", "Paged", 900 * h, h < 30 ? 1000 : 41000, 1024)
            for (i = 0; i < 12; i++)
                row(sprintf("l%02d", i), "Nonp", 500 * h, 3000 + 1000 * h, 32)
            for (i = 10; i < 50; i++)
                row("t" i, i % 2 ? "Nonp" : "Paged",
                    i * 3 + 300 * h + 150 * (12 * int(h / 24) + between(h % 24, 8, 20)),
                    400 + (h * i) % 5, 512)
            row("Tiny", "Nonp", 1, 1, 32)
            out = sprintf("%s/srv-2006030%d-%02d0000.txt", dir, 6 + int(h / 24), h % 24)
            printf " Memory: 4193780K Avail: 2000000K  PageFlts:%9d   InRam Krnl: 4000K P:90000K\r\n", h >out
            printf " Commit: 900000K Limit:8000000K Peak: 950000K            Pool N: 90000K P: 90000K\r\n" >out
            printf "\r\n Tag  Type     Allocs         Frees    Diff   Bytes    Per Alloc\r\n\r\n%s", rows >out
            close(out)
        }
    }'
}

tag_of() {
    printf '.hosts[0].tags[] | select(.tag == "%s")' "$1"
}

@test "a leak that ended is finished: among the first three, with its time" {
    days "$WORK/s" "$LEAKS"
    json rank --json "$WORK/s" || [ $? -eq 1 ]
    [ "$(q "$(tag_of Fini) | .rank <= 3, .verdict, .confidence, .grade, .judged_on" | paste -sd' ')" = "true finished null 0 stretch" ]
    [ "$(q "$(tag_of Fini) | .growth_bytes")" -eq 15360000 ]
    [[ $(q "$(tag_of Fini) | .ramp_from") == 2006-03-06T@(09|10|11):* ]]
    [[ $(q "$(tag_of Fini) | .ramp_to") == 2006-03-07T0@(0|1|2):* ]]
    [ "$(q "$(tag_of Fini) | [.evidence[].code] | index(\"straight-stretch\") != null")" = true ]
}

@test "a page says what has ended, when, and what to look for" {
    days "$WORK/s" "Late $LEAKS"
    output=$("$POOLSIFT" rank "$WORK/s" 2>/dev/null)
    fits_80
    output=$(tr -s ' \n' ' ' <<<"$output")
    says "No tag leaks: in 60 snapshots over"
    says "Fini (nonpaged) grew +15000K until 2006-03-07 0"
    says "and kept that: a leak that has ended?"
    says "grew in a straight line for"
    says "Next: find out what was stopped or changed on that machine about 2006-03-07 0"
    json rank --json "$WORK/s"
    [ "$(q '.hosts[0].outcome')" = none ]
}

@test "a leak that began in the last tenth is no cache and no step" {
    days "$WORK/s" "$LEAKS"
    json rank --json "$WORK/s" || [ $? -eq 1 ]
    [ "$(q "$(tag_of Late) | .rank <= 3, .judged_on, .grade >= 2" | paste -sd' ')" = "true stretch true" ]
}

@test "half of a pool's growth is among the first three, whatever its shape" {
    days "$WORK/s"
    json rank --json "$WORK/s" || [ $? -eq 1 ]
    [ "$(q "$(tag_of Jump) | .rank, .verdict, .share_of_growth > .9" | paste -sd' ')" = "3 step true" ]
    [ "$(q "$(tag_of Jump) | .evidence[-1] | .code, .share > .9" | paste -sd' ')" = "bulk true" ]
    [ "$(q '[.hosts[0].tags[].score] | . == (sort | reverse)')" = true ]
    output=$("$POOLSIFT" rank "$WORK/s" 2>/dev/null) || [ $? -eq 1 ]
    fits_80
    output=$(tr -s ' \n' ' ' <<<"$output")
    says "% of its pool's growth: listed for that"
    says "Largest growth not proven: Jump (paged) +40000K: stepped up once."
}
