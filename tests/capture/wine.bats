#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The capturers under wine: poolcap.exe with the real call, which wine refuses, and with a
# made-up one; poolmon-loop.cmd with a stand-in for poolmon.exe.

load ../cli/common

setup_file() {
    export BUILT=$TOP/build/poolcap WINEPREFIX=$TOP/build/wine WINEDEBUG=-all
    cd "$TOP"
    ${MAKE:-make} poolcap WERROR=1 POOLCAP_OUT="$BUILT"
    ${MAKE:-make} poolcap WERROR=1 POOLCAP_OUT="$BUILT/fake" \
        POOLCAP_QUERY=tests/capture/fake_ntquery.c
    x86_64-w64-mingw32-gcc -std=c11 -Wall -Wextra -Werror -static \
        -o "$BUILT/poolmon.exe" tests/capture/stand_in_poolmon.c
    wine cmd /c 'echo the prefix is made' >/dev/null
}

# A folder where the loop finds its poolmon, and stubs for what it asks the system.
loop_folder() {
    cd "$WORK"
    cp "$BUILT/poolmon.exe" "$TOP/formats/capture/poolmon-loop.cmd" .
    printf '@echo off\r\necho.\r\necho LocalDateTime=%s\r\n' "$1" >wmic.cmd
    printf '@echo off\r\necho     iDate    REG_SZ    %s\r\n' "${2:-x}" >reg.cmd
    printf '@set DATE=%s\r\n@set TIME= 9:05:07.12\r\n@call poolmon-loop.cmd 1 1 out\r\n' \
        "${3:-}" >at.cmd
}

# What the loop calls its file where wmic is silent: NAME SETTING DATE.
named() {
    loop_folder "" "$2" "$3"
    sed -i 's/^echo LocalDateTime.*//' wmic.cmd
    rm -rf out
    wine cmd /c at.cmd
    [ "$(ls out)" = "$1" ] || {
        echo "$3 ($2): $(ls out)"
        return 1
    }
}

@test "the real call: wine has no pool tags, and says so without a file" {
    cd "$WORK"
    run wine "$BUILT/poolcap64.exe" -o real.pscap
    [ "$status" -eq 2 ]
    says "class 22 answered status 0xc0000003"
    [ ! -e real.pscap ]
}

@test "help and wrong arguments" {
    run wine "$BUILT/poolcap64.exe" --help
    [ "$status" -eq 0 ]
    says "--every SPAN"
    run wine "$BUILT/poolcap64.exe" --every 1s
    [ "$status" -eq 2 ]
    says "found '1s'"
}

@test "a made-up system: saved, added to, read back" {
    cd "$WORK"
    wine "$BUILT/fake/poolcap64.exe" -o day.pscap
    wine "$BUILT/fake/poolcap64.exe" -o day.pscap --no-host
    json show --json --all -n 0 day.pscap
    [ "$(q '.snapshots | length')" -eq 2 ]
    [ "$(q '.snapshots[0].rows | length')" -eq 9000 ]
    [ "$(q '.snapshots[0].rows[] | select(.tag == "Leak") | "\(.allocs) \(.bytes)"')" = "1000 256000" ]
    [ "$(q '.snapshots[0].host | length > 0')" = true ]
    [ "$(q '.snapshots[1].host')" = null ]
    [ "$(q '.snapshots[1].totals.nonpaged_kib')" -eq 120000 ]
}

@test "another program's file is left alone" {
    cd "$WORK"
    echo "not a capture at all" >notes.txt
    cp notes.txt before.txt
    run wine "$BUILT/fake/poolcap64.exe" -o notes.txt
    [ "$status" -eq 2 ]
    says "found something else"
    cmp notes.txt before.txt
}

@test "killed while it waits, then run again: nothing is lost" {
    cd "$WORK"
    # wine's launcher becomes the program, so the number is that of poolcap.
    wine "$BUILT/fake/poolcap64.exe" -o k.pscap --every 1h --for 2h 2>log 3>&- &
    pid=$!
    for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
        grep -q "record 1" log && break
        sleep 0.5
    done
    kill -9 "$pid"
    wait "$pid" || true
    wine "$BUILT/fake/poolcap64.exe" -o k.pscap
    json info --json k.pscap
    [ "$(q '.inputs[0].snapshots')" -eq 2 ]
}

@test "the 32-bit program" {
    cd "$WORK"
    run wine "$BUILT/fake/poolcap32.exe" -o small.pscap
    # A wine without its 32-bit half says nothing and exits with 0.
    [ -n "$output" ] && [ -e small.pscap ] || skip "wine32 is not installed"
    json show --json -n 0 small.pscap
    [ "$(q '.snapshots[0].rows | length')" -eq 9000 ]
}

@test "poolmon-loop: so many files, named for their time, read as a series" {
    loop_folder "20261122184509.123456+060"
    wine cmd /c poolmon-loop.cmd 1 1 out
    [ "$(ls out)" = poolmon-20261122-184509.txt ]
    loop_folder "20261122185009.123456+060"
    wine cmd /c poolmon-loop.cmd 1 1 out
    json info --json out
    [ "$(q '[.inputs[].first_time] | sort | join(" ")')" = "2026-11-22T18:45:09 2026-11-22T18:50:09" ]
}

@test "poolmon-loop: dates as computers write them" {
    named poolmon-20261109-090507.txt 0 "11/9/2026"
    named poolmon-20261109-090507.txt 0 "Mon 11/09/2026"
    named poolmon-20261109-090507.txt 1 "09.11.2026"
    named poolmon-20261109-090507.txt 2 "2026-11-09"
    named poolmon-00001.txt 1 "9. 11. 2026."
    named poolmon-00001.txt 2 "26-11-09"
    named poolmon-00001.txt x "11/09/2026"
}

@test "poolmon-loop: without a certain date the time stands in the file" {
    named poolmon-00001.txt x "2026-11-09"
    head -n 1 out/poolmon-00001.txt | grep -q '^# 2026-11-09  9:05:07.12'
    json show --json out/poolmon-00001.txt
    [ "$(q '.snapshots[0].rows | length')" -eq 3 ]
}

@test "poolmon-loop: bounded, and plain about what is wrong" {
    loop_folder "20261122184509.123456+060"
    for words in 0 x 20000 "5 0" "5 90000"; do
        run wine cmd /c poolmon-loop.cmd $words
        [ "$status" -eq 2 ]
        says "usage:"
    done
    rm poolmon.exe
    run wine cmd /c poolmon-loop.cmd 1 1 out
    [ "$status" -eq 2 ]
    says "Is poolmon.exe in this folder?"
}

@test "poolmon-loop.cmd is a text of Windows: CR LF, ASCII" {
    cd "$TOP/formats/capture"
    [ "$(grep -c $'\r$' poolmon-loop.cmd)" -eq "$(wc -l <poolmon-loop.cmd)" ]
    [ -z "$(LC_ALL=C grep $'[^\t\r -~]' poolmon-loop.cmd)" ]
}
