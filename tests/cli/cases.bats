#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Case files: run, written, refused; and the line by which a result can be had again.

load common

# A copy of a story of two captures beside which cases are written.
story() {
    mkdir -p "$WORK/s"
    cp "$STORIES/drsd-printer"/[12].txt "$WORK/s"
    cd "$WORK/s"
}

# A case of it with these lines below `expect:`.
case_of() { # FILE LINE...
    local file=$1
    shift
    printf '%s\n' 'case: 1' 'name: drsd' 'source: a test' 'figures: published' \
        'inputs: [1.txt, 2.txt]' 'options: {start: 2000-01-01T00:00, every: 1h}' \
        'expect:' "${@/#/  }" >"$file"
}

# That one line holds, or does not and says this of line 8.
holds() {
    case_of x.yaml "$@"
    run "$POOLSIFT" check x.yaml
    [ "$status" -eq 0 ] || {
        echo "$output"
        return 1
    }
    says "# cases of published figures: 1 of 1 hold"
}

found() { # WORDS LINE
    case_of x.yaml "$2"
    run "$POOLSIFT" check x.yaml
    [ "$status" -eq 1 ]
    says "message: \"x.yaml:8:$1"
    says "# cases of published figures: 0 of 1 hold"
}

@test "a case that holds: one result a thing, exit 0" {
    story
    case_of x.yaml 'outcome: too-few' 'snapshots: 2' \
        'tags: [{tag: Drsd, pool: paged, rank: 1, bytes: 22464, growth_bytes: {near: 4992, within: 1%}}]'
    run "$POOLSIFT" check x.yaml
    [ "$status" -eq 0 ]
    [ "${lines[1]}" = "1..5" ]
    [ "$(grep -c '^ok ' <<<"$output")" -eq 5 ]
    says "ok 4 - drsd: tag Drsd (paged): bytes"
    says '  found: "22464"'
}

@test "what does not hold is told with the line and column of the case" {
    story
    found '12: expected outcome leak, found too-few"' 'outcome: leak'
    found '41: expected rank 2, found 1"' 'tags: [{tag: Drsd, pool: paged, rank: 2}]'
    found '10: expected tag NtFC, found no such row"' 'tags: [{tag: NtFC, rank: 1}]'
    found '12: expected absent D*, found Drsd (paged) too-few"' 'absent: ["D*"]'
    found '17: expected not_leaking MmSt, found no tag that it matches"' 'not_leaking: [MmSt]'
    found '15: expected diagnoses no-such, found short-span"' 'diagnoses: [no-such]'
    found '13: expected cohorts A and B, found none"' 'cohorts: [[A, B]]'
    found '10: expected boots 2, found 1"' 'boots: 2'
    found '26: expected bytes at most 7M, found 8204288"' 'pools: {paged: {bytes: {max: 7M}}}'
    [ "$(grep -c '^not ok ' <<<"$output")" -eq 1 ]
}

@test "every form of a value" {
    story
    holds 'outcome: [leak, too-few]'
    holds 'outcome: {not: leak}'
    holds 'hours: {min: 1, max: 1}'
    holds 'hosts: [{host: null, scope: system, hours: {near: 0.9, within: 0.1}}]'
    holds 'pools: {paged: {bytes: 8012K, limit_bytes: null}, nonpaged: {bytes: {min: 2M, max: 2.2e7}}}'
    holds 'cohorts: []' 'suspects: 0' 'boots: [{snapshots: 2}]'
    holds 'diagnoses: [{rule: short-span, severity: {not: error}, text: {contains: captures}}]'
    holds 'not_leaking: ["D?sd"]' 'absent: ["[a-c]*", Zzzz]'
    holds 'tags: [{tag: Drsd, tag_hex: "44727364", owner: {contains: printer}, session: null, cohort: null}]'
    holds 'notes: [censored]' 'time_zone: null' 'from: "2000-01-01T00:00:00"'
}

