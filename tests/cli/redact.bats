#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# --redact: no name of a host, file, folder or person in anything but the list on stderr
# that says which is which.

load common
load series

# Everything that may not come out again, whatever its case.
SECRETS='zornheim|quillbox|vexilla|xanthippe|mclovett|bramblecorp|ottoline'

# A customer's folder below $WORK: text by the hour, a log that names its machine, events,
# counters, a paste with a user's paths, a zip, an archive made without --redact.
mail() {
    cd "$WORK"
    WAS=vexilla machine Zornheim/XANTHIPPE 40000 9
    mkdir -p Zornheim/OTTOLINE Zornheim/beside
    printf '%s\r\n' ' Tag  Type     Allocs     Frees      Diff   Bytes  Per Alloc' \
        '!LogType=pool' '!ComputerName=OTTOLINE' '!buildnumber=3790' \
        '!LogPath=C:\Users\mclovett\vexilla.log' '!Owner=mclovett' \
        '!SystemTime=09\03\2026 15:39:31.0781 (GMT)' '!TickCount=429400000' \
        ' Leak Nonp     912345     12345   900000 172800000     192' \
        ' CM31 Paged     53210     41100    12110  99205120    8192' \
        >Zornheim/OTTOLINE/quillbox.log
    printf '%s\n' 'Event Type:	Error' 'Event Source:	Srv' 'Event ID:	2019' \
        'Date:		03/06/2006' 'Time:		05:14:41' 'User:		BRAMBLECORP\mclovett' \
        'Computer:	XANTHIPPE' 'Description:' \
        'The server \\XANTHIPPE could not allocate from the system nonpaged pool for C:\Quillbox.' \
        >Zornheim/beside/quillbox-events.txt
    printf '%s\r\n' 'C:\Users\mclovett\Desktop>cd \\BRAMBLECORP\Quillbox' \
        'C:\Users\mclovett\Desktop>poolmon -b vexilla' \
        ' Memory: 4193780K Avail: 2000000K  PageFlts:     0   InRam Krnl: 4000K P:90000K' \
        ' Commit: 900000K Limit:8000000K Peak: 950000K            Pool N: 90000K P: 90000K' '' \
        ' Tag  Type     Allocs         Frees    Diff   Bytes    Per Alloc  Mapped_Driver' '' \
        ' Leak Nonp       1000       100     900     57600        64  [C:\Users\mclovett\Quillbox\leaky.sys]' \
        ' Busy Nonp       1000       100     9oo     57600        64  [busy.sys]' \
        ' Base Nonp       9000      6000    3000   3072000      1024  [\\BRAMBLECORP\share\base.sys]' \
        >Zornheim/vexilla-paste.txt
    (cd Zornheim && zip -qr ../quillbox-mail.zip .)
    "$POOLSIFT" convert -q Zornheim --host-from dir -o bramblecorp.psz
    mkdir out
}

# Searches what the last call wrote: stdout, stderr but for the list, and $@.
clean() {
    local f
    grep -v '^poolsift: redact: [a-z]*-[0-9]* = ' stderr >told || true
    for f in stdout told "$@"; do
        if grep -qiaE "$SECRETS" "$f"; then
            echo "$f holds:"
            grep -iaEo ".{0,40}($SECRETS).{0,40}" "$f" | head -n 5
            return 1
        fi
    done
}

# Runs with --redact; ends in $1, and nothing shows.
redacted() { # STATUS COMMAND...
    local want=$1 status=0
    shift
    "$POOLSIFT" "$@" --redact >stdout 2>stderr || status=$?
    [ "$status" -eq "$want" ] || {
        echo "$* ended in $status"
        cat stderr
        return 1
    }
    clean
}

# The same in each form that there is.
in_every_form() { # STATUS COMMAND...
    local form
    for form in text json csv markdown; do
        redacted "$@" --format "$form"
        [ -s stdout ]
    done
}

