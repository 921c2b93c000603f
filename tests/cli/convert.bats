#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Text to archive to text: nothing lost, nothing half written.

load common

SERIES=$FIXTURES/series/web01.zip

unpacked() {
    mkdir -p "$WORK/in"
    (cd "$WORK/in" && unzip -q "$SERIES")
}

@test "every capture of the series comes back with its own bytes" {
    command -v unzip >/dev/null || skip "no unzip"
    unpacked
    "$POOLSIFT" convert -q "$SERIES" -o "$WORK/x.psz"
    "$POOLSIFT" convert -q "$WORK/x.psz" -o "$WORK/out/"
    "$POOLSIFT" convert --verify "$SERIES" -o "$WORK/y.psz" 2>"$WORK/notes"
    same=0
    for f in "$WORK"/out/*; do
        cmp -s "$f" "$WORK/in/$(basename "$f")" && same=$((same + 1))
    done
    total=$(ls "$WORK/out" | wc -l)
    other=$(grep -c "cannot be rendered again" "$WORK/notes" || true)
    echo "same $same of $total, named $other"
    [ "$same" -eq $((total - other)) ]
    [ "$other" -le 3 ]
    cmp "$WORK/x.psz" "$WORK/y.psz"
}

@test "show, info and rank say the same of text and of the archive" {
    "$POOLSIFT" convert -q "$SERIES" -o "$WORK/x.psz"
    json rank --json "$SERIES"
    first=$(q '.hosts[0].tags')
    boots=$(q '.hosts[0].boots')
    json rank --json "$WORK/x.psz"
    [ "$(q '.hosts[0].tags')" = "$first" ]
    [ "$(q '.hosts[0].boots')" = "$boots" ]
    json show --json "$SERIES"
    last=$(q '.snapshots[0].rows')
    json show --json "$WORK/x.psz"
    [ "$(q '.snapshots[0].rows')" = "$last" ]
    json info --json "$WORK/x.psz"
    [ "$(q '.inputs[0].format')" = psz ]
    [ "$(q '.inputs[0].boots')" = "$(jq length <<<"$boots")" ]
}

@test "a screen keeps its fields, totals and notes" {
    "$POOLSIFT" convert -q "$SCREEN" -o "$WORK/x.psz"
    json show --json "$SCREEN"
    first=$(q '.snapshots[0]')
    json show --json "$WORK/x.psz"
    [ "$(q '.snapshots[0]')" = "$first" ]
    "$POOLSIFT" convert -q "$WORK/x.psz" -o "$WORK/x.txt"
    json show --json "$WORK/x.txt"
    [ "$(q '.snapshots[0].rows')" = "$(jq .rows <<<"$first")" ]
    [ "$(q '.snapshots[0].totals')" = "$(jq .totals <<<"$first")" ]
}

@test "the same input gives the same archive" {
    "$POOLSIFT" convert -q "$SERIES" -o "$WORK/a.psz"
    "$POOLSIFT" convert -q "$SERIES" -o "$WORK/b.psz"
    cmp "$WORK/a.psz" "$WORK/b.psz"
}

@test "--append: one after the other is the same as all at once" {
    cp "$STORIES/drsd-printer/1.txt" "$WORK/d-20000101-000000.txt"
    cp "$STORIES/drsd-printer/2.txt" "$WORK/d-20000101-010000.txt"
    "$POOLSIFT" convert -q --append "$WORK/d-20000101-000000.txt" -o "$WORK/x.psz"
    "$POOLSIFT" convert -q --append "$WORK/d-20000101-010000.txt" -o "$WORK/x.psz"
    json show --json --all "$WORK/x.psz"
    [ "$(q '[.snapshots[].rows[0].live] | join(" ")')" = "21 27" ]
    run "$POOLSIFT" convert --append "$WORK/d-20000101-010000.txt" -o "$WORK/x.psz"
    [ "$status" -eq 0 ]
    says "there already"
    json info --json "$WORK/x.psz"
    [ "$(q '.inputs[0].snapshots')" -eq 2 ]
}

@test "a cut archive is an error that names the place; --salvage gives whole blocks" {
    "$POOLSIFT" convert -q "$SERIES" -o "$WORK/x.psz"
    size=$(stat -c %s "$WORK/x.psz")
    head -c $((size - 100)) "$WORK/x.psz" >"$WORK/cut.psz"
    fails rank "$WORK/cut.psz"
    says "cut.psz"
    says "--salvage"
    run "$POOLSIFT" info --salvage "$WORK/cut.psz"
    [ "$status" -eq 0 ]
}

@test "what is to be written must be known" {
    fails convert "$SCREEN"
    says "-o FILE"
    fails convert "$SCREEN" -o "$WORK/x.bin"
    says "--to"
    fails convert --append "$SCREEN" -o "$WORK/x.txt"
    says "--append"
}

@test "a folder that cannot be made is told" {
    fails convert -q "$SCREEN" -o "$WORK/none/out/"
    says "none/out/: cannot make the folder"
    echo old >"$WORK/out"
    fails convert -q "$SCREEN" -o "$WORK/out/"
    says "out/"
    [ "$(cat "$WORK/out")" = old ]
}

@test "an archive is a stranger's file: no name is another's, or a device, on any system" {
    needs names # that there are devices
    for name in con.txt Nul.log 'A.txt' 'a.txt' 'blank .txt' 'dot..txt' com1.txt com10.txt $'h\xe9'.txt é.txt; do
        mkdir -p "$WORK/in/$name.d"
        cp "$SCREEN" "$WORK/in/$name.d/$name"
    done
    cp "$SCREEN" "$WORK/in/end. "
    cd "$WORK"
    "$POOLSIFT" convert -q in/*/* "in/end. " -o x.psz
    "$POOLSIFT" convert -q x.psz -o out/
    run ls -A out
    [ "$(sort <<<"$output" | tr "\n" ,)" = \
        "A.txt,_Nul.log,_com1.txt,_con.txt,a-2.txt,blank .txt,com10.txt,dot..txt,end.txt,h_.txt,é.txt," ]
}

@test "an archive is a stranger's file: its names stay in the folder" {
    mkdir "$WORK/in"
    cp "$SCREEN" "$WORK/in/-rf.txt"
    cp "$STORIES/drsd-printer/1.txt" "$WORK/in/..bad.txt"
    "$POOLSIFT" convert -q "$WORK/in/..bad.txt" "$WORK/in/-rf.txt" -o "$WORK/x.psz"
    "$POOLSIFT" convert -q "$WORK/x.psz" -o "$WORK/out/"
    [ "$(ls -A "$WORK/out" | sort | tr '\n' ' ')" = "_.bad.txt _rf.txt " ]
}

@test "a dash after -o is standard output, or refused: no file of that name is made" {
    mkdir "$WORK/here"
    cd "$WORK/here"
    "$POOLSIFT" rank -q --csv "$SCREEN" >"$WORK/plain"
    "$POOLSIFT" rank -q --csv "$SCREEN" -o - >"$WORK/dash"
    cmp "$WORK/plain" "$WORK/dash"
    "$POOLSIFT" show -q --json "$SCREEN" -o - | jq -e '.schema == "poolsift.show/1"'
    fails convert "$SCREEN" --to psz -o -
    says "standard output"
    says "hint: -o FILE"
    [ -z "$(ls -A)" ]
}