# Every key that a tag and a host have in machine output can be expected.
@test "every key of machine output can be expected, as it stands there" {
    story
    json rank -q --json --start 2000-01-01T00:00 --every 1h 1.txt 2.txt
    local keys document=$output
    q '.hosts[0].tags[0] | to_entries | map(select(.value | type | . != "array" and . != "object") |
        select(.key != "tag" and .key != "pool") | "\(.key): \(.value | tojson)") | .[]' >keys
    [ "$(wc -l <keys)" -gt 40 ]
    holds "tags: [{tag: Drsd, $(paste -sd, keys)}]"
    [ "$(grep -c '^ok ' <<<"$output")" -eq "$(wc -l <keys)" ]
    output=$document
    q '.hosts[0] | to_entries | map(select(.value | type | . != "array" and . != "object") |
        "\(.key): \(.value | tojson)") | .[]' >keys
    [ "$(wc -l <keys)" -gt 10 ]
    mapfile -t keys <keys
    holds "${keys[@]}"
    output=$document
    # Those that are lists and objects are known, too: none is refused.
    for key in $(q '.hosts[0] | keys[]') $(q '.hosts[0].tags[0] | keys[]' | sed 's/^/tags.0./'); do
        case $key in
            tags.0.tag | tags.0.pool | tags) continue ;;
            tags.0.*) case_of x.yaml "tags: [{tag: Drsd, ${key#tags.0.}: 0}]" ;;
            *) case_of x.yaml "$key: 0" ;;
        esac
        run "$POOLSIFT" check x.yaml
        [[ $output != *"has no key"* ]]
    done
}

@test "a broken case is trouble, wins over what does not hold, and the others run" {
    story
    case_of a.yaml 'outcome: leak'
    case_of b.yaml 'outcomes: leak'
    case_of c.yaml 'outcome: too-few'
    run "$POOLSIFT" check .
    [ "$status" -eq 2 ]
    says "poolsift: ./b.yaml:8:3: a host has no key 'outcomes'"
    says "hint: the keys of a host are those of rank --json: tags not_leaking absent"
    says "not ok 1 - drsd: outcome"
    says "not ok 2 - ./b.yaml"
    says "ok 3 - drsd: outcome"
    says "# cases of published figures: 1 of 2 hold"
    says "# cases that could not run: 1"
    output=$("$POOLSIFT" check --json . 2>/dev/null) || [ $? -eq 2 ]
    [ "$(q '.cases | "\(.published.held) \(.published.failed) \(.replayed.held) \(.broken)"')" = "1 1 0 1" ]
    [ "$(q '.results[0] | "\(.state) \(.case) \(.line) \(.column) \(.expected) \(.found)"')" = \
        "not ok ./a.yaml 8 12 leak too-few" ]
    [ "$(q '.results[1] | "\(.state) \(.message)"')" = "broken ./b.yaml:8:3: a host has no key 'outcomes'" ]
    run "$POOLSIFT" check --junit out.xml a.yaml b.yaml c.yaml
    [ "$status" -eq 2 ]
    grep -q 'tests="3" failures="1" errors="1"' out.xml
    grep -q '<testcase classname="a.yaml" name="drsd: outcome">' out.xml
}

@test "what cannot be read or ranked is a broken case, with its place" {
    story
    fails check nothere.yaml
    says "nothere.yaml: cannot open"
    case_of x.yaml 'outcome: leak'
    sed -i 's/1.txt/gone.txt/' x.yaml
    fails check x.yaml
    says "poolsift: gone.txt: cannot open"
    says "not ok 1 - x.yaml"
    printf 'case: 1\nname: [\n' >x.yaml
    fails check x.yaml
    says "x.yaml:3:1: "
    # Two machines where the case expects one.
    mkdir h
    mkdir h/a h/b
    cp 1.txt h/a && cp 2.txt h/b
    case_of x.yaml 'outcome: too-few'
    sed -i 's/^inputs.*/inputs: [h]/; s/^options: {/options: {host_from: dir, /' x.yaml
    fails check x.yaml
    says "x.yaml:8:3: the inputs are of 2 hosts or scopes (a, b)"
    case_of x.yaml 'hosts: [{host: a, outcome: too-few}, {host: b, snapshots: 1}, {host: c, boots: 1}]'
    sed -i 's/^inputs.*/inputs: [h]/; s/^options: {/options: {host-from: dir, /' x.yaml
    run "$POOLSIFT" check x.yaml
    [ "$status" -eq 1 ]
    says "ok 2 - drsd: a: outcome"
    says "expected host by its keys \`host\` and \`scope\`, found no such host"
}

