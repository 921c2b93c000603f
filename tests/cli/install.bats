#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# make install and make uninstall, into a root of their own.

load common

# What was built for these tests is what is installed: nothing is built again.
target() { # target GOAL [DESTDIR PREFIX]
    local out=${TOOLS#"$TOP"/}
    env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL make -s -o all "$1" OUT="${out%/tools}" \
        DESTDIR="${2-$WORK/a root}" PREFIX="${3-/opt/sift}"
}

@test "install puts program, manual, completion and documents in place" {
    target install
    (cd "$WORK/a root" && find . ! -type d | sort) >"$WORK/there"
    diff - "$WORK/there" <<'END'
./opt/sift/bin/poolsift
./opt/sift/share/bash-completion/completions/poolsift
./opt/sift/share/doc/poolsift/LICENSE
./opt/sift/share/doc/poolsift/README.md
./opt/sift/share/man/man1/poolsift.1
./opt/sift/share/man/man5/poolsift-case.5
./opt/sift/share/man/man5/psz.5
END
    share="$WORK/a root/opt/sift/share"
    [ "$(stat -c %a "$WORK/a root/opt/sift/bin/poolsift")" = 755 ]
    [ "$(stat -c %a "$share/man/man1/poolsift.1")" = 644 ]
    run "$WORK/a root/opt/sift/bin/poolsift" version
    [ "$output" = "$("$POOLSIFT" version)" ]
    grep -q '^\.Dt POOLSIFT 1' "$share/man/man1/poolsift.1"
    bash -c '. "$1" && complete -p poolsift' - "$share/bash-completion/completions/poolsift"
    cmp "$TOP/README.md" "$share/doc/poolsift/README.md"
}

@test "a page that another names is installed, too" {
    target install
    cd "$WORK/a root/opt/sift/share/man"
    for page in man?/*; do
        sed -n 's/^\.Xr \(poolsift[a-z-]*\|psz\) \([0-9]\).*/\1 \2/p' "$page"
    done | sort -u >"$WORK/named"
    [ "$(wc -l <"$WORK/named")" -ge 3 ]
    while read -r name section; do
        [ -e "man$section/$name.$section" ]
    done <"$WORK/named"
}

@test "uninstall leaves nothing of it, and what others put there" {
    target install
    touch "$WORK/a root/opt/sift/share/man/man1/other.1"
    target uninstall
    [ "$(find "$WORK/a root" ! -type d)" = "$WORK/a root/opt/sift/share/man/man1/other.1" ]
    [ ! -e "$WORK/a root/opt/sift/share/doc/poolsift" ]
    target uninstall # once more is no error
    target uninstall 2>&1 | grep . && return 1
    HOME=$WORK/home target install '' "~"/.local # not every shell says what ~ is
    [ -x "$WORK/home/.local/bin/poolsift" ]
}

@test "a library that is not there is named, with what brings it" {
    printf '#!/bin/sh\nexec cc -nostdinc "$@"\n' >"$WORK/bare-cc"
    chmod +x "$WORK/bare-cc"
    run env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL make -s CC="$WORK/bare-cc" OUT="$WORK/out" "$WORK/out/formats/size.o"
    [ "$status" -eq 2 ]
    says "poolsift wants zlib and libyaml; Debian has both: zlib1g-dev libyaml-dev."
    says "make CC=\"$WORK/bare-cc\" CPPFLAGS=-Ibuild/there/include LDFLAGS=-Lbuild/there/lib"
    [ ! -e "$WORK/out/formats/size.o" ]
    run env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL make -s CC=no-such-cc OUT="$WORK/out" "$WORK/out/formats/size.o"
    [ "$status" -eq 2 ]
    says "there is no no-such-cc; Debian has cc in gcc and libc6-dev"
    [[ $output != *zlib* ]]
}

@test "a folder whose name has blanks is built in, and is not in what is built" {
    mkdir -p "$WORK/a b/c  d/formats"
    cp Makefile "$WORK/a b/c  d"
    cp formats/*.[ch] "$WORK/a b/c  d/formats"
    cd "$WORK/a b/c  d"
    run env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL make -s SAN= COV= CFLAGS=-g OUT=out out/formats/size.o
    [ "$status" -eq 0 ]
    [ "$(grep -c 'c  d' out/formats/size.o)" -eq 0 ]
}
