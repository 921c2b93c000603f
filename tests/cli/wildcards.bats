#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# `*` and `?` in an INPUT that no shell replaced.

load common

world() {
    cd "$WORK"
    mkdir -p day1 day2 other
    for path in day1/poolmon2.txt day1/poolmon10.txt day2/poolmon1.txt day2/é.txt other/x.log day1/.dot.txt; do
        cp "$SCREEN" "$path"
    done
}

sources() {
    json info --json -q "$@"
    q '.inputs[].source' | tr '\n' ' '
}

@test "the files that match, by name, runs of digits as numbers; dot files are none" {
    world
    [ "$(sources 'day1/*.txt')" = "day1/poolmon2.txt day1/poolmon10.txt " ]
    [ "$(sources 'day?/poolmon?.txt')" = "day1/poolmon2.txt day2/poolmon1.txt " ]
    [ "$(sources '*/*o*2*')" = "day1/poolmon2.txt " ]
    [ "$(sources 'day2/?.txt' other)" = "day2/é.txt other/x.log " ]
    [ "$(sources "$WORK/*/x.*")" = "$WORK/other/x.log " ]
    [ "$(sources 'd*2')" = "day2/poolmon1.txt day2/é.txt " ]
}

@test "a file of that very name wins; what matches nothing is named as it was given" {
    world
    fails info 'day3/*.txt'
    says "day3/*.txt: cannot open"
    fails info 'day1/*.csv'
    says "day1/*.csv: cannot open"
    fails info 'day1/*/*.txt'
    needs names # with a star
    cp "$SCREEN" "day1/p*"
    [ "$(sources 'day1/p*')" = "day1/p* " ]
}

@test "every command that reads captures: two operands, cases, rankings" {
    world
    run "$POOLSIFT" diff -q 'day1/*.txt'
    [ "$status" -eq 0 ]
    says "poolmon10.txt"
    "$POOLSIFT" check -q --record day1/poolmon2.txt -o day2/one.yaml
    run "$POOLSIFT" check '*/*.yaml'
    [ "$status" -eq 0 ]
    says "ok 1"
    "$POOLSIFT" rank -q -n 0 --json --host a day1 >a.json
    "$POOLSIFT" rank -q -n 0 --json --host b day2/poolmon1.txt >b.json
    json rank -q --merge --json '?.json'
    [ "$(q '[.hosts[].host] | join(" ")')" = "a b" ]
}

@test "patterns of tags are no files" {
    cd "$WORK"
    touch Proc Prox
    run "$POOLSIFT" tags 'Pro*'
    says "Proc"
    [[ $output != *Prox* ]]
}

@test "paths that with their folder, or alone, have more than 260 characters" {
    local far near
    near=$(printf 'n%.0s' {1..150})
    far=$(printf 'f%.0s' {1..150})
    mkdir -p "$WORK/$near/$far"
    cp "$SCREEN" "$WORK/$near/$far/a.txt"
    [ "$(sources "$WORK/$near/$far/a.txt")" = "$WORK/$near/$far/a.txt " ]
    [ "$(sources "$WORK/n*")" = "$WORK/$near/$far/a.txt " ]
    cd "$WORK/$near"
    [ "$(sources "$far")" = "$far/a.txt " ]
    [ "$(sources '*/*.txt')" = "$far/a.txt " ]
    "$POOLSIFT" convert -q "$far/a.txt" -o "$far/b.psz"
    "$POOLSIFT" convert -q "$far/a.txt" -o "$far/b.psz"
    [ "$(ls "$far")" = "a.txt"$'\n'"b.psz" ]
}

@test "the command that makes a result again has what was typed, redacted or not" {
    world
    json rank -q --json 'day1/poolmon*.txt' 'day2/*.txt'
    [ "$(q '.reproduce.arguments | join(" ")')" = "rank -q --json day1/poolmon*.txt day2/*.txt" ]
    json rank -q --json --redact --threads 1 'day1/poolmon*.txt'
    [ "$(q '.reproduce.arguments | join(" ")')" = "rank -q --json --redact --threads 1 file-003" ] # behind those that it stands for
    output=$("$POOLSIFT" rank -q --redact --color never 'day?/*.txt' 2>/dev/null)
    [[ $output != *day[12?]* && $output == *"Reproduce: poolsift rank -q --redact --color never file-00"* ]]
}
