#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Files of poolcap, as the person sees them.

load common

PSCAP=$FIXTURES/pscap

@test "a day of records: times, host, uptime, totals, figures" {
    json show --json --all -n 0 "$PSCAP/web01.pscap"
    [ "$(q '.snapshots | length')" -eq 24 ]
    [ "$(q '.snapshots[0] | "\(.format) \(.host) \(.time) \(.time_source) \(.uptime_s) \(.completeness)"')" = \
        "pscap WEB01 2026-11-02T15:04:05Z capture 43200 whole" ]
    [ "$(q '.snapshots[23] | "\(.time) \(.uptime_s)"')" = "2026-11-03T14:04:05Z 126000" ]
    [ "$(q '.snapshots[0].totals | "\(.memory_kib) \(.avail_kib) \(.commit_kib) \(.limit_kib) \(.peak_kib) \(.nonpaged_kib) \(.paged_kib) \(.inram_paged_kib)"')" = \
        "8388608 2000000 3600000 8000000 3800000 120000 240000 200000" ]
    [ "$(q '.snapshots[0].totals.page_faults')" = null ]
    [ "$(q '.snapshots[2].rows[] | select(.tag == "Leak") | "\(.pool) \(.allocs) \(.frees) \(.live) \(.bytes) \(.per_alloc)"')" = \
        "nonpaged 3000 0 3000 768000 256" ]
}

@test "what the record says of the machine" {
    json show --json "$PSCAP/web01.pscap"
    [ "$(q '.snapshots[0].facts | "\(.build) \(.architecture) \(.processors) \(.page_size) \(.boot_time)"')" = \
        "10.0.19045.3803 x64 8 4096 2026-11-02T03:04:05Z" ]
}

@test "rank names the tag that grows" {
    json rank --json "$PSCAP/web01.pscap"
    [ "$(q '.hosts[0].host')" = WEB01 ]
    [ "$(q '.hosts[0].tags[0] | "\(.tag) \(.pool) \(.verdict) \(.bytes) \(.bytes_change) \(.live_change)"')" = \
        "Leak nonpaged growing 6144000 5888000 23000" ]
}

@test "killed and continued: five whole records and a word about the torn one" {
    run "$POOLSIFT" info "$PSCAP/killed.pscap"
    [ "$status" -eq 0 ]
    says "5 snapshots"
    says "behind record 3, at byte 2983: a record was cut or damaged"
}

@test "cut anywhere, through a pipe and packed: the whole records stay" {
    for bytes in 3000 10000 20000 23751; do
        head -c "$bytes" "$PSCAP/web01.pscap" | gzip >"$WORK/cut.pscap.gz"
        json info --json - <"$WORK/cut.pscap.gz"
        [ "$(q '.inputs[0].notes[0].code')" = tail-ignored ]
        # A file's head is 16 bytes; each of the 24 records is as long as the others.
        [ "$(q '.inputs[0].snapshots')" -eq $(((bytes - 16) / ((23752 - 16) / 24))) ]
    done
}

@test "no whole record is an answer, not an empty table" {
    head -c 500 "$PSCAP/web01.pscap" >"$WORK/none.pscap"
    fails show "$WORK/none.pscap"
    says "the capture file holds no whole record"
}

@test "a 32-bit capture of a 64-bit system is read, and said to be one" {
    json show --json "$PSCAP/x86-on-x64.pscap"
    [ "$(q '.snapshots[0].facts | "\(.architecture) \(.captured_by) \(.layout)"')" = "x64 x86 class22-x86" ]
    [ "$(q '.snapshots[0].notes[].code')" = narrow-bytes ]
}

@test "the wider reply is used where the system gave one" {
    json show --json "$PSCAP/class-255.pscap"
    [ "$(q '.snapshots[0].facts.layout')" = class255-x64 ]
    [ "$(q '.snapshots[0].rows[] | select(.tag == "Leak") | "\(.allocs) \(.bytes)"')" = "2000 512000" ]
}

@test "to an archive and back: the same figures" {
    "$POOLSIFT" convert "$PSCAP/web01.pscap" -o "$WORK/a.psz"
    figures='[.snapshots[] | {host, time, totals, uptime_s, facts, rows}]'
    json show --json --all -n 0 "$PSCAP/web01.pscap"
    before=$(q "$figures")
    json show --json --all -n 0 "$WORK/a.psz"
    [ "$(q "$figures")" = "$before" ]
}
