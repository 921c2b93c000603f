#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Who owns a tag: the person's own list, what travelled with the capture, and nobody.

load common

LIST=$FIXTURES/tags/pooltag.txt
SERIES=$FIXTURES/series/web01.zip

@test "--tags names owners in every machine output, and says where from" {
    json show --json --tags "$LIST" "$SCREEN"
    [ "$(q '.snapshots[0].rows[] | select(.tag == "ISil") | .owner')" = \
        "isil.sys - Session items of the sample driver" ]
    [ "$(q '.snapshots[0].rows[] | select(.tag == "ISil") | .owner_source')" = pooltag.txt ]
    [ "$(q '.snapshots[0].rows[] | select(.tag == "SavE") | .owner')" = null ]
    json diff --json --tags "$LIST" "$SCREEN" "$SCREEN"
    [ "$(q '[.rows[] | select(.owner_source == "pooltag.txt").tag] | sort | join(" ")')" = \
        "I100 ISil PcNw" ]
    json rank --json --tags "$LIST" "$SCREEN"
    [ "$(q '[.hosts[0].tags[] | select(.owner_source == "pooltag.txt").tag] | sort | join(" ")')" = \
        "I100 ISil PcNw" ]
    json show --csv --tags "$LIST" -i ISil "$SCREEN"
    says "isil.sys - Session items of the sample driver,pooltag.txt"
    json rank --csv --tags "$LIST" -i ISil "$SCREEN"
    says ",isil.sys - Session items of the sample driver,pooltag.txt"
}

@test "\$POOLSIFT_TAGS is the same, and --tags beats it" {
    export POOLSIFT_TAGS=$LIST
    json show --json -i PcNw "$SCREEN"
    [ "$(q '.snapshots[0].rows[0].owner')" = "portcls.sys - WDM audio" ]
    printf 'PcNw - mine.sys -\n' >"$WORK/mine.txt"
    json show --json --tags "$WORK/mine.txt" -i PcNw "$SCREEN"
    [ "$(q '.snapshots[0].rows[0] | .owner + " " + .owner_source')" = "mine.sys mine.txt" ]
    POOLSIFT_TAGS=$WORK/none fails show "$SCREEN"
    says "POOLSIFT_TAGS"
}

@test "what the capture itself says comes first" {
    cap=$FIXTURES/poolmon/x64-screen-g.txt
    json show --json --tags "$LIST" "$cap"
    [ "$(q '.snapshots[0].rows[] | select(.tag == "NtFC") | .owner + "|" + .owner_source')" = \
        "ntfs.sys - CREATE.C|capture" ]
    [ "$(q '.snapshots[0].rows[] | select(.mapped_driver == "Unknown Driver") | .owner')" = null ]
    json rank --json "$cap"
    [ "$(q '.hosts[0].tags[] | select(.tag == "NtFC") | .owner_source')" = capture ]
}

@test "people see the owner beside the rows and in the evidence" {
    run "$POOLSIFT" show --tags "$LIST" "$SCREEN"
    [ "$status" -eq 0 ]
    fits_80
    says "Owner"
    says "portcls.sys"
    tag=$("$POOLSIFT" rank --json "$SERIES" 2>/dev/null | jq -r '.hosts[0].tags[0].tag')
    printf '%s - guilty.sys - the one that leaks\n' "$tag" >"$WORK/mine.txt"
    run "$POOLSIFT" rank -q --tags "$WORK/mine.txt" "$SERIES"
    [ "$status" -eq 0 ]
    fits_80
    says "owner: guilty.sys - the one that leaks (mine.txt)"
}

@test "all tags of a long list, each once and in order" {
    awk 'BEGIN { for (i = 0; i < 60000; i++)
        printf "%c%c%c%c - drv%d.sys - text\n", 97 + i % 26, 97 + i / 26 % 26, 97 + i / 676 % 26,
            65 + i / 17576 % 26, i }' >"$WORK/long.txt"
    json tags '*' --json --tags "$WORK/long.txt"
    [ "$(q '[.tags[] | select(.owner_source == "long.txt")] | length')" -eq 60000 ]
    [ "$(q '[.tags[].tag_hex | values] | . == unique')" = true ]
}

@test "nothing of the list goes into archives or tables" {
    export POOLSIFT_TAGS=$LIST
    "$POOLSIFT" convert -q "$SCREEN" -o "$WORK/x.psz"
    "$POOLSIFT" convert -q "$SCREEN" -o "$WORK/x.csv"
    unset POOLSIFT_TAGS
    json show --json "$WORK/x.psz"
    [ "$(q '[.snapshots[0].rows[].owner_source] | unique | map(tostring) | join(" ")')" = \
        "null built-in" ]
    run grep -c portcls "$WORK/x.csv"
    [ "$output" = 0 ]
    fails convert --tags "$LIST" "$SCREEN" -o "$WORK/y.psz"
}

@test "a list is no input, and a capture is no list" {
    fails show "$LIST"
    says "--tags FILE"
    fails show --tags "$SCREEN" "$SCREEN"
    says "Tag - binary - description"
    fails show --tags "$WORK/none" "$SCREEN"
}
