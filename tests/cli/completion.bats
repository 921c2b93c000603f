#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Completion of bash, asked as bash would ask it.

load common

COMPLETION=${TOOLS%/tools}/poolsift.bash

# completes LINE: what bash offers at the end of it, a line each, sorted.  Words are cut as
# bash cuts them, = being a word.
completes() {
    output=$(cd "$WORK" && bash --norc -u -s -- "$COMPLETION" "$1" <<'END'
. "$1"
read -ra COMP_WORDS <<<"${2//=/ = }"
[[ $2 == *[=\ ] && $2 != *= ]] && COMP_WORDS+=("")
COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
COMP_LINE=$2 COMP_POINT=${#2}
_poolsift
[ ${#COMPREPLY[@]} -eq 0 ] || printf '%s\n' "${COMPREPLY[@]}" | sort
END
    )
}

offers() {
    [ "$output" = "$(printf '%s\n' "$@")" ] || {
        echo "offered: $output"
        return 1
    }
}

@test "the first word: commands and files" {
    completes "poolsift r"
    offers rank report
    touch "$WORK/reply.txt"
    completes "poolsift re"
    offers reply.txt report
    completes "poolsift --v"
    offers --verbose --version
}

@test "the options of a command are those of its help page" {
    for word in $("$POOLSIFT" help | sed -n 's/^  poolsift \([a-z]*\) .*/\1/p'); do
        completes "poolsift $word -"
        [ "$(grep -- -- <<<"$output")" = "$("$POOLSIFT" help "$word" |
            sed -n 's/^  \(-., \|    \)\(--[a-z-]*\).*/\2/p' | sort)" ]
        [ "$(grep -x -- '-.' <<<"$output")" = "$("$POOLSIFT" help "$word" |
            sed -n 's/^  \(-.\), .*/\1/p' | sort)" ]
    done
    completes "poolsift rank --su"
    offers --suspect
    completes "poolsift info --su"
    offers ""
}

@test "arguments that are known: words, formats, keys, systems" {
    completes "poolsift show --pool "
    offers both nonpaged paged
    completes "poolsift show -p n"
    offers nonpaged
    completes "poolsift show --pool=n"
    offers nonpaged
    completes "poolsift rank --pool="
    offers both nonpaged paged
    completes "poolsift convert --to "
    offers csv jsonl poolmon psz
    completes "poolsift rank --from pool"
    offers poolmon poolmonx poolmonx2 poolmonx3 poolused
    completes "poolsift show -s bytes,l"
    offers bytes,live
    completes "poolsift rank --os 2003"
    offers 2003 2003-3gb 2003-x64
    completes "poolsift rank --limit p"
    offers paged=
    completes "poolsift show -f "
    offers csv json markdown text
    completes "poolsift show --layout class67"
    offers class67-x64 class67-x86
}

@test "every word that is offered for an option is taken" {
    cp "$SCREEN" "$WORK/screen.txt"
    n=0
    for option in pool units format color progress date-order host-from time-from sort os; do
        completes "poolsift show --$option "
        [ -n "$output" ]
        for value in $output; do
            "$POOLSIFT" show -q "--$option" "$value" "$WORK/screen.txt" >"$WORK/out"
            n=$((n + 1))
        done
    done
    [ "$n" -ge 40 ]
}

@test "files where a file is meant, with blanks in their names; nothing where nothing is known" {
    touch "$WORK/week one.psz" "$WORK/week.psz"
    mkdir "$WORK/wednesday"
    completes "poolsift rank we"
    offers wednesday "week one.psz" week.psz
    completes "poolsift rank -o week"
    offers "week one.psz" week.psz
    completes "poolsift rank --baseline=wed"
    offers wednesday
    completes "poolsift rank --since we"
    offers ""
    completes "poolsift rank --limit paged=we"
    offers ""
    completes "poolsift tags we"
    offers ""
    touch "$WORK/--odd"
    completes "poolsift rank -- --o"
    offers --odd
}

@test "help takes commands and topics" {
    completes "poolsift help r"
    offers rank report rules
}

@test "nothing of the person's shell is touched but the completion" {
    run bash --norc -c '. "$1"; compgen -A function; compgen -A variable' - "$COMPLETION"
    functions=$(grep poolsift <<<"$output")
    offered=$(printf '%s\n' _poolsift _poolsift_files _poolsift_options _poolsift_values _poolsift_words)
    [ "$functions" = "$offered" ]
}
