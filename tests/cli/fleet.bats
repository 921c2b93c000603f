#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Several hosts: what they say together, and rankings put together that were made one by
# one.

load common

# Three hosts below $WORK/mail, one of them healthy, and a ranking of each.
three_hosts() {
    local host
    for host in web01 web02 db01; do
        mkdir -p "$WORK/mail/$host"
    done
    "$TOOLS/mkseries" --seed 1 --clean --tags 40 --days 2 -o "$WORK/mail/web01"
    "$TOOLS/mkseries" --seed 2 --tags 40 --days 2 -o "$WORK/mail/web02"
    "$TOOLS/mkseries" --seed 3 --tags 40 --days 2 --leak-free -o "$WORK/mail/db01"
    cd "$WORK"
    each db01 web01 web02
}

each() { # HOST...
    local host
    for host in "$@"; do
        "$POOLSIFT" rank -q --json -n 0 --host "$host" "mail/$host" -o "$host.json"
    done
}

# The same bytes from one call on all captures and from the rankings.
same() { # OPTION...
    "$POOLSIFT" rank -q "$@" --host-from dir mail | findings >one
    "$POOLSIFT" rank --merge "$@" db01.json web01.json web02.json >merged
    [ -s one ]
    cmp one merged
}

refuses() { # WORDS FILE...: no merging, with these words
    local words=$1
    shift
    fails rank --merge "$@"
    says "$words"
}

@test "merged rankings print what one call prints, byte for byte, in every format" {
    three_hosts
    same
    same --json
    same --csv
    same --markdown
}

@test "the same with every detail, with filters and with fewer rows" {
    three_hosts
    same -v -n 0
    same -v --markdown
    same --units bytes -p paged -x 'M*'
    same --json -i 'S*' -n 2
    same --csv -n 1
}

@test "what was asked of every host goes through, too" {
    three_hosts
    local options=(--suspect 'Sg*' --suspect Mm --limit nonpaged=256M --os 2003)
    for host in db01 web01 web02; do
        "$POOLSIFT" rank -q --json -n 0 --host "$host" "${options[@]}" "mail/$host" -o "$host.json"
    done
    for format in text json csv markdown; do
        "$POOLSIFT" rank -q -v -f "$format" "${options[@]}" --host-from dir mail | findings >one
        "$POOLSIFT" rank --merge -v -f "$format" db01.json web01.json web02.json >merged
        cmp one merged
    done
    grep -q '"limit_bytes": 268435456' web01.json
    [ "$(jq -r '.hosts[0].suspects | map(.pattern) | join(" ")' web01.json)" = "Sg* Mm" ]
}

@test "a merged ranking can be merged again" {
    three_hosts
    "$POOLSIFT" rank --merge --json db01.json web01.json -o two.json
    "$POOLSIFT" rank --merge --json two.json web02.json >again
    "$POOLSIFT" rank --merge --json db01.json web01.json web02.json >once
    cmp again once
}

@test "one host goes through the document unharmed, whatever its captures are" {
    cd "$WORK"
    local input
    for input in "$FIXTURES/pscap/web01.pscap" "$STORIES/connections-refused" \
        "$STORIES/drsd-printer" "$STORIES/session-pool" "$SCREEN"; do
        "$POOLSIFT" rank -q --json -n 0 "$input" -o x.json
        for format in text json csv markdown; do
            "$POOLSIFT" rank -q -v -f "$format" "$input" | findings >one
            "$POOLSIFT" rank --merge -v -f "$format" x.json >merged
            cmp one merged
        done
    done
}

