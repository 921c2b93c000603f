/* SPDX-License-Identifier: MIT */
/* Published figures: recorded leaks as rates and end points, and the rows of healthy
 * machines as their background.  Constant tables; nobody owns anything here.
 *
 * A leak's row says how many objects of how many bytes it keeps in an hour.  Where a
 * source gives only one of count and bytes the size is that of the same tag elsewhere. */
#ifndef TESTS_EVAL_REPLAY_H
#define TESTS_EVAL_REPLAY_H

#include "tests/eval/world.h"

struct recorded {
    int record; /* rows of one record leak together */
    char tag[5];
    uint8_t pool;
    double size, objects_per_hour, base, ratio;
    bool stopped; /* it was fixed, and the memory stayed */
};

static const struct recorded recorded_leaks[] = {
    /* github.com/microsoft/WSL/issues/40804: objects of 4.91 days, equal counts */
    {0, "WCsc", POOL_NONPAGED, 208, 4274, 874, 1, false},
    {0, "WCfc", POOL_NONPAGED, 208, 4274, 874, 1, false},
    {0, "FOCX", POOL_NONPAGED, 144, 4274, 5200, 1, false},
    {0, "FMfc", POOL_NONPAGED, 192, 4274, 2600, 1, false},
    {0, "FMwi", POOL_NONPAGED, 96, 4274, 900, 1, false},
    {0, "IoFE", POOL_NONPAGED, 112, 4274, 3100, 2, false},
    {0, "IoNm", POOL_PAGED, 138, 4274, 26000, 1, false},
    /* github.com/anthropics/claude-code/issues/55361: 134 M x 144 bytes in two hours */
    {1, "NtFC", POOL_NONPAGED, 144, 67e6, 4000, 1, false},
    /* github.com/anthropics/claude-code/issues/95489: 230 MB a minute */
    {2, "NtFC", POOL_NONPAGED, 96, 144e6, 4000, 1, false},
    /* a diagnosis note of 2026-09-20: 35 MB a minute, fixed, 3.5 GB stayed */
    {3, "NtFC", POOL_NONPAGED, 650, 3.2e6, 4000, 1, true},
    /* github.com/openai/codex/issues/30926: 40,000 token objects in a session */
    {4, "Toke", POOL_PAGED, 2128, 5000, 5004, 1, false},
    {4, "SeTd", POOL_PAGED, 144, 5000, 400, 1, false},
    /* github.com/mullvad/mullvadvpn-app/issues/10738: 10.86 M objects, 13.3 GB */
    {5, "Irp ", POOL_NONPAGED, 1228, 75000, 3913, 1, false},
    /* github.com/virtio-win/kvm-guest-drivers-windows/issues/73: 2.49 M in two hours */
    {6, "Mdl ", POOL_NONPAGED, 160, 1.24e6, 600, 1, false},
    /* github.com/microsoft/Windows-Containers/issues/70: a 256 KiB table per start */
    {7, "UlHT", POOL_PAGED, 262144, 14, 30, 1, false},
    /* github.com/microsoft/WSL/issues/12756: 13 KB a run, 1,000 runs */
    {8, "NVRM", POOL_NONPAGED, 1328, 120, 17000, 1, false},
    /* "0x0 Live AcpWdfWorkItem Leak", 2024: a night of music, one work item each */
    {9, "amda", POOL_NONPAGED, 336, 577000, 40, 1, false},
    {9, "IoWI", POOL_NONPAGED, 112, 577000, 1245, 1, false},
    /* github.com/MicrosoftDocs/sysinternals/issues/92: 252 MB of SysR */
    {10, "SysR", POOL_NONPAGED, 480, 6100, 300, 1, false},
    /* asifkhandevadi.wordpress.com, 2014: 445,342 objects at event 2019 */
    {11, "BLFP", POOL_NONPAGED, 176, 9300, 60, 1, false},
    /* github.com/TheCruZ/EFI_Driver_Access/issues/1: 32 bytes a call */
    {12, "Pp  ", POOL_PAGED, 32, 900, 900, 1, false},
    /* github.com/microsoft/Windows-Containers/issues/646: 7,246,092 in 5 days 15 hours */
    {13, "WCsc", POOL_NONPAGED, 208, 53700, 874, 1, false},
    {13, "FMfc", POOL_NONPAGED, 192, 53700, 2600, 1, false}};

enum { RECORDS = 14, RECORDED_ROWS = sizeof recorded_leaks / sizeof recorded_leaks[0] };

struct healthy {
    int machine;
    char tag[5];
    uint8_t pool;
    double objects, bytes;
};

static const struct healthy healthy_rows[] = {
    /* a Windows 10 virtual machine, !poolused 2 */
    {0, "ConT", POOL_NONPAGED, 535, 5935104},
    {0, "EtwB", POOL_NONPAGED, 148, 5206272},
    {0, "Thre", POOL_NONPAGED, 1725, 4416000},
    {0, "File", POOL_NONPAGED, 9386, 3741536},
    {0, "EtwR", POOL_NONPAGED, 14617, 3229088},
    {0, "NtxF", POOL_NONPAGED, 7350, 2704800},
    {0, "AmlH", POOL_NONPAGED, 5, 2621440},
    {0, "FMsl", POOL_NONPAGED, 11963, 2296896},
    {0, "Vad ", POOL_NONPAGED, 13703, 2192480},
    /* the PoolMon display page, a machine of 256 MB */
    {1, "Wait", POOL_NONPAGED, 30, 8456},
    {1, "Gxlt", POOL_PAGED, 8, 864},
    {1, "Ustm", POOL_PAGED, 44, 2464},
    {1, "Io  ", POOL_NONPAGED, 127, 91912},
    {1, "Key ", POOL_PAGED, 842, 87528},
    {1, "SePa", POOL_NONPAGED, 27, 3656},
    /* a pool census of Windows 11, 49 GB */
    {2, "FMfn", POOL_PAGED, 2683238, 1495080176},
    {2, "File", POOL_NONPAGED, 636784, 254683680},
    {2, "File", POOL_PAGED, 60, 4000},
    {2, "Toke", POOL_PAGED, 100000, 120000000},
    {2, "SeAt", POOL_PAGED, 100000, 20000000},
    {2, "SeTd", POOL_PAGED, 400, 40000},
    {2, "SeTl", POOL_NONPAGED, 400, 80000},
    {2, "MmSt", POOL_PAGED, 434682, 515671920},
    /* a server of 16 GB, poolmon -n, Intel's mfd package */
    {3, "EtwB", POOL_NONPAGED, 2338, 163418368},
    {3, "MmSt", POOL_PAGED, 174001, 156097152},
    {3, "File", POOL_NONPAGED, 175410, 70145152},
    {3, "NtfF", POOL_PAGED, 41802, 66883200},
    {3, "NtxF", POOL_NONPAGED, 167421, 61610928},
    {3, "IXGB", POOL_NONPAGED, 24869, 55749008},
    {3, "MmCa", POOL_NONPAGED, 171286, 55091904},
    {3, "IoNm", POOL_PAGED, 160461, 52366176},
    {3, "FMsl", POOL_NONPAGED, 208329, 43332432},
    {3, "HalD", POOL_NONPAGED, 398, 40992304},
    {3, "Ntop", POOL_PAGED, 152525, 31725200},
    {3, "SQSF", POOL_NONPAGED, 157211, 25224224},
    {3, "CM25", POOL_PAGED, 4849, 21708800}};

enum { MACHINES = 4, HEALTHY_ROWS = sizeof healthy_rows / sizeof healthy_rows[0] };

#endif
