# SPDX-License-Identifier: MIT
"""The same with pandas."""
import sys

import pandas as pd

lines = pd.read_csv(sys.argv[1], header=None, names=["line"], sep="\x01", dtype=str,
                    encoding="latin-1", engine="c", quoting=3)["line"]
capture = lines.str.startswith("# ").cumsum()
kind = lines.str.slice(6, 11).str.rstrip()
mine = kind.isin(["Nonp", "Paged"])
lines, kind, capture = lines[mine], kind[mine], capture[mine]
rows = pd.DataFrame({"key": lines.str.slice(1, 5) + " " + kind, "capture": capture,
                     "bytes": lines.str.split().str[-2].astype("int64")})
by_key = rows.groupby("key", sort=False)
first = by_key["bytes"].first().where(by_key["capture"].first() == 1, 0)
grown = (by_key["bytes"].last() - first).rename("grown").reset_index()
for row in grown.sort_values(["grown", "key"], ascending=[False, True]).head(20).itertuples():
    print(row.grown, row.key)