@test "what all hosts say together stands first, in text and in the key fleet" {
    three_hosts
    json rank -q --json --host-from dir mail
    [ "$(q '.fleet | "\(.hosts) \(.series) \(.order)"')" = "3 3 hosts" ]
    [ "$(q '.fleet.tags | length')" = "$(q '.fleet.tags_total')" ]
    [ "$(q '.fleet.tags[0] | "\(.rank) \(.tag) \(.hosts_total) \(.hosts_with_tag) \(.hosts_leak) \(.hosts | join(","))"')" = \
        "1 SgRq 3 3 2 web01,web02" ]
    # The mean and the sums are those of the hosts' own figures.
    [ "$(q '[.hosts[].tags[] | select(.tag == "SgRq" and .pool == "nonpaged")] |
        (map(.growth_bytes) | add)')" = "$(q '.fleet.tags[0].growth_bytes')" ]
    [ "$(q '(.fleet.tags[0].mean_score) as $m | [.hosts[].tags[] | select(.tag == "SgRq" and .pool == "nonpaged") | .score] |
        (add / length - $m) | fabs < 1e-9')" = true ]
    run "$POOLSIFT" rank -q --host-from dir mail
    [ "$status" -eq 0 ]
    [ "${lines[0]}" = "3 series: 2 with a leak (web01; web02), 1 without." ]
    [ "${lines[1]}" = "All hosts" ]
    says "SgRq (nonpaged): leak on 2 of 3 hosts (web01; web02)"
    fits_80
}

@test "few hosts are told one by one, many in a line each unless -v asks" {
    three_hosts
    run "$POOLSIFT" rank --merge db01.json web01.json web02.json
    [ "$(grep -c '^Series: ' <<<"$output")" -eq 3 ]
    for host in db02 db03 db04; do
        sed "s/\"host\": \"db01\"/\"host\": \"$host\"/" db01.json >"$host.json"
    done
    run "$POOLSIFT" rank --merge ./*.json
    [ "$(grep -c '^Series: ' <<<"$output")" -eq 0 ]
    [ "$(grep -cE '^(db0[1-4] +none|web0[12] +leak) ' <<<"$output")" -eq 6 ]
    fits_80
    run "$POOLSIFT" rank --merge -v ./*.json
    [ "$(grep -c '^Series: ' <<<"$output")" -eq 6 ]
}

@test "growth on one host only points to that host" {
    three_hosts
    for host in db02 db03; do
        sed "s/\"host\": \"db01\"/\"host\": \"$host\"/" db01.json >"$host.json"
    done
    run "$POOLSIFT" rank --merge db01.json db02.json db03.json web01.json
    says "SgRq (nonpaged): leak on 1 of 4 hosts (web01)"
    says "that host's work load"
    json rank --merge --json db01.json db02.json db03.json web01.json
    [ "$(q '.fleet.tags[0].one_host_only')" = true ]
}

@test "a version that parts the hosts is named" {
    three_hosts
    build() { # FROM TO BUILD
        sed "s/\"host\": \"$1\"/\"host\": \"$2\"/; s/\"facts\": {}/\"facts\": {\"build\": \"$3\"}/" "$1.json" >"$2.build"
    }
    build web01 s1 10.0.17763.1 && build web02 s2 10.0.17763.1
    build db01 s3 10.0.14393.9 && build db01 s4 10.0.14393.9 && build db01 s5 10.0.14393.9
    run "$POOLSIFT" rank --merge ./*.build
    tr '\n' ' ' <<<"$output" | tr -s ' ' >flat
    grep -qF 'SgRq (nonpaged): leak on 2 of 5 hosts (s1; s2)' flat
    grep -qF 'on all 2 with build 10.0.17763.1, on none of the 3 with build 10.0.14393.9' flat
    grep -qF 'The hosts differ: build 10.0.17763.1 on 2, 10.0.14393.9 on 3.' flat
    json rank --merge --json ./*.build
    [ "$(q '.fleet.tags[0].split | "\(.by) \(.with[]) \(.with_growing)/\(.with_hosts) \(.without[]) \(.without_hosts)"')" = \
        "build 10.0.17763.1 2/2 10.0.14393.9 3" ]
    # One host of the other version with the same growth, and the version parts nothing.
    build web01 s6 10.0.14393.9
    json rank --merge --json ./*.build
    [ "$(q '.fleet.tags[0].split')" = null ]
}

@test "what a capture says of its machine reaches the ranking" {
    json rank -q --json "$FIXTURES/pscap/web01.pscap"
    [ "$(q '.hosts[0].facts | "\(.build) \(.architecture)"')" = "10.0.19045.3803 x64" ]
    [ "$(q .fleet)" = null ]
}

@test "a ranking that is not whole is refused, with its place" {
    three_hosts
    "$POOLSIFT" rank -q --json -n 5 --host a mail/db01 -o top.json
    refuses "top.json:2:1: host 'a' lists 5 of " db01.json top.json
    "$POOLSIFT" rank -q --json -n 0 -i 'Mm*' --host a mail/db01 -o some.json
    refuses "tags were left out or moved" some.json
    says "without -i, -x or -p"
    sed 's/"complete": true/"complete": false/' db01.json >broken.json
    refuses "broken.json:1:43: expected a complete ranking, found complete: false" broken.json
    sed 's,poolsift.rank/1,poolsift.rank/2,' db01.json >later.json
    refuses "later.json:1:12: expected the schema poolsift.rank/1, found 'poolsift.rank/2'" later.json
    "$POOLSIFT" show --json -q "$SCREEN" -o show.json
    refuses "found 'poolsift.show/1'" show.json
    head -c 20000 db01.json >cut.json
    refuses "cut.json:" cut.json
    sed 's/"quality": /"qualities": /' db01.json >renamed.json
    refuses "unknown key 'qualities'" renamed.json
    sed '0,/"quality": [^,]*, /s///' db01.json >less.json
    refuses "no key 'quality' in a tag" less.json
    jq -c '.hosts[0].tags[0].evidence[0] = {text: "so it is"}' db01.json >bare.json
    refuses "expected the key 'code'" bare.json
    refuses "expected " "$SCREEN"
    "$POOLSIFT" rank -q --json -n 0 --baseline mail/db01 mail/web01 -o compared.json
    refuses "one that is compared with a baseline" compared.json
    refuses "nothere.json" nothere.json
}

@test "a host counts once" {
    three_hosts
    refuses "host 'db01' (system) was in db01.json already" db01.json web01.json db01.json
    "$POOLSIFT" rank -q --json -n 0 mail/db01 -o nobody.json
    refuses "host '' (system) was in nobody.json already" nobody.json nobody.json
}

@test "options about reading captures are refused with --merge" {
    three_hosts
    for option in --since=2026-01-01 --host=x --tz=UTC --limit=paged=1G --tags=x --baseline=x --suspect=x; do
        refuses "belongs to the calls that made them" "$option" db01.json
    done
    refuses "--merge wants the rankings"
}

@test "nothing is left of an output that was refused" {
    three_hosts
    fails rank --merge --json db01.json db01.json -o all.json
    [ ! -e all.json ]
    # Nor on a pipe, though the first hosts are larger than any buffer.
    local form
    [ "$(cat db01.json web01.json web02.json | wc -c)" -gt 70000 ]
    for form in --json --csv --markdown; do
        "$POOLSIFT" rank --merge "$form" -n 0 web01.json web02.json db01.json db01.json >all 2>/dev/null && false
        [ ! -s all ]
    done
}

@test "the README's recipes give what one call gives" {
    three_hosts
    command -v parallel >/dev/null || skip "no GNU parallel"
    parallel --version 2>/dev/null | grep -q '^GNU parallel' || skip "no GNU parallel"
    mkdir bin
    ln -s "$POOLSIFT" bin/poolsift
    PATH=$WORK/bin:$PATH
    for host in db01 web01 web02; do
        (cd "mail/$host" && zip -q "../$host.zip" ./*)
    done
    rm -r mail/*/
    poolsift rank -q --json --host-from name mail/*.zip >one
    # Without its -S it runs here.
    recipe parallel | sed 's/-S [^ ]* .*--cleanup//; s/--merge/--merge --json/' >local.sh
    grep -q '^  poolsift rank' local.sh
    HOME=$WORK PARALLEL_HOME=$WORK/.parallel sh -eu local.sh >by_parallel
    # The zips' own names are part of no figure.
    cmp <(jq -S 'del(.hosts[].notes, .reproduce)' one) <(jq -S 'del(.hosts[].notes)' by_parallel)
    rm mail/*.json
    ls mail/*.zip >list
    wrapped=$(recipe slurm | sed -n "s/.*--wrap '\(.*\)'\$/\1/p")
    [ -n "$wrapped" ]
    for SLURM_ARRAY_TASK_ID in 1 2 3; do
        export SLURM_ARRAY_TASK_ID
        sh -eu -c "$wrapped"
    done
    poolsift rank --merge --json mail/*.json >by_slurm
    cmp by_parallel by_slurm
    rm mail/*.json
    piped=$(recipe spark | sed -n 's/.*pipe("""\(.*\)""".*/\1/p')
    [ -n "$piped" ]
    sh -eu -c "$piped" <list
    poolsift rank --merge --json mail/*.zip.json >by_spark
    cmp by_parallel by_spark
}

@test "as many hosts as there are snapshots" {
    awk 'BEGIN {
        for (i = 0; i < 5000; i++) {
            printf "# poolsift time=2006-03-06T%02d:%02d:00Z host=h%d\n", i / 60 % 24, i % 60, i
            print " Leak Nonp 150 ( 0) 50 ( 0) 100 6400 ( 0) 64\n Stay Nonp 10 ( 0) 2 ( 0) 8 640 ( 0) 80"
        }
    }' >"$WORK/hosts.txt"
    output=$(soon 60 "$POOLSIFT" rank -q --json "$WORK/hosts.txt")
    [ "$(q '.hosts | length')" -eq 5000 ]
    [ "$(q '.hosts[4999].host')" = h4999 ]
    [ "$(q '.fleet.tags[] | select(.tag == "Leak") | .hosts_with_tag')" -eq 5000 ]
    soon 60 "$POOLSIFT" rank --merge - <<<"$output" >"$WORK/merged"
    [ -s "$WORK/merged" ]
}

@test "a file of many hosts is read once more, not once a host, when another one is older" {
    capture() { # every MINUTES from DAY on
        awk -v day="$1" -v hosts="$2" -v n="$3" 'BEGIN {
            for (i = 0; i < n; i++) {
                printf "# poolsift time=2006-03-%02dT%02d:%02d:00Z host=h%d\n", day + i / 1440,
                    i / 60 % 24, i % 60, i % hosts
                printf " Leak Nonp %d ( 0) 50 ( 0) %d %d ( 0) 64\n", 150 + i, 100 + i, 6400 + 64 * i
                print " Stay Nonp 10 ( 0) 2 ( 0) 8 640 ( 0) 80"
            }
        }'
    }
    capture 10 500 10000 >"$WORK/new.txt"
    capture 6 2 4 >"$WORK/old.txt"
    # 500 hosts; what starts the program may read libraries, too
    if [ -r /proc/self/io ]; then
        run sh -c '"$@" >/dev/null; sed -n "s/^rchar: //p" "/proc/$$/io"' sh \
            "$POOLSIFT" rank -q --json "$WORK/new.txt" "$WORK/old.txt"
        echo "read: $output"
        [ "$output" -gt "$(wc -c <"$WORK/new.txt")" ]
        [ "$output" -lt "$((100 * $(wc -c <"$WORK/new.txt")))" ]
    fi
    json rank -q --json "$WORK/new.txt" "$WORK/old.txt"
    [ "$(q '[.hosts[].snapshots] | unique | join(" ")')" = "20 22" ]
    [ "$(q '.hosts[] | select(.host == "h1") | .from')" = 2006-03-06T00:01:00Z ]
    [ "$(q '.hosts[] | select(.host == "h499") | .from')" = 2006-03-10T08:19:00Z ]
    # Given in order of time, it is the same.
    "$POOLSIFT" rank -q --json "$WORK/old.txt" "$WORK/new.txt" >"$WORK/in-order"
    cmp <(jq -S '.hosts | sort_by(.host) | map(del(.tags[].evidence))' <<<"$output") \
        <(jq -S '.hosts | sort_by(.host) | map(del(.tags[].evidence))' "$WORK/in-order")
}

@test "a text without end in a ranking is not held whole" {
    {
        printf '{"schema": "poolsift.rank/1", "complete": true, "hosts": [{"host": "'
        head -c 40000000 /dev/zero | tr '\0' x
        printf '"}]}'
    } | gzip -1 >"$WORK/long.json.gz"
    fails rank --merge "$WORK/long.json.gz"
    says "expected at most 1048576 bytes of text, found more"
}
