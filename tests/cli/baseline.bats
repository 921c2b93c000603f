#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# rank --baseline: the same tags in an older series; diff --still: a third capture.

load common
load series

@test "a leak that the baseline has not is new, and its rate is right" {
    machine "$WORK/well" 0
    machine "$WORK/sick" 65536
    json rank --json --baseline "$WORK/well" "$WORK/sick"
    [ "$(q '.hosts[0].baseline | "\(.snapshots) \(.comparable) \(.reason) \(.scope)"')" = "96 true null system" ]
    [ "$(q '.hosts[0].baseline.source')" = "$WORK/well" ]
    [ "$(q '.hosts[0].baseline.from')" = 2006-03-06T00:00:00 ]
    [ "$(q '[.hosts[0].tags[] | select(.change == "new leak") | .tag] | join(" ")')" = Leak ]
    [ "$(q '[.hosts[0].tags[] | .change] | unique | join(",")')" = "new leak,same" ]
    [ "$(q '.hosts[0].tags[] | select(.tag == "Leak") | .added_bytes_per_hour > 64000 and .added_bytes_per_hour < 67000')" = true ]
    [ "$(q '.hosts[0].tags[] | select(.tag == "Leak") | "\(.baseline_bytes_per_hour) \(.baseline_bytes)"')" = "0 1048576" ]
    [ "$(q '.hosts[0].tags[] | select(.tag == "Leak") | .baseline_bytes_per_hour_high < .compared_bytes_per_hour_low')" = true ]
    [ "$(q '.hosts[0].tags_gone | length')" -eq 0 ]
    [ "$(q '.hosts[0].baseline.load_ratio')" = 1 ]
}

@test "the section for people: what was added, by how much, in 80 columns" {
    machine "$WORK/well" 0
    machine "$WORK/sick" 65536
    run "$POOLSIFT" rank -q --baseline "$WORK/well" "$WORK/sick"
    [ "$status" -eq 0 ]
    says "Against the baseline"
    says "1 tag leaks that did not leak there; most was added by Leak (nonpaged),"
    says "+64.0K/h; 35 are as they were."
    says "Leak  Nonp  new leak"
    says "96 snapshots, 2006-03-06 00:00"
    fits_80
    run "$POOLSIFT" rank -q --markdown --baseline "$WORK/well" "$WORK/sick"
    [ "$status" -eq 0 ]
    says "Against the baseline"
    says '| `Leak` | Nonp | new leak |'
    run "$POOLSIFT" rank -q "$WORK/sick"
    [[ $output != *"gainst the baseline"* ]]
    run "$POOLSIFT" rank -q --baseline "$WORK/well" "$WORK/well"
    says "Nothing is worse than there; 36 are as they were."
}

@test "the same leak: same, faster, slower; fixed: gone" {
    machine "$WORK/one" 65536
    machine "$WORK/three" 196608
    machine "$WORK/well" 0
    change() {
        json rank --json --baseline "$WORK/$1" "$WORK/$2"
        q '.hosts[0].tags[] | select(.tag == "Leak") | .change'
    }
    [ "$(change one one)" = same ]
    [ "$(change one three)" = faster ]
    [ "$(change three one)" = slower ]
    [ "$(change one well)" = gone ]
    run "$POOLSIFT" rank -q --baseline "$WORK/one" "$WORK/well"
    says "Nothing is worse than there; 1 no longer grows"
}

@test "a tag that is not there any more is listed as gone" {
    machine "$WORK/one" 65536
    LEAK=Calm machine "$WORK/well" 0
    json rank --json --baseline "$WORK/one" "$WORK/well"
    [ "$(q '.hosts[0].tags_gone[0] | "\(.tag) \(.pool) \(.change)"')" = "Leak nonpaged gone" ]
    [ "$(q '.hosts[0].tags_gone[0].baseline_bytes_per_hour | . > 64000 and . < 67000')" = true ]
    run "$POOLSIFT" rank -q --baseline "$WORK/one" "$WORK/well"
    says "Leak  Nonp  gone"
    run "$POOLSIFT" rank -q -x Leak --baseline "$WORK/one" "$WORK/well"
    [[ $output != *"Leak  Nonp  gone"* ]]
}

@test "what cannot be compared says why" {
    machine "$WORK/sick" 65536
    machine "$WORK/few" 0 4
    machine "$WORK/brief" 0 20
    json rank --json --baseline "$WORK/few" "$WORK/sick"
    [ "$(q '.hosts[0].baseline | "\(.comparable) \(.reason)"')" = "false few-snapshots-in-baseline" ]
    [ "$(q '[.hosts[0].tags[] | "\(.change) \(.change_reason)"] | unique | join(",")')" = "not comparable few-snapshots-in-baseline" ]
    json rank --json --baseline "$WORK/brief" "$WORK/sick"
    [ "$(q '.hosts[0].baseline.reason')" = short-span-of-baseline ]
    run "$POOLSIFT" rank -q --baseline "$WORK/brief" "$WORK/sick"
    [ "$status" -eq 0 ]
    says "Not comparable: the baseline's last boot is too short for a rate with an"
}

