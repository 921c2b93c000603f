#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The page of poolsift report: one file, whole, inert, and with the figures of rank.

load common
load series

page() { # OPTION... : into $WORK/page.html
    command -v xmllint >/dev/null || skip "no xmllint"
    "$POOLSIFT" report -q "$@" -o "$WORK/page.html" 2>"$WORK/stderr"
}

# What `xmllint --xpath` finds on the page; the page is well-formed XML.
x() {
    sed 1d "$WORK/page.html" >"$WORK/page.xml"
    xmllint --xpath "$1" "$WORK/page.xml"
}

# None of the page's lines holds this: grep's arguments.
lacks() {
    if LC_ALL=C grep -q "$@" "$WORK/page.html"; then
        echo "the page holds: $*"
        return 1
    fi
}

# The page's words without its markup, blanks squeezed.
words() {
    output=$(x 'string(/html/body/main)' | tr -s ' \n' '  ')
}

@test "the page is well-formed and asks nobody for anything" {
    for input in "$FIXTURES/series/web01.zip" "$STORIES/connections-refused" \
        "$STORIES/drsd-printer" "$STORIES/session-pool"; do
        page "$input"
        xmllint --noout "$WORK/page.html"
        lacks -iE 'https?:|src=|url\(|@import|<link|<iframe|<object|<embed'
        grep -q "default-src 'none'" "$WORK/page.html"
        head -n 1 "$WORK/page.html" | grep -qx '<!DOCTYPE html>'
    done
}

@test "ids are given once, and every reference finds its own" {
    page "$FIXTURES/series/web01.zip"
    grep -o ' id="[^"]*"' "$WORK/page.html" | sort >"$WORK/ids"
    [ -s "$WORK/ids" ]
    [ -z "$(uniq -d "$WORK/ids")" ]
    for id in $(grep -oE '(aria-labelledby|for)="[^"]*"|href="#[^"]*"' "$WORK/page.html" |
        sed 's/.*="#*//; s/"//' | tr ' ' '\n' | sort -u); do
        grep -qF " id=\"$id\"" "$WORK/ids"
    done
}

@test "the verdict is the answer of rank" {
    page "$FIXTURES/series/web01.zip"
    answer=$("$POOLSIFT" rank -q "$FIXTURES/series/web01.zip" | sed '/^Read:/,$d' | tr '\n' ' ')
    [ "$(x 'string(//p[@class="verdict"])')" = "${answer% }" ]
    [ "$(x 'string(//p[@class="stamp"])')" = Leak ]
}

