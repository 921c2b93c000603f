#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# What people paste from a kernel debugger.

load common

@test "!poolused: both pools of a line, outstanding allocations, descriptions as owners" {
    json show --json "$FIXTURES/poolused/x64-nonpaged-noise.txt"
    [ "$(q '.snapshots[0].format')" = poolused ]
    [ "$(q '.snapshots[0].completeness')" = whole ]
    [ "$(q '.snapshots[0].rows | length')" -eq 8 ]
    [ "$(q '.snapshots[0].rows[] | select(.tag == "EtwB") | "\(.pool) \(.live) \(.bytes) \(.allocs) \(.per_alloc)"')" = \
        "nonpaged 148 5206272 null null
paged 16 442368 null null" ]
    [ "$(q '.snapshots[0].rows[] | select(.tag == "Thre") | .owner')" = "nt!ps - Thread objects" ]
    [ ! -s "$WORK/stderr" ]
}

@test "!vm beside !poolused: totals and limits of that capture" {
    json show --json "$FIXTURES/poolused/table-then-vm.txt"
    [ "$(q '.snapshots | length')" -eq 1 ]
    [ "$(q '.snapshots[0].rows | length')" -eq 11 ]
    [ "$(q '.snapshots[0].totals | "\(.nonpaged_kib) \(.nonpaged_limit_kib) \(.paged_kib) \(.paged_limit_kib)"')" = \
        "228000 262144 131200 344064" ]
    run "$POOLSIFT" show "$FIXTURES/poolused/table-then-vm.txt"
    says "Nonpaged pool: 228000K of the captured limit 262144K (87.0%), 34144K left"
}

@test "rank takes the limit from the captures, unless the person states one" {
    json rank --json "$FIXTURES/poolused/vm-then-tables.txt"
    [ "$(q '.hosts[0].pools.nonpaged | "\(.limit_bytes) \(.limit_source)"')" = "25769803776 capture" ]
    # above what the machine can commit: an address range
    [ "$(q '.hosts[0].pools.paged | "\(.limit_bytes) \(.limit_source)"')" = "null null" ]
    json rank --json --limit nonpaged=20G "$FIXTURES/poolused/vm-then-tables.txt"
    [ "$(q '.hosts[0].pools.nonpaged | "\(.limit_bytes) \(.limit_source)"')" = "21474836480 option" ]
}

@test "!vm alone" {
    json info --json "$FIXTURES/vm/old.txt"
    [ "$(q '.inputs[0].format')" = vm ]
    json show --json "$FIXTURES/vm/old.txt"
    [ "$(q '.snapshots[0].totals.nonpaged_limit_kib')" -eq 262144 ]
}

@test "archive and back: the same figures, notes and owners" {
    for f in xp-short x64-verbose vm-then-tables filtered; do
        json show --all --json "$FIXTURES/poolused/$f.txt"
        before=$(q 'del(.snapshots[].source, .snapshots[].line, .snapshots[].rows[].line)')
        "$POOLSIFT" convert "$FIXTURES/poolused/$f.txt" -o "$WORK/x.psz" 2>"$WORK/said"
        json show --all --json "$WORK/x.psz"
        [ "$(q 'del(.snapshots[].source, .snapshots[].line, .snapshots[].rows[].line)')" = "$before" ]
    done
}

@test "lists of blocks and invented tables are refused, with what to run instead" {
    for f in block-list block-list-pool invented invented-hex; do
        fails show "$FIXTURES/poolused/$f.txt"
        says 'hint: run `!poolused 2` and `!poolused 4`'
    done
    fails show "$FIXTURES/poolused/block-list.txt"
    says "block-list.txt:3: expected a pool capture, found a list of blocks"
    fails show "$FIXTURES/poolused/session.txt"
    says "session pool"
}
