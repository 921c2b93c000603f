#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# `poolsift tags`, and what is known about tags beside the rows of the other commands.

load common

LIST=$FIXTURES/tags/pooltag.txt
CASES=$FIXTURES/tags/cases.tsv

# Runs poolsift; it must end so.
ends() {
    local want=$1
    shift
    run "$POOLSIFT" "$@"
    [ "$status" -eq "$want" ]
}

# A log of two tags, of which the given one leaks: an hour a screen.
leaking() {
    for hour in $(seq 10 33); do
        [ "$hour" -lt 24 ] && day=2 at=$hour || { day=3 at=$((hour - 24)); }
        live=$((1000 + (hour - 10) * 500))
        {
            echo " Memory: 1048016K Avail:  438396K  PageFlts:     0   InRam Krnl: 2000K P:43740K"
            echo " Commit: 538908K Limit:11245092K Peak: 540000K            Pool N:109056K P:43740K"
            echo " System pool information"
            echo " Tag  Type     Allocs            Frees            Diff   Bytes      Per Alloc"
            echo
            printf ' %-4s Nonp %10d %10d %8d %9d %6d\n' "$1" $((live + 5000)) 5000 \
                $live $((live * 400)) 400
            printf ' Wait Nonp %10d %10d %8d %9d %6d\n' $((hour * 9000)) \
                $((hour * 9000 - 30)) 30 4800 160
        } >"$WORK/2026-11-0${day}T$(printf %02d $at)-00-00.txt"
    done
}

@test "a tag is explained in full" {
    run "$POOLSIFT" tags Mmdi
    [ "$status" -eq 0 ]
    fits_80
    [ "${lines[0]}" = "Mmdi (4d6d6469)" ]
    says "owner: nt!mm - MDLs made for page allocations (built-in)"
    says "part of: memory manager, Microsoft"
    says "container: allocated by nt!mm; holder unknown"
    says "usually kept by: a driver that freed the pages and forgot their MDL"
    says "known leak: viofs of virtio-win; fixed: kvm-guest-drivers-windows, pull"
    says "https://github.com/winfsp/winfsp/issues/534"
    says "source: pooltag.txt (2018, in zodiacon/PoolMonX)"
    run "$POOLSIFT" tags --markdown Mmdi
    [ "${lines[0]}" = '### `Mmdi` (4d6d6469)' ]
    says '- owner: `nt!mm - MDLs made for page allocations` (`built-in`)'
}

