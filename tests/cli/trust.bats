#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The table of what was tried against poolsift: printed, written, compared.

load common

setup() {
    WORK=$(mktemp -d)
    mkdir "$WORK/trust"
    export TRUST=$WORK/trust TOTALS=$WORK/totals.tsv PAGE=$WORK/page.md
    printf 'damaged files\t10000\t0\t700\nwrites that fail\t812\t1\t40\n' >"$TRUST/some.tsv"
    printf 'psz\t1000\t60\t2\npe\t500\t30\t0\nzip\t0\t0\t0\n' >"$TOTALS"
    printf '# Page\n\n<!-- trust -->\n<!-- end -->\n\nbehind it\n' >"$PAGE"
}

@test "rows of what was measured, and the sum of fuzzing" {
    run "$TOP/tests/trust"
    [ "$status" -eq 0 ]
    [ "$output" = "| what | tried | found | s |
|---|---|---|---|
| fuzzing so far, 2 targets | 1500 | 2 | 90 |
| damaged files | 10000 | 0 | 700 |
| writes that fail | 812 | 1 | 40 |" ]
}

@test "what was not measured here stays as it stands on the page" {
    "$TOP/tests/trust" write
    "$TOP/tests/trust" compare
    rm "$TRUST/some.tsv"
    printf 'writes that fail\t900\t0\t50\nwords that are new\t3\t0\t1\n' >"$TRUST/some.tsv"
    run "$TOP/tests/trust" compare
    [ "$status" -eq 1 ]
    "$TOP/tests/trust" write
    "$TOP/tests/trust" compare
    [ "$(sed -n '4,9p' "$PAGE")" = "| what | tried | found | s |
|---|---|---|---|
| fuzzing so far, 2 targets | 1500 | 2 | 90 |
| damaged files | 10000 | 0 | 700 |
| writes that fail | 900 | 0 | 50 |
| words that are new | 3 | 0 | 1 |" ]
    [ "$(tail -n 1 "$PAGE")" = "behind it" ]
    "$TOP/tests/trust" write
    [ "$(grep -c 'writes that fail' "$PAGE")" -eq 1 ]
}

@test "the table of the tests' page is whole" {
    unset PAGE TRUST TOTALS
    awk '/^<!-- trust -->/ { on = 1; next } /^<!-- end -->/ { on = 0 }
        on && !/^\| what \|/ && !/^\|---/ { n++; if (!/^\| [^|]+ \| [0-9]+ \| 0 \| [0-9]+ \|$/ && !/^\| fuzzing so far/) exit 1 }
        END { exit n < 1 }' "$TOP/tests/README.md"
}
