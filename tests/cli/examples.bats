#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Every example of manual, help and README is run, and what it prints compared.  They are
# found by their form (tests/examples/find).

load common

setup_file() {
    export FOUND=$BATS_FILE_TMPDIR/found WORLD=$BATS_FILE_TMPDIR/world
    export MANUALS="${TOOLS%/tools}/poolsift.1:$TOP/formats/psz.5:$TOP/cli/know/poolsift-case.5"
    mkdir "$FOUND"
    "$TOP/tests/examples/world" "$WORLD"
    "$TOP/tests/examples/find" "$FOUND"
}

@test "examples are found in manual, help and README, and for every command" {
    grep -q '^README\.md:' "$FOUND/calls"
    grep -q '^poolsift\.1:' "$FOUND/calls"
    grep -q '^poolsift-case\.5:' "$FOUND/calls"
    for word in $("$POOLSIFT" help | sed -n 's/^  poolsift \([a-z]*\) .*/\1/p'); do
        grep -q "^help $word	poolsift $word\\>" "$FOUND/calls" || {
            echo "poolsift help $word has no example"
            return 1
        }
    done
    ls "$FOUND"/*.shown
}

@test "every example does what it did" {
    "$TOP/tests/examples/run" "$WORLD" "$FOUND" >"$WORK/transcript.txt"
    diff "$TOP/tests/examples/transcript.txt" "$WORK/transcript.txt" || {
        echo "right? then: tests/examples/again"
        return 1
    }
    run grep unexpected: "$WORK/transcript.txt"
    [ "$status" -eq 1 ]
}

@test "what an example shows is what is printed" {
    for block in "$FOUND"/*.shown; do
        "$TOP/tests/examples/same" "$WORLD" "$block"
    done
}

@test "a false example is noticed" {
    printf '%s\n' here '$ poolsift version' 'poolsift 999' >"$WORK/1.shown"
    run "$TOP/tests/examples/same" "$WORLD" "$WORK/1.shown"
    [ "$status" -eq 1 ]
    says 'here: $ poolsift version'
    printf '%s\n' here '$ poolsift help' '...' 'not there' '...' >"$WORK/2.shown"
    run "$TOP/tests/examples/same" "$WORLD" "$WORK/2.shown"
    [ "$status" -eq 1 ]
    printf '%s\n' here '$ poolsift help' '...' >"$WORK/3.shown"
    "$TOP/tests/examples/same" "$WORLD" "$WORK/3.shown"
    mkdir "$WORK/found"
    printf 'here\tpoolsift frobnicate\t\nhere\tpoolsift diff --exit-code a.txt b.txt\t\n' >"$WORK/found/calls"
    run "$TOP/tests/examples/run" "$WORLD" "$WORK/found"
    says "unexpected: poolsift: there is no command or file 'frobnicate'"
    says "exit 1"
}

# The blocks of the README, a line each: the mark in front of it, and whether it has a call.
blocks() {
    awk '/^<!-- .* -->$/ { mark = $2 == "end" ? "" : $0; next }
        /^```/ { inside = !inside; if (!inside) { print (called ? "call" : "text"), mark; mark = "" }
                 called = 0; next }
        inside { called = called || /^(\$ |poolsift )/ }
        NF > 0 && !inside { mark = "" }' "$TOP/README.md"
}

@test "a block of the README has calls, or says what else it is; recipes have their tests" {
    [ "$(blocks | wc -l)" -ge 10 ]
    blocks | while read -r has mark; do
        case $has,$mark in
        call,) ;;
        *,"<!-- demo command -->" | *,"<!-- test command -->") ;;
        *,"<!-- recipe: "* | *,"<!-- file: "*)
            name=${mark##*: }
            grep -q "recipe ${name% -->}\>" "$TOP"/tests/cli/*.bats "$TOP"/tests/engines/*.bats
            ;;
        *)
            echo "a block that nothing runs: $has $mark"
            return 1
            ;;
        esac
    done
}

@test "the list of tags that the README shows is taken" {
    recipe tags.yaml file >"$WORK/tags.yaml"
    json tags --json --tags "$WORK/tags.yaml" Abcd
    [ "$(q '.tags[0].owner')" = ours.sys ]
    [ "$(q '.tags[0].role')" = private ]
}
