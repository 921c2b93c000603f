#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# What the README says: its tables hold, and what it names is there.  Its examples are run by
# examples.bats, its recipes by those of their commands, its formats by tidy.bats.

load common

SERIES=$FIXTURES/series/web01.zip
STORY=$FIXTURES/stories/connections-refused

# The lines of the README between <!-- NAME --> and <!-- end -->.
part() {
    sed -n "/^<!-- $1 -->\$/,/^<!-- end -->\$/{/^<!--/d;p}" "$TOP/README.md"
}

# The README without its blocks.
prose() {
    awk '/^```/ { inside = !inside; next } !inside' "$TOP/README.md"
}

@test "files and folders that the README names are there" {
    names=$(prose | grep -oE '[`(](cli|fixtures|formats|tests)/[a-zA-Z0-9_./-]*|`(LICENSE|Makefile)`' | tr -d '`(' | sort -u)
    [ "$(wc -l <<<"$names")" -ge 10 ]
    for name in $names; do
        [ -e "$TOP/$name" ] || {
            echo "no $name"
            return 1
        }
    done
}

@test "options that the README names are taken by a command" {
    for command in $("$POOLSIFT" help | sed -n 's/^  poolsift \([a-z]*\) .*/\1/p'); do
        "$POOLSIFT" "$command" --help
    done >"$WORK/help"
    options=$(prose | grep -oE '`--?[a-z][a-z-]*' | tr -d '`' | sort -u)
    [ "$(wc -l <<<"$options")" -ge 8 ]
    for option in $options; do
        grep -qE -- "(^| |,)$option\\b" "$WORK/help" || {
            echo "no option $option"
            return 1
        }
    done
}

@test "exit codes are those of the manual" {
    for code in 0 1 2; do
        said=$(prose | sed -n "s/^| $code | \\(.*\\) |\$/\\1/p" | tr -d '`')
        manual=$(awk -v code="$code" '/^\.Sh/ { there = /EXIT STATUS/ } /^\.It/ { mine = there && $2 == code; next }
            there && mine' "${TOOLS%/tools}/poolsift.1" | paste -s -d ' ')
        [ -n "$said" ]
        [[ ${manual%.} == "$said" || $manual == "$said; "* ]] || {
            echo "exit $code: $manual"
            return 1
        }
    done
}

@test "speeds are lines of tests/bench/README.md" {
    for who in "wc -l" "poolsift rank, text" mawk; do
        part speed | grep -q "^| $who |"
    done
    part speed | while IFS= read -r row; do
        grep -qxF -- "$row" "$TOP/tests/bench/README.md" || {
            echo "not there: $row"
            return 1
        }
    done
}

@test "figures of the ranking are those of tests/eval/README.md" {
    part ranking | tail -n +3 >"$WORK/rows"
    [ -s "$WORK/rows" ]
    while IFS='|' read -r _ name own last trend _; do
        name=${name%%:*}
        row=$(awk -v name="${name// /}" '$1 == name { print $3, $5, $7; exit }' "$TOP/tests/eval/README.md")
        [ "$row" = "$(echo $own $last $trend)" ] || {
            echo "$name: $row there"
            return 1
        }
    done <"$WORK/rows"
}

# What a row of the table of tools claims of poolsift, done.
shown() {
    case $1 in
    "shows the live machine") ! "$POOLSIFT" help | grep -qi 'live\|watch' ;;
    "saves captures there") [ -e "$TOP/formats/capture/poolcap.c" ] ;;
    "works away from the machine") "$POOLSIFT" show -q "$STORY/poolmon-b.txt" ;;
    "reads what other tools saved")
        for tool in poolmonx systeminformer powershell volatility; do
            "$POOLSIFT" info -q "$FIXTURES/$tool" >/dev/null || return
        done
        ;;
    "compares two captures") "$POOLSIFT" diff -q "$FIXTURES/stories/drsd-printer/"[12].txt | grep -q 'Drsd (paged) changed most' ;;
    "looks for leaks over a series") [ "$(of .outcome)" = leak ] ;;
    "says how sure it is") [ "$(of '.tags[0].confidence, (.tags[0].bytes_per_hour_low > 0)')" = $'strong\ntrue' ] ;;
    "knows restarts") [ "$(of '.boots | length')" = 3 ] ;;
    "finds tags that move together") [ "$(of '.cohorts | length > 0')" = true ] ;;
    "forecasts when a pool is full") [ "$(of '.pools.nonpaged.exhausted_in_h > 0')" = true ] ;;
    "acquits a suspect") [ "$("$POOLSIFT" rank -q --json --suspect 'U[Ll]*' "$STORY" | jq -r '.hosts[0].suspects[0].verdict')" = acquitted ] ;;
    "names the owner of a tag") "$POOLSIFT" tags Toke | grep -q 'access tokens' ;;
    "CSV and JSON") "$POOLSIFT" rank -q --csv "$SERIES" | grep -q SgRq && of . >/dev/null ;;
    "a page to send") "$POOLSIFT" report -q "$SERIES" -o "$WORK/page.html" && grep -q '<svg' "$WORK/page.html" ;;
    'exit code for "it leaks"') ! "$POOLSIFT" check -q --no-leak "$SERIES" ;;
    "keeps a series in little room")
        "$POOLSIFT" convert -q "$SERIES" -o "$WORK/a.psz" && [ "$(wc -c <"$WORK/a.psz")" -lt "$(($(wc -c <"$SERIES") / 8))" ]
        ;;
    *) false ;;
    esac
}

# jq on the ranking of the series.
of() {
    [ -e "$WORK/rank.json" ] || "$POOLSIFT" rank -q --json --limit nonpaged=512M "$SERIES" >"$WORK/rank.json"
    jq -r ".hosts[0] | $1" "$WORK/rank.json"
}

@test "what the table of tools claims of poolsift is so" {
    columns=$(part tools | head -n 1 | tr -cd '|' | wc -c)
    part tools | tail -n +3 >"$WORK/rows"
    [ "$(wc -l <"$WORK/rows")" -ge 12 ]
    while IFS= read -r row; do
        [ "$(tr -cd '|' <<<"$row" | wc -c)" -eq "$columns" ]
        claim=$(cut -d '|' -f 2 <<<"$row" | sed 's/^ //; s/ $//')
        shown "$claim" >/dev/null 2>"$WORK/stderr" || {
            echo "not so: $claim"
            cat "$WORK/stderr"
            return 1
        }
    done <"$WORK/rows"
}

@test "the page of the tests names what lies there, and nothing else" {
    page=$TOP/tests/README.md
    for name in $(ls "$TOP/tests" | sed 's/\.tsv$//' | grep -vx README.md); do
        grep -qE "[\`/]${name}[/\` ]" "$page" || {
            echo "not named: $name"
            return 1
        }
    done
    grep -oE '`[a-z_]+/[A-Za-z0-9_.*-]*' "$page" | tr -d '`' | grep -v 'NAME\|^build/' | while read -r name; do
        compgen -G "$TOP/tests/$name" >/dev/null || compgen -G "$TOP/$name" >/dev/null || {
            echo "not there: $name"
            return 1
        }
    done
}

@test "nothing else lies on the top level" {
    [ "$(ls "$TOP" | grep -vx build | LC_ALL=C sort | tr '\n' ' ')" = \
        "LICENSE Makefile README.md cli fixtures formats tests " ]
}
