#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Which driver allocates with a tag: files that somebody sent, made here by mkpe.

load common

# pe NAME MACHINE PUT [COMPANY [IMPORT...]]: a driver with the tag Kd1x in $WORK/d.
pe() {
    local name=$1 machine=$2 put=$3
    shift 3
    mkdir -p "$WORK/d"
    "$TOOLS/mkpe" "$machine" Kd1x "$put" "$@" >"$WORK/d/$name"
}

@test "the right one of a folder is named, with maker and reasons" {
    pe a.sys x64 none "Innocent Inc."
    pe b.sys x86 text
    pe guilty.sys x64 call "Guilty Corp"
    pe z.dll x86 overlay
    echo "no driver" >"$WORK/d/readme.txt"
    run "$POOLSIFT" tags Kd1x --drivers "$WORK/d"
    [ "$status" -eq 0 ]
    fits_80
    says "Kd1x: guilty.sys (Guilty Corp), very likely."
    says "uses the tag as a number once, once right before a call"
    says "imports ExAllocatePoolWithTag"
    says "Searched 4 drivers and programs; 1 other file is none."
    [[ $output != *a.sys* ]]
    [[ $output != *findstr* ]]
}

@test "machines get counts, places and names" {
    pe one.sys x86 call,string,overlay "Example"
    json tags Kd1x --json --drivers "$WORK/d"
    [ "$(q .schema)" = poolsift.tags/1 ]
    [ "$(q '.drivers | length')" = 1 ]
    [ "$(q '.drivers[0] | [.tag, .tag_hex, .score, .machine] | join(" ")')" = \
        "Kd1x 4b643178 very-likely x86" ]
    [ "$(q '.drivers[0] | [.code, .data, .resources, .headers, .overlay] | join(" ")')" = \
        "1 1 0 0 1" ]
    [ "$(q '.drivers[0] | [.code_immediate, .before_call, .in_text] | join(" ")')" = "1 1 0" ]
    [ "$(q '.drivers[0].sections | map(.name + "=" + (.count | tostring)) | join(" ")')" = \
        ".text=1 .data=1" ]
    [ "$(q '.drivers[0].reversed.code')" = 0 ]
    [ "$(q '.drivers[0].imports | join(" ")')" = ExAllocatePoolWithTag ]
    [ "$(q '.drivers[0] | [.company, .version] | join(" ")')" = "Example 1.2.3.4" ]
    [ "$(q '.drivers[0].product')" = null ]
    [ "$(q '.drivers_read | [.files, .others, .failed] | join(" ")')" = "1 0 0" ]
    json tags Kd1x --csv --drivers "$WORK/d"
    says "tag,tag_hex,file,score,machine,code,data,resources,headers,overlay,"
    says "one.sys,very-likely,x86,1,1,0,0,1,1,1,0,0,true,ExAllocatePoolWithTag,Example,,,1.2.3.4,,"
    json tags Kd1x --markdown --drivers "$WORK/d"
    says '| `one.sys` | very likely | 1 | 1 | 1 | `1.2.3.4` | `Example` |'
}

