#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Archives that older programs wrote stay readable: fixtures/archives has one of each form,
# and the captures that are in it.

load common

OLD=$TOP/fixtures/archives

# Answers carry the names of files as they were given: those in the archives begin here.
here() {
    cd "$OLD"
}

# The ninth capture: the eighth, eight hours later.
ninth() {
    mkdir -p "$WORK/series"
    cp "$OLD"/series/*.txt "$WORK/series"
    sed 's/T08:00:00/T16:00:00/; s/  1691 /  1991 /' "$OLD/series/8.txt" >"$WORK/series/9.txt"
}

@test "every form of archive has its fixture, and says so in its head" {
    here
    for name in 1.0-first 1.0 1.1; do
        run od -An -tu2 --endian=little -j8 -N4 "$name.psz"
        [ "$(xargs <<<"$output")" = "$(cut -c1-3 <<<"$name" | tr . ' ')" ]
    done
    # The newest of them is what this program writes; a newer one wants a fixture, too.
    "$POOLSIFT" convert -q series -o "$WORK/new.psz"
    cmp -n 12 "$WORK/new.psz" 1.1.psz
}

@test "every snapshot of an old archive is what its text says" {
    here
    "$POOLSIFT" show -q --all --json series >"$WORK/text"
    [ "$(jq '.snapshots | length' "$WORK/text")" -eq 8 ]
    for archive in *.psz; do
        "$POOLSIFT" show -q --all --json "$archive" >"$WORK/archive"
        cmp "$WORK/text" "$WORK/archive"
        "$POOLSIFT" show -q --json --at 2026-11-10T08:00:00 "$archive" >"$WORK/one"
        [ "$(jq -c '.snapshots[0]' "$WORK/one")" = "$(jq -c '.snapshots[4]' "$WORK/text")" ]
        "$POOLSIFT" show -q --json "$archive@-2" >"$WORK/one"
        [ "$(jq -c '.snapshots[0]' "$WORK/one")" = "$(jq -c '.snapshots[6]' "$WORK/text")" ]
    done
}

@test "what a capture is expected to be from the one before does not change in a form" {
    here
    # Lines, places in a text, hours that a machine ran; clocks set back, dates either way round.
    "$POOLSIFT" show -q --all --json logs/{a,b,c}.txt >"$WORK/text"
    [ "$(jq '.snapshots | length' "$WORK/text")" -eq 16 ]
    "$POOLSIFT" show -q --all --json logs/1.1.psz | cmp - "$WORK/text"
}

@test "old archives are ranked as their texts are, also from a day on" {
    here
    for since in 2026-11-09 2026-11-10; do
        "$POOLSIFT" rank -q --json --since $since series >"$WORK/json"
        jq -c '.hosts[0] | .tags, .pools' "$WORK/json" >"$WORK/text"
        grep -q '"tag":"Leak"' "$WORK/text"
        for archive in *.psz; do
            "$POOLSIFT" rank -q --json --since $since "$archive" >"$WORK/json"
            jq -c '.hosts[0] | .tags, .pools' "$WORK/json" | cmp - "$WORK/text"
        done
    done
}

@test "info calls old archives whole" {
    here
    for archive in *.psz; do
        json info --json "$archive"
        [ "$(q '.inputs[0] | [.format, .snapshots, .rows, .first_time, .last_time] | @csv')" = \
            '"psz",8,106,"2026-11-09T00:00:00","2026-11-11T08:00:00"' ]
        [ "$(q '[.inputs[0].notes[] | select(.code | test("lost|end-mark|tail|damage"))] | length')" = 0 ]
    done
}

@test "old archives are appended to, once and once more, and converted to what is written now" {
    ninth
    cd "$WORK"
    "$POOLSIFT" show -q --all --json series >text
    [ "$(jq '.snapshots | length' text)" -eq 9 ]
    for archive in "$OLD"/*.psz; do
        cp "$archive" a.psz
        "$POOLSIFT" convert -q --append series/9.txt -o a.psz
        "$POOLSIFT" show -q --all --json a.psz | cmp - text
        # What it holds is known to it, whatever form told it.
        "$POOLSIFT" convert -q --append series -o a.psz
        "$POOLSIFT" show -q --all --json a.psz | cmp - text
        "$POOLSIFT" convert -q a.psz -o b.psz
        "$POOLSIFT" show -q --all --json b.psz | cmp - text
        # The first bytes stay those of the program that began it.
        cmp -n 16 a.psz "$archive"
    done
}
