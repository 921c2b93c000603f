#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The largest that a file can ask for: bounded memory, a clear message, the same figures.
# Reduced here; EXTREMES=full takes the sizes of the table in tests/bench/README.md.

load common

size() { # REDUCED FULL
    if [ "${EXTREMES:-}" = full ]; then echo "$2"; else echo "$1"; fi
}

# A call in so many MiB of addresses; sanitizers want more of them than there is memory.
within() { # MIB COMMAND...
    local most=$(($1 * 1024))
    shift
    case $POOLSIFT in
    */build/plain*/poolsift) (ulimit -v "$most" && "$@") ;;
    *) "$@" ;;
    esac
}

refused_within() { # MIB WORDS ARGUMENT...
    local mib=$1 words=$2
    shift 2
    run within "$mib" "$POOLSIFT" "$@"
    [ "$status" -eq 2 ]
    says "$words"
}

# Captures as poolmon text, an hour apart: how many, and the rows of each.
captures() { # COUNT ROWS
    awk -v count="$1" -v rows="$2" 'BEGIN {
        letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
        for (c = 0; c < count; c++) {
            hour = c % 24; day = int(c / 24) % 28; month = int(c / 672) % 12; year = 1990 + int(c / 8064)
            printf "# poolsift time=%04d-%02d-%02dT%02d:00:00\n", year, month + 1, day + 1, hour
            print " Memory: 4193780K Avail: 2000000K  PageFlts:        1   InRam Krnl: 4000K P:90000K"
            print " Commit: 900000K Limit:8000000K Peak: 950000K            Pool N: 50000K P: 60000K"
            print " Tag  Type     Allocs         Frees    Diff   Bytes    Per Alloc\n"
            for (r = 0; r < rows; r++) {
                n = r
                tag = ""
                for (k = 0; k < 4; k++) { tag = tag substr(letters, n % 62 + 1, 1); n = int(n / 62) }
                live = 10 + c
                printf " %s Paged %9d %9d %8d %9d %7d\n", tag, live + 5, 5, live, 64 * live, 64
            }
        }
    }'
}

@test "a small file that unpacks to a very long line" {
    head -c "$(size 64M 10G)" /dev/zero | gzip -1 >"$WORK/zeros.gz"
    refused_within 64 "zeros.gz: expected a pool capture" info "$WORK/zeros.gz"
    head -c "$(size 64M 1G)" /dev/zero | tr '\0' 'a' | gzip -1 >"$WORK/line.gz"
    refused_within 64 "line is longer than 65536 bytes, the limit" info "$WORK/line.gz"
    (cat "$SCREEN" && gzip -dc "$WORK/line.gz") | refused_within "$(size 256 4096)" "$(size limit exceeds)" rank -
    # packed twice, a few hundred bytes are all of that
    gzip -9 <"$WORK/zeros.gz" >"$WORK/twice.gz"
    refused_within 64 "twice.gz: " info "$WORK/twice.gz"
    (cd "$WORK" && zip -q9 z.zip zeros.gz line.gz)
    refused_within 64 "z.zip" rank "$WORK/z.zip"
}

@test "many tags" {
    rows=$(size 20000 1000000)
    captures 3 "$rows" >"$WORK/tags.txt"
    run within "$(size 256 3000)" "$POOLSIFT" rank --json -q -n 1 "$WORK/tags.txt"
    [ "$status" -eq 0 ]
    [ "$(q '.hosts[0].tags_total')" -eq "$rows" ]
    within "$(size 128 1500)" "$POOLSIFT" convert -q "$WORK/tags.txt" -o "$WORK/tags.psz"
    [ "$("$POOLSIFT" info --json "$WORK/tags.psz" | jq '.inputs[0].rows')" -eq $((3 * rows)) ]
}

@test "one row more than a snapshot may have" {
    [ "${EXTREMES:-}" = full ] || skip "only with EXTREMES=full"
    captures 1 1000001 >"$WORK/rows.txt"
    refused_within 1000 "1000000" show "$WORK/rows.txt"
}

@test "many snapshots" {
    count=$(size 5000 1000000)
    captures "$count" 2 >"$WORK/long.txt"
    run within "$(size 128 512)" "$POOLSIFT" rank --json -q "$WORK/long.txt"
    [ "$status" -eq 0 ]
    [ "$(q '.hosts[0].snapshots')" -eq "$count" ]
    within "$(size 128 512)" "$POOLSIFT" convert -q "$WORK/long.txt" -o "$WORK/long.psz"
    run within "$(size 128 512)" "$POOLSIFT" rank --json -q "$WORK/long.psz"
    [ "$(q '.hosts[0].snapshots')" -eq "$count" ]
}