@test "the keys of the contract, and more, for machines" {
    json tags --json Mmdi
    [ "$(q .schema)" = poolsift.tags/1 ]
    [ "$(q '.tags | length')" -eq 1 ]
    [ "$(q '.tags[0] | [.tag, .tag_hex, .owner, .vendor, .component, .holds, .container,
            .role, .pattern, .verified, .known, .owner_source] | map(tostring) | join("|")')" = \
        "Mmdi|4d6d6469|nt!mm|Microsoft|memory manager|MDLs made for page allocations|true|container|null|true|true|built-in" ]
    [ "$(q '.tags[0].source | startswith("pooltag.txt (2018")')" = true ]
    [ "$(q '.tags[0].leaks[0] | .fixed + "|" + .source')" = \
        "kvm-guest-drivers-windows, pull request 1022|https://github.com/winfsp/winfsp/issues/534" ]
    json tags --csv Mmdi
    [ "${output%%$'\r'*}" = "query,reading,tag,tag_hex,pattern,owner,owner_source,vendor,component,holds,role,pins,usual,leaks,source,verified" ]
    says "Mmdi,tag,Mmdi,4d6d6469,,nt!mm,built-in,Microsoft,memory manager,"
    json tags --json Nb16
    [ "$(q '.tags[0] | .tag + " " + .pattern + " " + .owner')" = "Nb16 Nb?? netbt.sys" ]
}

@test "hexadecimal digits and C source's spelling find the tag, too" {
    for word in Proc 50726f63 0x50726F63 0x636f7250 636f7250 corP; do
        json tags --json "$word"
        [ "$(q '[.tags[].tag] | join(" ")')" = Proc ]
        [ "$(q '.tags[0].query')" = "$word" ]
    done
    [ "$(q '.tags[0].reading')" = backwards ]
    json tags --json 0x50726f63 0x636f7250
    [ "$(q '[.tags[].reading] | join(" ")')" = "hex number" ]
    json tags --json 1234
    [ "$(q '.tags[0] | .tag + " " + .owner')" = "4321 npcap.sys" ]
    run "$POOLSIFT" tags 1234
    [ "${lines[0]}" = "4321 (34333231), which source code spells backwards" ]
    json tags --json Irp 'Irp ' prI ' prI' 49727020
    [ "$(q '[.tags[].tag] | unique | join(",")')" = "Irp " ]
    # Digits of which no reading is known: both are told.
    ends 2 tags 0x5a5a5958
    says "ZZYX (5a5a5958), if the digits are bytes in memory order"
    says "XYZZ (58595a5a), if the digits are a number as in source code"
}

@test "unknown is said, with near misses and with what to run" {
    ends 2 tags proc
    fits_80
    says "owner: unknown"
    says "did you mean Proc? Case and blanks count"
    says 'findstr /m /l proc %SystemRoot%\System32\drivers\*.sys'
    says "Get-ChildItem"
    ends 2 tags --json zzzz
    [ "$(q '.tags[0] | [.known, .owner, .role, .container] | map(tostring) | join(" ")')" = \
        "false null unknown null" ]
    [ "$(q '.tags[0].find_driver.findstr')" = \
        'findstr /m /l zzzz %SystemRoot%\System32\drivers\*.sys' ]
    # One that is known beside one that is not is an answer.
    ends 0 tags zzzz Proc
    # Case counts, and is pointed at where the tag is known as well.
    ends 0 tags NtFC
    says "spelled alike: NtfC, Ntfc (other tags: case and blanks count)"
}

@test "several at once, by pattern" {
    ends 0 tags 'WC*'
    fits_80
    says "WCsc  private  wcifs.sys - stream contexts of container.."
    says "WC*   unknown  wcifs.sys (unverified)"
    ends 0 tags -n 3 'WC*'
    says "2 others (-n 0 lists all, -v explains each)."
    ends 0 tags -v 'WC*'
    says "known leak: wcifs.sys: 7.5 million allocations and no free"
    json tags --json 'Ul*'
    [ "$(q '[.tags[] | select(.pattern == null) | .tag] == ([.tags[] | select(.pattern == null) | .tag] | sort)')" = true ]
    [ "$(q '[.tags[].owner] | unique | join(" ")')" = http.sys ]
    [ "$(q '[.tags[] | select(.reading != "pattern")] | length')" -eq 0 ]
    [ "$(q '[.tags[] | select(.tag == null) | .pattern] | join(" ")')" = 'Ul*' ]
    json tags --json '*'
    [ "$(q '.tags | length')" -eq "$(grep -cE '^- (tag|pattern):' cli/know/tags.yaml)" ]
    fails tags 'zz*'
    says "no tag that is known matches 'zz*'"
}

@test "what no source backs is called unverified" {
    ends 0 tags GXyz
    says "owner: win32k (built-in, unverified)"
    says "told from its first letters only: a hint, no proof"
    ends 0 tags TMRL
    says "known leak: version 4-1.24 on Windows NT 4.0 (unverified)"
    says "unverified: nobody who says so could be named"
    json tags --json TMRL
    [ "$(q '.tags[0] | [.verified, .leaks[0].verified] | map(tostring) | join(" ")')" = "false false" ]
}

@test "mistakes of the call" {
    ends 0 help tags
    fits_80
    fails tags
    says "no tag was named"
    fails tags http.sys
    says "one to four bytes"
    fails tags ''
    fails tags --tags "$WORK/none" Proc
    says "--tags takes a pooltag.txt or a tags.yaml"
}

@test "lines of a list that are no entries are told once, with the first" {
    "$POOLSIFT" tags --tags "$LIST" ISil NtFC >"$WORK/out" 2>"$WORK/err"
    [ "$(cat "$WORK/err")" = \
        "poolsift: pooltag.txt:14: note: 2 lines from here on are no entries of the list" ]
    printf 'rem all good\nISil - one.sys - x\n\n// more\n' >"$WORK/good.txt"
    "$POOLSIFT" tags --tags "$WORK/good.txt" ISil 2>"$WORK/err"
    [ ! -s "$WORK/err" ]
    printf 'ISil - one.sys - x\n  what is this\n' >"$WORK/odd.txt"
    "$POOLSIFT" tags --tags "$WORK/odd.txt" ISil 2>"$WORK/err"
    [ "$(cat "$WORK/err")" = "poolsift: odd.txt:2: note: 1 line is no entry of the list" ]
}

@test "a list of one's own goes first: pooltag.txt, tags.yaml, the configuration folder" {
    json tags --json --tags "$LIST" ISil NtFC
    [ "$(q '[.tags[] | .owner + "|" + .owner_source] | join(" ")')" = \
        "isil.sys - Session items of the sample driver|pooltag.txt ntfs.sys - CREATE.C|pooltag.txt" ]
    [ "$(q '.tags[1].container')" = true ]
    json tags --json --tags "$LIST" 'IS*'
    [ "$(q '[.tags[].tag] | join(" ")')" = ISil ]

    printf -- '- tag: ISil\n  owner: silver.sys\n  vendor: Silver\n  holds: coins\n  role: private\n' \
        >"$WORK/tags.yaml"
    json tags --json --tags "$WORK/tags.yaml" ISil
    [ "$(q '.tags[0] | [.owner, .vendor, .holds, .role, .container, .owner_source] | map(tostring) | join("|")')" = \
        "silver.sys|Silver|coins|private|false|tags.yaml" ]
    json rank --json --tags "$WORK/tags.yaml" "$SCREEN"
    [ "$(q '.hosts[0].tags[0] | [.tag, .owner, .owner_source, .role] | join("|")')" = \
        "ISil|silver.sys - coins|tags.yaml|private" ]

    mkdir -p "$WORK/config/poolsift" "$WORK/home/.config/poolsift"
    cp "$WORK/tags.yaml" "$WORK/config/poolsift/"
    printf 'ISil - folder.sys -\n' >"$WORK/home/.config/poolsift/pooltag.txt"
    XDG_CONFIG_HOME=$WORK/config json tags --json ISil
    [ "$(q '.tags[0].owner')" = silver.sys ]
    unset XDG_CONFIG_HOME
    needs home # wine keeps its own
    HOME=$WORK/home json tags --json ISil
    [ "$(q '.tags[0] | .owner + " " + .owner_source')" = "folder.sys pooltag.txt" ]
    HOME=$WORK/home POOLSIFT_TAGS=$LIST json tags --json ISil
    [ "$(q '.tags[0].owner | startswith("isil.sys")')" = true ]
}

@test "a wrong list gives file, line, column and what was expected" {
    printf -- '- tag: ISil\n  owner: x\n  role: culprit\n' >"$WORK/tags.yaml"
    fails tags --tags "$WORK/tags.yaml" ISil
    says "$WORK/tags.yaml:3:9: expected a role (unknown, private, container or system), found 'culprit'"
    mkdir -p "$WORK/poolsift"
    mv "$WORK/tags.yaml" "$WORK/poolsift/"
    XDG_CONFIG_HOME=$WORK fails show "$SCREEN"
    says "poolsift/tags.yaml:3:9:"
    says "hint: it is read because it lies in that folder"
}

@test "owners that are built in stand beside the rows, and say so" {
    json show --json "$SCREEN"
    [ "$(q '.snapshots[0].rows[] | select(.tag == "File") | [.owner, .owner_source, .owner_verified, .role, .container] | map(tostring) | join("|")')" = \
        "nt!io - file objects|built-in|true|container|true" ]
    [ "$(q '.snapshots[0].rows[] | select(.tag == "LSwr") | [.owner, .role, .container] | map(tostring) | join("|")')" = \
        "srv.sys - raw work contexts|system|false" ]
    [ "$(q '.snapshots[0].rows[] | select(.tag == "SavE") | [.owner, .owner_source, .owner_verified, .role, .container] | map(tostring) | join("|")')" = \
        "null|null|null|unknown|null" ]
    # Of the five that hold most, only PcNw is known, and as a part of Windows.
    [ "$(q '[.snapshots[0].rows[0:5][] | select(.owner != null) | .tag + " " + .owner + " " + .role] | join(",")')" = \
        "PcNw WDM audio (portcls) - WaveRT audio system" ]
    json diff --json "$SCREEN" "$SCREEN"
    [ "$(q '.rows[] | select(.tag == "Thre") | .owner + "|" + .role')" = \
        "nt!ps - thread blocks (ETHREAD)|container" ]
    json rank --json "$SCREEN"
    [ "$(q '.hosts[0].tags[] | select(.tag == "File") | [.owner, .owner_verified, .role, .container] | map(tostring) | join("|")')" = \
        "nt!io - file objects|true|container|true" ]
    [ "$(q '.hosts[0].tags[] | select(.tag == "ISil") | [.owner, .role, .container] | map(tostring) | join("|")')" = \
        "null|unknown|null" ]
    ends 0 rank -q "${SCREEN#"$TOP/"}"
    fits_80
    says "WDM audio (portcls)"
}

@test "the allocator of a container is no culprit" {
    leaking Toke
    ends 0 rank -q "$WORK"
    fits_80
    says "Toke (nonpaged) is a probable leak"
    says "owner: nt!se - access tokens (built-in)"
    says "allocated by nt!se; holder unknown: the tag does not tell for whom"
    says 'meanwhile `poolsift tags Toke`'
    [[ $output != *findstr* ]]
    rm "$WORK"/*.txt
    leaking CM31
    ends 0 rank -q "$WORK"
    says 'meanwhile `poolsift tags CM31`'
    [[ $output != *"holder unknown"* ]]
    rm "$WORK"/*.txt
    leaking Zqx1
    ends 0 rank -q "$WORK"
    says 'findstr /m /l Zqx1'
    [[ $output != *"holder unknown"* ]]
}

@test "tags of all recorded cases: an owner or unknown, and containers are flagged" {
    n=0
    while IFS=$'\t' read -r tag role owner; do
        [[ $tag != \#* ]] || continue
        output=$("$POOLSIFT" tags --json -- "$tag") || [ "$owner" = - ]
        got=$(q '[.tags[] | select(.pattern == null or .tag != null)][0] | .role + " " + (.owner // "-")')
        [ "$got" = "$role $owner" ] || {
            echo "$tag: $got, expected $role $owner"
            return 1
        }
        [ "$(q '.tags[0].container | tostring')" = \
            "$(case $role in container) echo true ;; unknown) echo null ;; *) echo false ;; esac)" ]
        n=$((n + 1))
    done <"$CASES"
    [ "$n" -eq "$(grep -vc '^#' "$CASES")" ]
    [ "$n" -ge 88 ]
}

@test "an entry that is wrong fails the build, with its place" {
    printf -- '- tag: Abcd\n  owner: x.sys\n  vendor: x\n  component: x\n  holds: x\n  role: system\n  verified: yes\n' \
        >"$WORK/tags.yaml"
    run "$(dirname "$TOOLS")/gen/mkknow" tags "$WORK/tags.yaml"
    [ "$status" -eq 1 ]
    says "tags.yaml:1:3: expected a source, or 'verified: no', found neither"
    sed -i 's/verified: yes/verified: no/' "$WORK/tags.yaml"
    run "$(dirname "$TOOLS")/gen/mkknow" tags "$WORK/tags.yaml"
    [ "$status" -eq 0 ]
    says '{"Abcd", {{65, 98, 99, 100}}, true, false, ROLE_SYSTEM,'
}
