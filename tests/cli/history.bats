#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# poolsift show --history: the course of tags over a series.

load common
load series

WEEK=$FIXTURES/series/web01.zip

@test "a tag's course: its verdict, its ends, two charts, restarts and gaps" {
    run "$POOLSIFT" show -q --history SgCx "$WEEK"
    [ "$status" -eq 0 ]
    fits_80
    [[ ${lines[0]} == "SgCx (nonpaged): leak, "* ]]
    says "First     2026-11-02 00:05"
    says "Last      2026-11-05 23:03"
    says "Bytes held"
    says "Objects outstanding"
    says "Restarted before 2026-11-03 05:02, 2026-11-04 17:03."
    [[ ${output//$'\n'/ } == *"No captures for 7.0 h before 2026-11-04 02:01."* ]]
    [[ $output != *"Every snapshot"* ]]
    # Two restarts, drawn in both charts.
    [ "$(grep -c '┴.*┴' <<<"$output")" -eq 2 ]
    run "$POOLSIFT" show -q -v --history SgCx "$WEEK"
    fits_80
    [ "$(grep -c '^ *[0-9]\+  2026-11-0' <<<"$output")" -eq 90 ]
    says "30  2026-11-03 05:02  restart"
    says "gap of 7.0 h"
}

@test "the figures are those of rank and of show" {
    json show --history SgCx --json "$WEEK"
    [ "$(q .schema)" = poolsift.show/1 ]
    [ "$(q '.snapshots | length')" -eq 0 ]
    tag=$(q '.history[0].tags[0] | [.tag, .pool, .rank, .verdict, .bytes_per_hour, .last.bytes]')
    boots=$(q '[.history[0].snapshots[] | select(.new_boot) | .snapshot]')
    points=$(q '.history[0].tags[0].points | map(.bytes) | @json')
    last=$(q '.history[0].tags[0].points[-1] | [.allocs, .frees, .live, .bytes]')
    [ "$(q '.history[0].tags[0].points | length')" -eq 90 ]
    [ "$(q '.history[0].snapshots | map(.gap_h) | map(select(. != null)) | length')" -eq 1 ]
    json rank --json -i SgCx "$WEEK"
    [ "$tag" = "$(q '.hosts[0].tags[0] | [.tag, .pool, .rank, .verdict, .bytes_per_hour, .bytes]')" ]
    [ "$boots" = "$(q '[.hosts[0].boots[1:][].first + 1]')" ]
    json show --json -i SgCx "$WEEK"
    [ "$last" = "$(q '.snapshots[0].rows[0] | [.allocs, .frees, .live, .bytes]')" ]
    json show --history SgCx --csv "$WEEK"
    [ "$(wc -l <<<"$output")" -eq 91 ]
    [[ ${output%%$'\r'*} == host,scope,tag,tag_hex,pool,snapshot,time,* ]]
    csv=$(tr -d '\r' <<<"$output" | awk -F, '
        NR == 1 { for (i = 1; i <= NF; i++) if ($i == "bytes") at = i; next }
        { printf "%s%s", (NR == 2 ? "[" : ","), ($at == "" ? "null" : $at) } END { print "]" }')
    [ "$csv" = "$points" ]
}

@test "one log says what its captures say one by one" {
    machine "$WORK/files" 65536 12
    cat "$WORK"/files/* >"$WORK/log.txt"
    at=(--start 2006-03-06 --every 1h --history Leak --history Wave --json)
    points='[.history[0].tags[] | [.tag, .points]]'
    json show "${at[@]}" "$WORK/files"
    files=$(q "$points")
    json show "${at[@]}" "$WORK/log.txt"
    [ "$files" = "$(q "$points")" ]
    [ "$(q '.history[0].tags[0].points | map(.bytes) | unique | length')" -eq 12 ]
}

@test "patterns, both pools, and -p, -x, -n as elsewhere" {
    json show --history 'Sg*' --json "$WEEK"
    [ "$(q '.history[0].tags | map(.tag) | @json')" = '["SgRq","SgCx"]' ]
    json show --history 'Sg*' --history PdIx -x SgCx --json "$WEEK"
    [ "$(q '.history[0].tags | map(.tag) | @json')" = '["SgRq","PdIx"]' ]
    json show --history '*' -p paged -n 2 --json "$WEEK"
    [ "$(q '.history[0].tags | map(.pool) | unique | @json')" = '["paged"]' ]
    [ "$(q '.history[0].tags | length')" -eq 2 ]
    [ "$(q '.history[0].matched')" -gt 20 ]
    json show -q --history '*' -n 1 "$WEEK"
    says "more tags match (-n 0 follows all)."
    machine "$WORK/both" 65536 8
    sed -i 's/^ Busy Nonp /&/; s/^ Bulk Paged/ Busy Paged/' "$WORK"/both/*
    json show --history Busy --json "$WORK/both"
    [ "$(q '.history[0].tags | map(.pool) | sort | @json')" = '["nonpaged","paged"]' ]
}

@test "Markdown can be pasted: the charts are boxes of code, seven columns at most" {
    json show -q -v --history SgCx --markdown "$WEEK"
    [[ ${output%%$'\n'*} == '**`SgCx` (nonpaged): leak, '* ]]
    # shellcheck disable=SC2016
    [ "$(grep -c '^```$' <<<"$output")" -eq 4 ]
    [ "$(grep '^|' <<<"$output" | awk -F'|' '{ print NF - 2 }' | sort -n | tail -n 1)" -le 7 ]
    says "<details><summary>Every snapshot</summary>"
    says "</details>"
}

@test "without times the axis counts snapshots; one snapshot is figures alone" {
    cat "$SCREEN" "$SCREEN" "$SCREEN" >"$WORK/three.txt"
    json show -q --history ISil "$WORK/three.txt"
    fits_80
    says "Bytes held"
    [[ $output != *Restarted* ]]
    json show -q --history ISil "$SCREEN"
    says "ISil (nonpaged): too few snapshots"
    says "First"
    [[ $output != *"Bytes held"* ]]
    json show --history ISil --json "$SCREEN"
    [ "$(q '.history[0].tags[0].points | map(.bytes) | @json')" = '[36678632]' ]
    [ "$(q '.history[0].snapshots[0].hours')" = null ]
}

@test "hosts stand apart, each with the tags that it has" {
    machine "$WORK/web1" 65536 8
    LEAK=Only machine "$WORK/web2" 65536 8
    json show --host-from dir --history Only --history Busy --json "$WORK"
    [ "$(q '.history | map([.host, (.tags | map(.tag) | sort)]) | @json')" = \
        '[["web1",["Busy"]],["web2",["Busy","Only"]]]' ]
    json show -q --host-from dir --history Only --history Busy "$WORK"
    says "web1"
    says "web2"
}

@test "a pattern that matches nothing prints the near ones; nothing is invented" {
    run "$POOLSIFT" show -q --history sgcx "$WEEK"
    [ "$status" -eq 0 ]
    says "no tag matches 'sgcx'"
    says "there is 'SgCx'"
    says "No tag to follow."
    json show --history zzzz --json "$WEEK"
    [ "$(q '.history | length')" -eq 0 ]
}

@test "options that choose one snapshot or an order are refused beside it" {
    for option in --all --at=2026-11-03 --sort=bytes; do
        fails show --history SgCx "$option" "$WEEK"
        says "hint: --since and --until choose the snapshots"
    done
    fails show --history "" "$WEEK"
    json show --history SgCx --since 2026-11-05 --json "$WEEK"
    [ "$(q '.history[0].snapshots[0].time[:10]')" = 2026-11-05 ]
}
