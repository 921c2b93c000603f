#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# One set of hostile strings as tags, hosts, names of files, drivers, owners, events and
# words of lists, through every command in every form: nothing of it may act where it is
# shown (tests/inert says what could).

load common

# The strings, as a list for perl: markup, quotes, formulas, escapes of terminals, marks
# of direction, bytes that are no UTF-8, what Markdown, shells and printf would take.
STRINGS='
    q{<script>alert(1)</script>}, q{"><img src=x onerror=alert(1)>}, q{=1+1}, q{+cmd|x!A0},
    q{-2+3}, q{@SUM(evil.example)}, "\e]0;x\a\e[2Jgone", "a\xe2\x80\xaetxt.exe",
    "\xe2\x81\xa6x\xe2\x80\x8by\xc2\x9b", "`a``b`", q{**b** _i_ ~~s~~}, q{[l](https://evil.example)},
    q{| c | d |}, "a\\|b", "x\n## head\r\n\tcell", q{%s%n$(x)${y}}, "\xff\xfe\x80",
    q{&lt;b&gt;]]>--><b>}, q{</summary></details><b>}, q{![i](//evil.example)@evil},
    "`<b>", "\\`<b>", "  ", q{file: name # no}, "\x7f\x01"'

# Eight captures, an hour apart, of a host for each string, as JSON lines: what is not a
# letter is \xhh, which the reader takes for that byte.
hosts() {
    perl -e '
        my @s = ('"$STRINGS"');
        sub text { my $s = shift; $s =~ s/([^A-Za-z0-9])/sprintf "\\\\x%02x", ord $1/ges; $s }
        my $n;
        for my $i (0 .. $#s) {
            for my $hour (0 .. 7) {
                $n++;
                my $head = sprintf q({"snapshot": %d, "record": "capture", "source": "%s", ) .
                    q("ordinal": %d, "host": "%s", "time": "2006-03-06T%02d:00:00Z", ) .
                    q("scope": "system", "completeness": "whole", "facts": "build=%s", ),
                    $n, text($s[$i]), $hour + 1, text($s[$i]), $hour, text($s[$i] =~ s/\n.*//sr);
                for my $k (0 .. 5) {
                    my $t = $s[($i + 4 * $k) % @s];
                    my $tag = substr "$t    ", 0, 4;
                    my $live = 1000 + ($k < 2 ? 5000 * $hour : $hour % 2);
                    printf q(%s"tag": "%s", "tag_hex": "%s", "pool": "%s", "allocs": %d, ) .
                        q("frees": 10, "live": %d, "bytes": %d, "per_alloc": 64, "width": 32, ) .
                        q("mapped_driver": "%s", "owner": %s}) . "\n", $head, text($tag),
                        unpack("H8", $tag), ($k % 2 ? "paged" : "nonpaged"), $live + 10, $live,
                        64 * $live, text($t), ($k == 1 ? "\"" . text($t) . "\"" : "null");
                }
            }
        }'
}

# One host alone, and events with words.
one_host() {
    hosts | head -n 48
    perl -e '
        my @s = ('"$STRINGS"');
        sub text { my $s = shift; $s =~ s/([^A-Za-z0-9])/sprintf "\\\\x%02x", ord $1/ges; $s }
        printf q({"snapshot": 9, "record": "events", "source": "%s", "host": "%s", ) .
            q("time": "2006-03-06T03:00:00Z", "event": "%s", "event_count": 1, ) .
            q("event_time": "2006-03-06T03:00:00Z", "event_text": "%s"}) . "\n",
            text($s[0]), text($s[0]), text($_), text($_) for @s;'
}

# The same as files of those names, as far as files can have them, and a zip of them.
files() {
    hosts >all.jsonl
    one_host >one.jsonl
    mkdir in
    perl -e '
        for my $s ('"$STRINGS"') {
            (my $name = $s) =~ tr{/\0}{__};
            mkdir "in/$name";
            open my $to, ">", "in/$name/$name" or die "$name: $!";
            open my $from, "<", "one.jsonl";
            print {$to} <$from>;
        }'
    (cd in && zip -qr ../in.zip .)
}

# Every form of a command, on stdout and stderr.
inert() { # STATUS COMMAND...
    local want=$1 form status
    shift
    for form in text json csv markdown; do
        status=0
        "$POOLSIFT" "$@" --format "$form" >page 2>err || status=$?
        [ "$status" -eq "$want" ] || {
            echo "$* --format $form ended in $status"
            head -n 5 err
            return 1
        }
        holds "$form" page
        holds text err
    done
}

holds() { # FORM FILE
    case $1 in
    json)
        jq -e type "$2" >/dev/null
        "$TOP/tests/inert" terminal <"$2"
        ;;
    text) "$TOP/tests/inert" terminal <"$2" ;;
    *) "$TOP/tests/inert" "$1" <"$2" ;;
    esac || {
        echo "in $1 ($2)"
        return 1
    }
}

# A page of HTML: well-formed, one script, nothing that runs or loads.
html() {
    "$TOP/tests/inert" html <"$1"
    command -v xmllint >/dev/null || return 0
    sed 1d "$1" >page.xml
    xmllint --noout page.xml
    [ "$(xmllint --xpath 'count(//*[name()="script"])' page.xml)" = 1 ]
    [ "$(xmllint --xpath 'count(//@*[starts-with(name(), "on")])' page.xml)" = 0 ]
    [ "$(xmllint --xpath 'count(//*[name()="img" or name()="b" or name()="iframe"])' page.xml)" = 0 ]
    [ "$(xmllint --xpath 'count(//@href[not(starts-with(., "#"))])' page.xml)" = 0 ]
}

@test "tests/inert sees what it is there for" {
    bad() { # KIND BYTES
        printf "$2" | (! "$TOP/tests/inert" "$1" >/dev/null)
    }
    bad terminal 'a\033[2J'
    bad terminal 'a\342\200\256b'
    bad terminal 'a\377'
    bad terminal 'a\tb'
    bad html 'a\302\233'
    bad markdown 'a <b>\n'
    bad markdown '`a` b` <b>\n'
    bad markdown '[a](b)\n'
    bad markdown '@evil\n'
    bad markdown '| a | b |\n|---|---|\n| `a|b` | c |\n'
    bad markdown '| a | b |\n|---|---|\n| `a\\\\|b` | c |\n'
    bad markdown '| 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 |\n'
    bad csv 'a,=1\n'
    bad csv '1,"@x"\n'
    bad csv 'a,"b\n'
    printf '| a | b |\n|---|---|\n| `<a\\|b>` | \\<c |\n\n``a` <b>`` `x`\n' |
        "$TOP/tests/inert" markdown
    printf 'a,-1.5e3,"x""=1"\r\n' | "$TOP/tests/inert" csv
}

@test "show, info and diff" {
    cd "$WORK"
    files
    inert 0 show --all -n 0 all.jsonl
    inert 0 show -v one.jsonl
    inert 0 show --all -n 0 in
    inert 0 show --all -n 0 in.zip
    inert 0 info -n 0 in
    inert 0 info -v -n 0 in.zip all.jsonl
    inert 0 diff -n 0 one.jsonl@1 one.jsonl@8
    inert 0 diff -n 0 one.jsonl@1 one.jsonl@4 --still one.jsonl
}

@test "rank, one host and many" {
    cd "$WORK"
    files
    inert 0 rank -v -n 0 one.jsonl
    inert 0 rank -v -n 0 all.jsonl
    inert 0 rank -n 0 in
    inert 0 rank -n 0 --suspect '<*' --suspect '`*' --baseline one.jsonl one.jsonl
    "$POOLSIFT" rank -q --json -n 0 all.jsonl >saved.json
    inert 0 rank --merge -v saved.json
}

@test "a report" {
    cd "$WORK"
    files
    for input in one.jsonl all.jsonl in in.zip; do
        "$POOLSIFT" report -v --suspect '<*' --baseline one.jsonl "$input" -o page.html 2>err ||
            "$POOLSIFT" report -v "$input" -o page.html 2>err
        html page.html
        holds text err
    done
}

@test "thresholds and cases, with their results for other programs" {
    cd "$WORK"
    files
    inert 1 check --no-leak --max-nonpaged 1K all.jsonl --junit out.xml
    "$TOP/tests/inert" html <out.xml
    xmllint --noout out.xml 2>/dev/null || ! command -v xmllint
    "$POOLSIFT" check -q --record one.jsonl -o case.yaml
    "$TOP/tests/inert" terminal <case.yaml
    inert 0 check case.yaml --junit out.xml
    "$TOP/tests/inert" html <out.xml
    sed -i 's/ bytes: [0-9]*/ bytes: 1/' case.yaml
    perl -pi -e 's/^name: .*/name: "<b>`\\e[2J[x](y)|\\u202e"/' case.yaml
    inert 1 check case.yaml --junit out.xml
    "$TOP/tests/inert" html <out.xml
    # one line a result, whatever the names are
    [ "$("$POOLSIFT" check case.yaml | grep -cE '^(not )?ok [0-9]+ - ')" = \
        "$("$POOLSIFT" check case.yaml --json | jq '.results | length')" ]
}

@test "tables and text that others read" {
    cd "$WORK"
    files
    "$POOLSIFT" convert -q in -o x.csv
    "$TOP/tests/inert" csv <x.csv
    "$POOLSIFT" convert -q all.jsonl -o x.jsonl
    "$TOP/tests/inert" terminal <x.jsonl
    jq -es length x.jsonl >/dev/null
    "$POOLSIFT" convert -q in -o x.psz
    inert 0 show --all -n 0 x.psz
    "$POOLSIFT" convert -q all.jsonl -o out/ 2>err
    [ "$(find out -type f | wc -l)" -ge 20 ]
    [ -z "$(find out -name '-*' -o -path 'out/*/*')" ]
    (cd out && ! printf '%s\n' * | LC_ALL=C grep -q '[[:cntrl:]]')
}

@test "lists, rules and drivers of strangers" {
    cd "$WORK"
    files
    perl -e '
        for my $s ('"$STRINGS"') {
            (my $line = $s) =~ tr/\r\n/  /;
            (my $yaml = $s) =~ s/([^A-Za-z0-9])/ord $1 > 31 && ord $1 < 127 ? sprintf("\\x%02x", ord $1) : "?"/ge;
            printf {*STDOUT} "%s - %s - %s\r\n", substr("$line    ", 0, 4), $line, $line;
            printf {*STDERR} "- tag: \"T%03d\"\n  owner: \"%s\"\n  vendor: \"%s\"\n" .
                "  component: \"%s\"\n  holds: \"%s\"\n  role: private\n", $n++, ($yaml) x 4;
        }' >pooltag.txt 2>tags.yaml
    inert 0 tags -v -n 0 '*' --tags pooltag.txt
    inert 0 tags -v -n 0 '*' --tags tags.yaml
    inert 0 rank -v -n 0 --tags pooltag.txt one.jsonl
    mkdir d
    perl -e '
        for my $s ('"$STRINGS"') {
            (my $name = $s) =~ tr{/\0}{__};
            open my $to, ">", "d/$name" or die "$name: $!";
            (my $company = $s) =~ tr/\0//d;
            open my $from, "-|", "$ENV{TOOLS}/mkpe", "x64", "Kd1x", "call", $company;
            binmode $to; print {$to} <$from>;
        }'
    inert 0 tags -n 0 Kd1x --drivers d
    (cd d && zip -qr ../d.zip .)
    inert 0 tags -n 0 Kd1x --drivers d.zip
}

@test "messages" {
    cd "$WORK"
    perl -e 'print "$_\0" for ('"$STRINGS"')' >strings
    while IFS= read -r -d '' s; do
        for command in show rank info check tags nonsense; do
            "$POOLSIFT" $command -- "$s" >page 2>err || true
            holds text page
            holds text err
        done
        "$POOLSIFT" "$s" >page 2>err || true
        holds text err
        for option in --host --tags --os --from --tz --limit --rules --suspect; do
            "$POOLSIFT" rank "$option=$s" "$SCREEN" >page 2>err || true
            holds text page
            holds text err
        done
        printf '%s' "$s" >bad.json
        "$POOLSIFT" rank --merge bad.json >page 2>err || true
        holds text err
        "$POOLSIFT" show bad.json >page 2>err || true
        holds text err
    done <strings
}
