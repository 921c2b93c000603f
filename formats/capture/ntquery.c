/* SPDX-License-Identifier: MIT */
/* Windows only: built by make poolcap. */
#include "formats/capture/ntquery.h"

#include <stdlib.h>
#include <string.h>
#include <windows.h>

typedef LONG(NTAPI *query_fn)(ULONG info_class, PVOID p, ULONG n, PULONG returned);

bool nt_query_find(void **ctx)
{
    HMODULE ntdll = GetModuleHandleW(L"ntdll.dll");
    FARPROC found =
        ntdll != NULL ? GetProcAddress(ntdll, "NtQuerySystemInformation") : NULL;
    *ctx = NULL;
    memcpy(ctx, &found, sizeof found);
    return found != NULL;
}

uint32_t nt_query(void *ctx, uint32_t info_class, uint8_t *p, uint32_t n,
                  uint32_t *returned)
{
    query_fn query;
    ULONG length = 0;
    memcpy(&query, &ctx, sizeof query);
    LONG status = query(info_class, p, n, &length);
    *returned = length;
    return (uint32_t)status;
}