@test "the list on stderr says which is which, once each" {
    mail
    redacted 0 show --json --all Zornheim/XANTHIPPE --host BRAMBLECORP
    grep -qx 'poolsift: redact: file-001 = Zornheim/XANTHIPPE/vexilla-20060306-000000.txt' stderr
    grep -qx 'poolsift: redact: file-009 = Zornheim/XANTHIPPE/vexilla-20060306-080000.txt' stderr
    grep -qx 'poolsift: redact: host-1 = BRAMBLECORP' stderr
    [ "$(grep -c '^poolsift: redact: ' stderr)" = 10 ]
    output=$(<stdout)
    [ "$(q '[.snapshots[].source] | unique | join(" ")')" = \
        "$(seq -f file-%03.0f -s ' ' 1 9)" ]
    [ "$(q '[.snapshots[].host] | unique | join(" ")')" = host-1 ]
}

@test "figures, tags and times are those of the same call without it" {
    mail
    for input in Zornheim quillbox-mail.zip bramblecorp.psz; do
        json rank -q --json --host-from dir "$input"
        q '[.hosts[] | del(.host, .notes, .facts, .tags[].owner)]' >plain
        redacted 0 rank -q --json --host-from dir "$input"
        output=$(<stdout)
        q '[.hosts[] | del(.host, .notes, .facts, .tags[].owner)]' | cmp - plain
        [ "$(q '[.hosts[].host] | unique | length')" = "$(q '.hosts | length')" ]
    done
}

@test "show and info of everything" {
    mail
    for input in Zornheim quillbox-mail.zip bramblecorp.psz Zornheim/vexilla-paste.txt \
        Zornheim/OTTOLINE/quillbox.log Zornheim/beside/quillbox-events.txt; do
        in_every_form 0 show --all --host-from dir "$input"
        in_every_form 0 info -v "$input"
        in_every_form 0 info --host-from name "$input"
    done
    "$POOLSIFT" show --redact - <bramblecorp.psz >stdout 2>stderr
    clean
}

@test "a driver keeps its name, without the folders before it" {
    mail
    redacted 0 show --json Zornheim/vexilla-paste.txt
    output=$(<stdout)
    [ "$(q '[.snapshots[0].rows[].mapped_driver] | join(" ")')" = '[base.sys] [leaky.sys]' ]
}

@test "diff, with what came later" {
    mail
    cd Zornheim/XANTHIPPE
    cp vexilla-20060306-010000.txt vexilla-old.txt
    ln -s ../../out out
    for f in text json csv markdown; do
        "$POOLSIFT" diff --redact --format $f vexilla-20060306-000000.txt \
            vexilla-20060306-080000.txt --still=vexilla-20060306-080000.txt \
            >../../stdout 2>../../stderr
        (cd ../.. && clean)
    done
    cd ../..
    in_every_form 0 diff Zornheim/XANTHIPPE/vexilla-20060306-000000.txt \
        Zornheim/XANTHIPPE/vexilla-20060306-080000.txt
    in_every_form 0 diff bramblecorp.psz@1 bramblecorp.psz@-1
    redacted 0 diff --json bramblecorp.psz@1 bramblecorp.psz@-1
    output=$(<stdout)
    [ "$(q '.reproduce.arguments[-2:] | join(" ")')" = 'file-001@1 file-001@-1' ]
}

@test "rank, with a list of tags, rules and a baseline" {
    mail
    cp "$FIXTURES/tags/pooltag.txt" quillbox-tags.txt
    printf '%s\n' '- rule: ours' '  when: {snapshots: {min: 1}}' '  severity: info' \
        '  text: we were here' >vexilla-rules.yaml || true
    for input in Zornheim quillbox-mail.zip bramblecorp.psz; do
        in_every_form 0 rank -v --host-from dir "$input"
        in_every_form 0 rank --host-from dir -f json --tags quillbox-tags.txt "$input"
    done
    in_every_form 0 rank --host XANTHIPPE --baseline=Zornheim/XANTHIPPE \
        --tags=quillbox-tags.txt Zornheim/XANTHIPPE
}

