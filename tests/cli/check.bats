#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# check: thresholds, what they exit with, TAP, JUnit and JSON.

load common
load series

check() {
    run "$POOLSIFT" check -q "$@"
}

@test "--no-leak: 1 when a tag leaks, 0 when none does" {
    machine "$WORK/well" 0
    machine "$WORK/sick" 65536
    check --no-leak "$WORK/well"
    [ "$status" -eq 0 ]
    [ "${lines[0]}" = "TAP version 13" ]
    [ "${lines[1]}" = "1..1" ]
    [ "${lines[2]}" = "ok 1 - no tag leaks" ]
    says 'message: "none of 36 tags in 96 snapshots over 4.0 days"'
    check --no-leak "$WORK/sick"
    [ "$status" -eq 1 ]
    [ "${lines[2]}" = "not ok 1 - no tag leaks" ]
    says 'message: "1 tag leaks: Leak (nonpaged)"'
    says '    - "Leak (nonpaged)"'
    check --no-leak -x Leak "$WORK/sick"
    [ "$status" -eq 0 ]
}

@test "pool sizes: in bytes, in shares of a limit, and what is left" {
    machine "$WORK/now" 0 1
    check --max-nonpaged 5M --max-paged 40M "$WORK/now"
    [ "$status" -eq 1 ]
    says "ok 1 - nonpaged pool holds at most 5120K"
    says 'message: "holds 4086K"'
    says "not ok 2 - paged pool holds at most 40960K"
    check --max-nonpaged 80% --limit nonpaged=5120K "$WORK/now"
    [ "$status" -eq 0 ]
    says 'message: "holds 4086K of 5120K (79.8%), 1034K left"'
    check --max-nonpaged 79.5% --limit nonpaged=5120K "$WORK/now"
    [ "$status" -eq 1 ]
    check --min-free 1034K --limit nonpaged=5120K "$WORK/now"
    [ "$status" -eq 0 ]
    check --min-free nonpaged=1035K --limit nonpaged=5120K "$WORK/now"
    [ "$status" -eq 1 ]
    says "not ok 1 - nonpaged pool has 1035K left"
    check --min-free 1K --limit nonpaged=2M --limit paged=200M "$WORK/now"
    [ "$status" -eq 1 ]
    says "not ok 1 - nonpaged pool has 1K left"
    says "ok 2 - paged pool has 1K left"
}

@test "--max-rate holds growing tags, not restless ones" {
    machine "$WORK/sick" 65536
    check --max-rate 100K/h "$WORK/sick"
    [ "$status" -eq 0 ]
    check --max-rate 60K "$WORK/sick"
    [ "$status" -eq 1 ]
    says "not ok 1 - no tag grows faster than +60.0K/h"
    says 'message: "1 tag grows faster; Leak by +64.0K/h"'
    check --max-rate 2M/d "$WORK/sick"
    [ "$status" -eq 0 ]
    check --max-rate 1M/d "$WORK/sick"
    [ "$status" -eq 1 ]
    json check --json --max-rate 100K/h "$WORK/sick"
    [ "$(q '.results[0].max_bytes_per_hour')" -eq 102400 ]
}

@test "--baseline: new leaks and faster ones are found, others are fine" {
    machine "$WORK/well" 0
    machine "$WORK/one" 65536
    machine "$WORK/three" 196608
    for pair in "well one 1" "one three 1" "one one 0" "three one 0" "one well 0"; do
        set -- $pair
        check --baseline "$WORK/$1" "$WORK/$2"
        [ "$status" -eq "$3" ]
    done
    check --baseline "$WORK/well" "$WORK/one"
    says "not ok 1 - no tag leaks more than in the baseline"
    says 'message: "1 tag leaks that did not leak there; most was added by Leak (nonpaged), +64.0K/h'
}

