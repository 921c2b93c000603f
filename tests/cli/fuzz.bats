#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Fuzzing without a fuzzer: every target takes the inputs that campaigns kept and those that
# once were a fault, and the page tells the totals.

load common

targets() {
    "$TOP/tests/fuzz/targets"
}

# The program of a target, without a fuzzer.
replay() { # replay TARGET FILE...
    local program=$TOOLS/replay-$1
    [ -f "$TOP/tests/fuzz/fuzz_$1.c" ] || program=$TOOLS/replay-reader
    FUZZ_READER=$1 "$program" "${@:2}"
}

@test "every target takes its corpus, and what once was a fault" {
    for target in $(targets); do
        corpus=tests/fuzz/corpus/$target.zip
        [ -f "$corpus" ] || corpus=
        found=$(find tests/fuzz/found -name "$target-*" | sort)
        run replay "$target" $corpus $found
        [ "$status" -eq 0 ] || {
            echo "$target: $output"
            return 1
        }
        inputs=$({
            echo "$found" | grep . || :
            [ -z "$corpus" ] || unzip -Z1 "$corpus"
        } | wc -l)
        says "$inputs inputs"
    done
}

@test "what is kept belongs to a target" {
    for file in "$TOP"/tests/fuzz/corpus/*.zip "$TOP"/tests/fuzz/found/*; do
        name=${file##*/}
        name=${name%.zip}
        targets | grep -qx "${name%%-*}" || {
            echo "$file is nobody's"
            return 1
        }
    done
    [ "$(cat "$TOP"/tests/fuzz/corpus/*.zip | wc -c)" -lt 1500000 ]
}

@test "every reader is a target; what is no target's name is refused" {
    for reader in $("$POOLSIFT" formats --json | jq -r '.formats[] | select(.read) | .name'); do
        targets | grep -qx "$reader"
    done
    run env FUZZ_READER=nobody "$TOOLS/replay-reader" /dev/null
    [ "$status" -eq 2 ]
    says "names no reader"
}

@test "the page on fuzzing tells the totals, of every target" {
    diff <(sed '1,/^<!-- totals -->$/d; /^<!-- end -->$/,$d' "$TOP/tests/fuzz/README.md") \
        <("$TOP/tests/fuzz/table")
    diff <(cut -f1 "$TOP/tests/fuzz/totals.tsv") <(targets)
}
