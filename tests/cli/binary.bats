#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Raw pool tag replies, and binary files that are none.

bats_require_minimum_version 1.5.0
load common

RAW=$TOP/fixtures/rawtags

@test "a raw reply is read without being named" {
    json show --json "$RAW/class22-x64.bin"
    [ "$(q '.snapshots[0].format')" = rawtags ]
    [ "$(q '.snapshots[0].completeness')" = whole ]
    [ "$(q '.snapshots[0].rows | length')" -eq 12 ]
    [ "$(q '.snapshots[0].rows[] | select(.tag == "Leak") | .bytes')" -eq 243949680 ]
    [ "$(q '[.snapshots[0].rows[].tag_hex] | index("496f0000") != null')" = true ]
    grep -q 'Ovfl' "$WORK/stderr"
    grep -q 'protected pool' "$WORK/stderr"
}

@test "the three widths of one reply give the same figures" {
    for name in class22-x86 class22-x64 class255-x64; do
        json show --json "$RAW/$name.bin"
        q '.snapshots[0].rows[] | [.tag, .pool, .live, .bytes, .per_alloc] | @csv' >"$WORK/$name"
    done
    cmp "$WORK/class22-x86" "$WORK/class22-x64"
    cmp "$WORK/class22-x86" "$WORK/class255-x64"
}

@test "slack is noted, a cut is a loss, gzip and standard input are fine" {
    run "$POOLSIFT" show --strict "$RAW/class22-x64-slack.bin"
    [ "$status" -eq 0 ]
    says "300 bytes behind the last entry"
    fails show --strict "$RAW/class22-x64-cut.bin"
    says "promises 11 entries, 5 are there"
    gzip -c "$RAW/class22-x64.bin" >"$WORK/a.gz"
    json show --json - <"$WORK/a.gz"
    [ "$(q '.snapshots[0].rows | length')" -eq 12 ]
}

@test "each session is a snapshot of its own" {
    json show --all --json "$RAW/class67-x64.bin"
    [ "$(q '[.snapshots[].rows[0].session] | @csv')" = 0,1,2 ]
}

@test "two layouts that fit are refused by name, --layout decides" {
    fails show "$RAW/ambiguous.bin"
    says "class22-x64"
    says "class255-x64"
    says "--layout class22-x64 or --layout class255-x64"
    run "$POOLSIFT" show --layout class255-x64 "$RAW/ambiguous.bin"
    [ "$status" -eq 0 ]
    fails show --layout class23 "$RAW/ambiguous.bin"
    says "--layout takes LAYOUT, not 'class23'"
    says "class67-x64"
    run "$POOLSIFT" show --layout class22-x86 "$RAW/class22-x64.bin"
    says "look like pool tags in layout class22-x86"
}

@test "a 32-bit capture of a 64-bit system is told" {
    run "$POOLSIFT" show "$RAW/class22-x86-from-x64.bin"
    [ "$status" -eq 0 ]
    says "64-bit"
    run "$POOLSIFT" show "$RAW/class22-x86.bin"
    [[ $output != *"64-bit"* ]]
}

@test "--layout leaves text alone; a folder mixes both" {
    mkdir "$WORK/in"
    cp "$SCREEN" "$WORK/in/a.txt"
    cp "$RAW/class22-x64.bin" "$WORK/in/b.bin"
    json info --json --layout class22-x64 "$WORK/in"
    [ "$(q '[.inputs[].format] | @csv')" = '"poolmon","rawtags"' ]
}

@test "an archive keeps a raw reply" {
    run "$POOLSIFT" convert -q "$RAW/class255-x64.bin" -o "$WORK/x.psz"
    [ "$status" -eq 0 ]
    for f in "$RAW/class255-x64.bin" "$WORK/x.psz"; do
        json show --json "$f"
        q '.snapshots[0].rows' >"$WORK/rows.$(basename "$f")"
    done
    cmp "$WORK/rows.class255-x64.bin" "$WORK/rows.x.psz"
}

@test "a crash dump is answered with its facts and what to run" {
    {
        printf 'PAGEDU64\017\0\0\0\x61\x4a\0\0'
        head -c 32 /dev/zero
        printf '\x64\x86\0\0\x10\0\0\0\xd1\0\0\0'
        head -c 8132 /dev/zero
    } >"$WORK/memory.dmp"
    fails show "$WORK/memory.dmp"
    says "64-bit kernel crash dump: build 19041, x64, 16 processors"
    says "run !poolused 2 and !poolused 4"
}

@test "office documents are answered as documents, in folders skipped" {
    mkdir -p "$WORK/doc/word" "$WORK/sheet/xl" "$WORK/in"
    echo x >"$WORK/doc/word/document.xml"
    echo x >"$WORK/sheet/xl/workbook.xml"
    for d in doc sheet; do
        echo x >"$WORK/$d/[Content_Types].xml"
        (cd "$WORK/$d" && zip -qr "../in/$d.zip" .)
    done
    mv "$WORK/in/doc.zip" "$WORK/in/mail.docx"
    fails show "$WORK/in/mail.docx"
    says "found a Word document"
    says "plain text"
    fails show - <"$WORK/in/sheet.zip"
    says "found an Excel workbook"
    cp "$SCREEN" "$WORK/in/a.txt"
    for command in show info rank "convert -o $WORK/all.psz"; do
        run --separate-stderr "$POOLSIFT" $command "$WORK/in"
        [ "$status" -eq 0 ]
        [ "$(grep -c "note: 2 files without pool figures were skipped, $WORK/in/mail.docx the first" \
            <<<"$stderr")" -eq 1 ]
    done
    rm "$WORK/in/sheet.zip"
    run --separate-stderr "$POOLSIFT" show "$WORK/in"
    [[ $stderr == *"note: 1 file without pool figures was skipped: $WORK/in/mail.docx"* ]]
}

@test "binary data that nobody knows is called that" {
    for i in 1 2 3 4 5 6 7 8; do printf '\001\002\003\377\016\017%d' "$i"; done >"$WORK/x.bin"
    fails show "$WORK/x.bin"
    says "binary data of no kind"
    says "--layout"
}