@test "options of a case are those of the command line, and are refused in its words" {
    story
    bad() { # WORDS OPTIONS
        case_of x.yaml 'outcome: too-few'
        sed -i "s/^options:.*/options: $2/" x.yaml
        fails check x.yaml
        says "x.yaml:6:$1"
    }
    bad "18: --start takes a time, not 'soon'" '{start: soon, every: 1h}'
    bad "10: --start and --every belong together" '{start: 2000-01-01}'
    bad "11: there is no option 'json' of a case" '{json: yes}'
    says "hint: the options are those of rank: include exclude"
    bad "29: --limit takes POOL=SIZE, not 'nonpaged=much'" '{limit: {nonpaged: much}}'
    bad "19: strict takes yes or no" '{strict: perhaps}'
    bad "19: strict takes yes or no" '{strict: [yes]}'
    bad "11: there is no option 'output' of a case" '{output: x}'
    holds 'outcome: too-few'
    # The same, however it is written.
    for options in '{limit: {paged: 128M}}' '{limit: ["paged=128M"]}' '{limit: paged=128M, date_order: dmy}'; do
        case_of x.yaml 'pools: {paged: {limit_bytes: 128M, limit_source: option}}'
        sed -i "s/^options:.*/options: $options/" x.yaml
        "$POOLSIFT" check x.yaml
    done
}

@test "a case that says strict is broken where something was repaired or lost" {
    story
    sed "s/Limit: 248432K/Limit: 24?432K/" 1.txt >worn.txt
    case_of x.yaml 'outcome: too-few'
    sed -i 's/1.txt/worn.txt/' x.yaml
    "$POOLSIFT" check -q x.yaml
    sed -i 's/^options: {/options: {strict: yes, /' x.yaml
    fails check x.yaml
    says "x.yaml: things were repaired or lost, and \`strict\`"
    says "not ok 1 - x.yaml"
}

@test "a list of tags that a case names counts, the person's own does not" {
    story
    printf 'Drsd - mine.sys - my own words\n' >list.txt
    case_of x.yaml 'tags: [{tag: Drsd, owner: "mine.sys - my own words"}]'
    export POOLSIFT_TAGS=$PWD/list.txt
    run "$POOLSIFT" check x.yaml
    [ "$status" -eq 1 ]
    sed -i 's/^options: {/options: {tags: list.txt, /' x.yaml
    cd /
    "$POOLSIFT" check "$WORK/s/x.yaml"
}

@test "folders are searched; YAML that is no case is counted; nothing at all is an error" {
    story
    mkdir -p deep/er
    case_of deep/er/x.yml 'outcome: too-few'
    sed -i 's/^inputs.*/inputs: [..\/..\/1.txt, ..\/..\/2.txt]/; s/published/replayed/' deep/er/x.yml
    echo 'a: 1' >deep/other.yaml
    run "$POOLSIFT" check deep
    [ "$status" -eq 0 ]
    says "# cases of replayed figures: 1 of 1 hold"
    says "# YAML files that are no case: 1"
    [[ $output != *"published figures"* ]]
    rm deep/er/x.yml
    fails check deep
    says "no threshold was given, and there is no case in 'deep'"
    fails check
    says "no threshold was given, and no case"
}

@test "an input that is another one is told" {
    story
    case_of x.yaml 'snapshots: 2'
    printf 'digests:\n  1.txt: %s\n' "$(sha256sum <1.txt | cut -c1-64)" >>x.yaml
    "$POOLSIFT" check x.yaml
    printf '\n' >>1.txt
    run "$POOLSIFT" check x.yaml
    [ "$status" -eq 1 ]
    says "not ok 1 - drsd: SHA-256 of 1.txt"
    says "found $(sha256sum <1.txt | cut -c1-64)"
    says "ok 2 - drsd: snapshots"
    printf '  3.txt: %064d\n' 7 >>x.yaml
    run "$POOLSIFT" check x.yaml
    says "found no such input"
}

