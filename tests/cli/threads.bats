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

# weeks: ten weeks of captures, one an hour, of which two rows change at a time.
weeks() {
    awk 'BEGIN {
        for (h = 0; h < 1680; h++) {
            d = int(h / 24)
            printf "2026-%02d-%02d %02d:00:00\r\n", 3 + int(d / 28), 1 + d % 28, h % 24
            printf " Memory: 4193780K Avail: 2000000K  PageFlts:%9d   InRam Krnl: 4000K P:90000K\r\n", h
            printf " Commit: 900000K Limit:8000000K Peak: 950000K            Pool N: 40000K P: 90000K\r\n"
            printf "\r\n Tag  Type     Allocs         Frees    Diff   Bytes    Per Alloc\r\n\r\n"
            for (i = 39; i > 9; i--) {
                live = 1000 * i + (i % 7 == h % 7 ? 9 : 0) + (i == 20 ? h : 0)
                printf " b%d  Nonp  %9d %9d %9d %8d %10d\r\n", i, live + 50 * h, 50 * h, live, live * 64, 64
            }
        }
    }'
}

@test "archives are read by one thread and by two, damaged ones, too" {
    weeks >"$WORK/weeks.txt"
    "$POOLSIFT" convert -q "$WORK/weeks.txt" -o "$WORK/w.psz"
    same 0 rank "$WORK/w.psz"
    same 0 rank --csv "$WORK/w.psz"
    same 0 info --json "$WORK/w.psz"
    same 0 report "$WORK/w.psz" -o -
    size=$(wc -c <"$WORK/w.psz")
    head -c $((size * 2 / 3)) "$WORK/w.psz" >"$WORK/cut.psz"
    same 2 rank "$WORK/cut.psz"
    grep -q "the archive is cut" "$WORK/err1"
    same 0 rank --salvage "$WORK/cut.psz"
    printf 'behind' >>"$WORK/w.psz"
    same 0 rank "$WORK/w.psz"
    grep -q "interrupted" "$WORK/err1"
}

@test "a window of an archive is that of its text" {
    weeks >"$WORK/weeks.txt"
    "$POOLSIFT" convert -q "$WORK/weeks.txt" -o "$WORK/w.psz"
    for window in "--since 2026-05-10" "--until 2026-03-04" \
        "--since 2026-03-20 --until 2026-03-21T06:00" "--since 2026-04-02 --tz +02:00"; do
        for t in 1 2; do
            # shellcheck disable=SC2086 # several words
            "$POOLSIFT" rank --json --threads $t $window "$WORK/weeks.txt" |
                jq .hosts >"$WORK/text.json"
            # shellcheck disable=SC2086
            "$POOLSIFT" rank --json --threads $t $window "$WORK/w.psz" |
                jq .hosts >"$WORK/archive.json"
            [ "$(jq '.[0].snapshots' "$WORK/text.json")" -gt 20 ]
            cmp "$WORK/text.json" "$WORK/archive.json"
        done
    done
    fails rank --since 2027-01-01 "$WORK/w.psz"
}

@test "--threads takes a number" {
    fails rank --threads two "$SCREEN"
    fails rank --threads -1 "$SCREEN"
    says "--threads"
}
