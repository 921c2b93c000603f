#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# What a mistake is answered with: the word that was probably meant, or what to do.

load common

# meant WORD ARG...: exit 2, and a hint with that word.
meant() {
    local word=$1
    shift
    fails "$@"
    [[ $output == *"hint: did you mean '$word'?"* ]] || {
        echo "expected: $word"
        echo "output:   $output"
        return 1
    }
}

@test "a mistyped word of a closed list is answered with the nearest" {
    meant rank rnak "$SCREEN"
    meant show Show "$SCREEN"
    meant cases help case
    meant nonpaged show -p nonpagd "$SCREEN"
    meant human show --units humna "$SCREEN"
    meant markdown show -f markdwon "$SCREEN"
    meant json show -f jsn "$SCREEN"
    meant per-alloc show -s bytes,per-aloc "$SCREEN"
    meant poolmon show --from polmon "$SCREEN"
    meant powershell show --from power "$SCREEN"
    meant always show --color alway "$SCREEN"
    meant never rank --progress nver "$SCREEN"
    meant jsonl convert --to jsnl -o x "$SCREEN"
}

@test "a mistyped option is answered with the nearest of its command" {
    fails rank --basline x "$SCREEN"
    says "did you mean --baseline?"
    fails show --sotr bytes "$SCREEN"
    says "did you mean --sort?"
    fails rank --suspcet=x "$SCREEN"
    says "did you mean --suspect?"
}

@test "an option of another command names the command that takes it" {
    fails rank --all "$SCREEN"
    says "rank has no option --all"
    says "hint: poolsift show takes it"
    fails show --merge "$SCREEN"
    says "hint: poolsift rank takes it"
}

@test "what is near nothing gets no guess, but says where the words are listed" {
    fails xyzzyplugh
    says "hint: poolsift help lists the commands"
    fails rank --xyzzyplugh "$SCREEN"
    says "hint: poolsift help rank lists its options"
    fails show --from xyzzyplugh "$SCREEN"
    says "hint: poolsift formats lists them"
    fails show --pool q "$SCREEN"
    [[ $output != *"did you mean"* ]]
    says "hint: --pool POOL: nonpaged, paged or both"
}

@test "every mistake of usage has a hint" {
    mkdir "$WORK/empty"
    cp "$SCREEN" "$WORK/one.txt"
    local bad=0 poolmon=${SCREEN#"$TOP"/} # words of the list are taken apart at blanks
    while read -r -a call; do
        run "$POOLSIFT" "${call[@]}" <"$SCREEN"
        [[ $status -eq 2 && $output == *"hint: "* ]] || {
            echo "no hint, or status $status: ${call[*]}"
            echo "$output"
            bad=1
        }
    done <<LIST
show - - --nothing
show --pool x $poolmon
show -n x $poolmon
show -n
show --at never $poolmon
show --at 1990-01-01 $poolmon
show $WORK/one.txt@7
show $WORK@1
show $WORK/empty
rank - -
rank --start 2006-03-12 $poolmon
rank --time 2006-03-12 --start 2006-03-12 --every 1h $poolmon
rank --host a --host-from dir $poolmon
rank --os 95 $poolmon
rank --limit 5 $poolmon
rank --tz Berlin $poolmon
rank --merge --tz UTC $poolmon
rank --baseline - -
diff $poolmon
diff $poolmon $poolmon $poolmon
report $poolmon
convert $poolmon
convert $poolmon -o $WORK/x.unknown
convert --append $poolmon -o $WORK/x.csv
check $poolmon
check --record --no-leak $poolmon
tags
tags --drivers $WORK
LIST
    [ $bad -eq 0 ]
}

@test "where a zip or folder holds no figures, what was recognized in it is told, with what to do" {
    cp "$SCREEN" "$WORK/screen.txt"
    (cd "$WORK" && zip -q in.zip screen.txt && zip -q out.zip in.zip && mkdir only && cp out.zip only)
    for word in show info rank "convert -o $WORK/x.psz"; do
        for operand in "$WORK/out.zip" "$WORK/only"; do
            fails $word "$operand"
            says "no pool figures in 1 input; "
            says "out.zip:in.zip: expected a pool capture, found a zip archive"
            says "hint: unpack it and name the files or the folder"
        done
    done
    # Beside figures it is passed over.
    run "$POOLSIFT" info "$WORK/out.zip" "$WORK/in.zip"
    [ "$status" -eq 0 ]
    [[ $output != *"zip archive"* ]]
}
