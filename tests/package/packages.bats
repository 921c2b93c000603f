#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Packages, made and tried where nothing else of the project is: part of make check-full.
# A tool that is not there is a skip.

bats_require_minimum_version 1.5.0
load ../cli/common

needed() {
    for tool; do
        command -v "$tool" >/dev/null || skip "no $tool"
    done
}

as_root() {
    [ "$(id -u)" = 0 ] || skip "not root"
}

packed() { # packed WHAT: the package's path in $file; made once
    local made=$BATS_FILE_TMPDIR/$1
    if [ ! -e "$made" ]; then
        "$TOP/cli/package/pack" "$1" 2>"$WORK/log" >"$WORK/path" || {
            tail -n 20 "$WORK/log"
            return 1
        }
        mv "$WORK/path" "$made"
    fi
    file=$TOP/$(cat "$made")
    [ -s "$file" ]
}

# The main job, by a program in a root of its own.
ranks_in() { # ranks_in ROOT PROGRAM
    cp "$TOP/fixtures/series/web01.zip" "$1/web01.zip"
    chroot "$1" "$2" rank --json -q web01.zip >"$WORK/there"
    (cd "$1" && "$POOLSIFT" rank --json -q web01.zip) >"$WORK/here"
    cmp "$WORK/here" "$WORK/there"
    chroot "$1" "$2" convert -q web01.zip -o web01.psz
    chroot "$1" "$2" report -q web01.psz -o web01.html
    [ -s "$1/web01.html" ]
    rm "$1"/web01.*
}

# Names, kinds, sizes and modes of all files below a root, but for what dpkg logs of itself.
listed() { # listed ROOT
    (cd "$1" && find . -path ./proc -prune -o -printf '%P %y %s %m\n' |
        grep -Ev '^var/(lib/dpkg/(status|lock|triggers|info|updates)|log/|cache/)|^ |^var/lib/dpkg [a-z]' | sort)
}

@test "the Debian package: lintian has nothing to say" {
    needed dpkg-buildpackage dh lintian
    packed deb
    run lintian --allow-root --pedantic --fail-on error,warning,info,pedantic "$file"
    echo "$output"
    [ "$status" -eq 0 ]
    [ "$(dpkg-deb -f "$file" Version)" = "$("$POOLSIFT" version | cut -d' ' -f2)" ]
}

@test "the Debian package has the same bytes on another day, made by another user in another folder" {
    as_root
    needed dpkg-buildpackage dh faketime setpriv
    packed deb
    mkdir "$WORK/another folder"
    tar -C "$WORK/another folder" -xf "$TOP"/build/package/poolsift-*.tar.gz
    chmod 755 "$WORK"
    chown -R 65534:65534 "$WORK/another folder"
    cd "$WORK/another folder"/poolsift-*
    (
        umask 077
        export HOME=$PWD TZ=Pacific/Chatham LC_ALL=de_DE.UTF-8
        faketime '2031-05-06 07:08:09' setpriv --reuid=65534 --regid=65534 --clear-groups \
            cli/package/pack deb >"$WORK/another folder/log" 2>&1
    ) || tail -n 20 "$WORK/another folder/log"
    cmp "$file" build/package/poolsift_*.deb
}

@test "the Debian package: put into a minimal Debian it works, and leaves no trace behind" {
    as_root
    needed dpkg-buildpackage dh debootstrap
    packed deb
    root=$("$TOP/tests/package/debian-root")
    listed "$root" >"$WORK/before"
    cp "$file" "$root/tmp/poolsift.deb"
    chroot "$root" dpkg -i /tmp/poolsift.deb
    ranks_in "$root" poolsift
    chroot "$root" bash -c '. /usr/share/bash-completion/completions/poolsift && complete -p poolsift'
    chroot "$root" dpkg -P poolsift
    rm "$root/tmp/poolsift.deb"
    listed "$root" >"$WORK/after"
    diff "$WORK/before" "$WORK/after"
}

