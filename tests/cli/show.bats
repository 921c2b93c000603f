#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# One snapshot: the first user's screen, in every form in which it arrives.

load common

# Every figure of the published screen: tag, allocs, frees, live, bytes, per alloc.
published() {
    cat <<'T'
4953696c 1408366 1327427 80939 36678632 453 56 58 -872
49313030 11048877 10967968 80909 14886928 183 217 219 -368
50634e77 292427 88967 203460 12203296 59 0 0 0
53617645 1596066 1595659 407 11717016 28788 0 0 0
49414d20 1946164 1904725 41439 8519576 205 49 50 -208
74644c4c 74748 69830 4918 2672832 543 0 4 -1776
4c537769 1 0 1 2576384 2576384 0 0 0
52323030 22 1 21 2297816 109419 0 0 0
4d6d436d 302 48 254 2236960 8806 0 0 0
54435074 190486 190462 24 1392264 58011 4 4 0
554c4850 3127 41 3086 1047216 339 0 0 0
5054726b 999750 996561 3189 956824 300 0 0 0
46696c65 9628160 9623252 4908 750688 152 65 65 0
72673831 6910 5294 1616 603864 373 0 0 0
506f6f6c 6 3 3 602112 200704 0 0 0
44657669 680 262 418 558552 1336 0 0 0
54687265 417221 416457 764 476736 624 6 6 0
4c537772 128 0 128 416768 3256 0 0 0
4d6d2020 26 2 24 379880 15828 0 0 0
41666443 21989 19872 2117 338720 160 0 1 -160
T
}

rows() {
    q '.snapshots[0].rows[] | "\(.tag_hex) \(.allocs) \(.frees) \(.live) \(.bytes) \(.per_alloc) \(.allocs_delta) \(.frees_delta) \(.bytes_delta)"'
}