# Two captures of counters as large as they can be, at both ends of the calendar.
ends_of_time() {
    cat <<'EOT'
snapshot,record,source,ordinal,host,time,tag,pool,allocs,frees,bytes
1,capture,a,1,w,1601-01-01T00:00:00Z,Abcd,paged,18446744073709551615,1,18446744073709551615
1,capture,a,1,w,1601-01-01T00:00:00Z,Half,paged,9223372036854775807,0,9223372036854775807
2,capture,a,2,w,9999-12-31T23:59:59Z,Abcd,paged,18446744073709551615,0,9223372036854775807
2,capture,a,2,w,9999-12-31T23:59:59Z,Half,paged,18446744073709551615,0,18446744073709551615
EOT
}

@test "counters at 2^64 - 1, and the years 1601 and 9999: every command, every form" {
    ends_of_time >"$WORK/ends.csv"
    set -f # the star is a pattern of tags
    for form in text json csv markdown; do
        for call in "show --all" "show --history *" "show --history Abcd -v" diff rank info; do
            # shellcheck disable=SC2086 # several words
            run "$POOLSIFT" $call -f $form "$WORK/ends.csv"
            [ "$status" -eq 0 ]
            [[ $form == csv || ($output == *1601-01-01* && $output == *9999-12-31*) ]]
        done
    done
    "$POOLSIFT" report -q "$WORK/ends.csv" -o "$WORK/ends.html"
    grep -q '9999-12-31' "$WORK/ends.html"
}

@test "the largest figures and times survive archive, CSV and JSON lines" {
    ends_of_time >"$WORK/ends.csv"
    for suffix in psz csv jsonl; do
        "$POOLSIFT" convert -q "$WORK/ends.csv" -o "$WORK/copy.$suffix"
        json show --all --json "$WORK/copy.$suffix"
        [ "$(q '.snapshots[0].time')" = 1601-01-01T00:00:00Z ]
        [ "$(q '.snapshots[1].time')" = 9999-12-31T23:59:59Z ]
        # jq's figures are doubles: the digits are compared as text
        [ "$(grep -o '"allocs": *18446744073709551615' <<<"$output" | wc -l)" -eq 3 ]
        [ "$(grep -o '"bytes": *9223372036854775807' <<<"$output" | wc -l)" -ge 2 ]
        [ "$(grep -o '"bytes": *18446744073709551615' <<<"$output" | wc -l)" -eq 2 ]
    done
}

@test "an axis of centuries has years, and is as narrow as any" {
    ends_of_time >"$WORK/ends.csv"
    json show -q --history Half "$WORK/ends.csv"
    says "4482-01"
    fits_80
}

@test "many files, few of them open at a time" {
    count=$(size 2000 100000)
    mkdir "$WORK/many"
    captures "$count" 2 | awk -v dir="$WORK/many" '
        /^# poolsift/ { if (out != "") close(out); out = sprintf("%s/%06d.txt", dir, ++n) }
        { print >out }'
    output=$(ulimit -n 32 && within "$(size 64 256)" "$POOLSIFT" rank --json -q "$WORK/many")
    [ "$(q '.hosts[0].snapshots')" -eq "$count" ]
    output=$(ulimit -n 32 && within "$(size 128 600)" "$POOLSIFT" info --json -q "$WORK/many")
    [ "$(q '.inputs | length')" -eq "$count" ]
}

@test "a name may hold any byte: it is a name in every form, and harmless" {
    needs names # with any byte
    mkdir "$WORK/names"
    n=0
    for byte in $(seq 1 255); do
        [ "$byte" -ne 47 ] || continue
        cp "$SCREEN" "$WORK/names/$(printf '%b' "a\\0$(printf %o "$byte")b.txt")"
        n=$((n + 1))
    done
    json info --json "$WORK/names"
    [ "$(q '.inputs | length')" -eq "$n" ]
    # what is no UTF-8 is one sign in JSON, all others are themselves
    [ "$(q '[.inputs[].source] | unique | length')" -ge 127 ]
    json info "$WORK/names"
    "$TOP/tests/inert" terminal <<<"$output"
    "$POOLSIFT" convert -q "$WORK/names" -o "$WORK/names.psz"
    [ "$("$POOLSIFT" info --json "$WORK/names.psz" | jq '.inputs[0].snapshots')" -ge 1 ]
}