@test "honest words: data, no import, backwards" {
    pe data.sys x64 table
    run "$POOLSIFT" tags Kd1x --drivers "$WORK/d"
    says "Kd1x: data.sys, possible."
    says "the four bytes are only in data (.data) once"
    rm "$WORK/d"/*
    pe noimport.sys x64 number Example IoCreateDevice
    run "$POOLSIFT" tags Kd1x --drivers "$WORK/d"
    says "probably none of these files"
    says "imports no allocator: unlikely"
    says "findstr /m /l Kd1x"
    rm "$WORK/d"/*
    pe turned.sys x86 backwards
    run "$POOLSIFT" tags Kd1x --drivers "$WORK/d"
    says "Kd1x: turned.sys, possible."
    says "the tag read backwards: once, in code as a number once"
    says "poolmon shows"
    says "x1dK"
}

@test "a zip, a compressed file, standard input and a single file are folders too" {
    pe one.sys x64 call
    (cd "$WORK/d" && zip -q ../mail.zip one.sys)
    json tags Kd1x --json --drivers "$WORK/mail.zip"
    [ "$(q '.drivers[0] | .score + " " + (.file | split("/") | last)')" = \
        "very-likely mail.zip:one.sys" ]
    gzip -k "$WORK/d/one.sys"
    json tags Kd1x --json --drivers "$WORK/d/one.sys.gz" --drivers "$WORK/d/one.sys"
    [ "$(q '[.drivers[].score] | join(" ")')" = "very-likely very-likely" ]
    output=$("$POOLSIFT" tags Kd1x --json --drivers - <"$WORK/d/one.sys")
    [ "$(q '.drivers[0].file')" = - ]
}

@test "-n cuts every list, and says how many were left out" {
    pe a.sys x64 string
    pe b.sys x64 call
    pe c.sys x86 text
    run "$POOLSIFT" tags Kd1x -n 1 --drivers "$WORK/d"
    says "b.sys"
    says "2 more hold the bytes (-n 0 lists all)."
    [[ $output != *c.sys* ]]
    json tags Kd1x -n 2 --json --drivers "$WORK/d"
    [ "$(q '[.drivers[].file | split("/") | last] | join(" ")')" = "b.sys a.sys" ]
    [ "$(q '.drivers_read.holders')" = 3 ]
    json tags Kd1x -n 1 --csv --drivers "$WORK/d"
    [ "$(wc -l <<<"$output")" -eq 2 ]
}

@test "several tags are looked for at once" {
    pe one.sys x64 call
    json tags Kd1x Zz9a --json --drivers "$WORK/d"
    [ "$(q '.tags | length')" = 2 ]
    [ "$(q '[.drivers[].tag] | join(" ")')" = Kd1x ]
    run "$POOLSIFT" tags Kd1x Zz9a --drivers "$WORK/d"
    says "Kd1x: one.sys, very likely."
    says "Zz9a: none of 1 file holds these four bytes"
}

@test "what is no driver, and what is not there, is told; the others are searched" {
    pe one.sys x64 call
    fails tags Kd1x --drivers "$WORK/none" --drivers "$WORK/d"
    says "cannot open"
    says "one.sys, very likely"
    fails tags Kd1x --drivers "$SCREEN"
    says "no Windows driver or program"
    fails tags Kd1x --drivers "$STORIES"
    says "hint: name .sys files"
    fails tags --drivers "$WORK/d"
    fails tags 'Nb[?]?' --drivers "$WORK/d" # an entry for several tags alone
    says "--drivers wants a tag to look for"
}

@test "a damaged driver is searched, and said to be damaged" {
    pe one.sys x64 call
    head -c 2000 "$WORK/d/one.sys" >"$WORK/cut.sys"
    run "$POOLSIFT" tags Kd1x --drivers "$WORK/cut.sys"
    [ "$status" -eq 0 ]
    says "cut.sys"
    says "it is damaged: the file ends inside its section"
}

@test "a driver of half a gigabyte needs no memory of that size" {
    [ -z "${UNDER:-}" ] || skip "the program above needs memory of its own"
    pe big.sys x64 call
    truncate -s 500M "$WORK/d/big.sys"
    printf 'Kd1x' >>"$WORK/d/big.sys"
    if nm -D "$POOLSIFT" 2>/dev/null | grep -q __asan; then skip "sanitizers map more"; fi
    output=$(bash -c 'ulimit -v 100000; "$POOLSIFT" tags Kd1x --json --drivers "$0"' "$WORK/d")
    [ "$(q '.drivers[0] | [.code, .overlay] | join(" ")')" = "1 1" ]
}

@test "a file's own words cannot talk to the terminal" {
    pe evil.sys x64 call $'=x\033[31m|`' $'ExAllocatePool\033[2J'
    for how in --json --csv --markdown --format=text; do
        run "$POOLSIFT" tags Kd1x "$how" --drivers "$WORK/d"
        [ "$status" -eq 0 ]
        [[ $output != *$'\033'* ]]
    done
}

@test "a tag whose owner is unknown comes with lines to run on the machine" {
    run "$POOLSIFT" tags 'Zq7 '
    says 'findstr /m /l /c:"Zq7 " %SystemRoot%\System32\drivers\*.sys'
    says "Get-ChildItem"
    says "'Zq7 ') } |"
    output=$("$POOLSIFT" tags 'Zq7 ' --json) || true
    [ "$(q '.tags[0].find_driver.findstr')" = \
        'findstr /m /l /c:"Zq7 " %SystemRoot%\System32\drivers\*.sys' ]
    says "CompanyName"
}
