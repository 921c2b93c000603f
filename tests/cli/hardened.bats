#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# What the default build asks of compiler and linker against faults, read from the program.

load common

setup() {
    WORK=$(mktemp -d) # for teardown
    command -v readelf >/dev/null || skip "no readelf here"
    PROGRAM=${POOLSIFT_REAL:-$POOLSIFT}
    [ "$(head -c 4 "$PROGRAM" | tail -c 3)" = ELF ] || skip "no ELF"
    [[ $PROGRAM == */build/plain*/poolsift ]] || skip "no default build"
}

@test "it lies where the loader wants, each time elsewhere" {
    readelf -hW "$PROGRAM" | grep -q 'Type: *DYN'
    run readelf -dW "$PROGRAM"
    [[ $output != *TEXTREL* && $output != *RPATH* && $output != *RUNPATH* ]]
}

@test "nothing can be written and executed, neither the stack" {
    run readelf -lW "$PROGRAM"
    says GNU_STACK
    # flags of a segment stand before its alignment: "RW  0x1000", "R E 0x1000"
    [ -z "$(awk '/^ *(LOAD|GNU_STACK) / && / RWE /' <<<"$output")" ]
    # code and data share no segment
    awk '/^ *LOAD/ && / R E / { code++ } END { exit code != 1 }' <<<"$output"
}

@test "tables of the loader are closed before the first line runs" {
    readelf -lW "$PROGRAM" | grep -q GNU_RELRO
    readelf -dW "$PROGRAM" | grep -q BIND_NOW
}

@test "stacks have canaries, copies of known size are checked" {
    run readelf --dyn-syms -W "$PROGRAM"
    says __stack_chk_fail
    says _chk@GLIBC || [[ $output != *GLIBC* ]]
}
