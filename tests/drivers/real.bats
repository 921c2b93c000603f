#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Real drivers, built with mingw-w64: `tags --drivers` finds the one that allocates.

load ../cli/common

HERE=$TOP/tests/drivers

# build ARCH KIND NAME [FLAGS...]
build() {
    local arch=$1 kind=$2 name=$3 entry=DriverEntry
    shift 3
    [ "$arch" = x86_64 ] || entry=_DriverEntry@8
    "$arch-w64-mingw32-gcc" -std=c11 -Wall -Wextra -Werror -ffreestanding -nostdlib \
        -fno-ident -shared -s -O2 -Wl,--subsystem,native -Wl,-e,$entry "-DKIND=$kind" \
        -o "$BUILT/$name" "$HERE/driver.c" "$BUILT/version-$arch.o" -L"$BUILT" -lntoskrnl \
        "$@"
}

# In $BUILT, once for all tests of this file.
setup_file() {
    export BUILT=$BATS_FILE_TMPDIR/build
    mkdir -p "$BUILT" "$BATS_FILE_TMPDIR/drivers"
    printf 'LIBRARY ntoskrnl.exe\nEXPORTS\nExAllocatePool2\n' >"$BUILT/pool2.def"
    x86_64-w64-mingw32-dlltool -d "$BUILT/pool2.def" -l "$BUILT/libpool2.a"
    for arch in x86_64 i686; do
        "$arch-w64-mingw32-windres" "$HERE/version.rc" -O coff -o "$BUILT/version-$arch.o"
        build $arch CALL "call-$arch.sys"
        build $arch CALL "call-o0-$arch.sys" -O0
        build $arch CALL "jump-$arch.sys" -DTHROUGH_JUMP
        build $arch STORE "store-$arch.sys"
        build $arch LOOKASIDE "list-$arch.sys"
        build $arch STRING "string-$arch.sys"
        build $arch TABLE "table-$arch.sys"
        build $arch TEXT "text-$arch.sys"
        build $arch ABSENT "absent-$arch.sys"
        build $arch ABSENT "absent-o0-$arch.sys" -O0
        build $arch COMPARE "compare-$arch.sys"
        cp "$BUILT/absent-$arch.sys" "$BUILT/overlay-$arch.sys"
        printf 'signature Kd1x\1\2' >>"$BUILT/overlay-$arch.sys"
        head -c 700 "$BUILT/call-$arch.sys" >"$BUILT/head-$arch.sys"
        head -c 1600 "$BUILT/call-$arch.sys" >"$BUILT/cut-$arch.sys"
        { printf MZ; tail -c +3 "$HERE/driver.c"; } >"$BUILT/nonsense-$arch.sys"
    done
    build x86_64 POOL2 pool2-x86_64.sys -lpool2
    mv "$BUILT"/*.sys "$BATS_FILE_TMPDIR/drivers"
}

DRIVERS=$BATS_FILE_TMPDIR/drivers

# score FILE: what the last output says of it, or "absent".
score() {
    q "[.drivers[] | select(.file | endswith(\"/$1\")).score][0] // \"absent\""
}

@test "of more than twenty drivers the right ones come first" {
    [ "$(ls "$DRIVERS"/*.sys | wc -l)" -ge 25 ]
    json tags Kd1x --json --drivers "$DRIVERS"
    for arch in x86_64 i686; do
        for kind in call call-o0 jump store list; do
            [ "$(score "$kind-$arch.sys")" = very-likely ]
        done
        [ "$(score "string-$arch.sys")" = possible ]
        [ "$(score "table-$arch.sys")" = possible ]
        [ "$(score "text-$arch.sys")" = unlikely ]
        [ "$(score "overlay-$arch.sys")" = unlikely ]
        [ "$(score "compare-$arch.sys")" = unlikely ]
        [ "$(score "absent-$arch.sys")" = absent ]
        [ "$(score "absent-o0-$arch.sys")" = absent ]
        [ "$(score "nonsense-$arch.sys")" = unlikely ]
        [ "$(score "head-$arch.sys")" = absent ]
    done
    [ "$(score pool2-x86_64.sys)" = very-likely ]
    [ "$(q '[.drivers[].score] | index("unlikely") > (rindex("possible"))')" = true ]
}

@test "alone among innocents, each way to hold the tag is found" {
    mkdir "$WORK/d"
    cp "$DRIVERS"/absent*.sys "$DRIVERS"/overlay*.sys "$DRIVERS"/text*.sys "$WORK/d"
    for kind in call jump store list table string; do
        for arch in x86_64 i686; do
            cp "$DRIVERS/$kind-$arch.sys" "$WORK/d/zzz.sys"
            json tags Kd1x --json --drivers "$WORK/d"
            [ "$(q '.drivers[0].file | split("/") | last')" = zzz.sys ]
            [ "$(q '.drivers[0].company')" = "Beispiel Müller AG" ]
            [ "$(q '.drivers[0].version')" = "5.6.7.8 (tests)" ]
            [ "$(q '.drivers[0].product')" = Tests ]
            [ "$(q '.drivers[0].original_name')" = driver.sys ]
        done
    done
}

@test "imports and machine are as the linker made them" {
    json tags Kd1x --json --drivers "$DRIVERS/pool2-x86_64.sys"
    [ "$(q '.drivers[0] | .machine + " " + (.imports | join(","))')" = "x64 ExAllocatePool2" ]
    json tags Kd1x --json --drivers "$DRIVERS/list-i686.sys"
    [ "$(q '.drivers[0] | .machine + " " + (.imports | join(","))')" = \
        "x86 ExInitializeNPagedLookasideList" ]
    json tags Kd1x --json --drivers "$DRIVERS/compare-x86_64.sys"
    [ "$(q '.drivers[0].allocates')" = false ]
    json tags Kd1x --json --drivers "$DRIVERS/cut-x86_64.sys"
    [ "$(q '.drivers[0].damage != null and .drivers[0].score == "possible"')" = true ]
}
