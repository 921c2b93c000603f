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
    needs descriptors # closed ones: wine takes their numbers
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

@test "convert replaces a file by nothing less than all of the inputs" {
    local to
    head -c 300 "$SCREEN" | gzip | head -c 150 >"$WORK/cut.gz"
    for to in psz csv jsonl txt; do
        for bad in none.txt cut.gz; do
            # into a new file goes what can be read
            fails convert -q "$SCREEN" "$WORK/$bad" -o "$WORK/x.$to"
            [ "$("$POOLSIFT" info -q --json "$WORK/x.$to" | jq '.inputs[0].snapshots')" -eq 1 ]
            echo old >"$WORK/x.$to"
            fails convert -q "$SCREEN" "$WORK/$bad" -o "$WORK/x.$to"
            says "x.$to: the old file was kept: not all of the inputs could be read"
            [ "$(cat "$WORK/x.$to")" = old ]
            rm "$WORK/x.$to"
        done
    done
    # what is read with repairs alone replaces it, unless that is said to be an error
    local damaged=$FIXTURES/broken/stamped.txt
    echo old >"$WORK/x.psz"
    fails convert -q --strict "$damaged" -o "$WORK/x.psz"
    says "the old file was kept: something was repaired or lost, and --strict"
    [ "$(cat "$WORK/x.psz")" = old ]
    "$POOLSIFT" convert -q "$damaged" -o "$WORK/x.psz"
    "$POOLSIFT" info -q --strict "$WORK/x.psz"
    # a file that stops to be readable in the middle is one that could not be read
    echo old >"$WORK/x.psz"
    series 2
    while_it_waits 'truncate -s 0 "$WORK/d-20000101-010000.txt"' convert \
        "$WORK/d-20000101-010000.txt" - -o "$WORK/x.psz"
    [ "$status" -eq 2 ]
    [ "$(cat "$WORK/x.psz")" = old ]
    [ "$(find "$WORK" -name '.x*' | wc -l)" -eq 0 ]
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
    run soon 20 "$POOLSIFT" info --json "$WORK/a"
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
    run soon 20 "$POOLSIFT" info --json "$WORK"
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

@test "standard streams that are closed are not taken by files" {
    needs descriptors # closed ones: wine takes their numbers
    local closed
    "$POOLSIFT" convert -q "$SCREEN" "$SCREEN@1" -o "$WORK/right.psz"
    for closed in '2>&-' '>&- 2>&-' '<&- >&- 2>&-'; do
        run sh -c '"$POOLSIFT" convert "$0" "$0@1" -o "$1/x.psz" '"$closed" "$SCREEN" "$WORK"
        [ "$status" -eq 0 ]
        cmp "$WORK/x.psz" "$WORK/right.psz"
    done
    run sh -c '"$POOLSIFT" show - <&-'
    [ "$status" -eq 2 ]
    says "cannot read"
}

@test "an append of which nothing comes leaves no archive where there was none" {
    fails convert --append "$WORK/none.txt" -o "$WORK/new.psz"
    printf '\211PNG\r\n\032\n0000IHDR' >"$WORK/screen.png"
    fails convert --append "$WORK/screen.png" -o "$WORK/new.psz"
    [ ! -e "$WORK/new.psz" ]
    ln -s gone.psz "$WORK/link.psz"
    fails convert --append "$WORK/none.txt" -o "$WORK/link.psz"
    [ -L "$WORK/link.psz" ]
    [ -z "${UNDER:-}" ] || return 0
    run bash -c 'ulimit -f 0; "$POOLSIFT" convert -q --append "$0" -o "$1/new.psz"' "$SCREEN" "$WORK"
    [ "$status" -eq 2 ]
    [ ! -e "$WORK/new.psz" ]
    "$POOLSIFT" convert -q --append "$SCREEN" -o "$WORK/new.psz"
    "$POOLSIFT" convert -q --append "$SCREEN" -o "$WORK/link.psz"
    cmp "$WORK/new.psz" "$WORK/gone.psz"
}

# series N: files of N hours, the names tell when.
series() {
    local i
    for ((i = 1; i <= $1; i++)); do
        cp "$SCREEN" "$WORK/$(printf 'd-20000101-%02d0000.txt' "$i")"
    done
}

@test "of several who append at once each appends or says why not" {
    local i refused=0 wanted=0 status
    series 12
    for i in {1..12}; do
        "$POOLSIFT" convert -q --append "$(printf '%s/d-20000101-%02d0000.txt' "$WORK" "$i")" \
            -o "$WORK/all.psz" 2>"$WORK/said-$i" &
        echo $! >"$WORK/pid-$i"
    done
    for i in {1..12}; do
        status=0
        wait "$(cat "$WORK/pid-$i")" || status=$?
        if [ "$status" -eq 0 ]; then
            wanted=$((wanted + 1))
        else
            [ "$status" -eq 2 ]
            grep -qE "is being written by another process|was replaced meanwhile" "$WORK/said-$i"
            refused=$((refused + 1))
        fi
    done
    [ "$wanted" -gt 0 ]
    json info --json --strict "$WORK/all.psz"
    [ "$(q '.inputs[0].snapshots')" -eq "$wanted" ]
    "$POOLSIFT" convert -q --append "$WORK"/d-*.txt -o "$WORK/all.psz"
    json info --json --strict "$WORK/all.psz"
    [ "$(q '.inputs[0].snapshots')" -eq 12 ]
}

@test "of two who write the same file at once one wins, whole" {
    local i pids=()
    series 9
    for i in {1..6}; do
        "$POOLSIFT" convert -q "$WORK"/d-20000101-0[1-$i]0000.txt -o "$WORK/x.psz" &
        pids+=($!)
    done
    for i in "${pids[@]}"; do wait "$i"; done
    json info --json --strict "$WORK/x.psz"
    [ "$(q '.inputs[0].snapshots')" -le 6 ]
    [ "$(find "$WORK" -name '.x.psz*' | wc -l)" -eq 0 ]
}

# while_it_waits CHANGE CALL...: runs the call, whose last input is `-`, and makes the change
# when the others have been looked at but not yet read.
while_it_waits() {
    local change=$1 pid
    shift
    mkfifo "$WORK/pipe"
    "$POOLSIFT" "$@" <"$WORK/pipe" >"$WORK/out" 2>"$WORK/err" &
    pid=$!
    exec 9>"$WORK/pipe"
    head -c 300000 /dev/zero | tr '\0' '\n' >&9 # more than a pipe holds
    eval "$change"
    cat "$SCREEN" >&9
    exec 9>&-
    rm "$WORK/pipe"
    status=0
    wait "$pid" || status=$?
    output=$(cat "$WORK/out" "$WORK/err")
}

@test "a zip that shrinks before it is read" {
    series 3
    (cd "$WORK" && zip -q -0 x.zip d-*.txt)
    while_it_waits 'truncate -s 300 "$WORK/x.zip"' info "$WORK/x.zip" -
    [ "$status" -eq 2 ]
    says "the zip became shorter while it was read"
    says "301852 bytes"
}

@test "a file that goes, or becomes another, before it is read" {
    series 2
    while_it_waits 'rm "$WORK/d-20000101-010000.txt"' info \
        "$WORK/d-20000101-010000.txt" "$WORK/d-20000101-020000.txt" -
    [ "$status" -eq 2 ]
    says "d-20000101-010000.txt: cannot open"
    says "d-20000101-020000.txt"
    while_it_waits 'echo none >"$WORK/d-20000101-020000.txt"' info \
        "$WORK/d-20000101-020000.txt" -
    [ "$status" -eq 2 ]
    says "d-20000101-020000.txt"
}

@test "an archive that shrinks or is replaced before it is read" {
    series 4
    "$POOLSIFT" convert -q "$WORK"/d-*.txt -o "$WORK/x.psz"
    while_it_waits 'truncate -s 500 "$WORK/x.psz"' info "$WORK/x.psz" -
    [ "$status" -eq 2 ]
    says "x.psz"
    while_it_waits 'cp "$SCREEN" "$WORK/x.psz"' show "$WORK/x.psz@1" - --json
    [ "$status" -eq 0 ]
}

@test "a file that still grows is read as far as it is whole" {
    cp "$SCREEN" "$WORK/grows.txt"
    while_it_waits 'head -c 700 "$SCREEN" >>"$WORK/grows.txt"' info --json "$WORK/grows.txt" -
    [ "$status" -eq 0 ]
    [[ $output == *'"snapshots": 2'* ]]
}

@test "few descriptors, little memory, small files: a result, or words and no file" {
    [ -z "${UNDER:-}" ] || skip "the program above needs more"
    if nm -D "$POOLSIFT" 2>/dev/null | grep -qE "__asan|__tsan"; then skip "sanitizers map more"; fi
    local limit
    series 3
    for limit in "-n 6" "-n 7" "-n 8" "-f 0" "-f 1" "-v 5000" "-v 6000" \
        "-v 8000" "-v 12000" "-v 20000"; do
        rm -f "$WORK/x.psz"
        run bash -c 'ulimit '"$limit"'; exec "$POOLSIFT" convert "$0"/d-*.txt -o "$0/x.psz"' "$WORK"
        if [ "$status" -eq 0 ]; then
            "$POOLSIFT" info -q --strict "$WORK/x.psz"
        else
            [ "$status" -eq 2 ] || [ "$status" -eq 127 ] # the loader's own word
            [ -n "$output" ]
            [ ! -e "$WORK/x.psz" ]
        fi
        [ "$(find "$WORK" -name '.*' -type f | wc -l)" -eq 0 ]
    done
}
