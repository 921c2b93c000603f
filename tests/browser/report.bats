#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Reports in a real browser: nothing is complained of, tables sort and are searched, and
# the page prints.

load ../cli/common

browser() {
    chromium --headless --no-sandbox --disable-gpu --user-data-dir="$WORK/profile" \
        --host-resolver-rules='MAP * ~NOTFOUND' --enable-logging=stderr "$@" 2>"$WORK/log"
}

report() {
    "$POOLSIFT" report -q "$@" -o "$WORK/page.html"
}

# The page after these lines of script ran on it, in $output; no error was told.
after() {
    sed "s|</body>|<script>$1</script></body>|" "$WORK/page.html" >"$WORK/run.html"
    output=$(browser --dump-dom "file://$WORK/run.html")
    [ "$(grep -c CONSOLE "$WORK/log")" = 0 ]
}

@test "a page opens without a complaint, and its tables can be sorted" {
    report "$FIXTURES/series/web01.zip"
    after ''
    says '<button type="button">Verdict</button>'
    says 'type="search"'
}

@test "a click on a title sorts by the exact figures, another one turns it round" {
    report "$FIXTURES/series/web01.zip"
    largest=$("$POOLSIFT" rank -q --json "$FIXTURES/series/web01.zip" |
        jq '[.hosts[0].tags[].bytes // 0] | max')
    local click='const t=document.querySelector("section.ranked table");const b=[...t.querySelectorAll("th button")].find(b=>b.textContent==="Size K");b.click();'
    after "${click}document.title=t.rows[1].cells[b.parentNode.cellIndex].dataset.v;"
    says "<title>$largest</title>"
    says 'aria-sort="descending"'
    after "${click}b.click();"
    says 'aria-sort="ascending"'
}

@test "a word in the box leaves the rows that hold it" {
    report "$FIXTURES/series/web01.zip"
    after 'const i=document.querySelector("section.ranked input[type=search]");i.value="sgrq";i.dispatchEvent(new Event("input"));document.title=document.querySelectorAll("section.ranked tbody tr:not([hidden])").length;'
    says '<title>1</title>'
}

@test "no page is wider than a telephone" {
    for input in "$FIXTURES/series/web01.zip" "$STORIES/connections-refused"; do
        report "$input"
        printf '<iframe id="f" width="390" height="800" src="page.html"></iframe><script>onload=()=>{const d=f.contentDocument.documentElement;document.title=d.scrollWidth;}</script>' >"$WORK/frame.html"
        output=$(browser --hide-scrollbars --allow-file-access-from-files --dump-dom "file://$WORK/frame.html")
        says '<title>390</title>'
    done
}

@test "it prints" {
    report "$FIXTURES/series/web01.zip"
    browser --print-to-pdf="$WORK/page.pdf" "file://$WORK/page.html"
    [ "$(head -c 5 "$WORK/page.pdf")" = "%PDF-" ]
    [ "$(wc -c <"$WORK/page.pdf")" -gt 20000 ]
}