@test "the static program runs where there is nothing else" {
    as_root
    needed musl-gcc apt-get strip
    packed static
    mkdir "$WORK/root"
    cp "$file" "$WORK/root/poolsift"
    ranks_in "$WORK/root" /poolsift
    [ "$(find "$WORK/root" | wc -l)" -eq 2 ]
    [ "$(grep -c '^==== ' "$file.libraries.txt")" -eq 3 ]
    [ "$(grep -ci 'warranty' "$file.libraries.txt")" -ge 3 ]
}

@test "the zip for Windows: its files, the same bytes twice, and programs that start" {
    needed x86_64-w64-mingw32-gcc i686-w64-mingw32-gcc apt-get zip unzip
    packed windows
    cp "$file" "$WORK/first.zip"
    touch "$TOP/LICENSE"
    "$TOP/cli/package/pack" windows 2>"$WORK/log"
    cmp "$WORK/first.zip" "$file"
    [ "$(unzip -Z1 "$file" | xargs -n 1 basename | sort | xargs)" = \
        "CAPTURE.md LIBRARIES.txt LICENSE.txt README.md poolcap32.exe poolcap64.exe poolmon-loop.cmd poolsift.exe" ]
    needed wine
    unzip -q "$file" -d "$WORK"
    version=$("$POOLSIFT" version)
    export WINEDEBUG=-all
    [ "$(timeout 120 wine "$WORK"/poolsift-*/poolsift.exe version </dev/null | tr -d '\r')" = "$version" ]
    # cmd.exe hands on * as it is.
    mkdir "$WORK/some captures"
    cp "$TOP"/fixtures/archives/series/*.txt "$WORK/some captures"
    cd "$WORK"
    timeout 120 wine poolsift-*/poolsift.exe rank -q --json 'some captures\*.txt' </dev/null >there
    "$POOLSIFT" rank -q --json 'some captures'/*.txt >here
    grep -q '"tag": "Leak"' here
    cmp <(findings <here) <(findings <there)
}

@test "tarballs are the same on another day, by another user, elsewhere, and without history" {
    as_root
    needed faketime git setpriv
    [ -e "$TOP/.git" ] || skip "no history"
    git clone -q "$TOP" "$WORK/one"
    (umask 077 && git clone -q --depth 1 "file://$TOP" "$WORK/another folder/of its own")
    chmod 755 "$WORK"
    chown -R 65534:65534 "$WORK/another folder"
    one=$WORK/one/$("$WORK/one/cli/package/pack" dist)
    cd "$WORK/another folder/of its own"
    (
        umask 077
        export LC_ALL=de_DE.UTF-8 TZ=Pacific/Chatham HOME=$PWD
        faketime '2031-05-06 07:08:09' setpriv --reuid=65534 --regid=65534 --clear-groups cli/package/pack dist
    )
    cmp "$one" build/package/poolsift-*.tar.gz
    [ "$(stat -c %u:%a build/package/poolsift-*.tar.gz)" = 65534:644 ]
    mkdir "$WORK/unpacked"
    tar -C "$WORK/unpacked" -xf "$one"
    cd "$WORK"/unpacked/poolsift-*
    faketime '2032-01-02' cli/package/pack dist
    cmp "$one" build/package/poolsift-*.tar.gz
}

@test "the make of BSD is told which make it takes" {
    needed bmake
    cd "$TOP"
    run env -u MAKEFLAGS -u MAKELEVEL bmake -n
    [ "$status" -ne 0 ]
    says "poolsift wants GNU make, which is often called gmake"
}

@test "a tarball builds itself, and passes its own tests" {
    packed dist
    tar -C "$WORK" -xf "$file"
    mv "$WORK"/poolsift-* "$WORK/some folder"
    cd "$WORK/some folder"
    # Of the bats that runs this nothing is left: theirs is one of its own.
    local clean=(env -u MAKEFLAGS -u MAKELEVEL) name
    for name in $(compgen -e BATS_); do
        clean+=(-u "$name")
    done
    run "${clean[@]}" PATH="${PATH//$BATS_LIBEXEC:/}" make -j2 WERROR=1 check
    tail -n 3 <<<"$output"
    [ "$status" -eq 0 ]
    [ ! -e .git ]
}
