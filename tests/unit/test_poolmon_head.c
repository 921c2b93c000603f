/* SPDX-License-Identifier: MIT */
/* The lines above poolmon's rows: which are titles and columns, and of whose pool. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "formats/poolmon/poolmon_head.h"

static void test_titles(void **state)
{
    (void)state;
    static const struct {
        const char *line;
        enum pool_scope scope;
        uint32_t session;
        bool is;
    } t[] = {
        {" System pool information", SCOPE_SYSTEM, 0, true},
        {"System pool information  ", SCOPE_SYSTEM, 0, true},
        {"## System pool information", SCOPE_SYSTEM, 0, true},
        {" All sessions pool information", SCOPE_ALL_SESSIONS, 0, true},
        {" Session 3 pool information", SCOPE_SESSION, 3, true},
        {" Session 999999999 pool information", SCOPE_SESSION, 999999999, true},
        {" Session 1000000000 pool information", SCOPE_SYSTEM, 0, false},
        {" Session  pool information", SCOPE_SYSTEM, 0, false},
        {" Session 3", SCOPE_SYSTEM, 0, false},
        {" Session 3pool information", SCOPE_SYSTEM, 0, false},
        {" Session x pool information", SCOPE_SYSTEM, 0, false},
        {" System pool information of today", SCOPE_SYSTEM, 0, false},
        {" System pool", SCOPE_SYSTEM, 0, false},
        {" Some pool information", SCOPE_SYSTEM, 0, false},
    };
    for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
        struct head_text h;
        const enum head_kind k = head_parse(t[i].line, strlen(t[i].line), &h);
        if ((k == HEAD_TITLE) != t[i].is || h.scope != t[i].scope ||
            h.session != t[i].session)
            fail_msg("'%s': %d, scope %d, session %u", t[i].line, (int)k, (int)h.scope,
                     (unsigned)h.session);
    }
}

static void test_columns(void **state)
{
    (void)state;
    static const struct {
        const char *line;
        bool is;
        unsigned missing;
    } t[] = {
        {" Tag  Type     Allocs         Frees    Diff   Bytes    Per Alloc", true, 0},
        {" Tag Type Allocs Frees Diff Bytes", true, 1},
        {" Tag Type Allocs (    ) Frees (    ) Diff Bytes (    ) Per Alloc", true, 0},
        {" Tag Type Allocs Frees Diff Bytes Per", true, 1},
        {" Tag Type Allocs Frees Diff", false, 0},
        {" Tag Type Allocs Frees Diff Bytesize", false, 0},
        {" Type Tag Allocs Frees Diff Bytes Per Alloc", false, 0},
    };
    for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
        struct head_text h;
        const enum head_kind k = head_parse(t[i].line, strlen(t[i].line), &h);
        if ((k == HEAD_COLUMNS) != t[i].is || (t[i].is && h.missing != t[i].missing))
            fail_msg("'%s': %d, %u missing", t[i].line, (int)k, (unsigned)h.missing);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_titles),
        cmocka_unit_test(test_columns),
    };
    return cmocka_run_group_tests_name("poolmon's head", tests, NULL, NULL);
}
