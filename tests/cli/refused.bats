#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# What is asked of the program and cannot be: words that say so, and exit 2.

load common

LOG=$TOP/fixtures/poolmon/dated-series.txt

# On a terminal, where script(1) makes one.
on_terminal() {
    [ -z "${MACHINE:-}" ] || skip "a terminal of $MACHINE is another"
    command -v script >/dev/null || skip "no script(1)"
    run script -qec "$1" /dev/null </dev/null
}

@test "a terminal that nobody types into is no input" {
    on_terminal "'$POOLSIFT' rank"
    [ "$status" -eq 2 ]
    says "no input was named"
    says "poolsift show - and Ctrl-D"
}

@test "a page is nothing for a terminal" {
    on_terminal "'$POOLSIFT' report -q '$LOG' -o -"
    [ "$status" -eq 2 ]
    says "a page of HTML is nothing for a terminal"
}

@test "one time is not for several captures" {
    fails show --time 2026-11-09T00:00 "$LOG"
    says "--time is for inputs that hold one snapshot"
    says "--start TIME --every STEP"
}

@test "--still wants a capture" {
    fails diff "$LOG@1" "$LOG@2" --still "$TOP/fixtures/httperr/cut.log"
    says "--still: no capture in it"
}

@test "--drivers wants tags, and not too many" {
    mkdir "$WORK/empty"
    fails tags 'M*' 'A*' --drivers "$WORK/empty"
    says "not more"
    says "ask in several calls"
}

@test "no key is sorted by twice over" {
    fails diff -s tag,tag,tag,tag,tag,tag,tag,tag,tag,tag,tag "$LOG"
    says "--sort takes KEY[,KEY]"
}

@test "a case says what it expects where it says it wrongly" {
    cd "$WORK"
    head='case: 1
name: one
source: a page
figures: published
inputs: [a.txt]
'
    printf '%sexpect: {not_leaking: [[a]]}\n' "$head" >list.yaml
    fails check list.yaml
    says "list.yaml:6:24: expected a value"
    printf '%sexpect: {hosts: []}\n' "$head" >hosts.yaml
    fails check hosts.yaml
    says "hosts.yaml:6:17: expected a list such as [{host: WEB01, outcome: leak}]"
    printf '%soptions: {suspect: [[a]]}\nexpect: {outcome: leak}\n' "$head" >option.yaml
    fails check option.yaml
    says "option.yaml:6:21: expected a value"
    printf '%soptions: {strict: maybe}\nexpect: {outcome: leak}\n' "$head" >strict.yaml
    fails check strict.yaml
    says "strict takes yes or no"
    printf 'case: 1\nname: [one]\n' >name.yaml
    fails check name.yaml
    says "name is a text"
}

@test "a case is UTF-8, and so is what is recorded in one" {
    needs names # with any byte
    fails check --record --suspect $'\xff*' "$LOG" -o "$WORK/case.yaml"
    says "a case is UTF-8, and this name is not"
    [ ! -e "$WORK/case.yaml" ]
}

@test "a host whose name is not UTF-8 is in no case" {
    "$POOLSIFT" convert -q --host web01 "$LOG" -o "$WORK/1.txt"
    sed 's/host=web01/host=web%ff/' "$WORK/1.txt" >"$WORK/2.txt"
    fails check --record "$WORK/1.txt" "$WORK/2.txt" -o "$WORK/case.yaml"
    says "a case is UTF-8, and this name is not: 'web"
}

@test "what is no ordinary file is not appended to; a socket is not written" {
    [ -z "${MACHINE:-}" ] || skip "devices and sockets of $MACHINE are others"
    fails convert -q --append --to psz "$LOG" -o /dev/null
    says "/dev/null is no ordinary file"
    perl -MIO::Socket::UNIX -e 'IO::Socket::UNIX->new(Local => shift, Listen => 1) or exit 1' \
        "$WORK/socket" || skip "no socket here"
    fails rank -q "$LOG" -o "$WORK/socket"
    says "cannot open for writing"
    [ -S "$WORK/socket" ]
}