@test "--no-leak: a series too short to call it a leak does not clear what grows like one" {
    machine "$WORK/half" 655360 12
    machine "$WORK/well" 0 12
    [ "$("$POOLSIFT" rank -q --json "$WORK/half" | jq -r '.hosts[0].tags[0] | .tag, .verdict, .confidence' |
        paste -sd ' ')" = "Leak growing probable" ]
    fails check --no-leak "$WORK/half"
    says "not ok 1 - no tag leaks"
    says 'state: "undecided"'
    # a morning's rise of what follows the day may be one, too
    says "cannot be decided by so short a series: 2 tags may leak: Leak (nonpaged), Wave (paged); 36 tags in 12 snapshots over 11.0 h"
    check --no-leak -x Leak -x Wave "$WORK/half"
    [ "$status" -eq 0 ]
    check --no-leak -x Wave "$WORK/well"
    [ "$status" -eq 0 ]
    machine "$WORK/day" 655360 25
    check --no-leak "$WORK/day"
    [ "$status" -eq 1 ]
}

@test "what cannot be decided is said, and is exit 2" {
    machine "$WORK/sick" 65536
    machine "$WORK/few" 0 5
    fails check -q --max-nonpaged 80% "$WORK/sick"
    says "not ok 1 - nonpaged pool holds at most 80.0% of its limit"
    says 'state: "undecided"'
    says "poolsift: nonpaged pool holds at most 80.0% of its limit: cannot be decided without the pool's limit (--limit nonpaged=SIZE, --os NAME)"
    fails check -q --min-free 20M "$WORK/sick"
    fails check -q --no-leak "$WORK/few"
    says "cannot be decided, 6 snapshots over 6 h or more are needed: 36 tags in 5 snapshots over 4.0 h"
    fails check -q --max-rate 1K "$WORK/few/srv-20060306-000000.txt"
    says "cannot be decided, 3 snapshots with times or more are needed"
    fails check -q --baseline "$WORK/few" "$WORK/sick"
    says "Not comparable: the baseline has fewer than 6 snapshots"
    fails check -q --max-paged 1G --no-leak "$STORIES/drsd-printer/1.txt"
    says "ok 2 - paged pool holds at most 1048576K"
}

@test "TAP is one that prove reads, and its YAML one that holds the figures" {
    command -v prove >/dev/null || skip "no prove"
    machine "$WORK/sick" 65536
    "$POOLSIFT" check -q --max-nonpaged 1G --max-rate 100K "$WORK/sick" >"$WORK/good.tap"
    run prove --exec cat "$WORK/good.tap"
    [ "$status" -eq 0 ]
    says "Tests=2"
    "$POOLSIFT" check -q --no-leak --max-nonpaged 1G "$WORK/sick" >"$WORK/bad.tap" || true
    run prove --exec cat "$WORK/bad.tap"
    [ "$status" -ne 0 ]
    says "Failed test:  1"
}

@test "JUnit beside it: failures and errors apart, valid XML, written at once" {
    machine "$WORK/sick" 65536
    run "$POOLSIFT" check -q --no-leak --max-paged 1G --max-nonpaged 80% --junit "$WORK/out.xml" "$WORK/sick"
    [ "$status" -eq 2 ]
    [ "$(grep -c '<testcase ' "$WORK/out.xml")" -eq 3 ]
    grep -q '<testsuite name="poolsift check" tests="3" failures="1" errors="1">' "$WORK/out.xml"
    grep -q '<failure type="not ok" message="1 tag leaks: Leak (nonpaged)">' "$WORK/out.xml"
    grep -q '<error type="undecided" message="cannot be decided' "$WORK/out.xml"
    if command -v xmllint >/dev/null; then
        xmllint --noout "$WORK/out.xml"
        [ "$(xmllint --xpath 'count(//testcase[failure])' "$WORK/out.xml")" -eq 1 ]
    fi
    fails check -q --no-leak --junit "$WORK/no/such/out.xml" "$WORK/sick"
    says "no/such/out.xml"
}

