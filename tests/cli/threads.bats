#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# --threads: how many work changes nothing that is said or written.

load common

# One text of one machine, larger than what is read before a thread begins.
setup_file() {
    LARGE=$BATS_FILE_TMPDIR/large.txt
    export LARGE
    "$TOOLS/mkseries" --seed 3 --tags 120 --days 4 -o "$BATS_FILE_TMPDIR/one"
    find "$BATS_FILE_TMPDIR/one" -name 'web*.txt' | sort | xargs cat >"$LARGE"
    while [ "$(wc -c <"$LARGE")" -lt 5500000 ]; do
        cat "$LARGE" "$LARGE" >"$LARGE.twice"
        mv "$LARGE.twice" "$LARGE"
    done
    gzip -k "$LARGE"
}

# same STATUS ARGUMENT...: by one thread and by two.
same() {
    local want=$1 t status
    shift
    for t in 1 2; do
        status=0
        "$POOLSIFT" "$@" --threads "$t" <"$LARGE" >"$WORK/out$t" 2>"$WORK/err$t" || status=$?
        [ "$status" -eq "$want" ]
        sed -i "s/--threads $t/--threads N/; s/\"threads\", \"$t\"/N/" "$WORK/out$t"
    done
    [ -s "$WORK/out1" ] || [ -s "$WORK/err1" ]
    cmp "$WORK/out1" "$WORK/out2"
    cmp "$WORK/err1" "$WORK/err2"
}

@test "one thread and two say the same" {
    same 0 rank "$LARGE"
    same 0 info --json "$LARGE"
    same 0 show -n 5 "$LARGE"
    same 0 rank -
    same 0 rank "$LARGE.gz"
    mkdir "$WORK/in"
    cp "$LARGE" "$WORK/in/a.txt"
    cp "$LARGE.gz" "$WORK/in/b.gz"
    same 0 info "$WORK/in"
}

@test "one thread and two write the same archive" {
    "$POOLSIFT" convert --threads 1 "$LARGE" -o "$WORK/1.psz"
    "$POOLSIFT" convert --threads 2 "$LARGE" -o "$WORK/2.psz"
    "$POOLSIFT" convert "$LARGE" -o "$WORK/0.psz"
    cmp "$WORK/1.psz" "$WORK/2.psz"
    cmp "$WORK/1.psz" "$WORK/0.psz"
}

@test "one thread and two tell damage at the same place" {
    size=$(wc -c <"$LARGE.gz")
    head -c $((size - 20000)) "$LARGE.gz" >"$WORK/cut.gz"
    same 2 rank "$WORK/cut.gz"
    grep -q "ends early" "$WORK/err1"
    same 2 info --json "$WORK/cut.gz"
}

@test "a zip entry is read ahead, too" {
    command -v zip >/dev/null || skip "no zip"
    (cd "$BATS_FILE_TMPDIR" && zip -q "$WORK/large.zip" large.txt)
    same 0 info --json "$WORK/large.zip"
}

@test "--threads takes a number" {
    fails rank --threads two "$SCREEN"
    fails rank --threads -1 "$SCREEN"
    says "--threads"
}
