#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# What travels beside pool data: refused connections, events, counter logs.

load common

LOG=$STORIES/connections-refused/httperr.txt

# The last output on one line: a long path breaks the lines anywhere.
unwrap() {
    output=$(tr -s '\n ' ' ' <<<"$output")
}

mail() {
    {
        echo "our server stops answering every few days. The log says:"
        cat "$LOG"
        echo "and this is what poolmon -b shows:"
        echo
        cat "$SCREEN"
    } >"$WORK/mail.txt"
}

# Seven captures of 31 August to 6 September 2005, each at 17:00, growing.
week() {
    mkdir -p "$WORK/week"
    for d in 0831 0901 0902 0903 0904 0905 0906; do
        cp "$FIXTURES/poolmon/n32.txt" "$WORK/week/pool-2005$d-170000.txt"
    done
    cp "$LOG" "$WORK/week/"
}

@test "the first user's mail: one capture and 27 events that tell of 53 refusals" {
    mail
    json show --all --json "$WORK/mail.txt"
    [ "$(q '[.snapshots[].record] | join(" ")')" = "events capture" ]
    [ "$(q '.snapshots[0].events | length')" -eq 27 ]
    [ "$(q '[.snapshots[0].events[].count] | add')" -eq 53 ]
    [ "$(q '.snapshots[0].events[8] | "\(.time) \(.code) \(.count) \(.text) \(.line)"')" = \
        "2005-09-02T18:49:42Z connections-refused 7 7_Connections_Refused 10" ]
    [ "$(q '.snapshots[1].rows | length')" -eq 20 ]
    json show --json "$WORK/mail.txt"
    [ "$(q '.snapshots[].record')" = capture ]
    run "$POOLSIFT" info "$WORK/mail.txt"
    [ "$status" -eq 0 ]
    says "1 input, 1 snapshot, 20 rows, 27 events"
    unwrap
    says "connections refused 53 times, 2005-09-02 18:45:12 to 18:58:57 UTC"
    json info --json "$WORK/mail.txt"
    [ "$(q '.inputs[0].records | "\(.capture) \(.totals) \(.events)"')" = "1 0 1" ]
    [ "$(q '.inputs[0].events[0] | "\(.code) \(.count) \(.lines)"')" = "connections-refused 53 27" ]
}

@test "a log alone is shown in every form, and is nothing to rank" {
    run "$POOLSIFT" show "$LOG"
    [ "$status" -eq 0 ]
    says "2005-09-02 18:45:12 UTC      1  connections-refused  1_Connections_Refused"
    says "7 more"
    fits_80
    unwrap
    says "connections refused 53 times, 2005-09-02 18:45:12 to 18:58:57 UTC."
    run "$POOLSIFT" show --markdown -n 1 "$LOG"
    says '| 1 | 2005-09-02 18:45:12 UTC | 1 | `connections-refused` | `1_Connections_Refused` |'
    json show --csv "$LOG"
    [ "$(wc -l <<<"$output")" -eq 28 ]
    says "httperr.txt,1,,2005-09-02T18:49:42Z,connections-refused,7,7_Connections_Refused,9"
    fails rank "$LOG"
    says "only events and totals, no capture to rank"
}

@test "a series without a zone: events are counted, and --tz joins them" {
    week
    run "$POOLSIFT" rank "$WORK/week"
    [ "$status" -eq 0 ]
    says "connections refused 53 times, 2005-09-02 18:45:12 to 18:58:57 UTC;"
    says "the events are not on the captures' time line: --tz states the zone"
    json rank --json "$WORK/week"
    [ "$(q '.hosts[0].snapshots')" -eq 7 ]
    [ "$(q '.hosts[0].events[0] | "\(.code) \(.count) \(.joined) \(.pool_bytes)"')" = "connections-refused 53 false null" ]
    [ "$(q '[.hosts[0].notes[].code] | any(. == "events-apart")')" = true ]
    json rank --json --tz UTC "$WORK/week"
    [ "$(q '.hosts[0].events[0] | "\(.joined) \(.pool) \(.pool_bytes) \(.pool_time)"')" = \
        "true nonpaged 317440000 2005-09-02T17:00:00Z" ]
    [ "$(q '[.hosts[0].notes[].code] | any(. == "events-apart")')" = false ]
    # 17:00 at -02:00 is after the refusals: the capture of the day before counts.
    json rank --json --tz -02:00 "$WORK/week"
    [ "$(q '.hosts[0].events[0].pool_time')" = "2005-09-01T17:00:00-02:00" ]
    run "$POOLSIFT" rank --tz UTC "$WORK/week"
    unwrap
    says "nonpaged pool held 310000K before, at 2005-09-02 17:00 UTC"
}

