#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Inputs that are none, outputs that fail: exit code, words, and nothing lost.

load common

@test "an empty file is refused with a hint" {
    : >"$WORK/empty.txt"
    for c in show rank info; do
        fails "$c" "$WORK/empty.txt"
        says "empty.txt"
    done
    says "poolmon -n"
}

@test "a missing file and a missing folder" {
    fails show "$WORK/none.txt"
    says "none.txt: cannot open"
    fails rank "$WORK/nowhere/"
    says "cannot open"
}

@test "a picture is named as one" {
    printf '\211PNG\r\n\032\n0000IHDR' >"$WORK/screen.png"
    fails show "$WORK/screen.png"
    says "picture"
    says "hint:"
}

@test "a C source carries no pool figures" {
    fails show "$TOP/formats/err.c"
    says "err.c"
}

@test "a folder skips what carries no figures and reads the rest" {
    mkdir "$WORK/in"
    cp "$SCREEN" "$WORK/in/a.txt"
    cp "$TOP/formats/err.c" "$WORK/in/b.c"
    printf '\211PNG\r\n\032\n0000IHDR' >"$WORK/in/c.png"
    json show --json "$WORK/in"
    [ "$(q '.snapshots[0].rows | length')" -eq 20 ]
    run "$POOLSIFT" show "$WORK/in"
    [ "$status" -eq 0 ]
}

@test "an empty folder is refused" {
    mkdir "$WORK/in"
    fails rank "$WORK/in"
    says "no files"
}

@test "one bad input beside a good one: the result is printed, the exit is 2" {
    run "$POOLSIFT" show --json "$SCREEN" "$WORK/none.txt"
    [ "$status" -eq 2 ]
    says '"nonpaged_kib": 109056'
    says "none.txt"
}

@test "a full disk is a write error" {
    [ -w /dev/full ] || skip "no /dev/full here"
    run sh -c '"$POOLSIFT" show --json "$0" >/dev/full' "$SCREEN"
    [ "$status" -eq 2 ]
    says "No space left"
    fails show "$SCREEN" -o /dev/full
}

@test "a closed pipe is no error" {
    run bash -c 'set -o pipefail; "$POOLSIFT" show -n 0 --json "$0" | head -c 10 >/dev/null' "$SCREEN"
    [ "$status" -eq 0 ]
}

@test "a closed standard output is an error" {
    run sh -c '"$POOLSIFT" show "$0" >&-' "$SCREEN"
    [ "$status" -eq 2 ]
}

@test "-o leaves the old file alone when the call fails" {
    echo old >"$WORK/out.txt"
    fails rank "$WORK/none.txt" -o "$WORK/out.txt"
    [ "$(cat "$WORK/out.txt")" = old ]
    fails convert "$WORK/none.txt" -o "$WORK/out.txt"
    [ "$(cat "$WORK/out.txt")" = old ]
    [ "$(ls -A "$WORK" | wc -l)" -eq 1 ]
}

@test "a file that may not grow is an error, not a signal" {
    [ -z "${UNDER:-}" ] || skip "the program above writes files of its own"
    run bash -c 'ulimit -f 0; "$POOLSIFT" convert -q "$0" -o "$1/x.psz"' "$SCREEN" "$WORK"
    [ "$status" -eq 2 ]
    [ "$(ls -A "$WORK" | wc -l)" -eq 0 ]
}

@test "names from strangers cannot talk to the terminal" {
    name=$WORK/$'evil\033[31m.txt'
    echo nothing >"$name"
    fails show "$name"
    [[ $output != *$'\033'* ]]
}

@test "a folder that loops ends" {
    mkdir "$WORK/a"
    cp "$SCREEN" "$WORK/a/x.txt"
    ln -s .. "$WORK/a/up"
    run timeout 20 "$POOLSIFT" info --json "$WORK/a"
    [ "$status" -eq 0 ]
}

@test "links to folders are followed once, not along each of 2^30 ways" {
    local i
    for i in {1..31}; do
        mkdir "$WORK/$i"
    done
    for i in {1..30}; do
        ln -s "../$((i + 1))" "$WORK/$i/a"
        ln -s "../$((i + 1))" "$WORK/$i/b"
    done
    cp "$SCREEN" "$WORK/31/x.txt"
    ln -s "$WORK/31" "$WORK/other"
    run timeout 20 "$POOLSIFT" info --json "$WORK"
    [ "$status" -eq 0 ]
    [ "$(q '[.inputs[].source] | length')" -eq 2 ] # by the first link, and by itself
}

@test "--strict fails on damage, not on assumptions" {
    run "$POOLSIFT" show --strict "$SCREEN"
    [ "$status" -eq 0 ]
    head -c 1500 "$SCREEN" >"$WORK/cut.txt"
    run "$POOLSIFT" show "$WORK/cut.txt"
    [ "$status" -eq 0 ]
    fails show --strict "$WORK/cut.txt"
    says "--strict"
}

@test "an append that is stopped anywhere leaves what was there, and the next goes on" {
    command -v strace >/dev/null || skip "no strace"
    [ -z "${UNDER:-}" ] || skip "the program above is traced, too"
    for i in 0 1 2 3; do
        sed "s/%/%/" "$SCREEN" >"$WORK/d-2000010$((i + 1))-000000.txt"
    done
    "$POOLSIFT" convert -q "$WORK"/d-2000010[12]-000000.txt -o "$WORK/x.psz"
    "$POOLSIFT" convert -q --append "$WORK/d-20000103-000000.txt" -o "$WORK/x.psz"
    for call in pwrite64 fsync; do
        for nth in 1 2 3; do
            cp "$WORK/x.psz" "$WORK/y.psz"
            strace -o /dev/null -e trace=$call -e inject=$call:signal=KILL:when=$nth \
                "$POOLSIFT" convert -q --append "$WORK/d-20000104-000000.txt" \
                -o "$WORK/y.psz" 2>/dev/null || true
            json info --json "$WORK/y.psz"
            [ "$(q '.inputs[0].snapshots')" -ge 3 ]
            run "$POOLSIFT" convert --append "$WORK/d-20000104-000000.txt" -o "$WORK/y.psz"
            [ "$status" -eq 0 ]
            json info --json "$WORK/y.psz"
            [ "$(q '.inputs[0].snapshots')" -eq 4 ]
            [ "$(q '.inputs[0].notes | length')" -eq 0 ] ||
                [ "$(q '[.inputs[0].notes[] | select(.code == "tail-ignored")] | length')" -eq 0 ]
        done
    done
}

@test "FILE@N with the least number there is" {
    fails show "$SCREEN@-9223372036854775808"
    says "cannot open"
    fails show "$SCREEN@-9223372036854775807"
    says "there is 1 snapshot"
}

@test "folders without end are named, and refused" {
    local i path=$WORK/deep
    for i in {1..70}; do
        path+=/d
    done
    mkdir -p "$path"
    fails info "$WORK/deep"
    says "d/d: folders nest deeper than 64"
    says "hint: name the folder"
}