@test "the first user's screen: every figure as published" {
    json show --json "$SCREEN"
    [ "$(q .schema)" = poolsift.show/1 ]
    [ "$(rows)" = "$(published)" ]
    [ "$(q '.snapshots[0].totals.nonpaged_kib')" -eq 109056 ]
    [ "$(q '.snapshots[0].totals.paged_kib')" -eq 43740 ]
    [ "$(q '.snapshots[0].totals.memory_kib')" -eq 1048016 ]
    [ "$(q '.snapshots[0].totals.page_faults')" -eq 219 ]
    [ "$(q '.snapshots[0].completeness')" = screen ]
    [ "$(q '.snapshots[0].time')" = null ]
    [ "$(q '.snapshots[0].rows[] | select(.tag == "IAM " or .tag == "Mm  ") | .tag | length')" = "4
4" ]
    [ "$(q '[.snapshots[0].rows[].pool] | unique[]')" = nonpaged ]
}

@test "the same screen inside a mail, with log lines and prose around it" {
    {
        echo "Hello, our server stops answering every few days. The log says:"
        cat "$STORIES/connections-refused/httperr.txt"
        echo
        echo "and this is what poolmon -b shows:"
        echo
        cat "$SCREEN"
        echo "Does anyone have an idea?"
    } >"$WORK/mail.txt"
    json show --json "$WORK/mail.txt"
    [ "$(q '.snapshots | length')" -eq 1 ]
    [ "$(rows)" = "$(published)" ]
}

@test "UTF-16, CR LF, quoted, on standard input: the same figures" {
    sed 's/$/\r/' "$SCREEN" >"$WORK/crlf.txt"
    sed 's/^/> /' "$SCREEN" >"$WORK/quoted.txt"
    { printf '\377\376'; iconv -f ASCII -t UTF-16LE "$SCREEN"; } >"$WORK/utf16.txt"
    iconv -f ASCII -t UTF-16LE "$SCREEN" >"$WORK/utf16-bare.txt"
    gzip -k <"$SCREEN" >"$WORK/packed"
    (cd "$WORK" && cp "$SCREEN" in.txt && zip -q mail.zip in.txt && rm in.txt)
    for f in crlf.txt quoted.txt utf16.txt utf16-bare.txt packed mail.zip; do
        json show --json "$WORK/$f"
        [ "$(rows)" = "$(published)" ] || { echo "$f"; false; }
    done
    output=$("$POOLSIFT" show --json - <"$SCREEN")
    [ "$(rows)" = "$(published)" ]
}

@test "text: the answer first, 80 columns, the totals" {
    run "$POOLSIFT" show "$SCREEN"
    [ "$status" -eq 0 ]
    says ISil
    says 109056
    fits_80
}

@test "-i, -x, -p and -n choose rows; the pattern is case-sensitive" {
    json show --json -i 'I*' "$SCREEN"
    [ "$(q '[.snapshots[0].rows[].tag] | join(",")')" = "ISil,I100,IAM " ]
    json show --json -i 'I*' -x 'I?00' -n 1 "$SCREEN"
    [ "$(q '[.snapshots[0].rows[].tag] | join(",")')" = "ISil" ]
    json show --json -p paged "$SCREEN"
    [ "$(q '.snapshots[0].rows | length')" -eq 0 ]
    json show --json -i IAM "$SCREEN"
    [ "$(q '.snapshots[0].rows[0].tag')" = "IAM " ]
    run "$POOLSIFT" show -i isil "$SCREEN"
    says "there is 'ISil'"
}

@test "-s orders the rows" {
    json show --json -s tag -n 2 "$SCREEN"
    [ "$(q '[.snapshots[0].rows[].tag] | join(",")')" = "AfdC,Devi" ]
    json show --json -s live -n 1 "$SCREEN"
    [ "$(q '.snapshots[0].rows[0].tag')" = PcNw ]
    fails show -s speed "$SCREEN"
    says "--sort"
}

@test "FILE@N, --at and --all choose snapshots" {
    cat "$STORIES/session-pool/2.txt" "$STORIES/session-pool/3.txt" >"$WORK/two.txt"
    json show --json "$WORK/two.txt@1"
    [ "$(q '.snapshots[0].totals.nonpaged_kib')" -eq 14340 ]
    json show --json "$WORK/two.txt@-1"
    [ "$(q '.snapshots[0].totals.nonpaged_kib')" -eq 14684 ]
    json show --json --all "$WORK/two.txt"
    [ "$(q '.snapshots | length')" -eq 2 ]
    fails show "$WORK/two.txt@3"
    says "there are 2 snapshots"
    json show --json --start 2006-03-12 --every 1h --at 2006-03-12T00:30 "$WORK/two.txt"
    [ "$(q '.snapshots[0].totals.nonpaged_kib')" -eq 14340 ]
    [ "$(q '.snapshots[0].time')" = 2006-03-12T00:00:00 ]
    [ "$(q '.snapshots[0].time_source')" = option ]
}

@test "CSV has a header and one line a row; Markdown has tags in code spans" {
    run "$POOLSIFT" show -q --csv "$SCREEN"
    [ "$status" -eq 0 ]
    [ "${#lines[@]}" -eq 21 ]
    [[ ${lines[0]} == *tag_hex* ]]
    run "$POOLSIFT" show -q --markdown "$SCREEN"
    says '`IAM `'
}

@test "--tz and --time state what the text does not say" {
    json show --json --time 2005-09-02T18:45 --tz -07:00 "$SCREEN"
    [ "$(q '.snapshots[0].time')" = 2005-09-02T18:45:00-07:00 ]
    cp "$SCREEN" "$WORK/web01-20050902-184500.txt"
    json show --json "$WORK/web01-20050902-184500.txt"
    [ "$(q '.snapshots[0].time')" = 2005-09-02T18:45:00 ]
    [ "$(q '.snapshots[0].time_source')" = name ]
    json show --json --host-from name "$WORK/web01-20050902-184500.txt"
    [ "$(q '.snapshots[0].host')" = web01 ]
    touch -d '2005-09-02 18:00:00 UTC' "$WORK/plain" && cp -p "$WORK/plain" "$WORK/m.txt"
    cat "$SCREEN" >"$WORK/m.txt" && touch -d '2005-09-02 18:00:00 UTC' "$WORK/m.txt"
    json show --json "$WORK/m.txt"
    [ "$(q '.snapshots[0].time')" = null ]
    json show --json --time-from mtime "$WORK/m.txt"
    [ "$(q '.snapshots[0].time')" = 2005-09-02T18:00:00Z ]
}

@test "a doubtful date is no time until somebody says which comes first" {
    cp "$SCREEN" "$WORK/web01_11-09-2026_0900.txt"
    json show --json "$WORK/web01_11-09-2026_0900.txt"
    [ "$(q '.snapshots[0].time')" = null ]
    [ "$(q '[.snapshots[0].notes[].code] | index("time-ambiguous") != null')" = true ]
    json show --json --date-order dmy "$WORK/web01_11-09-2026_0900.txt"
    [ "$(q '.snapshots[0].time')" = 2026-09-11T09:00:00 ]
    json show --json --date-order mdy "$WORK/web01_11-09-2026_0900.txt"
    [ "$(q '.snapshots[0].time')" = 2026-11-09T09:00:00 ]
    cp "$SCREEN" "$WORK/web01_13-09-2026_0900.txt"
    json show --json --all "$WORK"/web01_*.txt
    [ "$(q '[.snapshots[].time] | join(" ")')" = "2026-09-11T09:00:00 2026-09-13T09:00:00" ]
}

@test "an archive is asked by its index: the same as from front to back" {
    "$POOLSIFT" convert -q "$FIXTURES/series/web01.zip" -o "$WORK/x.psz"
    n=$("$POOLSIFT" info -q --json "$WORK/x.psz" | jq '.inputs[0].snapshots')
    [ "$n" -gt 3 ]
    at=$("$POOLSIFT" show -q --json "$WORK/x.psz@2" | jq -r '.snapshots[0].time')
    for what in "" "@1" "@2" "@-1" "@-2" "@$n" " --at $at"; do
        for form in --json --markdown -q; do
            # --salvage reads all of it, --tz leaves the index's times alone
            "$POOLSIFT" show $form "$WORK/x.psz"$what >"$WORK/index" 2>"$WORK/e1"
            "$POOLSIFT" show --salvage $form "$WORK/x.psz"$what >"$WORK/plain" 2>"$WORK/e2"
            cmp "$WORK/index" "$WORK/plain"
            cmp "$WORK/e1" "$WORK/e2"
        done
    done
    fails show "$WORK/x.psz@$((n + 1))"
    says "there are $n snapshots"
    fails show "$WORK/x.psz" --at 1990-01-01T00:00:00
    says "no snapshot at or before --at"
}

@test "a day and a clock on lines of their own are the time of the capture behind them" {
    json show --all --json "$FIXTURES/broken/date-then-time.txt"
    [ "$(q '[.snapshots[].time] | join(" ")')" = "2020-05-19T10:00:00 2020-05-19T10:05:00" ]
}

@test "a time before each line is taken off, and is the capture's where it tells the day" {
    json show --all --json "$FIXTURES/broken/stamped.txt"
    [ "$(q '[.snapshots[].time] | join(" ")')" = "2026-11-09T09:00:00 2026-11-09T10:00:01" ]
    sed 's/^[^ ]* \([^ ]*\)/[\1]/' "$FIXTURES/broken/stamped.txt" >"$WORK/clock.txt"
    json show --all --json "$WORK/clock.txt"
    [ "$(q '.snapshots | length, .[0].time, .[0].rows_total' | paste -sd ' ')" = "2 null 10" ]
}

@test "what a log writes before each line is taken off; its time counts where it is a whole one" {
    json show --all --json "$FIXTURES/broken/logged.txt"
    [ "$(q '.snapshots[] | .time, .rows_total' | paste -sd ' ')" = "2026-11-09T10:00:01+01:00 10" ]
    json show --all --json "$FIXTURES/broken/syslog.txt"
    [ "$(q '.snapshots[] | .time, .rows_total' | paste -sd ' ')" = "null 10" ]
}

@test "a pool in small or capital letters, as scripts write it, is read all the same" {
    local name how
    # and without a header in front
    for name in poolmon/n32.txt poolmon/xp-screen.txt poolmon/n64-headerless.txt; do
        for how in L U; do
            sed -E "s/^( .{4} )(Nonp|Paged) /\1\\$how\2\\E /" "$FIXTURES/$name" >"$WORK/t.txt"
            run cmp -s "$FIXTURES/$name" "$WORK/t.txt"
            [ "$status" -eq 1 ]
            json show -n 0 --json "$FIXTURES/$name"
            before=$(q '.snapshots[0] | .completeness, .rows')
            json show -n 0 --json "$WORK/t.txt"
            [ "$(q '.snapshots[0] | .completeness, .rows')" = "$before" ]
            # ... and no other letters are claimed for it
            run "$POOLSIFT" convert -o "$WORK/t.psz" --verify "$WORK/t.txt"
            says "the layout cannot be rendered again"
        done
    done
}
