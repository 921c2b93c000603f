#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Help, versions, unknown words.

load common

commands() {
    "$POOLSIFT" help | sed -n 's/^  poolsift \([a-z]*\) .*/\1/p'
}

@test "no arguments: an overview that names every command" {
    run "$POOLSIFT"
    [ "$status" -eq 0 ]
    for word in show diff rank report check convert info tags formats help version; do
        [[ $output == *"poolsift $word"* ]]
    done
    [ "$(commands | wc -l)" -eq 11 ]
    [ "${#lines[@]}" -le 20 ]
}

@test "every command answers -h and --help with its own page, with an example, within 80 columns" {
    for word in $(commands); do
        run "$POOLSIFT" "$word" -h
        [ "$status" -eq 0 ]
        [[ ${lines[0]} == "poolsift $word"* ]]
        grep -q "^    poolsift $word\>" <<<"$output"
        fits_80
        page=$output
        [ "$("$POOLSIFT" "$word" --help)" = "$page" ]
        [ "$("$POOLSIFT" help "$word")" = "$page" ]
    done
}

@test "every topic is a page within 80 columns" {
    topics=$("$POOLSIFT" help | sed -n 's/^    poolsift help \([a-z]*\) .*/\1/p')
    [[ $topics == *cases*rules* ]]
    for topic in $topics; do
        run "$POOLSIFT" help "$topic"
        [ "$status" -eq 0 ]
        fits_80
    done
}

@test "an option's help stands in exactly the commands that take it" {
    run "$POOLSIFT" help rank
    [[ $output == *--exit-code* ]]
    run "$POOLSIFT" help info
    [[ $output != *--exit-code* ]]
    fails info --exit-code "$SCREEN"
    says "info has no option --exit-code"
}

@test "a mistyped command is answered with the nearest" {
    fails rnak
    says "did you mean 'rank'?"
    fails help shwo
    says "did you mean 'show'?"
}

@test "version says a number, -v how it was built" {
    run "$POOLSIFT" version
    [ "$status" -eq 0 ]
    [[ $output =~ ^poolsift\ [0-9]+\.[0-9]+\.[0-9]+$ ]]
    run "$POOLSIFT" version -v
    words=$(sed 's/  .*//' <<<"$output" | tail -n +2 | tr '\n' ' ')
    [ "$words" = "compiler system zlib libyaml archives fast rows threads " ]
    # What it writes is in the head of an archive.
    "$POOLSIFT" convert -q "$SCREEN" -o "$WORK/x.psz"
    version=$(od -An -tu2 --endian=little -j8 -N4 "$WORK/x.psz" | xargs | tr ' ' .)
    says "writes $version, reads 1.0 to $version"
    run "$POOLSIFT" --version
    [ "$status" -eq 0 ]
}

@test "formats lists what registry.c has, readable and writable" {
    run "$POOLSIFT" formats --json
    [ "$status" -eq 0 ]
    [ "$(jq -r .schema <<<"$output")" = poolsift.formats/1 ]
    [[ $output == *poolmon* && $output == *psz* ]]
}

@test "options that want another argument say what they take" {
    fails show --pool none "$SCREEN"
    says "--pool takes POOL, not 'none'"
    fails show --units miles "$SCREEN"
    says "--units"
    fails rank --start 2006-03-12 "$SCREEN"
    says "--start and --every belong together"
    fails rank --since yesterday "$SCREEN"
    says "--since takes a time"
    fails show -n
    says "wants an argument"
    fails show -n x "$SCREEN"
    says "--top takes N"
}

@test "several files and no command is a question" {
    fails "$SCREEN" "$SCREEN"
    says "diff"
    says "rank"
}
