# SPDX-License-Identifier: MIT
# Shared by .bats files that rank whole series.

# machine FOLDER PER_HOUR [HOURS [BEFORE]]: hourly poolmon -n files of one machine.  Tag
# Leak holds BEFORE bytes and gains PER_HOUR an hour; Busy, Wave and thirty others live a
# healthy life.  WAS=HOST names the machine in the file names, LEAK=TAG that tag.
machine() {
    mkdir -p "$1"
    awk -v dir="$1" -v rate="$2" -v hours="${3:-96}" -v before="${4:-1048576}" \
        -v host="${WAS:-srv}" -v leak="${LEAK:-Leak}" '
    function row(tag, pool, allocs, live, size) {
        rows = rows sprintf(" %-4s %-5s %9d %9d %9d %8d %10d\r\n", tag, pool, allocs,
            allocs - live, live, live * size, size)
        sum[pool] += live * size
    }
    BEGIN {
        for (h = 0; h < hours; h++) {
            out = sprintf("%s/%s-%s%02d-%02d0000.txt", dir, host, "200603",
                int(h / 24) + 6, h % 24)
            live = int((before + rate * h) / 64)
            day = h % 24 > 7 && h % 24 < 20
            rows = ""
            sum["Nonp"] = sum["Paged"] = 0
            row(leak, "Nonp", 9 * live + 10, live, 64)
            row("Busy", "Nonp", 100000 + h * 40000, 500 + h * 7 % 5, 128)
            row("Wave", "Paged", 9000 + h * 900, 400 + day * 200, 1024)
            for (i = 10; i < 40; i++)
                row("t" i, "Paged", 5000 + h * 300 + i, 40 + (h * i) % 3, 512)
            row("Tiny", "Nonp", 1, 1, 32)
            row("Base", "Nonp", 9000, 3000, 1024)
            row("Bulk", "Paged", 90000, 40000, 1024)
            printf " Memory: 4193780K Avail: 2000000K  PageFlts:%9d   InRam Krnl: 4000K P:90000K\r\n", h >out
            printf " Commit: 900000K Limit:8000000K Peak: 950000K            Pool N:%6dK P:%6dK\r\n", \
                sum["Nonp"] / 1024, sum["Paged"] / 1024 >out
            printf "\r\n Tag  Type     Allocs         Frees    Diff   Bytes    Per Alloc\r\n\r\n%s", rows >out
            close(out)
        }
    }'
}
