# SPDX-License-Identifier: MIT
# The 20 rows whose bytes grew most; one that the first capture does not list began at 0.
/^# / { captures++ }
$2 == "Nonp" || $2 == "Paged" {
    k = substr($0, 2, 4) " " $2
    if (!(k in last)) first[k] = captures == 1 ? $(NF - 1) : 0
    last[k] = $(NF - 1)
}
END { for (k in last) printf "%.0f %s\n", last[k] - first[k], k | "sort -k1,1nr -k2 | head -20" }
