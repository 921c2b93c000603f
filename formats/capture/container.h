/* SPDX-License-Identifier: MIT */
/* The capture container `.pscap`, byte by byte; nobody owns anything here.
 *
 * A file head and frames as formats/frame.h draws them; each frame of type 1 is one
 * record: what one machine answered at one moment.  Records are appended and stand
 * alone, so a file holds one capture or weeks of them, and a file that was cut anywhere
 * keeps every record before the cut.  A record is a row of items:
 *
 *   type u32   length u32   bytes[length]   zeros up to a multiple of 8
 *
 *   1  times     begun u64, done u64: FILETIMEs, UTC, before and after all questions
 *   2  machine   process u16, native u16 (IMAGE_FILE_MACHINE numbers, 0 unknown),
 *                major, minor, build, revision, processors: u32 each
 *   3  host      UTF-8
 *   4  program   UTF-8: what wrote the record
 *   5  reply     class u32, status u32 (NTSTATUS), returned u32 (ReturnLength), 0 u32,
 *                then the reply as NtQuerySystemInformation gave it, untouched
 *
 * Numbers are little-endian.  Items of other types, longer items and frames of other
 * types are passed over.  Replies stand in the order in which they were asked: class 3
 * (times), 2 (performance), 0 (page size and pages), 22 and, where the system knows it,
 * 255 (pool tags), 3 again.  What can be computed from a reply is not stored beside it:
 * an error of the capturer can be put right years later. */
#ifndef FORMATS_CAPTURE_CONTAINER_H
#define FORMATS_CAPTURE_CONTAINER_H

/* The first byte is no ASCII, and copying as text spoils the last three.  No byte agrees
 * with the magic of a psz archive: damage to one never looks like the other. */
#define PSCAP_MAGIC                                                                      \
    {                                                                                    \
        0x93, 'p', 'c', 'a', 'p', 0x1a, '\n', '\r'                                       \
    }
#define PSCAP_MAJOR 1
#define PSCAP_MINOR 0

enum pscap_frame { PSCAP_FRAME_RECORD = 1 };

enum pscap_item {
    PSCAP_TIMES = 1,
    PSCAP_MACHINE = 2,
    PSCAP_HOST = 3,
    PSCAP_PROGRAM = 4,
    PSCAP_REPLY = 5
};

enum {
    PSCAP_ITEM_HEAD = 8,
    PSCAP_ITEM_ALIGN = 8,
    PSCAP_TIMES_BYTES = 16,
    PSCAP_MACHINE_BYTES = 24,
    PSCAP_REPLY_HEAD = 16
};

/* Information classes of NtQuerySystemInformation. */
enum nt_class {
    NT_CLASS_BASIC = 0,
    NT_CLASS_PERFORMANCE = 2,
    NT_CLASS_TIME_OF_DAY = 3,
    NT_CLASS_POOL_TAGS = 22,
    NT_CLASS_POOL_TAGS_64 = 255 /* the same with 64-bit counters, on new systems */
};

/* IMAGE_FILE_MACHINE numbers. */
enum nt_machine {
    NT_I386 = 0x014c,
    NT_ARM = 0x01c4,
    NT_AMD64 = 0x8664,
    NT_ARM64 = 0xaa64
};

#endif
