#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Calls to the system and allocations that fail, a few of each call; tests/faults/run tries
# all of them.

load common

@test "what fails is told, and files are old or new, never half" {
    [ -z "${UNDER:-}" ] || skip "the program above allocates, too"
    [ -x "$TOP/$OUT/faults/faults" ] || skip "not built: make check builds it"
    if nm -D "$POOLSIFT" 2>/dev/null | grep -q __tsan; then skip "its sanitizer stands there"; fi
    run "$TOP/tests/faults/run" 1 memory memory-on write full interrupted threads killed killed-half
    [ "$status" -ne 77 ] || skip "nothing can stand before libc here"
    echo "$output"
    [ "$status" -eq 0 ]
    # What fails has failed: else nothing was tried.
    [ "$(awk -F '\t' '$1 ~ /allocation/ { n += $2 } END { print n }' <<<"$output")" -gt 100 ]
}

@test "every command and every form of output is among the calls" {
    local word calls
    calls=$(grep -v '^#' "$TOP/tests/faults/calls")
    for word in $("$POOLSIFT" help | sed -n 's/^  *poolsift \([a-z]*\).*/\1/p' | sort -u) \
        --json --csv --markdown --append --merge --record --junit --redact --threads folder/; do
        grep -qe "$word" <<<"$calls" || {
            echo "no call with $word"
            return 1
        }
    done
}
