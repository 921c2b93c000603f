# SPDX-License-Identifier: MIT
# Shared by the .bats files: where things are, and two checks.

FIXTURES=$TOP/fixtures
STORIES=$FIXTURES/stories
SCREEN=$STORIES/connections-refused/poolmon-b.txt

setup() {
    WORK=$(mktemp -d)
    cd "$TOP"
}

teardown() {
    rm -rf "$WORK"
}

# Runs poolsift; it must end in 2, with a message.
fails() {
    run "$POOLSIFT" "$@"
    [ "$status" -eq 2 ]
    [[ $output == *"poolsift: "* ]]
}

# What a machine of tests/machines/list lacks of what a test needs is a skip with its name.
needs() {
    local what
    for what; do
        [[ " ${LACKS:-} " != *" $what "* ]] || skip "$what: not on ${MACHINE:-this machine}"
    done
}

# soon SECONDS CALL...: a call that may not go on for ever; an emulated machine takes longer.
soon() {
    timeout $(($1 * ${SLOWER:-1})) "${@:2}"
}

# The last output holds these words.
says() {
    [[ $output == *"$1"* ]] || {
        echo "expected: $1"
        echo "output:   $output"
        return 1
    }
}

# stdout alone, in $output; the status must be 0.
json() {
    output=$("$POOLSIFT" "$@" 2>"$WORK/stderr")
}

# jq's answer to the last output.
q() {
    jq -r "$1" <<<"$output"
}

# No line of the last output is wider than 80 characters.
fits_80() {
    widest=$(jq -R length <<<"$output" | sort -n | tail -n 1)
    [ "$widest" -le 80 ] || {
        echo "a line of $widest characters"
        return 1
    }
}

# What a call found (stdin), without the lines or the key that say how to make it again.
findings() {
    sed '/, "reproduce": {/,$ { s/, "reproduce": .*/}/; t; d }' | awk '
        /^Reproduce: / { text = !/^Reproduce: `/; exit }
        NR > 1 { print last }
        { last = $0 }
        END { if (!text || last != "") print last }'
}

# The block of the README that is marked `<!-- recipe: NAME -->`, or with another KIND.
recipe() { # NAME [KIND]
    awk -v mark="<!-- ${2:-recipe}: $1 -->" '$0 == mark { found = 1 } /^```/ { if (found) n++; next }
        found && n == 1' "$TOP/README.md"
}
