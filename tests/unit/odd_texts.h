/* SPDX-License-Identifier: MIT */
/* Texts that are odd in one way each, which no fixture is: they are read, and what was
 * odd is noted.  Nobody owns anything. */
#ifndef TESTS_UNIT_ODD_TEXTS_H
#define TESTS_UNIT_ODD_TEXTS_H

#include "formats/note.h"

struct odd_text {
    const char *format, *text;
    enum note_code code; /* the note that it is there for, and its words or none */
    const char *words;
};

#define ODD_SCREEN                                                                       \
    " Memory: 4194304K Avail: 2097152K  PageFlts:     0   InRam Krnl: 9000K P:90000K\n"  \
    " Commit: 900000K Limit:4000000K Peak:1000000K            Pool N: 9000K P:90000K\n"  \
    " System pool information\n"                                                         \
    " Tag  Type     Allocs            Frees            Diff   Bytes       Per Alloc\n\n" \
    " Abcd Nonp       1100 (   0)       100 (   0)     1000   64000 (     0)     64\n"
#define ODD_TIDY                                                                         \
    "snapshot,completeness,ordinal,tag,tag_hex,pool,live,bytes,record,event,"            \
    "event_time\n"
#define ODD_JSON(snapshot, live)                                                         \
    "{\"snapshot\":" snapshot ",\"completeness\":\"whole\",\"tag\":\"Leak\","            \
    "\"tag_hex\":\"4c65616b\",\"pool\":\"nonpaged\",\"live\":" live "}\n"
#define ODD_PDH                                                                          \
    "\"(PDH-CSV 4.0) (UTC)(0)\",\"\\\\W\\Memory\\Pool Nonpaged Bytes\","                 \
    "\"\\\\W\\Memory\\Pool Paged Bytes\"\n"
#define ODD_RULE "|---|---|---|---|---|\n"

static const struct odd_text odd_texts[] = {
    {"poolmon",
     ODD_SCREEN
     " Glue Nonp       1100 (   0)       100 (   0)     100064000 (   0)   64\n",
     NOTE_BLANKS, "two figures that touch were parted"},
    {"poolmon", ODD_SCREEN " Same Paged 500 0 100 0 400 12800 0 32\n", NOTE_BLANKS,
     "the changes were read without their parentheses"},
    {"perfmon",
     ODD_PDH "\"06/03/2014 01:10:15.007\",\"111673344\",\"44789760\"\n"
             "\"06/03/2014 01:10:30.021\",\"11167",
     NOTE_CUT, "the log ends in mid-line"},
    {"poolused",
     "Pool Used:\nNonPaged Paged\nTag Allocs Used Allocs Used\nCM 12 4096 0 0 UNKNOWN\n"
     "Proc 5 640 0 0 Process objects\nTOTAL 17 4736 0 0\n",
     NOTE_TAG_PADDED, NULL},
    {"volatility",
     "> Tag    NpAllocs NpFrees  NpBytes   PgAllocs PgFrees PgBytes\n"
     "> ------ -------- -------- --------- -------- ------- --------\n"
     "> Leak     912345    12345 172800000        0       0        0\n"
     "> Dh 1          3        1        96       88      80     1024\n",
     NOTE_PREFIX, NULL},
    {"table",
     "| Tag | Nonpaged MB |\n|---|---|\n| QzFC | 12 |\n| MmSt | 10 |\n| | 9 |\n"
     "| Total | 30 |\n",
     NOTE_ROW_DROPPED, "no tag was found in this row"},
    {"table",
     "<tr><th>Tag</th><th>Nonpaged MB</th></tr>\n<tr><td>MmSt</td><td>10</td></tr>\n"
     "<tr><td>no tag at all</td><td>10</td></tr>\n",
     NOTE_ROW_DROPPED, "no tag was found in this row"},
    {"table",
     "| Tag | Nonpaged MB |\n|---|---|\n| QzFC | 12 |\n| MmSt | 10 |\n| Total | 3 |\n",
     NOTE_TOTAL_DIFFERS, "the rows hold more than the sum that the table states"},
    {"table",
     "| Tag | Nonpaged MB |\n|---|---|\n| QzFC | 12 |\n| MmSt | 10 |\n| Rest | 30 |\n",
     NOTE_PROSE, "a row that is called like a sum was passed over"},
    {"table",
     "| Tag | Allocs | Frees | Diff | Nonpaged MB |\n" ODD_RULE
     "| QzFC | 15 | 5 | 10 | ~12 |\n| MmSt | 10 | 9 | 1 | 10 |\n",
     NOTE_APPROXIMATE, "the source marks a figure of this row as not exact"},
    {"table",
     "| Tag | Diff | Nonpaged |\n|---|---|---|\n| QzFC | 12 | 500 |\n| MmSt | 10 | 9 |\n",
     NOTE_COLUMNS,
     "a figure whose column names a pool, but neither counts nor a unit, was passed "
     "over"},
    {"table",
     "| Tag | Allocs | Frees | Diff | Bytes |\n" ODD_RULE
     "| QzFC | 2K | 500 | 1499 | 640 |\n| MmSt | 10 | 9 | 1 | 9 |\n",
     NOTE_COLUMNS,
     "a figure was left out where more exact ones of its row do not give it"},
    {"table",
     "Nonpaged pool:\n\n| Tag | Allocs | Frees | Bytes |\n|---|---|---|---|\n"
     "| QzFC | 15 | 5 | 4096 |\n\nPaged pool:\n\n"
     "| Tag | Allocs | Frees | Bytes | Peak Bytes |\n" ODD_RULE
     "| QzFC | 9 | 8 | 512 | 600 |\n",
     NOTE_COLUMNS, "1 column of figures was passed over: 'Peak Bytes'"},
    {"table",
     "Pool tags:\n\nQCsc 900 alloc / 0 free / 900 live\n"
     "QCfn 18446744073709551615K alloc / 950 free / 0 live\n"
     "QIoF 1,820 alloc / 20 free / 1,800 live\n",
     NOTE_PROSE, NULL},
    {"csv", ODD_TIDY "1,whole,1,Leak,4c65616b,nonpaged,many,640,capture,,\n",
     NOTE_ROW_DROPPED, "the cell `live` of this row cannot be right"},
    {"csv", ODD_TIDY "1,whole,1,Leak,4c65616b,nonpaged,10,640,capture,,\n1,whole,1,Irp",
     NOTE_CUT, NULL},
    {"csv", ODD_TIDY, NOTE_EMPTY_CAPTURE, NULL},
    {"csv", ODD_TIDY "1,whole,first,Leak,4c65616b,nonpaged,10,640,capture,,\n",
     NOTE_HEADER_DAMAGED, "the cell `ordinal` could not be read"},
    {"jsonl", ODD_JSON("1", "5") "{\"snapshot\":1,\"comp", NOTE_ROW_DROPPED,
     "this line has not the cells that it should have"},
};

enum { ODD_TEXTS = sizeof odd_texts / sizeof odd_texts[0] };

#endif
