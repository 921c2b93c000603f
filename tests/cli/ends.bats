#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Figures at the ends of what 64 bits hold: they stop there, and never come round.

load common

MOST=9223372036854775807
ALL=18446744073709551615

capture() { # capture HOUR ROW...
    echo "# poolsift time=2026-11-02T$1:00:00"
    echo " System pool information"
    echo " Tag  Type     Allocs            Frees            Diff   Bytes       Per Alloc"
    echo
    printf '%s\n' "${@:2}"
}

@test "changes since the last refresh stop at the ends" {
    capture 00 \
        " Leak Nonp       5000 ($MOST)         10 (-9223372036854775808)      4990      319360 (     0)         64 " \
        " Same Paged       500 (-9223372036854775808)        100 (  $ALL)       400       12800 (     0)         32 " \
        >"$WORK/a.txt"
    run "$POOLSIFT" show -q "$WORK/a.txt"
    [ "$status" -eq 0 ]
    output=$(tr '\n' ' ' <<<"$output")
    says "Leak gained $MOST objects, Same lost 9223372036854775808 objects"
}

@test "a pool's sum stops at the end, in a series, too" {
    for hour in 00 01 02 03; do
        capture $hour \
            " Aaaa Nonp       5000         10      4990  $ALL         3696742299340591 " \
            " Bbbb Nonp       5000         10      4990  $ALL         3696742299340591 " \
            " Cccc Paged      60$hour         10      59$((10#$hour + 90))         64         0 "
    done >"$WORK/log.txt"
    "$POOLSIFT" convert -q "$WORK/log.txt" -o "$WORK/log.psz"
    for input in log.txt log.psz; do
        json rank -q --json -n 0 "$WORK/$input"
        # jq knows no such number: the pool's, and those of both tags.
        [ "$(grep -o "\"bytes\": $ALL" <<<"$output" | wc -l)" -eq 3 ]
    done
}