@test "an archive keeps events, totals and facts" {
    mail
    cp "$FIXTURES/perfmon/pools.csv" "$FIXTURES/httperr/restart.log" \
        "$FIXTURES/winevents/viewer.txt" "$WORK"
    for f in mail.txt pools.csv restart.log viewer.txt; do
        "$POOLSIFT" convert "$WORK/$f" -o "$WORK/$f.psz"
        cmp <("$POOLSIFT" show --all --json "$WORK/$f" 2>/dev/null) \
            <("$POOLSIFT" show --all --json "$WORK/$f.psz" 2>/dev/null)
        run "$POOLSIFT" convert --append "$WORK/$f" -o "$WORK/$f.psz"
        [ "$status" -eq 0 ]
        says "there already"
    done
    json show --all --json "$WORK/restart.log.psz"
    [ "$(q '.snapshots[0].facts.other_entries')" = 3 ]
}

@test "poolmon text leaves events out, and says so" {
    mail
    run "$POOLSIFT" convert "$WORK/mail.txt" -o "$WORK/out.txt"
    [ "$status" -eq 0 ]
    says "records of events or totals left out: 1; psz, csv and jsonl keep them"
    json show --all --json "$WORK/out.txt"
    [ "$(q '[.snapshots[].record] | join(" ")')" = capture ]
    fails convert "$LOG" -o "$WORK/none.txt"
    says "only events and totals, and PoolMon text has no room for them"
    [ ! -e "$WORK/none.txt" ]
    # A time that is stated is the capture's, not the log's.
    json show --json --time 2005-09-02T19:10 "$WORK/mail.txt"
    [ "$(q '.snapshots[0].time')" = 2005-09-02T19:10:00 ]
}

@test "a counter log gives the pools' sizes, and a log without them is refused" {
    json show --all --json "$FIXTURES/perfmon/pools.csv"
    [ "$(q '[.snapshots[] | "\(.record) \(.time) \(.totals.nonpaged_kib)"] | .[1]')" = \
        "totals 2014-06-03T01:10:15.007-04:00 109056" ]
    run "$POOLSIFT" show "$FIXTURES/perfmon/pools.csv"
    unwrap
    says "nonpaged pool 2097152K, paged pool 43740K"
    run "$POOLSIFT" info "$FIXTURES/perfmon/pools.csv"
    says "3 records of totals"
    fails show "$FIXTURES/perfmon/no-pools.csv"
    says "a performance log without pool counters"
}

@test "a counter log says how large the pool was when connections were refused" {
    week
    {
        echo '"(PDH-CSV 4.0) (UTC)(0)","\\WEB01\Memory\Pool Nonpaged Bytes"'
        echo '"09/02/2005 18:40:00.000","113000448"'
        echo '"09/02/2005 18:50:00.000","113999872"'
    } >"$WORK/week/counters.csv"
    json rank --json --tz UTC "$WORK/week"
    [ "$(q '.hosts | length')" -eq 1 ]
    [ "$(q '.hosts[0].events[0] | "\(.pool_bytes) \(.pool_time)"')" = \
        "113000448 2005-09-02T18:40:00Z" ]
}

@test "events of the event log, with their dates settled by option" {
    run "$POOLSIFT" show "$FIXTURES/winevents/viewer.txt"
    [ "$status" -eq 0 ]
    unwrap
    says "event 2019 (nonpaged pool empty) once, 2014-06-13 05:14:41;"
    says "event 2020 (paged pool empty) once, 2014-06-03 05:30:02."
    says "other entries: 1; host FILES2; times on the machine's own clock"
    json show --all --json "$FIXTURES/winevents/two-machines.txt"
    [ "$(q '[.snapshots[].events[0].time] | join(" ")')" = " " ]
    json show --all --json --date-order dmy "$FIXTURES/winevents/two-machines.txt"
    [ "$(q '[.snapshots[] | "\(.host) \(.events[0].time)"] | join(" ")')" = \
        "FILES1 2014-06-03T05:14:41 FILES2 2014-06-04T06:00:00" ]
}
