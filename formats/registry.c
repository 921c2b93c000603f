/* SPDX-License-Identifier: MIT */
#include "formats/reader.h"

#include <string.h>

#include "formats/beside/httperr.h"
#include "formats/tools/memsnap.h"
#include "formats/beside/perfmon.h"
#include "formats/poolmon/poolmon.h"
#include "formats/tools/poolmonx.h"
#include "formats/debugger/poolused.h"
#include "formats/tools/powershell.h"
#include "formats/raw/pscap.h"
#include "formats/psz/psz.h"
#include "formats/raw/rawtags.h"
#include "formats/tools/rekall.h"
#include "formats/tools/systeminformer.h"
#include "formats/table/table.h"
#include "formats/tidy/tidy.h"
#include "formats/debugger/vm.h"
#include "formats/tools/volatility.h"
#include "formats/beside/winevents.h"
#include "formats/tools/xray.h"

const struct format format_table[] = {
    {.name = "csv",
     .title = "tidy table as CSV",
     .suffixes = ".csv",
     .text = &csv_text_format,
     .writer = &csv_writer},
    {.name = "httperr",
     .title = "HTTPERR log",
     .suffixes = ".log",
     .text = &httperr_text_format},
    {.name = "jsonl",
     .title = "tidy table as JSON lines",
     .suffixes = ".jsonl .ndjson",
     .text = &jsonl_text_format,
     .writer = &jsonl_writer},
    {.name = "memsnap",
     .title = "memsnap log",
     .suffixes = ".log .txt",
     .text = &memsnap_text_format},
    {.name = "perfmon",
     .title = "perfmon counter log (CSV, TSV)",
     .suffixes = ".csv .tsv",
     .text = &perfmon_text_format},
    {.name = "poolmon",
     .title = "PoolMon text",
     .suffixes = ".txt .log",
     .text = &poolmon_text_format,
     .writer = &poolmon_writer},
    {.name = "poolmonx",
     .title = "PoolMonX table (CSV)",
     .suffixes = ".csv .txt",
     .text = &poolmonx_text_format},
    {.name = "poolmonx2",
     .title = "PoolMonX 2, copied rows",
     .suffixes = ".txt",
     .text = &poolmonx2_text_format},
    {.name = "poolmonx3",
     .title = "PoolMonX 3 table",
     .suffixes = ".csv .txt",
     .text = &poolmonx3_text_format},
    {.name = "poolused",
     .title = "WinDbg !poolused",
     .suffixes = ".txt .log",
     .text = &poolused_text_format},
    {.name = "powershell",
     .title = "poolmon-powershell, PoolmonViz",
     .suffixes = ".csv",
     .text = &powershell_text_format},
    {.name = "pscap",
     .title = "capture file of poolcap",
     .suffixes = ".pscap",
     .binary = &pscap_binary_format},
    {.name = "psz",
     .title = "poolsift archive",
     .suffixes = ".psz",
     .binary = &psz_binary_format,
     .writer = &psz_writer},
    {.name = "rawtags",
     .title = "raw pool tag reply",
     .suffixes = ".bin .dat",
     .binary = &rawtags_binary_format},
    {.name = "rekall",
     .title = "rekall pool_tracker",
     .suffixes = ".txt",
     .text = &rekall_text_format},
    {.name = "systeminformer",
     .title = "System Informer, copied rows",
     .suffixes = ".txt",
     .text = &systeminformer_text_format},
    {.name = "table",
     .title = "table made by hand",
     .suffixes = ".md .txt .csv",
     .text = &table_text_format},
    {.name = "vm",
     .title = "WinDbg !vm",
     .suffixes = ".txt .log",
     .text = &vm_text_format},
    {.name = "volatility",
     .title = "volatility 2 pooltracker",
     .suffixes = ".txt",
     .text = &volatility_text_format},
    {.name = "winevents",
     .title = "event log text: 2019 and kin",
     .suffixes = ".txt",
     .text = &winevents_text_format},
    {.name = "xray",
     .title = "xray pool data",
     .suffixes = ".txt .csv",
     .text = &xray_text_format},
    {.name = NULL},
};

const struct format *format_find(const char *name)
{
    for (const struct format *f = format_table; f->name != NULL; f++)
        if (strcmp(f->name, name) == 0)
            return f;
    return NULL;
}
