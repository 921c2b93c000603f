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
    slowly "$WORK/slow"
    on_terminal 80 "$POOLSIFT" info "$WORK/slow"
    [[ $output == *$'\r'Reading*snapshot*"$ESC[K"* ]]
    # What is drawn is overdrawn: without that, nothing of it is left.
    left=$(sed "s/\rReading[^\r]*$ESC\[K//g; s/\r$ESC\[K//g" <<<"$output")
    [[ $left != *Reading* && $left != *"$ESC[K"* ]]
    # The last that was drawn there is nothing.
    [[ ${output##*Reading} == *"$ESC[K"*$'\r'"$ESC[K"* ]]
    says "41 snapshots"
}

@test "no progress in a pipe or with --progress never, nor in what is quick" {
    slowly "$WORK/slow"
    run "$POOLSIFT" info "$WORK/slow"
    [ "$status" -eq 0 ]
    [[ $output != *Reading* && $output != *"$ESC"* ]]
    slowly "$WORK/again"
    on_terminal 80 "$POOLSIFT" info --progress never "$WORK/again"
    [[ $output != *Reading* && $output != *"$ESC[K"* ]]
    on_terminal 80 "$POOLSIFT" info "$SCREEN"
    [[ $output != *Reading* ]]
}

@test "--progress always draws in a pipe as well, on standard error alone" {
    slowly "$WORK/slow"
    "$POOLSIFT" info --progress always "$WORK/slow" >"$WORK/out" 2>"$WORK/err"
    grep -q Reading "$WORK/err"
    ! grep -q "Reading\|$ESC" "$WORK/out"
}
