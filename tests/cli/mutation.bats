#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Faults put into the sources: where they can be put, and that the lists about them are true.

load common

setup() {
    WORK=$(mktemp -d)
    cd "$TOP" || return 1
}

# What stands there instead, and the operator; and the line with the fault in the file.
sites() {
    tests/mutation/sites "$WORK/a.c" | cut -f 4,5
}

@test "every operator finds its places, and no others" {
    cat >"$WORK/a.c" <<'END'
/* a < b, 1 + 1 */
#define MORE(x) ((x) + 1)
static const int table[] = {1, 2};
int f(const char *p, int n)
{
    char room[16] = "a < 1";
    int *more = calloc(1, sizeof *more), less = -n;
    if (n > 3 && p != 0)
        return 0x1fu;
    g(p);
    n += 1;
    return n;
}
END
    run sites
    [ "$status" -eq 0 ]
    [ "$output" = "(!(n > 3 && p != 0))	condition
>=	relation
4	constant
||	logic
==	relation
1	constant
	return
32u	constant
	statement
	statement
-=	sum
2	constant" ]
}

@test "a sign is no sum, a declaration no statement, the last return stays" {
    printf 'int f(int a)\n{\n    int b = -a;\n    b = a * -b;\n    for (b = +a; b - a; b--)\n        ;\n    return -b;\n}\n' >"$WORK/a.c"
    run sites
    [ "$output" = "	statement
+	sum" ]
}

@test "each module and each of its tests is there" {
    grep -v '^#' tests/mutation/modules | while read -r name tests; do
        [ -z "$name" ] || [ -e "$name" ] || { echo "no $name"; exit 1; }
        for test in $tests; do
            [ -f "tests/unit/$test.c" ] || [ -f "tests/cli/${test%%/*}" ] || { echo "no $test"; exit 1; }
        done
    done
    # Folder by folder, nothing is left out.
    for file in cli/analyze/*.c formats/{poolmon,debugger,tools,table,beside,raw,tidy,text,psz}/*.c; do
        grep -q -e "^$file " -e "^${file%/*} " tests/mutation/modules || { echo "no tests of $file"; exit 1; }
    done
}

@test "each survivor is of a line that still stands there, with a reason" {
    grep -v '^#' tests/mutation/survivors.tsv | while IFS='	' read -r file was is why; do
        [ -n "$is" ] && [ -n "$why" ] || { echo "$file: $was: no reason"; exit 1; }
        tr -s ' \n' ' ' <"$file" | grep -q -F -e "$was" || { echo "$file: $was"; exit 1; }
    done
}