@test "what makes the call again has the new names, and only where names stood" {
    mail
    redacted 0 rank --json --limit nonpaged=400M --host=XANTHIPPE -i 'L*' Zornheim/XANTHIPPE
    output=$(<stdout)
    [ "$(q '.reproduce.arguments | join(" ")')" = \
        'rank --json --limit nonpaged=400M --host=host-1 -i L* --redact folder-1' ]
    [ "$(q '[.reproduce.inputs[].source] | join(" ")')" = \
        "$(seq -f file-%03.0f -s ' ' 1 9)" ]
}

@test "rankings that were saved with their names are put together without" {
    mail
    for host in XANTHIPPE OTTOLINE; do
        "$POOLSIFT" rank -q --json -n 0 --host "$host" --tags "$FIXTURES/tags/pooltag.txt" \
            "Zornheim/XANTHIPPE" -o "$host-vexilla.json"
    done
    in_every_form 0 rank --merge XANTHIPPE-vexilla.json OTTOLINE-vexilla.json
    redacted 2 rank --merge XANTHIPPE-vexilla.json XANTHIPPE-vexilla.json
    grep -q "host '...' " stderr
}

@test "a page, with its command line and inputs" {
    mail
    for input in Zornheim quillbox-mail.zip bramblecorp.psz; do
        redacted 0 report --host-from dir "$input" -o out/vexilla.html
        clean out/vexilla.html
        grep -q 'file-001' out/vexilla.html
        grep -q 'host-1' out/vexilla.html
        rm out/*
    done
}

# The bytes of a file, and what deflate makes of them from any of its bytes on.
inside() {
    cat "$1"
    perl -MCompress::Zlib -0777 -ne 'for my $at (0 .. length) {
        my $piece = substr($_, $at); my ($i) = inflateInit(-WindowBits => -MAX_WBITS());
        my ($out) = $i->inflate($piece); print $out if defined $out; }' "$1"
}

@test "archives and tables" {
    mail
    inside bramblecorp.psz | grep -qa vexilla
    for input in Zornheim quillbox-mail.zip bramblecorp.psz; do
        for suffix in psz csv jsonl txt; do
            redacted 0 convert --host-from dir "$input" --verify -o "out/x.$suffix"
            clean "out/x.$suffix"
        done
        redacted 0 convert --host-from dir "$input" -o out/vexilla/
        ls out/vexilla | grep -q '^file-0..*txt$'
        ls -R out/vexilla | grep -viE "$SECRETS" >names
        cat out/vexilla/* >all
        clean all names
        # the archive, unpacked in every way that poolsift has
        "$POOLSIFT" convert -q out/x.psz -o out/y.jsonl
        "$POOLSIFT" convert -q out/x.psz -o out/y.txt
        "$POOLSIFT" info --json -v out/x.psz >info 2>&1
        "$POOLSIFT" show --all --json out/x.psz >show 2>&1
        clean out/y.jsonl out/y.txt info show
        inside out/x.psz >pieces
        grep -qa host-1 pieces
        clean pieces
        rm -r out/*
    done
}

@test "thresholds and their results for other programs" {
    mail
    in_every_form 1 check --max-nonpaged 1M --host XANTHIPPE --junit out/vexilla.xml Zornheim/XANTHIPPE
    clean out/vexilla.xml
    in_every_form 2 check --max-rate 1G/h --host-from dir bramblecorp.psz
    redacted 2 check --baseline Zornheim/XANTHIPPE Zornheim/XANTHIPPE # too short to tell
    redacted 2 check --max-nonpaged 80% --host XANTHIPPE Zornheim/XANTHIPPE
}

@test "cases hold with the names that they expect, and tell others" {
    mail
    "$POOLSIFT" check --record --host XANTHIPPE Zornheim/XANTHIPPE -o vexilla-case.yaml
    in_every_form 0 check vexilla-case.yaml --junit out/vexilla.xml
    clean out/vexilla.xml
    sed -i 's/ bytes: [0-9]*,/ bytes: 17,/; s/^expect:$/&\n  host: OTTOLINE/' vexilla-case.yaml
    in_every_form 1 check -v vexilla-case.yaml --junit out/vexilla.xml
    clean out/vexilla.xml
    sed -i 's/Zornheim/Zornheim-gone/' vexilla-case.yaml
    redacted 2 check vexilla-case.yaml --junit out/vexilla.xml
    clean out/vexilla.xml
    echo 'bramblecorp: [' >>vexilla-case.yaml
    redacted 2 check vexilla-case.yaml
}

@test "drivers that hold a tag" {
    mail
    mkdir -p Quillbox
    "$TOOLS/mkpe" x64 Kd1x call "Guilty Corp" >Quillbox/vexilla.sys
    "$TOOLS/mkpe" x86 Kd1x none >Quillbox/ottoline.sys
    in_every_form 0 tags Kd1x --drivers Quillbox
    (cd Quillbox && zip -q ../bramblecorp.zip -- *.sys)
    in_every_form 0 tags Kd1x --drivers=bramblecorp.zip
    redacted 2 tags Kd1x --drivers Zornheim
    cp "$FIXTURES/tags/pooltag.txt" quillbox.txt
    in_every_form 0 tags 'Ab*' File --tags quillbox.txt
}

@test "what goes wrong is told without names, too" {
    mail
    head -c 200 quillbox-mail.zip >quillbox-cut.zip
    head -c 300 bramblecorp.psz >xanthippe-cut.psz
    echo 'nothing here about pools, mclovett' >vexilla-prose.txt
    mkdir Zornheim/ottoline-empty
    for what in Zornheim-gone/vexilla.txt quillbox-cut.zip xanthippe-cut.psz \
        vexilla-prose.txt Zornheim/ottoline-empty Zornheim@3; do
        redacted 2 show "$what"
        redacted 2 rank "$what"
        redacted 2 info "$what"
        redacted 2 info --json "$what"
    done
    redacted 2 rank Zornheim/XANTHIPPE --tags quillbox-gone.txt
    redacted 2 rank Zornheim/XANTHIPPE --rules quillbox-mail.zip
    redacted 2 rank Zornheim/XANTHIPPE --baseline Zornheim-gone
    redacted 2 rank Zornheim/XANTHIPPE -o Zornheim/gone/vexilla.txt
    redacted 2 convert Zornheim/XANTHIPPE -o Zornheim/gone/vexilla.psz
    redacted 2 convert Zornheim/XANTHIPPE -o vexilla
    redacted 2 diff Zornheim/XANTHIPPE/vexilla-20060306-080000.txt \
        Zornheim/XANTHIPPE/vexilla-20060306-080000.txt --still Zornheim/XANTHIPPE
    redacted 2 check Zornheim
}

@test "names that are words of ours are replaced as names, and the words stay" {
    mail
    mkdir Quillbox
    cd Quillbox
    cp ../Zornheim/vexilla-paste.txt a
    echo 'nothing of it here' >pool
    redacted 2 show --json a pool
    says_so() { grep -qx "$1" stderr || { cat stderr; return 1; }; }
    says_so 'poolsift: file-002: expected a pool capture, found text without `Tag Type Allocs` lines or rows of figures'
    says_so 'poolsift: redact: file-001 = a'
    redacted 2 convert a -o pool
    says_so 'poolsift: file-002: what shall be written?'
    redacted 2 show capture
    says_so 'poolsift: no input could be read'
}

@test "what must hold the names cannot be without them" {
    mail
    redacted 2 convert --append Zornheim/XANTHIPPE -o bramblecorp.psz
    redacted 2 check --record Zornheim/XANTHIPPE
    grep -q '^hint: ' stderr
}

@test "times and hosts still come from the true names" {
    mail
    redacted 0 rank --json --host-from name Zornheim/XANTHIPPE
    output=$(<stdout)
    [ "$(q '.hosts[0] | [.host, .time_source, .from] | join(" ")')" = \
        'host-1 name 2006-03-06T00:00:00' ]
    grep -qx 'poolsift: redact: host-1 = vexilla' stderr
}

@test "a long name is told whole, and its control bytes as numbers" {
    needs names # with any byte
    mail
    long=Zornheim/$(printf 'vexilla%.0s' $(seq 30))$'\e[31m'.txt
    cp Zornheim/vexilla-paste.txt "$long"
    redacted 0 show "$long"
    grep -qF "= ${long%$'\e'*}\\x1b[31m.txt" stderr
}
