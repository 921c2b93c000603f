#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# No line of text is wider than 80 columns when nobody looks at it on a terminal.

load common
# As seen from the top: a path is never wrapped, and stands in a line to be copied.
FIXTURES=fixtures STORIES=fixtures/stories

# narrow WORD...: notes what the call prints; what it ends with is not asked here.
narrow() {
    echo "# $*" | cut -c1-60 >>"$WORK/printed"
    "$POOLSIFT" "$@" >>"$WORK/printed" 2>/dev/null </dev/null || true
}

# What was noted fits.
fits() {
    [ "$(grep -vc '^#' "$WORK/printed")" -gt 20 ]
    jq -Rr 'select(length > 80)' "$WORK/printed" >"$WORK/wide"
    ! [ -s "$WORK/wide" ] || {
        head -n 5 "$WORK/wide"
        return 1
    }
}

@test "every capture of the fixtures fits, shown, ranked, compared and described" {
    while read -r file; do
        narrow show --all -n 3 "$file"
        narrow rank -v "$file"
        narrow diff --units bytes "$file" "$file"
        narrow info "$file"
    done < <(find "$FIXTURES" -type f ! -name '*.md' ! -name '*.yaml' ! -name '*.psz' |
        LC_ALL=C sort)
    fits
}

@test "series fit, with every factor, in every unit, with every section" {
    week=$FIXTURES/series/web01.zip
    for units in K bytes human; do
        narrow rank -v -n 0 --units "$units" --suspect 'S*' --suspect zzzz "$week"
        narrow show --history 'S*' -v --units "$units" "$week"
        narrow show -v -n 0 --units "$units" "$week"
    done
    narrow rank --baseline "$week" "$week"
    for archive in "$STORIES"/replayed/*/*.psz "$STORIES"/replayed/*.psz; do
        [ ! -e "$archive" ] || narrow rank -v -n 0 "$archive"
    done
    fits
}

@test "names that are long or wide are cut, not let out" {
    cp "$SCREEN" "$WORK/$(printf 'a-very-long-name-%.0s' 1 2 3 4 5 6 7 8).txt"
    cp "$SCREEN" "$WORK/$(printf '日本語%.0s' 1 2 3 4 5 6 7 8 9).txt"
    for command in show "show --all" info rank "rank --host-from name" \
        "show --history ISil" "show --host-from name --history ISil"; do
        # shellcheck disable=SC2086
        narrow $command "$WORK"
    done
    fits
}

@test "help, its topics, formats and tags fit" {
    narrow help
    for page in $("$POOLSIFT" help | sed -n 's/^  poolsift \(help \)*\([a-z]*\) .*/\2/p'); do
        narrow help "$page"
    done
    narrow formats
    for pattern in '*' Toke 'Ul*' zzzz; do
        narrow tags "$pattern"
        narrow tags -v "$pattern"
    done
    fits
}
