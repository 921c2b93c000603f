#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The manual says what the program knows.

load common

BUILT=${TOOLS%/tools}
PAGE=$BUILT/poolsift.1
MKMANUAL=$BUILT/gen/mkmanual
TEMPLATE=$TOP/cli/manual/poolsift.1.in

commands() {
    "$POOLSIFT" help | sed -n 's/^  poolsift \([a-z]*\) .*/\1/p'
}

@test "every command has its part, its line in the synopsis and its examples" {
    [ "$(commands | wc -l)" -ge 11 ]
    for word in $(commands); do
        grep -q "^\.Ss $word\( \|$\)" "$PAGE"
        grep -q "^\.Cm $word$" "$PAGE"
        grep -q "^poolsift $word\>" "$PAGE"
    done
}

@test "every option of every command is there, once" {
    for word in $(commands); do
        "$POOLSIFT" help "$word" | sed -n 's/^  \(-., \|    \)--\([a-z-]*\).*/\2/p'
    done | sort -u >"$WORK/help"
    sed -n 's/^\.It .*Fl -\([a-z-]*\).*/\1/p' "$PAGE" | sort >"$WORK/page"
    [ "$(wc -l <"$WORK/page")" -ge 50 ]
    diff "$WORK/help" "$WORK/page"
}

@test "formats, notes, bounds, exit codes and conditions of rules are there" {
    formats=$("$POOLSIFT" formats --csv | tail -n +2 | cut -d , -f 1)
    notes=$(sed -n 's/^NOTE([A-Z_0-9]*, "\([a-z0-9-]*\)".*/\1/p' "$TOP/formats/notes.def")
    keys=$(sed -n 's/^RULE_KEY([A-Z_]*, "\([a-z_]*\)".*/\1/p' "$TOP/cli/analyze/rule_keys.def")
    [ "$(wc -w <<<"$formats")" -ge 21 ]
    [ "$(wc -w <<<"$notes")" -eq "$(grep -c '^NOTE' "$TOP/formats/notes.def")" ]
    [ "$(wc -w <<<"$keys")" -eq "$(grep -c '^RULE_KEY' "$TOP/cli/analyze/rule_keys.def")" ]
    for name in $formats $notes; do
        grep -qx "\.It Cm $name" "$PAGE"
    done
    for name in $keys; do
        grep -q "^\.It Cm $name :" "$PAGE"
    done
    for code in 0 1 2; do
        grep -qx "\.It $code" "$PAGE"
    done
    grep -qx '\.It 64 KiB' "$PAGE"
    grep -qx '\.It 64 GiB' "$PAGE"
    grep -qx '\.It 1000000' "$PAGE"
}

@test "the variables that the manual names are those that are looked at" {
    sed -n 's/^ENVIRONMENT("\([A-Z_]*\)".*/\1/p' "$TOP/cli/environment.def" | sort >"$WORK/named"
    # By name, or by a list of names in the same file.
    {
        grep -rhoE 'getenv\("[A-Z_]+"\)' --include='*.c' "$TOP/cli" "$TOP/formats"
        grep -rlE 'getenv\([^"]' --include='*.c' "$TOP/cli" "$TOP/formats" |
            xargs -r -d '\n' grep -hoE '"[A-Z][A-Z_]+"'
    } | sed 's/[^"]*"\(.*\)".*/\1/' | sort -u >"$WORK/asked"
    [ -s "$WORK/asked" ]
    diff "$WORK/named" "$WORK/asked"
    for name in $(cat "$WORK/named"); do
        grep -qx "\.It Ev $name" "$PAGE"
    done
}

@test "a mark that means nothing, or a list left out, fails the build" {
    "$MKMANUAL" man <"$TEMPLATE" | cmp - "$PAGE"
    run "$MKMANUAL" man <<<"@no-such@"
    [ "$status" -eq 1 ]
    says "there is no such list: no-such"
    sed 's/^@command show@$/@command shwo@/' "$TEMPLATE" >"$WORK/in"
    run "$MKMANUAL" man <"$WORK/in"
    [ "$status" -eq 1 ]
    says "nothing is called so: shwo"
    sed '/^@limits@$/d' "$TEMPLATE" >"$WORK/in"
    run "$MKMANUAL" man <"$WORK/in"
    [ "$status" -eq 1 ]
    says "the template has no place for this list: limits"
}