@test "the baseline may be an archive, and --since does not narrow it" {
    machine "$WORK/well" 0
    machine "$WORK/sick" 65536 120
    "$POOLSIFT" convert -q "$WORK/well" -o "$WORK/well.psz"
    json rank --json --since 2006-03-07 --baseline "$WORK/well.psz" "$WORK/sick"
    [ "$(q '.hosts[0] | "\(.snapshots) \(.baseline.snapshots) \(.baseline.from)"')" = "96 96 2006-03-06T00:00:00" ]
    [ "$(q '.hosts[0].tags[] | select(.tag == "Leak") | .change')" = "new leak" ]
}

@test "CSV has the columns of a comparison, and only then" {
    machine "$WORK/well" 0
    machine "$WORK/sick" 65536
    run "$POOLSIFT" rank -q --csv "$WORK/sick"
    [[ ${lines[0]} != *change* ]]
    run "$POOLSIFT" rank -q --csv --baseline "$WORK/well" "$WORK/sick"
    [[ ${lines[0]} == *,added_bytes_per_hour,change,change_reason$'\r' ]]
    [ "$(grep -c ',new leak,' <<<"$output")" -eq 1 ]
    [ "$(head -n 1 <<<"$output" | tr -cd , | wc -c)" -eq "$(grep '^,system,1,' <<<"$output" | tr -cd , | wc -c)" ]
}

@test "several machines: by name, or one baseline for all; others are refused" {
    WAS=web machine "$WORK/well" 0
    WAS=web machine "$WORK/both" 65536
    WAS=sql machine "$WORK/both" 0
    json rank --json --host-from name --baseline "$WORK/well" "$WORK/both"
    [ "$(q '[.hosts[] | "\(.host) \(.baseline.host) \([.tags[] | select(.change == "new leak")] | length)"] | sort | join(",")')" = "sql web 0,web web 1" ]
    WAS=sql machine "$WORK/well" 65536
    json rank --json --host-from name --baseline "$WORK/well" "$WORK/both"
    [ "$(q '[.hosts[] | "\(.host) \(.baseline.host) \([.tags[] | select(.tag == "Leak")][0].change)"] | sort | join(",")')" = "sql sql gone,web web new leak" ]
    WAS=dns machine "$WORK/other" 0
    fails rank --host-from name --baseline "$WORK/well" "$WORK/other"
    says "the baseline is of several machines"
    says "but not of dns"
}

@test "a machine without a name is one of several, too" {
    machine "$WORK/well" 0
    machine "$WORK/sick" 65536
    mkdir "$WORK/both"
    "$POOLSIFT" convert -q --host web "$WORK/well" -o "$WORK/both/web.psz"
    "$POOLSIFT" convert -q "$WORK/well" -o "$WORK/both/x.psz"
    json rank --json --baseline "$WORK/both" "$WORK/sick"
    [ "$(q '.hosts[0] | "\(.host) \(.baseline.host) \([.tags[] | select(.change == "new leak")] | length)"')" = "null null 1" ]
    "$POOLSIFT" convert -q --host dns "$WORK/sick" -o "$WORK/dns.psz"
    fails rank --baseline "$WORK/both" "$WORK/dns.psz"
    says "the baseline is of several machines"
    says "not of dns"
}

