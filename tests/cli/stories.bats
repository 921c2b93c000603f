#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Recorded leaks: the cases of fixtures/stories hold, and each turns red when its culprit's
# figures are a healthy tag's, or a healthy tag leaks.

load common

STORY=$TOP/tests/stories

check() {
    run "$POOLSIFT" check -q "$@"
}

# The cases of one kind: published or replayed; names without blanks.
cases() {
    grep -l "^figures: $1" "${STORIES#"$TOP"/}"/*/*.yaml
}

# The story CASE with CHANGE done to it, in a folder of its own.
change() {
    rm -rf "$WORK/story"
    mkdir "$WORK/story"
    "$STORY" "$2" "$1" "$WORK/story"
    check "$WORK/story/case.yaml"
}

# The last check failed, and what its case is about is among what it names.
turns_red() {
    about=$("$STORY" culprit "$1")
    tag=${about:0:4}
    [ "$status" -eq 1 ] && grep -q "^not ok .*tag ${tag%% *}" <<<"$output" || {
        echo "$1 stays green"
        return 1
    }
}

@test "every story holds; published and replayed are counted apart" {
    check "$STORIES"
    [ "$status" -eq 0 ]
    says "# cases of published figures: $(cases published | wc -l) of $(cases published | wc -l) hold"
    says "# cases of replayed figures: $(cases replayed | wc -l) of $(cases replayed | wc -l) hold"
    [ "$(cases published | wc -l)" -ge 20 ]
    [ "$(cases replayed | wc -l)" -ge 12 ]
}

@test "the README counts the stories that are there" {
    readme=$(sed -n '/<!-- stories -->/,/<!-- end -->/{/^<!--/d;p}' "$TOP/README.md")
    [ "$readme" = "$("$STORY" count)" ]
}

@test "a published story is red with a healthy culprit" {
    for case in $(cases published); do
        change "$case" render
        [ "$status" -eq 0 ]
        change "$case" replace
        turns_red "$case"
    done
}

@test "a replay is red with a healthy culprit, a control with a leak" {
    for case in $(cases replayed); do
        change "$case" render
        [ "$status" -eq 0 ]
        if [[ $case == */[0-9][0-9]-control-* ]]; then
            change "$case" leak
            [ "$status" -eq 1 ]
            grep -q "^not ok .*: outcome$" <<<"$output"
            grep -q "^not ok .*: not_leaking" <<<"$output"
        else
            change "$case" replace
        fi
        turns_red "$case"
    done
}

@test "a replay's archive is what its generator makes" {
    mkdir "$WORK/anew"
    "$STORY" archives "$WORK/anew"
    for archive in "$STORIES"/replayed/*.psz; do
        name=$(basename "$archive" .psz)
        "$POOLSIFT" convert -q "$archive" -o "$WORK/stored.csv"
        "$POOLSIFT" convert -q "$WORK/anew/$name.psz" -o "$WORK/made.csv"
        cmp "$WORK/stored.csv" "$WORK/made.csv"
        rm "$WORK/anew/$name.psz"
    done
    [ -z "$(ls "$WORK/anew")" ]
}

@test "the tag that a story is about has the role that its list of tags gives" {
    for case in $(cases published) $(cases replayed); do
        about=$("$STORY" culprit "$case")
        role=$(awk -F '\t' -v tag="${about:0:4}" '$1 == tag { print $2 }' \
            "$FIXTURES/tags/cases.tsv")
        json tags --json "$(sed 's/[]*?[\\]/\\&/g' <<<"${about:0:4}")"
        [ -n "$role" ]
        [ "$(q '.tags[0].role')" = "$role" ]
    done
}

@test "a folder that no case stands in, and a broken one, are no success" {
    mkdir "$WORK/empty"
    fails check "$WORK/empty"
    cp "$STORIES"/published/23-containers-ulht.* "$WORK/empty"
    sed -i 's/rank: 1/rnak: 1/' "$WORK/empty/23-containers-ulht.yaml"
    fails check "$WORK/empty"
    says "23-containers-ulht.yaml:"
    says "rnak"
}
