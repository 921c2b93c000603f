#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Every figure of a report has what it rounds in data-v, and that is a figure of
# rank --json of the same inputs.

load common

# OPTION... INPUT: the page's figures in $WORK/figures, what rank and info say of it in
# $WORK/json.
figures() {
    "$POOLSIFT" report -q "$@" -o "$WORK/page.html" 2>"$WORK/stderr"
    "$POOLSIFT" rank -q --json -n 0 "$@" >"$WORK/json" 2>"$WORK/stderr"
    "$POOLSIFT" info -q --json "${@: -1}" >>"$WORK/json" 2>"$WORK/stderr"
    "$TOP/tests/figures" "$WORK/page.html" >"$WORK/figures"
    [ "$(grep -c '^page ' "$WORK/figures")" -ge 20 ]
}

# What JSON says, and what follows from two of its figures: what is left of a limit and
# for whom, its used part, how much better, how long, how many.
known='
    def counts: ([.. | arrays | length]),
        ([.[0].hosts[] | [.tags[].verdict] | group_by(.)[] | length]);
    def pools: .[0].hosts[].pools[] | select(.bytes != null) | .bytes as $b
        | (.limit_bytes // empty, .limit_candidates[].bytes) as $l
        | $l - $b, $b / $l, ($l - $b - .thresholds[].free_bytes),
          $b + .thresholds[].free_bytes;
    [.. | numbers | ., fabs], counts,
    [pools], [.. | .ratio? // empty | numbers | select(. > 0) | 1 / .],
    [.. | select(.from_h? and .to_h?) | .to_h - .from_h]'

# The page's figures that are not in $known, one a line; $1: more of jq that is.
unknown() {
    sed -n 's/^page //p' "$WORK/figures" | sort -u |
        jq -n --slurpfile doc "$WORK/json" \
            "[\$doc | $known${1:+, $1}] | flatten | map({(tostring): 1}) | add as \$known
            | inputs | select(\$known[tostring] | not)"
}

all_are_known() {
    left=$(unknown "$@")
    [ -z "$left" ] || {
        echo "not in rank --json: $left"
        return 1
    }
}

# Nothing is rounded wrongly, and no digit stands alone; rules have constants of their own.
none_is_bare() {
    sed -nE 's/(less than 20480K|from 80% on|10000 and more|=128M|2003-3gb)//g; /^(wrong|bare).*[0-9]/p' \
        "$WORK/figures" >"$WORK/left"
    [ ! -s "$WORK/left" ] || {
        cat "$WORK/left"
        return 1
    }
}

@test "days with restarts and gaps" {
    figures "$FIXTURES/series/web01.zip"
    none_is_bare
    all_are_known
}

@test "with a limit, a forecast, a suspect and a baseline" {
    figures --limit nonpaged=400M --suspect 'Sg*' --baseline "$FIXTURES/series/web01.zip" \
        "$FIXTURES/series/web01.zip"
    none_is_bare
    all_are_known
}

@test "one screen" {
    figures --suspect 'U[Ll]*' "$STORIES/connections-refused"
    none_is_bare
    all_are_known
}

@test "two captures" {
    figures "$STORIES/drsd-printer"
    none_is_bare
    all_are_known
}

@test "several hosts" {
    for host in web01 db01; do
        mkdir -p "$WORK/mail/$host"
        "$TOOLS/mkseries" --seed 1 --tags 30 --days 2 -o "$WORK/mail/$host"
    done
    figures --host-from dir "$WORK/mail"
    none_is_bare
    all_are_known
}

@test "events, and sizes in other units" {
    mkdir "$WORK/in"
    "$TOOLS/mkseries" --seed 2 --tags 40 --days 2 -o "$WORK/in"
    printf '%s - - - - - - - - - 1_Connections_Refused -\n' \
        '2026-11-03 06:45:12' '2026-11-03 08:50:12' >"$WORK/in/httperr1.log"
    for units in K bytes human; do
        figures --tz UTC --units $units "$WORK/in"
        none_is_bare
        all_are_known
    done
}

@test "recorded leaks and healthy machines" {
    for story in "$STORIES"/replayed/*.psz; do
        figures "$story"
        none_is_bare
        all_are_known
    done
}

@test "charts: every figure is one of the captures" {
    figures "$FIXTURES/series/web01.zip"
    [ "$(grep -c '^chart ' "$WORK/figures")" -ge 100 ]
    "$POOLSIFT" show -q --all --json -n 0 "$FIXTURES/series/web01.zip" >"$WORK/json"
    sed -n 's/^chart //p' "$WORK/figures" | sort -u |
        jq -n --slurpfile doc "$WORK/json" \
            '[$doc[0].snapshots[] | (.totals.nonpaged_kib, .totals.paged_kib | numbers * 1024),
                (.rows[] | .bytes, .live)] | map({(tostring): 1}) | add as $known
            | inputs | select($known[tostring] | not)' >"$WORK/left"
    [ ! -s "$WORK/left" ]
}
