#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# A machine restarted every midnight, on which people work from 7 to 20: what leaks only
# since some restart, and what leaks only while they work.

load common

# days FOLDER: four days of hourly poolmon -n files.  Came gains 192,000 bytes an hour
# from the third day on, Work 960,000 bytes in a working day of every day.
days() {
    mkdir -p "$1"
    awk -v dir="$1" '
    function row(tag, allocs, live, size) {
        live = int(live)
        allocs = int(allocs) + live
        rows = rows sprintf(" %-4s Nonp  %9d %9d %9d %8d %10d\r\n", tag, allocs,
            allocs - live, live, live * size, size)
    }
    BEGIN {
        for (h = 0; h < 96; h++) {
            day = int(h / 24)
            up = h % 24 + .5
            t = h % 24
            work = t < 7 ? 0 : t > 20 ? 13 * 2 / 3.14159265 : \
                13 / 3.14159265 * (1 - cos((t - 7) / 13 * 3.14159265))
            rows = ""
            row("Came", 5000 * up, 4000 + (day > 1 ? 3000 * (h % 24) : 0), 64)
            row("Work", 9000 * (up / 2 + work), 1000 + 1812 * work, 64)
            for (i = 10; i < 50; i++)
                row("b" i, (3000 + 100 * i) * (up / 2 + work), 700 + i, 64)
            out = sprintf("%s/srv-2006030%d-%02d0000.txt", dir, 6 + day, h % 24)
            printf " Memory: 4193780K Avail: 2000000K  PageFlts:%9d   InRam Krnl: 4000K P:90000K\r\n", h >out
            printf " Commit: 900000K Limit:8000000K Peak: 950000K            Pool N: 40000K P: 90000K\r\n" >out
            printf "\r\n Tag  Type     Allocs         Frees    Diff   Bytes    Per Alloc\r\n\r\n%s", rows >out
            close(out)
        }
    }'
}

@test "a leak that began with a restart is judged on the boots since, and says so" {
    days "$WORK/s"
    json rank --json "$WORK/s" || [ $? -eq 1 ]
    [ "$(q '.hosts[0].boots | length')" -eq 4 ]
    tag='.hosts[0].tags[] | select(.tag == "Came")'
    [ "$(q "$tag | .judged_on, .boots_judged, .grade >= 2" | paste -sd' ')" = "last-boots 2 true" ]
    [ "$(q "$tag | .bytes_per_hour | . > 191000 and . < 193000")" = true ]
    [[ $(q "$tag | .started") == 2006-03-08T00:00:00* ]]
    [ "$(q "$tag | .evidence[] | select(.code == \"last-boots\") | .boots, .pace_before" | paste -sd' ')" = "2 0" ]
    output=$("$POOLSIFT" rank -v "$WORK/s" 2>/dev/null) || [ $? -eq 1 ]
    fits_80
    output=$(tr -s ' \n' ' ' <<<"$output")
    says "+188K/h, +8625K over 4 boots, since 2006-03-08 00:00"
    says "judged on the last 2 boots alone: before, it did not grow"
}

@test "a leak that runs with the work is a straight line along it" {
    days "$WORK/s"
    json rank --json "$WORK/s" || [ $? -eq 1 ]
    tag='.hosts[0].tags[] | select(.tag == "Work")'
    [ "$(q "$tag | .judged_on, .boots_judged, .verdict, .confidence" | paste -sd' ')" = "work 4 leak strong" ]
    [ "$(q "$tag | .work > .98")" = true ]
    [ "$(q "$tag | .evidence[0].code, .evidence[1].code" | paste -sd' ')" = "steps work" ]
    output=$("$POOLSIFT" rank -v "$WORK/s" 2>/dev/null) || [ $? -eq 1 ]
    fits_80
    output=$(tr -s ' \n' ' ' <<<"$output")
    says "grew with the machine's work: a straight line along it explains 100.0%"
}
