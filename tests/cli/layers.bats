#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# What may include and call what: one table each (tests/static), held against every file.

load common

# A tree of the same form with one file more.
with_file() { # PATH TEXT
    mkdir -p "$WORK/tests/static"
    cp -R "$TOP/cli" "$TOP/formats" "$WORK"
    cp "$TOP/tests/static/layers" "$TOP/tests/static/ladder.txt" "$WORK/tests/static"
    printf '%s\n' "$2" >"$WORK/$1"
}

@test "every #include is in the ladder, and every line of the ladder is needed" {
    run "$TOP/tests/static/layers" ladder
    [ "$status" -eq 0 ]
    [ -z "$output" ]
}

# Lines of comments, and what they name that is called like a source of ours.
@test "a file that a comment names is there" {
    find cli formats tests -name '*.[ch]' -exec grep -HE '^ *(/\*| \*)|/\*.*\*/' {} + |
        grep -oE '^[^:]*:|[a-z0-9_/]+\.([ch]|def|bats)\>' |
        awk '/:$/ { at = $0; next } { print at, $0 }' |
        grep -vE ' (cmocka|expool|ntexapi|stdio|stdlib|win_dump_defs|yaml|zlib)\.[ch]$' >"$WORK/named"
    [ "$(wc -l <"$WORK/named")" -gt 50 ]
    find ./cli ./formats ./tests -type f >"$WORK/there"
    while read -r at name; do
        grep -q "/$name\$" "$WORK/there" || echo "$at no $name"
    done <"$WORK/named" >"$WORK/missing"
    diff /dev/null "$WORK/missing"
}

@test "the ladder sees what it is there for" {
    while read -r path what; do
        with_file "$path" "#include $what"
        run "$WORK/tests/static/layers" ladder
        [ "$status" -ne 0 ]
        says "$path:1: ${what//\"/} is not for"
        rm "$WORK/$path"
    done <<EOF2
formats/io/new.c "cli/term.h"
formats/io/new.c "formats/text/cells.h"
cli/analyze/new.c "formats/io/output.h"
cli/render/people/new.c "cli/load/load.h"
cli/rank/new.c <yaml.h>
EOF2
    sed -i 's|^formats/pe .*|& cli/load|' "$WORK/tests/static/ladder.txt"
    run "$WORK/tests/static/layers" ladder
    [ "$status" -ne 0 ]
    [ "$output" = "ladder.txt: nobody needs: formats/pe cli/load" ]
}

@test "no object calls what the table of symbols does not give it" {
    command -v nm >/dev/null || skip "no nm here"
    OUT=$(dirname "$TOOLS")
    [ -d "$OUT/cli" ] || skip "no objects here"
    [ "$OUT" != "$TOP/build/cov" ] || skip "not optimized: floor and ceil are calls there"
    run "$TOP/tests/static/layers" symbols "$OUT"
    # Another compiler, or other flags, may make a call needless.
    [ "$OUT" = "$TOP/build/plain" ] || output=$(grep -v 'nobody needs' <<<"$output" || true)
    [ -z "$output" ]
}

@test "a call of system, or of printf, is seen" {
    command -v nm >/dev/null || skip "no nm here"
    mkdir -p "$WORK/out/gen" "$WORK/out/formats" "$WORK/out/cli"
    with_file formats/new.c '#include <stdio.h>
#include <stdlib.h>
int new_call(const char *what);
int new_call(const char *what)
{
    printf("%s %d\n", what, rand());
    return system(what);
}'
    cp "$TOP/tests/static/symbols.txt" "$WORK/tests/static"
    "${CC:-cc}" -O1 -c "$WORK/formats/new.c" -o "$WORK/out/formats/new.o"
    run "$WORK/tests/static/layers" symbols "$WORK/out"
    [ "$status" -ne 0 ]
    says "formats/new.c: calls system"
    says "formats/new.c: calls printf"
    says "formats/new.c: calls rand"
}