@test "strangers' names are harmless in TAP and XML" {
    machine "$WORK/well" 0 8
    machine "$WORK/evil" 0 8
    run "$POOLSIFT" check -q --no-leak --host '<a&"#>' --junit "$WORK/out.xml" "$WORK/well"
    [ "$status" -eq 0 ]
    says 'host: "<a&\"#>"'
    if command -v xmllint >/dev/null; then
        xmllint --noout "$WORK/out.xml"
        [ "$(xmllint --xpath 'string(//testcase/@classname)' "$WORK/out.xml")" = '<a&"#>' ]
    fi
}

@test "JSON, CSV and Markdown of the results" {
    machine "$WORK/sick" 65536
    run "$POOLSIFT" check -q --json --no-leak --max-paged 1G "$WORK/sick"
    [ "$status" -eq 1 ]
    [ "$(q '"\(.schema) \(.ok) \(.passed) \(.failed) \(.undecided) \(.complete)"')" = "poolsift.check/1 false 1 1 0 true" ]
    [ "$(q '.results[0] | "\(.number) \(.state) \(.name) \(.tags_found) \(.tags[0]) \(.host) \(.scope)"')" = "1 not ok no tag leaks 1 Leak (nonpaged) null system" ]
    [ "$(q '.results[1] | "\(.state) \(.pool) \(.bytes) \(.max_bytes)"')" = "ok paged 41999360 1073741824" ]
    check --csv --no-leak "$WORK/sick"
    [ "${lines[1]}" = $'1,not ok,no tag leaks,1 tag leaks: Leak (nonpaged)\r' ]
    check --markdown --no-leak "$WORK/sick"
    says "0 of 1 check ok"
    says "| 1 | not ok |"
}

@test "several hosts: a result each, named" {
    WAS=web machine "$WORK/both" 65536
    WAS=sql machine "$WORK/both" 0
    check --no-leak --host-from name "$WORK/both"
    [ "$status" -eq 1 ]
    says "1..2"
    says "not ok"
    says " - web: no tag leaks"
    says " - sql: no tag leaks"
    json check --json --max-nonpaged 1G --host-from name "$WORK/both"
    [ "$(q '[.results[].host] | sort | join(" ")')" = "sql web" ]
}

@test "help names it, -o writes its results, and a folder of nothing is trouble" {
    run "$POOLSIFT" check -h
    [ "$status" -eq 0 ]
    says "poolsift check --no-leak captures/"
    fits_80
    run "$POOLSIFT"
    says "poolsift check"
    machine "$WORK/well" 0 8
    run "$POOLSIFT" check -q --no-leak -o "$WORK/out.tap" "$WORK/well"
    [ "$status" -eq 0 ]
    [ -z "$output" ]
    [ "$(head -n 1 "$WORK/out.tap")" = "TAP version 13" ]
    mkdir "$WORK/empty"
    fails check --no-leak "$WORK/empty"
    echo "not a capture" >"$WORK/empty/x.txt"
    fails check --no-leak "$WORK/empty"
}

@test "a damaged input beside a good one: the results, and exit 2" {
    machine "$WORK/well" 0 8
    "$POOLSIFT" convert -q "$WORK/well" -o "$WORK/bad.psz"
    head -c 300 "$WORK/bad.psz" >"$WORK/cut.psz"
    fails check -q --no-leak "$WORK/well" "$WORK/cut.psz"
    says "ok 1 - no tag leaks"
    says "# some inputs could not be read to the end"
}

@test "no threshold, or one that cannot be read" {
    machine "$WORK/well" 0 3
    fails check "$WORK/well"
    says "no threshold was given"
    says "--no-leak"
    for bad in --max-nonpaged=0% --max-nonpaged=101% --max-nonpaged=80%% --max-nonpaged=x \
        --max-rate=5/x --max-rate=0 --min-free=nothing=5M --min-free=5MM --junit=; do
        fails check "$bad" "$WORK/well"
        says "${bad%%=*} takes"
    done
}
