#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# A collection of captures as the world has them, kept apart from the project:
# POOLSIFT_SAMPLES names its folder.  tests/samples.tsv says what each file must give.

load common

@test "every file of the collection gives its figures, or its refusal" {
    [ -d "${POOLSIFT_SAMPLES:-}" ] || skip "POOLSIFT_SAMPLES names no folder"
    "$TOP/tests/samples" "$POOLSIFT_SAMPLES" >"$WORK/now.tsv"
    diff "$TOP/tests/samples.tsv" "$WORK/now.tsv"
}
