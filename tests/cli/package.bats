#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The tarball of the sources (cli/package/pack); what is built of it is in tests/package.

load common

# A copy of the sources without git, and with what a day's work leaves in it.
sources() {
    [[ $POOLSIFT == */build/plain/poolsift ]] || skip "one build's tests look at the sources"
    mkdir "$WORK/sources"
    (cd "$TOP" && tar -cf - --exclude=./build --exclude=./.git .) | tar -C "$WORK/sources" -xf -
    mkdir -p "$WORK/sources/build/plain"
    echo stale >"$WORK/sources/build/plain/poolsift"
    cd "$WORK/sources"
}

@test "a tarball has the same bytes whoever makes it, and whenever" {
    sources
    export SOURCE_DATE_EPOCH=1794000000
    cli/package/pack dist
    mv build/package/poolsift-*.tar.gz "$WORK/first"
    find . -type f -exec touch -d 2027-02-03T04:05:06Z {} +
    chmod go-rwx README.md cli
    find . -type d -exec chmod g+s {} +
    (
        umask 077
        export TZ=Asia/Kathmandu GZIP=-1 TAR_OPTIONS=--verbose
        cli/package/pack dist
    ) >"$WORK/said"
    [ "$(cat "$WORK/said")" = "$(echo build/package/poolsift-*.tar.gz)" ]
    cmp "$WORK/first" build/package/poolsift-*.tar.gz
    run tar --numeric-owner -tvf "$WORK/first"
    [ "$(awk '{ print $2 }' <<<"$output" | sort -u)" = 0/0 ]
    [ "$(awk '{ print $1 }' <<<"$output" | sort -u | xargs)" = "-rw-r--r-- -rwxr-xr-x drwxr-xr-x" ]
    [ "$(awk '{ print $4 }' <<<"$output" | sort -u)" = 2026-11-06 ]
}

@test "a tarball makes itself, and holds what the sources do, and nothing that was built" {
    sources
    SOURCE_DATE_EPOCH=1794000000 cli/package/pack dist
    mkdir "$WORK/out"
    tar -C "$WORK/out" -xf build/package/poolsift-*.tar.gz
    diff -r --exclude=build . "$WORK"/out/poolsift-*
    [ -z "$(find "$WORK/out" -name build)" ]
    cd "$WORK"/out/poolsift-*
    cli/package/pack dist # the time is that of its files
    mkdir "$WORK/again"
    tar -C "$WORK/again" -xf build/package/poolsift-*.tar.gz
    [ "$(stat -c %Y "$WORK"/again/poolsift-*/README.md)" -eq 1794000000 ]
    cmp build/package/poolsift-*.tar.gz "$WORK"/sources/build/package/poolsift-*.tar.gz
}

@test "no tarball is made where git does not say what belongs to it" {
    sources
    mkdir .git # no repository
    run cli/package/pack dist
    [ "$status" -ne 0 ]
    SOURCE_DATE_EPOCH=1794000000 run cli/package/pack dist
    [ "$status" -ne 0 ]
    [ -z "$(find build/package -name '*.tar.gz')" ]
}

@test "the version is one: the tarball's, the program's, and of what Debian is told" {
    version=$("$POOLSIFT" version)
    sources
    output=$(cli/package/pack dist)
    [ "$output" = "build/package/poolsift-${version#poolsift }.tar.gz" ]
    grep -q '^poolsift (@version@) ' cli/package/debian/changelog.in
    run cli/package/pack
    [ "$status" -eq 2 ]
    says "usage: cli/package/pack dist|deb|static|windows"
}

@test "a tool that a package wants and that is not there is named before anything is built" {
    sources
    mkdir "$WORK/bin"
    for tool in dirname sed stat; do
        ln -s "$(command -v $tool)" "$WORK/bin"
    done
    for pair in deb:dpkg-buildpackage static:musl-gcc windows:x86_64-w64-mingw32-gcc; do
        PATH=$WORK/bin run "$(command -v sh)" cli/package/pack "${pair%:*}"
        [ "$status" -eq 1 ]
        says "pack: ${pair#*:} is not there; Debian has it in "
    done
    [ ! -e build/package ]
}
