#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# What tests/cov says of a source: lines, branches, error returns that nobody took.

load common

# A program of one source, formats/a.c, run once with these arguments.
counts() {
    command -v gcov >/dev/null || skip "no gcov"
    gcc --version >/dev/null 2>&1 || skip "no gcc"
    mkdir -p "$WORK/formats" "$WORK/out" "$WORK/tests"
    cat >"$WORK/formats/a.c" <<'END'
#define TRY(expr)                                                                        \
    do {                                                                                 \
        int r_ = (expr);                                                                 \
        if (r_ < 0)                                                                      \
            return r_;                                                                   \
    } while (0)
static int err_nomem(void)
{
    return -1;
}
static int step(int n)
{
    return n > 2 ? err_nomem() : 0;
}
static int two_steps(int n)
{
    TRY(step(n));
    if (n == 1)
        return -5;
    return 0;
}
static unsigned half(unsigned n)
{
    if (n > 2)
        return n / 2;
    return 0;
}
#define NULL ((void *)0)
static const char *name(int n)
{
    if (n == 2)
        return "two";
    if (n == 3)
        return NULL;
    return "another";
}
int main(int argc, char **argv)
{
    (void)argv;
    (void)half(argc);
    (void)name(argc);
    return two_steps(argc) < 0;
}
END
    (cd "$WORK" && gcc -O0 --coverage -c formats/a.c -o out/a.o && gcc --coverage out/a.o -o out/a &&
        { out/a "$@" || true; })
}

@test "error returns that nobody took are named, those that were are not" {
    counts
    COV_TOP=$WORK run "$TOP/tests/cov" "$WORK/out"
    [ "$status" -eq 1 ]
    says "formats/a.c:13: step: never: return n > 2 ? err_nomem() : 0;"
    says "formats/a.c:17: two_steps: never: TRY(step(n));"
    says "formats/a.c:34: name: never: return NULL;"
    [[ $output != *"return -5"* ]]
    [[ $output != *"return n / 2"* ]] # what half gives is no error
    [[ $output != *"two\""* ]]
    says "wanted: 95 % of lines"
    says "4 of 6 error returns never taken" # the fourth is err_nomem's own
    COV_TOP=$WORK run "$TOP/tests/cov" "$WORK/out" formats/a.c
    says "formats/a.c:9: never: return -1;   <- error return"
}

@test "both ways are counted together, and the list of reasons is held to what stands there" {
    counts
    (cd "$WORK" && { out/a 1 || true; out/a 1 2 || true; })
    printf 'formats/a.c\tstep\treturn n > 2\tsaid here\nformats/a.c\tstep\tno such words\tnever\n' \
        >"$WORK/tests/cov.allow"
    COV_TOP=$WORK run "$TOP/tests/cov" "$WORK/out"
    [ "$status" -eq 1 ]
    says "100.0 % of"
    says "0 of 6 error returns never taken"
    says "cov.allow: no such line: formats/a.c step no such words"
}

@test "every reason in cov.allow is for a line that stands there" {
    local file function words why
    while IFS=$'\t' read -r file function words why; do
        [[ -n $file && $file != \#* ]] || continue
        grep -qF -e "$words" "$TOP/$file" && grep -q "$function" "$TOP/$file" && [ -n "$why" ] || {
            echo "$file: $function: $words"
            return 1
        }
    done <"$TOP/tests/cov.allow"
}
