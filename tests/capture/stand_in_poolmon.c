/* SPDX-License-Identifier: MIT */
/* Stands in for poolmon.exe: `poolmon -n FILE` writes a table in poolmon's layout. */
#include <stdio.h>
#include <string.h>

int main(int argc, char **argv)
{
    static const char table[] = " Memory: 4061304K Avail: 1180732K  PageFlts:     0   "
                                "InRam Krnl: 3436K P:91508K\r\n"
                                " Commit:1843512K Limit:8120760K Peak:2061044K           "
                                " Pool N:56324K P:93956K\r\n"
                                " System pool information\r\n"
                                " Tag  Type     Allocs            Frees            Diff  "
                                " Bytes       Per Alloc\r\n"
                                "\r\n"
                                " Leak Nonp       2000 (   0)         0 (   0)     2000  "
                                "512000 (     0)    256\r\n"
                                " Proc Nonp         60 (   0)        10 (   0)       50  "
                                " 51200 (     0)   1024\r\n"
                                " MmSt Paged       900 (   0)       400 (   0)      500 "
                                "1024000 (     0)   2048\r\n";
    if (argc != 3 || strcmp(argv[1], "-n") != 0)
        return 1;
    FILE *f = fopen(argv[2], "wb");
    if (f == NULL)
        return 1;
    int bad = fputs(table, f) < 0;
    return fclose(f) != 0 || bad;
}