@test "a baseline that cannot be read is said" {
    machine "$WORK/sick" 65536 10
    fails rank --baseline "$WORK/nothing" "$WORK/sick"
    says "$WORK/nothing"
    echo hello >"$WORK/hello.txt"
    fails rank --baseline "$WORK/hello.txt" "$WORK/sick"
    cat "$WORK"/sick/* >"$WORK/sick.txt"
    json rank --json --baseline - "$WORK/sick" <"$WORK/sick.txt"
    [ "$(q '.hosts[0].baseline | "\(.source) \(.snapshots)"')" = "- 10" ]
    fails rank --baseline - - <"$WORK/sick.txt"
    says "standard input cannot be the series and its baseline, too"
    fails rank --baseline= "$WORK/sick"
    says "--baseline takes INPUT"
}

@test "the benchmark's scorer of comparisons counts by hand" {
    tag() { printf 'tag\t%s\tnonpaged\tsteady\t%d\t0\t%d\t90000\t3\n' "$1" "$2" $(($2 * 90000)); }
    printf 'capture\tHOST1-%s.txt\t%d.0\t0\n' a 0 b 1 | tee "$WORK/was.tsv" >"$WORK/is.tsv"
    { tag 41414141 0; tag 42424242 0; tag 43434343 1; tag 44444444 0; } >>"$WORK/was.tsv"
    { tag 41414141 1; tag 42424242 1; tag 43434343 1; tag 44444444 0; } >>"$WORK/is.tsv"
    cat >"$WORK/r.json" <<'JSON'
{"hosts": [{"boots": [], "tags": [
 {"tag_hex": "41414141", "pool": "nonpaged", "change": "new leak"},
 {"tag_hex": "42424242", "pool": "nonpaged", "change": "not comparable"},
 {"tag_hex": "43434343", "pool": "nonpaged", "change": "faster"},
 {"tag_hex": "44444444", "pool": "nonpaged", "change": "same"}]}]}
JSON
    run "$TOOLS/worse" "$WORK/is.tsv" "$WORK/was.tsv" "$WORK/r.json"
    [ "$status" -eq 0 ]
    [ "$output" = "worse 1 added 2 found 1 open 1" ]
}

# ---- diff --still ----

# three LEAK GAVE: captures 1 to 3 of one boot; the last holds so much of each tag.
three() {
    local i=0 leak gave
    for leak in 64000 128000 "$1"; do
        i=$((i + 1))
        gave=$(set -- 64000 96000 "$2" && eval "echo \$$i")
        {
            printf ' Tag  Type     Allocs         Frees    Diff   Bytes    Per Alloc\r\n\r\n'
            one Leak $((i * 5000)) $((leak / 64))
            one Gave $((i * 5000)) $((gave / 64))
            for t in a b c d e f g h; do
                one "tag$t" $((i * 1000)) 20
            done
        } >"$WORK/srv-20060310-0${i}0000.txt"
    done
}

one() { # TAG ALLOCS LIVE
    printf ' %-4s %-5s %9d %9d %9d %8d %10d\r\n' "$1" Nonp "$2" $(($2 - $3)) "$3" $(($3 * 64)) 64
}

still() {
    "$POOLSIFT" diff "$@" "$WORK/srv-20060310-010000.txt" "$WORK/srv-20060310-020000.txt" --still "$WORK/srv-20060310-030000.txt"
}

@test "--still: what grew and was not given back" {
    three 192000 64000
    output=$(still --json 2>/dev/null)
    [ "$(q '.rows | length')" -eq 1 ]
    [ "$(q '.rows[0] | "\(.tag) \(.old_bytes) \(.new_bytes) \(.newer_bytes) \(.kept)"')" = "Leak 64000 128000 192000 1" ]
    [ "$(q '.newer.time')" = 2006-03-10T03:00:00 ]
    [ "$(q '"\(.newer_hours) \(.still_decided) \(.rows_total)"')" = "1 true 10" ]
    run still -q
    [ "$status" -eq 0 ]
    says "1 tag grew and gave back less than a tenth within 1.0 h; most: Leak (nonpaged),"
    says "Newer K"
    [[ $output != *Gave* ]]
    fits_80
    run still -q --csv
    [[ ${lines[0]} == *,owner_source,newer_bytes,kept$'\r' ]]
    [[ ${lines[1]} == *,192000,1$'\r' ]]
    run still -q --markdown
    says '| `Leak` |'
}

@test "--still: a finished leak is kept, a little traffic aside; a half is not" {
    three 126400 80000
    output=$(still --json 2>/dev/null)
    [ "$(q '[.rows[] | "\(.tag) \(.kept)"] | join(",")')" = "Leak 0.975" ]
    three 90000 64000
    output=$(still --json 2>/dev/null)
    [ "$(q '.rows | length')" -eq 0 ]
    run still -q
    says "No tag grew that did not give it back."
}

@test "--still --exit-code is 1 when something was kept" {
    three 192000 64000
    run still -q --exit-code
    [ "$status" -eq 1 ]
    three 64000 64000
    run still -q --exit-code
    [ "$status" -eq 0 ]
}

@test "--still across a restart decides nothing" {
    three 192000 64000
    {
        printf ' Tag  Type     Allocs         Frees    Diff   Bytes    Per Alloc\r\n\r\n'
        one Leak 3500 3000
        for t in a b c d e f g h; do
            one "tag$t" 25 20
        done
    } >"$WORK/srv-20060310-030000.txt"
    output=$(still --json 2>/dev/null)
    [ "$(q '"\(.still_decided) \(.rows | length)"')" = "false 0" ]
    run still -q
    [ "$status" -eq 0 ]
    says "Nothing can be said: the machine was restarted in between"
}

@test "--still wants one newer capture" {
    three 192000 64000
    fails diff "$WORK/srv-20060310-020000.txt" "$WORK/srv-20060310-030000.txt" --still "$WORK/srv-20060310-010000.txt"
    says "--still expects a capture newer than NEW"
    fails diff "$WORK/srv-20060310-020000.txt" "$WORK/srv-20060310-030000.txt" --still "$WORK"
    says "--still takes one file, not 3"
    fails diff "$WORK/srv-20060310-020000.txt" "$WORK/srv-20060310-030000.txt" --still "$WORK/none"
    mkdir "$WORK/other"
    cp "$TOP/formats/err.c" "$WORK/other"
    fails diff "$WORK/srv-20060310-020000.txt" "$WORK/srv-20060310-030000.txt" --still "$WORK/other"
    says "$WORK/other: no pool figures in 1 input"
}
