#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The made-up week of fixtures/series against its labels, from text and from the archive.

load common

SERIES=$FIXTURES/series/web01.zip
LABELS=$FIXTURES/series/web01.labels

# Hexadecimal tag and pool of each leak in a file of labels, sorted.
leaks() {
    awk -F '\t' '!/^#/ && $4 == 1 { print $1, $2 }' "$1" | sort
}

@test "the bundled series is what its generator makes" {
    "$TOOLS/mkseries" --seed 4 --zip "$WORK/web01.zip" --labels "$WORK/web01.labels"
    cmp "$WORK/web01.zip" "$SERIES"
    cmp "$WORK/web01.labels" "$LABELS"
    [ "$(wc -c <"$SERIES")" -lt 300000 ]
}

@test "every leak of the labels is called one, or a probable one; nothing else is" {
    json rank --json "$SERIES"
    [ "$(q '.hosts | length')" -eq 1 ]
    [ "$(q '.hosts[0].outcome')" = leak ]
    n=$(leaks "$LABELS" | wc -l)
    [ "$n" -eq 4 ]
    [ "$(q ".hosts[0].tags[:$n][] | \"\(.tag_hex) \(.pool)\"" | sort)" = "$(leaks "$LABELS")" ]
    [ "$(q '.hosts[0].tags[] | select(.verdict == "leak" or .confidence == "probable") | "\(.tag_hex) \(.pool)"' | sort)" = "$(leaks "$LABELS")" ]
    [ "$(q '[.hosts[0].tags[] | select(.verdict == "leak")] | length')" -ge 3 ]
    [ "$(q '.hosts[0].tags_total')" -eq "$(grep -vc '^#' "$LABELS")" ]
}

@test "the rates of the leaks are those of the labels, within a fifth" {
    json rank --json "$SERIES"
    awk -F '\t' '!/^#/ && $4 == 1 { print $1, $5 }' "$LABELS" | while read -r hex rate; do
        [ "$(q ".hosts[0].tags[] | select(.tag_hex == \"$hex\") | .bytes_per_hour / $rate | . > 0.8 and . < 1.2")" = true ]
    done
}

@test "boots are as labelled: first and last capture, and how many" {
    json rank --json "$SERIES"
    wanted=$(awk -F '\t' '/^#boot\t2/ { print $2, $3, $4 }' "$LABELS")
    [ "$(printf '%s\n' "$wanted" | wc -l)" -eq 3 ]
    [ "$(q '.hosts[0].boots[] | "\(.start) \(.end) \(.snapshots)"')" = "$wanted" ]
}

@test "files as customers send them: UTF-16, one twice, one cut, counters that wrap" {
    json rank --json "$SERIES"
    [ "$(q '.hosts[0].snapshots')" -eq 90 ]
    for code in duplicate boot-found wrap censored; do
        [ "$(q "[.hosts[0].notes[].code] | index(\"$code\") != null")" = true ]
    done
    [ "$(grep -c 'came twice' "$WORK/stderr")" -eq 1 ]
    grep -q 'web01-20261105-0306.txt.*ends in mid-table' "$WORK/stderr"
    json info --json "$SERIES"
    [ "$(q '.inputs | length')" -eq 91 ]
    [ "$(q '[.inputs[] | select(.completeness == "cut")] | length')" -eq 1 ]
    [ "$(q '[.inputs[] | select(.notes[].code == "encoding")] | length')" -eq 1 ]
    [ "$(q '[.inputs[] | select(.time_source == "name")] | length')" -eq 91 ]
}

@test "the archive is ranked like the zip, and is smaller" {
    "$POOLSIFT" convert -q "$SERIES" -o "$WORK/web01.psz"
    [ "$(wc -c <"$WORK/web01.psz")" -lt "$(($(wc -c <"$SERIES") / 2))" ]
    json rank --json "$SERIES"
    from_zip=$(q '.hosts[0] | {snapshots, boots, from, to, pools, outcome, tags}')
    json rank --json "$WORK/web01.psz"
    [ "$(q '.hosts[0] | {snapshots, boots, from, to, pools, outcome, tags}')" = "$from_zip" ]
}

@test "a folder is ranked like the zip of it" {
    mkdir "$WORK/web01"
    "$TOOLS/mkseries" --seed 4 -o "$WORK/web01"
    json rank --json "$SERIES"
    from_zip=$(q '.hosts[0] | {snapshots, boots, from, to, pools, outcome, tags}')
    json rank --json "$WORK/web01"
    [ "$(q '.hosts[0] | {snapshots, boots, from, to, pools, outcome, tags}')" = "$from_zip" ]
}

@test "text to archive to text gives the same bytes" {
    "$TOOLS/mkseries" --seed 5 --clean --reboots 1 -o "$WORK/in"
    "$POOLSIFT" convert -q --verify "$WORK/in" -o "$WORK/x.psz" 2>"$WORK/stderr"
    [ ! -s "$WORK/stderr" ]
    "$POOLSIFT" convert -q "$WORK/x.psz" -o "$WORK/out/"
    [ "$(find "$WORK/out" -type f | wc -l)" -gt 80 ]
    diff -r "$WORK/in" "$WORK/out"
}

@test "a server that does not leak is not accused" {
    "$TOOLS/mkseries" --seed 4 --leak-free --zip "$WORK/healthy.zip" --labels "$WORK/labels"
    [ -z "$(leaks "$WORK/labels")" ]
    json rank --json --exit-code "$WORK/healthy.zip"
    [ "$(q '[.hosts[0].tags[] | select(.verdict == "leak")] | length')" -eq 0 ]
    [ "$(q '.hosts[0].boots | length')" -eq 3 ]
}
