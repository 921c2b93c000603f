#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# What figures mean: limits, rules, and the first user's story end to end.

load common

STORY=$FIXTURES/stories/connections-refused

# The one diagnosis of that rule.
told() {
    q ".hosts[0].diagnoses[] | select(.rule == \"$1\") | .text"
}

@test "the screen alone: both limits, called assumed, what they leave, nothing more" {
    json rank --json "$STORY/poolmon-b.txt"
    [ "$(q '.hosts[0].pools.nonpaged.limit_bytes')" = null ]
    [ "$(q '.hosts[0].pools.nonpaged.limit_candidates | map(.bytes) | @csv')" = 134217728,268435456 ]
    run "$POOLSIFT" rank -q "${STORY#"$TOP/"}/poolmon-b.txt" # however long the way to it
    [ "$status" -eq 0 ]
    fits_80
    says "22016K left if its limit is 131072K"
    says "153088K left if its limit is 262144K"
    [ "$(grep -c assumed <<<"$output")" -ge 3 ]
    says "only PcNw (WDM audio"
    says "nobody is known for ISil, I100 and SavE"
    says "ISil and I100 hold nearly the same number of objects (80939 and 80909)"
    says "no tag grew"
    [[ $output != *"HTTP.SYS refused"* ]]
}

@test "the screen alone: HTTP.SYS is acquitted with figures" {
    json rank --json "$STORY/poolmon-b.txt"
    [[ $(told http-sys-acquitted) == *"1023K, 0.9% of the nonpaged pool"*"at most 10118K"*"less than a third of ISil"* ]]
    [ "$(q '[.hosts[0].diagnoses[].rule] | index("http-sys-refused")')" = null ]
    [ "$(q '.hosts[0].suspects | length')" -eq 0 ]
}

@test "with the refusals beside it: what they prove about the limit, and when they began" {
    json rank --json "$STORY"
    [ "$(q '.hosts[0].diagnoses[0].rule')" = http-sys-refused ]
    [ "$(q '.hosts[0].diagnoses[0].severity')" = error ]
    text=$(told http-sys-refused)
    [[ $text == "HTTP.SYS refused 53 connections, 2005-09-02 18:45:12 UTC to 2005-09-02 18:58:57 UTC"* ]]
    [[ $text == *"at most 129536K (109056K and 20480K)"* ]]
    [[ $text == *"262144K (Windows Server 2003, 32 bits) is excluded"* ]]
    [[ $text == *"131072K (Windows Server 2003, 32 bits, with /3GB) would fit within 1536K"* ]]
    run "$POOLSIFT" rank -q "$STORY"
    fits_80
    says "What it means"
    says "error: HTTP.SYS refused 53 connections"
    run "$POOLSIFT" rank -q --markdown "$STORY"
    says "### What it means"
    says "U\\[Ll\\]\\*"
}

@test "a stated limit replaces the assumed ones, and the rules follow it" {
    json rank --json --limit nonpaged=128M "$STORY"
    [ "$(q '.hosts[0].pools.nonpaged.limit_source')" = option ]
    [ "$(q '.hosts[0].pools.nonpaged.limit_candidates | length')" -eq 0 ]
    [ "$(q '[.hosts[0].diagnoses[].rule] | index("http-sys-refused")')" = null ]
    json rank --json --limit nonpaged=120M "$STORY"
    [[ $(told http-sys-low-pool) == "13824K of 122880K (stated) are left"* ]]
    [[ $(told http-sys-refused-low) == *"13824K of 122880K"* ]]
    json rank --json --os 2003 "$STORY"
    [ "$(q '.hosts[0].pools.nonpaged.limit_bytes')" -eq 268435456 ]
    [ "$(q '.hosts[0].pools.nonpaged.limit_system')" = "Windows Server 2003, 32 bits" ]
    [[ $(told http-sys-refused-otherwise) == *"only 41.6% of 262144K"* ]]
}

@test "show has the limits, too" {
    json show --json --os 2003-3gb "$STORY/poolmon-b.txt"
    [ "$(q '.snapshots[0].limits.nonpaged.limit_bytes')" -eq 134217728 ]
    [ "$(q '.snapshots[0].limits.nonpaged.limit_source')" = os ]
    run "$POOLSIFT" show -q "$STORY/poolmon-b.txt"
    says "22016K left if its limit is 131072K"
}

@test "one cut capture among ninety does not make a series of screens" {
    json rank --json "$FIXTURES/series/web01.zip"
    [ "$(q '[.hosts[0].diagnoses[].rule] | index("screen-capture")')" = null ]
    json rank --json "$STORY/poolmon-b.txt"
    [ "$(q '[.hosts[0].diagnoses[].rule] | index("screen-capture") != null')" = true ]
}

@test "an unknown system is answered with those that are known" {
    fails rank --os windows-me "$STORY/poolmon-b.txt"
    says "--os knows no 'windows-me'"
    says "2003-3gb"
}

@test "rules of one's own are added, and replace the built-in one of the same id" {
    cat >"$WORK/rules.yaml" <<'RULES'
- id: too-much
  when: {pool: nonpaged, used_above: 100M}
  severity: warning
  text: "{used} is more than this machine should need"
  next: ask the operators
  source: our runbook
- id: http-sys-acquitted
  when: {pool: nonpaged, used_above: 1K}
  severity: info
  text: "said by us"
RULES
    json rank --json --rules "$WORK/rules.yaml" "$STORY/poolmon-b.txt"
    [ "$(told too-much)" = "109056K is more than this machine should need" ]
    [ "$(q '.hosts[0].diagnoses[] | select(.rule == "too-much") | .source + "; " + .next')" = "our runbook; ask the operators" ]
    [ "$(told http-sys-acquitted)" = "said by us" ]
    [ "$(q '[.hosts[0].diagnoses[].rule] | map(select(. == "http-sys-acquitted")) | length')" -eq 1 ]
}

@test "a wrong rule: file, line, column, and what may stand there" {
    printf -- '- id: a\n  severity: info\n  text: t\n  when: {pol: paged}\n' >"$WORK/rules.yaml"
    fails rank --rules "$WORK/rules.yaml" "$STORY/poolmon-b.txt"
    says "rules.yaml:4:10"
    says "pol"
    says "free_below"
}

@test "help lists every key and placeholder of rules, in 80 columns" {
    run "$POOLSIFT" help rules
    [ "$status" -eq 0 ]
    fits_80
    names=$(sed -nE 's/^RULE_(KEY|WORD)\([A-Z_]+, "([a-z_]+)".*/\2/p' "$TOP"/cli/analyze/rule_{keys,words}.def)
    [ "$(wc -w <<<"$names")" -eq "$(cat "$TOP"/cli/analyze/rule_{keys,words}.def | grep -c '^RULE_')" ]
    for name in $names; do
        grep -q "^  {*$name\>" <<<"$output"
    done
    run "$POOLSIFT"
    says "poolsift help rules"
}

# The whole story, as it is printed; `findings` takes the line that makes it again.
@test "the first user's story, whole: text, Markdown, JSON" {
    for name in text markdown; do
        "$POOLSIFT" rank -q "--format=$name" "$STORY" | findings >"$WORK/$name"
        diff "$TOP/tests/golden/refused.$name" "$WORK/$name"
    done
    "$POOLSIFT" rank -q --json -n 3 "$STORY" | jq -S 'del(.reproduce)' |
        sed "s|$STORY|STORY|g" >"$WORK/json"
    diff "$TOP/tests/golden/refused.json" "$WORK/json"
}
