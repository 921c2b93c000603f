#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The ranking benchmark's own tools: series are the same bytes everywhere, and the scorer
# counts what it says.

load common

@test "a seed gives the same series twice, and the one it always gave" {
    for config in 3 office; do
        "$TOOLS/mkeval" $config 100 "$WORK/a"
        "$TOOLS/mkeval" $config 100 "$WORK/b"
        diff -r "$WORK/a" "$WORK/b"
        cmp "$WORK/a.tsv" "$WORK/b.tsv"
        cat "$WORK"/a/* "$WORK/a.tsv" | cksum >>"$WORK/sums"
        rm -rf "$WORK/a" "$WORK/b"
    done
    output=$(cat "$WORK/sums")
    [ "$output" = $'1144965194 341859\n304203401 3810121' ] || {
        echo "$output"
        return 1
    }
}

@test "another seed or configuration gives other series; no such configuration fails" {
    "$TOOLS/mkeval" 2 1 "$WORK/a"
    "$TOOLS/mkeval" 2 2 "$WORK/b"
    run cmp -s "$WORK/a.tsv" "$WORK/b.tsv"
    [ "$status" -eq 1 ]
    run "$TOOLS/mkeval" 2x 1 "$WORK/c"
    [ "$status" -eq 2 ]
}

# Four tags: two leaks of one driver, of which one is small, and two innocents.
truth() {
    {
        printf 'capture\tHOST1-a.txt\t0.0\t0\n'
        printf 'capture\tHOST1-b.txt\t1.0\t0\n'
        printf 'capture\tHOST1-c.txt\t2.0\t1\n'
        printf 'tag\t41414141\tnonpaged\tsteady\t1\t0\t90000\t90000\t3\n'
        printf 'tag\t42424242\tpaged\tsteady\t1\t0\t1000\t1000\t3\n'
        printf 'tag\t43434343\tnonpaged\tnoise\t0\t-1\t0\t110000\t3\n'
        printf 'tag\t44444444\tpaged\tstatic\t0\t-1\t0\t0\t3\n'
    } >"$WORK/s.tsv"
}

@test "the scorer's figures of an order made by hand" {
    truth
    printf '%s\n' '43434343 nonpaged' '41414141 nonpaged' '44444444 paged' \
        '42424242 paged' >"$WORK/order"
    run "$TOOLS/score" "$WORK/s.tsv" "$WORK/order"
    [ "$status" -eq 0 ]
    says "ap 0.500000 hit1 0.000000 hit3 1.000000 all3 0.000000"
    says "large 1 found 0 boots 1 hit 0 extra 0 bulk 1 "
    says "pairs 1 joined 0 wrong 0"
}

@test "the scorer reads verdicts, boots, shares and cohorts of rank --json" {
    truth
    cat >"$WORK/r.json" <<'JSON'
{"hosts": [{"boots": [{"snapshots": 1}, {"snapshots": 1}, {"snapshots": 1}], "tags": [
 {"tag_hex": "41414141", "pool": "nonpaged", "verdict": "leak", "confidence": "strong",
  "share_of_growth": 0.45, "cohort": "c1"},
 {"tag_hex": "42424242", "pool": "paged", "verdict": "growing", "confidence": "possible",
  "share_of_growth": 1, "cohort": "c1"},
 {"tag_hex": "44444444", "pool": "paged", "verdict": "growing", "confidence": "probable",
  "share_of_growth": null, "cohort": null},
 {"tag_hex": "43434343", "pool": "nonpaged", "verdict": "plateau", "confidence": null,
  "share_of_growth": 0.55, "cohort": "c1"}]}]}
JSON
    run "$TOOLS/score" "$WORK/s.tsv" "$WORK/r.json"
    [ "$status" -eq 0 ]
    says "ap 1.000000 hit1 1.000000 hit3 1.000000 all3 1.000000"
    says "strong 1 good 1 likely 2 sure 1 large 1 found 1 boots 1 hit 1 extra 1"
    says "bulk 1 bulk_said 1 pairs 1 joined 1 wrong 2"
}

@test "the rivals rank by growth, and by trend" {
    "$TOOLS/mkeval" one24 100 "$WORK/s"
    for rival in last trend; do
        "$TOOLS/rivals" $rival "$WORK/s" "$WORK/s.tsv" >"$WORK/order"
        [ "$(wc -l <"$WORK/order")" -eq 1500 ]
        "$TOOLS/score" "$WORK/s.tsv" "$WORK/order"
    done
    # by hand: the tag that grew most
    "$TOOLS/rivals" last "$WORK/s" "$WORK/s.tsv" | head -n 1 | tr ' ' '\t' >"$WORK/first"
    sort -t "$(printf '\t')" -k 8,8nr "$WORK/s.tsv" | grep '^tag' | cut -f 2,3 | head -n 1 |
        cmp - "$WORK/first"
}

@test "the tables: means, standard errors, counts, and where a rival is ahead" {
    {
        for ap in .8 .6; do
            printf 'a poolsift ap %s hit1 1 hit3 1 all3 - p10 .5 ' $ap
            printf 'strong 3 good 2 likely 5 sure 4 large 8 found 6 boots 2 hit 2 extra 1 '
            printf 'bulk 1 bulk_said 0 pairs 2 joined 1 wrong 3\n'
            printf 'a last ap .75 hit1 0\na trend ap .1 hit1 0\n'
        done
        printf 'b poolsift ap .9 hit1 1\nb last ap .9 hit1 1\nb trend ap .2 hit1 1\n'
    } >"$WORK/lines"
    table() {
        run awk -f "$TOP/tests/eval/table" -v part="$1" "$WORK/lines"
        output=$(printf '%s\n' "$output" | tr -s ' ')
    }
    table order
    says "a 2 0.700 0.100 0.750 0.000 0.100 0.000 1.00 1.00 - 0.50"
    table words
    says "a 3.0 0.667 5.0 0.800 0.750 4/4+2 2/0 2/4+6"
    table behind
    [ "$output" = "Behind a rival in: a" ]
}

@test "the benchmark's tables are narrow enough to be quoted, and test seeds are fenced" {
    run "$TOP/tests/eval/run" dev 100 one24
    [ "$status" -eq 0 ]
    [ -z "$(printf '%s\n' "$output" | grep -E '.{89}')" ]
    says "Order (dev seeds 100)"
    says "Behind a rival in: none"
    run "$TOP/tests/eval/run" dev 5001
    [ "$status" -eq 2 ]
    run "$TOP/tests/eval/run" test 100
    [ "$status" -eq 2 ]
}
