# SPDX-License-Identifier: MIT
"""The same in Python without a library."""
import sys

first, last, captures = {}, {}, 0
with open(sys.argv[1], encoding="latin-1") as text:
    for line in text:
        kind = line[6:11]
        if kind in ("Nonp ", "Paged"):
            key = line[1:5] + " " + kind.rstrip()
            last[key] = n = int(line.split()[-2])
            first.setdefault(key, n if captures == 1 else 0)
        elif line.startswith("# "):
            captures += 1
grown = sorted(((last[k] - first[k], k) for k in last), key=lambda x: (-x[0], x[1]))
for n, key in grown[:20]:
    print(n, key)
