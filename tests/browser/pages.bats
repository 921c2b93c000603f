#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Reports as browsers, validators and screen readers take them.  NODE_PATH: the folder
# that tests/browser/modules prints.

load ../cli/common

# OPTION... INPUT: what page.js saw of the report is in $output.
look() {
    "$POOLSIFT" report -q "$@" -o "$WORK/page.html" 2>"$WORK/stderr"
    "$NODE_PATH/.bin/html-validate" -c "$TOP/tests/browser/html-validate.json" "$WORK/page.html"
    output=$(CHROMIUM=$(command -v chromium) node "$TOP/tests/browser/page.js" "$WORK/page.html")
}

# Nothing is complained of, asked for, inaccessible, or wider than its window; strangers
# are kept out; it prints.
is_sound() {
    q '.complaints[], .requests[], .faults[], .wide[]' >"$WORK/faults"
    [ ! -s "$WORK/faults" ] || {
        cat "$WORK/faults"
        return 1
    }
    [ "$(q '.blocked == ["connect-src", "frame-src", "img-src"]')" = true ]
    [ "$(q '[.charts[].inside] | all')" = true ]
    [ "$(q '.pdf > 20000')" = true ]
}

# jq's answer to rank --json of the last look's inputs, in $rank, and the look, as $seen.
agrees() {
    [ "$(jq --argjson seen "$output" "$1" <<<"$rank")" = true ] || {
        echo "not so: $1"
        return 1
    }
}

@test "days with restarts and a gap: marks stand where rank has them, lines end at its figures" {
    look "$FIXTURES/series/web01.zip"
    is_sound
    rank=$("$POOLSIFT" rank -q --json -n 0 "$FIXTURES/series/web01.zip")
    agrees '.hosts[0] as $h | def t: sub("Z?$"; "Z") | fromdate;
        (($h.to | t) - ($h.from | t)) as $span
        | [$h.boots[1:][].start | (t - ($h.from | t)) / $span] as $wanted
        | [$seen.charts[].boots | [., $wanted] | transpose[] | .[0] - .[1] | fabs] | max < .001'
    agrees '[$seen.charts[] | .gaps | length] | unique == [1]'
    agrees '[.hosts[0].pools.nonpaged.bytes, .hosts[0].pools.paged.bytes] as $ends
        | [$seen.charts[:2][].end_value] | [., $ends] | transpose
        | map((.[0] - .[1]) / .[1] | fabs) | max < .005'
    agrees '[.hosts[0].tags[] | select(.tag == "SgRq" or .tag == "PdIx") | .bytes, .live] as $ends
        | [$seen.charts[2:6][].end_value] | [., $ends] | transpose
        | map((.[0] - .[1]) / .[1] | fabs) | max < .01'
    # the floor of bytes, and where growth began
    agrees '[$seen.charts[2:][] | .floors] == [1, 0, 1, 0, 1, 0]'
    agrees '.hosts[0] as $h | [$h.tags[] | select(.tag == "AuEv") | .started | sub("Z?$"; "Z") | fromdate][0] as $at
        | ($h.from + "Z" | fromdate) as $from | ($h.to + "Z" | fromdate) as $to
        | ($seen.charts[6].onset[0] - ($at - $from) / ($to - $from)) | fabs < .001'
}

@test "without a script all of it is there; with one, keys alone sort it" {
    look "$FIXTURES/series/web01.zip"
    [ "$(q '.plain.buttons')" = 0 ]
    [ "$(q '.plain.rows')" = 20 ]
    [ "$(q '.plain.all_rows')" = 150 ]
    [ "$(q '[.sorted[].sort] == ["descending", "ascending"]')" = true ]
    [ "$(q '.sorted[0].values | length > 100 and . == (sort | reverse)')" = true ]
    [ "$(q '.sorted[1].values | . == sort')" = true ]
}

@test "a limit and its forecast, a suspect, a baseline" {
    look --limit nonpaged=400M --suspect 'Sg*' --baseline "$FIXTURES/series/web01.zip" \
        "$FIXTURES/series/web01.zip"
    is_sound
    [ "$(q '[.charts[:2][] | .limits, .fans] == [1, 1, 0, 0]')" = true ]
    # both pools stand on one time line
    [ "$(q '.charts[0].end_x == .charts[1].end_x and .charts[0].end_x < 1')" = true ]
    [ "$(q '[.charts[2:][] | .end_x] | unique | length')" = 1 ]
}

@test "events on the time line" {
    mkdir "$WORK/in"
    "$TOOLS/mkseries" --seed 2 --tags 40 --days 2 -o "$WORK/in"
    printf '%s - - - - - - - - - 1_Connections_Refused -\n' \
        '2026-11-03 06:45:12' '2026-11-03 08:50:12' >"$WORK/in/httperr1.log"
    look --tz UTC "$WORK/in"
    is_sound
    rank=$("$POOLSIFT" rank -q --json -n 0 --tz UTC "$WORK/in")
    agrees '.hosts[0] as $h | ("2026-11-03T06:45:12Z" | fromdate) as $at
        | ($h.from | fromdate) as $from | ($h.to | fromdate) as $to
        | [$seen.charts[].events[0] - ($at - $from) / ($to - $from) | fabs] | max < .001'
}

@test "one screen, two captures, several hosts" {
    look --suspect 'U[Ll]*' "$STORIES/connections-refused"
    is_sound
    [ "$(q '.charts == []')" = true ]
    look "$STORIES/drsd-printer"
    is_sound
    for host in web01 db01; do
        mkdir -p "$WORK/mail/$host"
        "$TOOLS/mkseries" --seed 1 --tags 30 --days 2 -o "$WORK/mail/$host"
    done
    look --host-from dir "$WORK/mail"
    is_sound
}

@test "what strangers wrote runs nowhere" {
    local evil='<img src=x onerror=alert(1)><script>document.title="owned"</script>"'"'"'&'
    mkdir "$WORK/in"
    for h in 0 1 2 3 4 5 6 7; do
        printf ' Tag  Type     Allocs         Frees    Diff   Bytes    Per Alloc\r\n\r\n'
        printf ' <i>" Nonp %9d %9d %8d %9d %9d\r\n' $((1000 + 500 * h)) 0 $((1000 + 500 * h)) \
            $((64000 + 32000 * h)) 64
    done >"$WORK/in/x"
    csplit -sz -f "$WORK/in/$(printf '<b>\342\200\256\033[31m')" "$WORK/in/x" '/Tag/' '{*}'
    rm "$WORK/in/x"
    printf '<i>" - %s\n' "$evil" >"$WORK/pooltag.txt"
    look --host "$evil" --tags "$WORK/pooltag.txt" --suspect "$evil" \
        --start 2006-03-12T09:00 --every 3h "$WORK/in"
    is_sound
    [ "$(q '.title | startswith("Pool report: ")')" = true ]
    [ "$(q '.text | contains("<img src=x onerror=alert(1)>")')" = true ]
}
