/* SPDX-License-Identifier: MIT */
/* A driver that does nothing but hold its tag as KIND says; built by the tests with
 * mingw-w64, never loaded. */
#include <stddef.h>
#include <stdint.h>

#ifdef THROUGH_JUMP
#define KERNEL __stdcall
#else
#define KERNEL __declspec(dllimport) __stdcall
#endif

#define CALL      1 /* a number handed to the allocator */
#define STORE     2 /* a number stored, handed on later */
#define LOOKASIDE 3 /* told to a list */
#define STRING    4 /* text that becomes a number while it runs */
#define TABLE     5 /* one of many tags */
#define TEXT      6 /* only inside a word */
#define ABSENT    7 /* allocates with another tag */
#define COMPARE   8 /* a number, but nothing is allocated at all */
#define POOL2     9 /* the allocator of Windows 10 2004 and later */

/* In memory, and in poolmon: Kd1x. */
#define TAG   ((uint32_t)0x7831644b)
#define OTHER ((uint32_t)0x72687445)

void *KERNEL ExAllocatePoolWithTag(int kind, size_t bytes, uint32_t tag);
void *KERNEL ExAllocatePool2(uint64_t flags, size_t bytes, uint32_t tag);
void KERNEL ExFreePoolWithTag(void *p, uint32_t tag);
void KERNEL ExInitializeNPagedLookasideList(void *list, void *take, void *give,
                                            uint32_t flags, size_t bytes, uint32_t tag,
                                            uint16_t depth);
uint32_t KERNEL DbgPrint(const char *format, ...);

int __stdcall DriverEntry(void *driver, void *path);

volatile uint32_t turn;

#if KIND == STORE || KIND == COMPARE
struct request {
    uint32_t kind, tag;
    size_t bytes;
};
volatile struct request queue[4];
#elif KIND == STRING
const volatile char name[] = "Kd1x";
#elif KIND == TEXT
const char word[] = "UnKd1xessable words";
#elif KIND == TABLE
const volatile uint32_t tags[] = {0x31417151, 0x32427151, TAG, 0x33437151, 0x34447151};
#endif

int __stdcall DriverEntry(void *driver, void *path)
{
    void *p = NULL;
    (void)driver;
    (void)path;
#if KIND == CALL
    p = ExAllocatePoolWithTag(0, 256, TAG);
    if (p != NULL)
        ExFreePoolWithTag(p, TAG);
#elif KIND == STORE
    queue[turn & 3].tag = TAG;
    p = ExAllocatePoolWithTag(0, queue[turn & 3].bytes, queue[turn & 3].tag);
#elif KIND == LOOKASIDE
    static uint64_t list[32];
    ExInitializeNPagedLookasideList(list, NULL, NULL, 0, 64, TAG, 0);
#elif KIND == STRING
    uint32_t tag = 0;
    for (int i = 3; i >= 0; i--)
        tag = tag << 8 | (uint8_t)name[i];
    p = ExAllocatePoolWithTag(0, 256, tag);
#elif KIND == TABLE
    p = ExAllocatePoolWithTag(0, 256, tags[turn % 5]);
#elif KIND == TEXT
    p = ExAllocatePoolWithTag(0, 256, OTHER);
    (void)DbgPrint(word);
#elif KIND == ABSENT
    p = ExAllocatePoolWithTag(0, 256, OTHER);
#elif KIND == COMPARE
    (void)DbgPrint("%p", p);
    queue[1].tag = TAG;
#elif KIND == POOL2
    p = ExAllocatePool2(0x40, 256, TAG);
#endif
    return p != NULL ? 0 : (int)turn;
}
