#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# What only a terminal sees: its width, colour, and the progress line.

load common

ESC=$'\e'

# on_terminal COLUMNS WORD...: the command on a terminal of its own, what it drew in
# $output (lines end as files' do).
on_terminal() {
    local columns=$1
    shift
    output=$(TERM=xterm script -qec \
        "stty cols $columns rows 24; $(printf '%q ' "$@")" /dev/null </dev/null |
        sed 's/\r$//')
}

# slowly FIFO: one capture, more than half a second later many more.
slowly() {
    mkfifo "$1"
    {
        cat "$SCREEN"
        sleep 0.7
        for _ in $(seq 40); do cat "$SCREEN"; done
    } >"$1" &
}

@test "work that takes longer than half a second draws a line and wipes it away" {
    needs terminals # that show the bytes: a console shows what they draw
    slowly "$WORK/slow"
    on_terminal 80 "$POOLSIFT" info "$WORK/slow"
    [[ $output == *$'\r'Reading*snapshot*"${ESC}[K"* ]]
    # What is drawn is overdrawn: without that, nothing of it is left.
    left=$(sed "s/\rReading[^\r]*${ESC}\[K//g; s/\r${ESC}\[K//g" <<<"$output")
    [[ $left != *Reading* && $left != *"${ESC}[K"* ]]
    # The last that was drawn there is nothing.
    [[ ${output##*Reading} == *"${ESC}[K"*$'\r'"${ESC}[K"* ]]
    says "41 snapshots"
}

@test "no progress in a pipe or with --progress never, nor in what is quick" {
    slowly "$WORK/slow"
    run "$POOLSIFT" info "$WORK/slow"
    [ "$status" -eq 0 ]
    [[ $output != *Reading* && $output != *"$ESC"* ]]
    slowly "$WORK/again"
    on_terminal 80 "$POOLSIFT" info --progress never "$WORK/again"
    [[ $output != *Reading* && $output != *"${ESC}[K"* ]]
    on_terminal 80 "$POOLSIFT" info "$SCREEN"
    [[ $output != *Reading* ]]
}

@test "--progress always draws in a pipe as well, on standard error alone" {
    slowly "$WORK/slow"
    "$POOLSIFT" info --progress always "$WORK/slow" >"$WORK/out" 2>"$WORK/err"
    grep -q Reading "$WORK/err"
    [ -z "$(grep "Reading\|$ESC" "$WORK/out")" ]
}

@test "--ascii draws without one byte beyond ASCII, in the same columns" {
    cp "$SCREEN" "$WORK/résumé-日本.txt"
    json show --ascii "$WORK/résumé-日本.txt"
    [ -z "$(LC_ALL=C grep '[^ -~]' <<<"$output")" ]
    says "r?sum?-????.txt"
    json rank -v --ascii "$FIXTURES/series/web01.zip"
    [ -z "$(LC_ALL=C grep '[^ -~]' <<<"$output")" ]
    ascii=$(findings <<<"$output")
    json rank -v "$FIXTURES/series/web01.zip"
    LC_ALL=C grep -q '[^ -~]' <<<"$output"
    # Each block became one sign.
    [ "$(jq -R length <<<"$ascii")" = "$(findings <<<"$output" | jq -R length)" ]
}

@test "a terminal whose locale knows no UTF-8 gets ASCII, a pipe what it always gets" {
    needs terminals # with a locale: a console is asked to take UTF-8
    call=("$POOLSIFT" rank -q -v "$FIXTURES/series/web01.zip")
    LC_ALL=C on_terminal 80 "${call[@]}"
    [[ $output != *▁* && $output == *"boot: ____"* ]]
    LC_ALL=C.UTF-8 on_terminal 80 "${call[@]}"
    [[ $output == *▁* ]]
    output=$(LC_ALL=C "${call[@]}")
    [[ $output == *▁* ]]
}

@test "colour on terminals that want it, and only there; it says nothing of its own" {
    call=("$POOLSIFT" rank -q "$FIXTURES/series/web01.zip")
    unset NO_COLOR
    on_terminal 80 "${call[@]}"
    [[ $output == *"${ESC}[1;31m"* ]]
    plain=$(sed "s/${ESC}\[[0-9;]*m//g" <<<"$output")
    [[ $("${call[@]}") != *"${ESC}["* ]]
    [[ $("${call[@]}" --color always) == *"${ESC}[1;31m"* ]]
    needs terminals # that show the bytes
    NO_COLOR=1 on_terminal 80 "${call[@]}"
    [ "$output" = "$plain" ]
    on_terminal 80 "${call[@]}" --color never
    [[ $output != *"${ESC}["* ]]
}

@test "80 columns in a pipe whatever COLUMNS says, more on a wider terminal" {
    call=("$POOLSIFT" rank -q "$FIXTURES/series/web01.zip")
    COLUMNS=200 json "${call[@]:1}"
    fits_80
    narrow=$output
    on_terminal 200 "${call[@]}"
    widest=$(sed "s/${ESC}\[[0-9;]*m//g" <<<"$output" | jq -R length | sort -n | tail -n 1)
    [ "$widest" -gt 80 ]
    [ "$widest" -le 200 ]
    [[ $output == *Since* && $narrow != *Since* ]]
}