# ---- --record ----

@test "a case that is recorded holds at once, and fails when its captures change" {
    story
    "$TOOLS/mkseries" --seed 1 --tags 40 --days 2 -o "$WORK/leaky"
    mkdir "$WORK/cases"
    cd "$WORK"
    "$POOLSIFT" check -q --record --suspect 'Sg*' --suspect "it's" --limit nonpaged=256M leaky -o cases/it.yaml
    grep -q '^  - "../leaky"$' cases/it.yaml
    grep -q 'outcome: leak' cases/it.yaml
    [ "$(grep -c '^  "../leaky/' cases/it.yaml)" -eq "$(find leaky -type f | wc -l)" ]
    run "$POOLSIFT" check cases
    [ "$status" -eq 0 ]
    says "ok 1 - it: SHA-256 of ../leaky/"
    says "verdict"
    last=$(find leaky -type f | sort | tail -n 1)
    cp "$STORIES/drsd-printer/1.txt" "$last"
    run "$POOLSIFT" check cases
    [ "$status" -eq 1 ]
    says "not ok"
}

@test "recorded: several hosts, names that need quotes, standard output" {
    needs names # with any byte
    story
    mkdir "h" "h/A \"b\\c" "h/- x: #y"
    cp 1.txt "h/A \"b\\c/1.txt"
    cp 2.txt "h/- x: #y/@.txt"
    "$POOLSIFT" check -q --record --host-from dir h >x.yaml
    [ "$(grep -c '^    - host: ' x.yaml)" -eq 2 ]
    "$POOLSIFT" check x.yaml
    "$POOLSIFT" check -q --record 2.txt@1 "$SCREEN" --host x -o y.yaml
    grep -qF '"2.txt@1"' y.yaml
    "$POOLSIFT" check y.yaml
}

@test "recorded: names that YAML would read as another, or not as a key" {
    needs names # with any byte
    local name long
    story
    long=$(printf 'x%.0s' $(seq 250))
    mkdir -p "$long/$long/$long/$long"
    cp 1.txt "$long/$long/$long/$long/t.txt"
    for name in $'c1\xc2\x9b' $'next\xc2\x85line' $'line\xe2\x80\xa8line' $'none\xef\xbf\xbe' \
        "$long/$long/$long/$long/t.txt" $'tab\tbell\a' $'\xf0\x9f\x98\x80'; do
        [ -e "$name" ] || cp 1.txt "$name"
        "$POOLSIFT" check -q --record "$name" -o z.yaml
        "$POOLSIFT" check z.yaml
        grep -q 'SHA-256' <("$POOLSIFT" check -q z.yaml)
    done
}

@test "recorded: what a case cannot name is refused, and nothing is written" {
    story
    fails check --record -o x.yaml - <1.txt
    says "a case cannot name standard input"
    [ ! -e x.yaml ]
    fails check --record -o x.yaml 1.txt gone.txt
    [ ! -e x.yaml ]
    fails check --record --no-leak 1.txt
    says "a case, which holds no thresholds"
}

# ---- the manual ----

@test "the manual's example and the topic's are cases" {
    story
    sed -n '/^\.Bd -literal/,/^\.Ed/p' "$TOP/cli/know/poolsift-case.5" | sed '1d;$d' >man.yaml
    [ "$(wc -l <man.yaml)" -gt 12 ]
    run "$POOLSIFT" check man.yaml
    [ "$status" -eq 0 ]
    run "$POOLSIFT" help cases
    [ "$status" -eq 0 ]
    sed -n '/^    case: 1/,/^$/p' <<<"$output" | sed 's/^    //' >topic.yaml
    fits_80
    run "$POOLSIFT" check topic.yaml # its tags are made up, its form is not
    [ "$status" -eq 1 ]
    [[ $output != *"could not run"* ]]
    command -v mandoc >/dev/null || skip "no mandoc"
    mandoc -T lint -W warning "$TOP/cli/know/poolsift-case.5"
}

# ---- the line by which a result can be had again ----

@test "the last lines of rank and diff make the same result again" {
    story
    cp 1.txt "a b's.txt"
    for command in rank diff; do
        "$POOLSIFT" $command -q --tz +01:00 "a b's.txt" 2.txt >one
        grep -q "^Reproduce: poolsift $command -q --tz +01:00 'a b'" one
        # The version is a comment to the shell.
        sed -n '/^Reproduce: /,$p' one | sed 's/^Reproduce: poolsift/"$POOLSIFT"/; /#/q' >again.sh
        POOLSIFT=$POOLSIFT sh again.sh >again
        cmp one again
        grep -q "^    $(sha256sum <2.txt | cut -c1-64)$" one
        grep -q "^  2.txt: 319 bytes, SHA-256$" one
        output=$(cat one)
        fits_80
        "$POOLSIFT" $command -q --markdown 1.txt 2.txt >one
        grep -q "^Reproduce: \`poolsift $command -q --markdown 1.txt 2.txt\` (version " one
    done
}

@test "the key reproduce, with standard input" {
    needs descriptors # /dev/fd/63
    story
    output=$("$POOLSIFT" rank -q --json 1.txt - <2.txt)
    [ "$(q '.reproduce | keys_unsorted | join(" ")')" = "version arguments inputs" ]
    [ "$(q '.reproduce.arguments | join(" ")')" = "rank -q --json 1.txt -" ]
    [ "$(q '.reproduce.version')" = "$("$POOLSIFT" version | cut -d' ' -f2)" ]
    [ "$(q '.reproduce.inputs[1] | "\(.source) \(.bytes) \(.sha256)"')" = \
        "- 319 $(sha256sum <2.txt | cut -c1-64)" ]
    output=$("$POOLSIFT" diff -q --json 1.txt 2.txt)
    [ "$(q '.reproduce.inputs | length')" -eq 2 ]
    # A pipe cannot be read twice.
    output=$("$POOLSIFT" rank -q --json <(cat 1.txt))
    [ "$(q '.reproduce.inputs[0] | "\(.bytes) \(.sha256)"')" = "null null" ]
}

@test "many inputs are one digest, and so is a zip" {
    story
    for i in 3 4 5; do cp 1.txt $i.txt; done
    run "$POOLSIFT" rank -q .
    says "5 inputs, 1595 bytes, SHA-256 of their digests"
    says "$(sha256sum [1-5].txt | cut -c1-64 | sha256sum | cut -c1-64)"
    zip -q all.zip ./*.txt
    output=$("$POOLSIFT" rank -q --json all.zip)
    [ "$(q '.reproduce.inputs | map(.sha256) | join(" ")')" = "$(sha256sum <all.zip | cut -c1-64)" ]
    # Of very many names the first and the last stand in text, all in JSON.
    run "$POOLSIFT" rank -q 1.txt 2.txt 3.txt 4.txt 5.txt 1.txt 2.txt 3.txt 4.txt
    says "Reproduce: poolsift rank -q 1.txt ... 4.txt #"
}

@test "what is too much to hash beside ranking it is told by its size" {
    story
    mkdir big
    cp 1.txt big
    truncate -s 65M big/zeros
    output=$("$POOLSIFT" rank -q --json big)
    [ "$(q '.reproduce.inputs | map("\(.bytes) \(.sha256)") | join(" ")')" = "319 null 68157440 null" ]
}

@test "an argument with control bytes is written so that a shell takes it and a terminal does not" {
    needs names # with any byte
    story
    cp 1.txt $'a\033[31m.txt'
    run "$POOLSIFT" rank -q $'a\033[31m.txt'
    says "Reproduce: poolsift rank -q \$'a\\033[31m.txt' #"
    [[ $output != *$'\033'* ]]
}