# Whether the cell of $row below the title $1 is the key $2 of $tag.
cell() {
    local before="count(//section[@class='ranked']//th[starts-with(., '$1')]/preceding-sibling::th)"
    q "$tag.$2 == $(x "string($row/*[1 + $before]/@data-v)")"
}

@test "every ranked tag is there, with the very figures of rank --json" {
    page "$FIXTURES/series/web01.zip"
    json rank -q --json "$FIXTURES/series/web01.zip"
    [ "$(x 'count(//section[@class="ranked"]//tbody/tr)')" = "$(q '.hosts[0].tags_total')" ]
    x '//section[@class="ranked"]//tbody/tr/th//code/text()' >"$WORK/tags"
    q '.hosts[0].tags[].tag' | sed 's/&/\&amp;/g; s/</\&lt;/g' | diff - "$WORK/tags"
    # cells stand where their titles do
    for i in 1 2 3; do
        row="(//section[@class='ranked']//tbody/tr)[$i]"
        tag=".hosts[0].tags[$((i - 1))]"
        [ "$(cell Size bytes)" = true ]
        [ "$(cell Grew growth_bytes)" = true ]
        [ "$(cell K/h bytes_per_hour)" = true ]
        [ "$(cell Rising rising)" = true ]
        [ "$(cell Freed freed)" = true ]
        [ "$(cell 'Of growth' share_of_growth)" = true ]
    done
}

@test "a suspect has its charts, its evidence and a next step" {
    page "$FIXTURES/series/web01.zip"
    [ "$(x 'count(//article)')" -ge 3 ]
    [ "$(x 'count(//article//*[name()="svg"][@role="img"])')" -ge 6 ]
    [ "$(x 'count(//article//h3[contains(., "SgRq")])')" = 1 ]
    words
    says "one straight line through 3 boots explains"
    says "owner:"
    says "findstr /m /l SgRq"
    # what moves with it stands in its card and has none of its own
    [ "$(x 'count(//article//h3[contains(., "SgCx")])')" = 0 ]
    says "one suspect, 2 allocations"
}

@test "charts have a title, a description, and marks for restarts and gaps" {
    page "$FIXTURES/series/web01.zip"
    n=$(x 'count(//*[name()="svg"][@role="img"])')
    [ "$n" -ge 8 ]
    [ "$(x 'count(//*[name()="svg"][@role="img"]/*[name()="title"])')" = "$n" ]
    [ "$(x 'count(//*[name()="svg"][@role="img"]/*[name()="desc"])')" = "$n" ]
    [ "$(x 'count((//figure[@class="pool"])[1]//*[name()="line"][@class="boot"])')" = 2 ]
    [ "$(x 'count((//figure[@class="pool"])[1]//*[name()="rect"][@class="gap"])')" = 1 ]
    x '(//figure[@class="pool"])[1]//*[name()="desc"]/text()' | grep -q '2 restarts'
    # from an honest zero
    [ "$(x 'string((//figure[@class="pool"])[1]//*[name()="text"][@class="y"][1])')" = 0 ]
}

@test "without times the captures are numbered on the charts" {
    machine "$WORK/s" 65536 12
    cat "$WORK"/s/*.txt >"$WORK/log.txt"
    page "$WORK/log.txt"
    x '(//figure[@class="pool"])[1]//*[name()="desc"]/text()' | grep -q ' in capture 1 to .* in capture 12; '
    [ "$(x 'count((//figure[@class="pool"])[1]//tr/th[@scope="row"][.="12"])')" = 1 ]
}

@test "the pool's chart ends at the figure that rank has" {
    page "$FIXTURES/series/web01.zip"
    json rank -q --json "$FIXTURES/series/web01.zip"
    [ "$(x 'string((//figure[@class="pool"])[1]//tbody/tr[last()]/td/@data-v)')" = \
        "$(q '.hosts[0].pools.nonpaged.bytes')" ]
}

@test "with a limit there is a forecast, and a gauge that says who stated it" {
    page --limit nonpaged=400M "$FIXTURES/series/web01.zip"
    words
    says "409600K, stated"
    says "62.9% used, 151980K left; HTTP.SYS refuses connections after 131500K more"
    says "full in about 20.3 h"
    says "The captures do not say which limit of the paged pool is in force"
    [ "$(x 'count((//figure[@class="pool"])[1]//*[@class="fan"])')" = 1 ]
    page "$FIXTURES/series/web01.zip"
    [ "$(x 'count(//*[@class="fan"])')" = 0 ]
}

@test "one screen: sizes, both assumed limits, the refusals, an acquittal, no lines" {
    page --suspect 'U[Ll]*' "$STORIES/connections-refused"
    words
    says "One capture shows size, not growth"
    says "131072K, assumed: Windows Server 2003, 32 bits, with /3GB"
    says "83.2% used, 22016K left; HTTP.SYS refuses connections after 1536K more"
    says "262144K, assumed"
    says "connections refused 53 times"
    says "ISil and I100 hold nearly the same number of objects"
    [ "$(x 'count(//li[@class="a-acquitted"])')" = 1 ]
    [ "$(x 'count(//*[name()="svg"][@class="chart"])')" = 0 ]
    [ "$(x 'count(//section[@class="ranked"]//tbody/tr)')" = 20 ]
}

@test "two captures are a difference, and no line is drawn through them" {
    page "$STORIES/drsd-printer"
    [ "$(x 'string(//p[@class="stamp"])')" = "Difference only" ]
    [ "$(x 'count(//*[name()="svg"][@class="chart"])')" = 0 ]
}

@test "events that can be joined stand on the charts" {
    mkdir "$WORK/in"
    "$TOOLS/mkseries" --seed 2 --tags 40 --days 2 -o "$WORK/in"
    printf '%s - - - - - - - - - 1_Connections_Refused -\n' \
        '2026-11-03 06:45:12' '2026-11-03 08:50:12' >"$WORK/in/httperr1.log"
    page --tz UTC "$WORK/in"
    [ "$(x 'count((//figure[@class="pool"])[1]//*[name()="rect"][@class="event"])')" = 1 ]
    x '(//figure[@class="pool"])[1]//*[@class="event"]/*[name()="title"]/text()' |
        grep -q 'connections refused 2 times'
    page "$WORK/in"
    [ "$(x 'count(//*[name()="rect"][@class="event"])')" = 0 ]
    words
    says "--tz puts both on one time line"
}

@test "several hosts: links on top, one part each" {
    local host
    for host in web01 db01; do
        mkdir -p "$WORK/mail/$host"
        "$TOOLS/mkseries" --seed 1 --tags 30 --days 2 -o "$WORK/mail/$host"
    done
    page --host-from dir "$WORK/mail"
    xmllint --noout "$WORK/page.html"
    [ "$(x 'count(//nav//a)')" = 2 ]
    [ "$(x 'count(//section[@class="host"])')" = 2 ]
    words
    says "2 series: 2 with a leak"
}

@test "names, tags and owners of strangers do nothing" {
    local evil='<script>alert(1)</script>"'"'"'&'
    mkdir "$WORK/in"
    for h in 0 1 2 3 4 5 6 7; do
        n=$((1000 + 500 * h))
        printf ' Tag  Type     Allocs         Frees    Diff   Bytes    Per Alloc\r\n\r\n'
        printf ' %s Nonp %9d %9d %8d %9d %9d\r\n' '<i>"' $n 0 $n $((n * 64)) 64 "a&'b" 900 0 900 57600 64
    done >"$WORK/in/x"
    csplit -sz -f "$WORK/in/c" "$WORK/in/x" '/Tag/' '{*}'
    rm "$WORK/in/x"
    printf '<i>" - %s\n' "$evil" >"$WORK/pooltag.txt"
    page --host "$evil" --tags "$WORK/pooltag.txt" --suspect '<b>*' \
        --start 2006-03-12T09:00 --every 3h "$WORK/in"
    xmllint --noout "$WORK/page.html"
    lacks -F '<script>alert'
    lacks -F '<i>"'
    lacks -F '<b>'
    [ "$(x 'count(//*[name()="script"])')" = 1 ]
    words
    says "$evil"
    says '<i>"'
}

@test "control bytes and marks that turn the writing never reach the page" {
    needs names # with any byte
    cp "$SCREEN" "$WORK/$(printf 'a\033[31m\342\200\256b.txt')"
    page "$WORK"/a*.txt
    xmllint --noout "$WORK/page.html"
    lacks "$(printf '\033')"
    lacks "$(printf '\342\200\256')"
    grep -qF '\x1b[31m\xe2\x80\xaeb.txt' "$WORK/page.html"
}

@test "the same inputs give the same bytes, and standard input and a zip their charts" {
    page "$FIXTURES/series/web01.zip"
    cp "$WORK/page.html" "$WORK/first.html"
    page "$FIXTURES/series/web01.zip"
    cmp "$WORK/first.html" "$WORK/page.html"
    page - <"$FIXTURES/series/web01.zip"
    [ "$(x 'count(//figure[@class="course"])')" -ge 3 ]
}

@test "inputs stand with their digests, and the command can be typed again" {
    page "$STORIES/drsd-printer" --suspect "U[Ll]*"
    sum=$(sha256sum <"$STORIES/drsd-printer/1.txt" | cut -d ' ' -f 1)
    words
    says "$sum"
    says "poolsift report -q"
    says "--suspect 'U[Ll]*'"
    says "$("$POOLSIFT" version)"
}

@test "a damaged input is told, and the others make the page" {
    mkdir "$WORK/in"
    "$TOOLS/mkseries" --seed 2 --tags 20 --days 1 -o "$WORK/in"
    "$POOLSIFT" convert -q "$WORK/in" -o "$WORK/whole.psz"
    head -c 1500 "$WORK/whole.psz" >"$WORK/cut.psz"
    run "$POOLSIFT" report -q "$WORK/cut.psz" "$WORK/in" -o "$WORK/page.html"
    [ "$status" -eq 2 ]
    xmllint --noout "$WORK/page.html"
    words
    says "could not be read to the end"
}

@test "-o is needed, nothing is left behind on an error, and - is standard output" {
    fails report "$SCREEN"
    says "-o FILE"
    echo old >"$WORK/page.html"
    fails report "$WORK/none.txt" -o "$WORK/page.html"
    [ "$(cat "$WORK/page.html")" = old ]
    [ "$(ls "$WORK")" = page.html ]
    "$POOLSIFT" report -q "$SCREEN" -o - >"$WORK/out.html"
    xmllint --noout "$WORK/out.html"
    fails report --json "$SCREEN" -o x
}

@test "-n cuts the table and says what it leaves out" {
    page -n 5 "$FIXTURES/series/web01.zip"
    [ "$(x 'count(//section[@class="ranked"]//tbody/tr)')" = 5 ]
    words
    says "145 others"
}

@test "against a baseline" {
    page --baseline "$FIXTURES/series/web01.zip" "$FIXTURES/series/web01.zip"
    xmllint --noout "$WORK/page.html"
    words
    says "Against the baseline"
}

# The page from <main> on, without style, script and version: read a change before it is
# copied to tests/golden.
golden() { # NAME OPTION... INPUT
    local name=$1
    shift
    "$POOLSIFT" report -q "$@" -o - | sed -n '/^<main>$/,/^<\/main>$/p' |
        sed 's/^\(<p>Made by poolsift \)[^ ]*\. /\1VERSION. /' >"$WORK/$name.html"
    diff "$TOP/tests/golden/$name.html" "$WORK/$name.html"
}

@test "the first user's story, whole, as a page" {
    golden refused fixtures/stories/connections-refused
}

@test "days of a server, whole, as a page" {
    golden web01 -n 20 --limit nonpaged=512M fixtures/series/web01.zip
}
