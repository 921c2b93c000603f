/* SPDX-License-Identifier: MIT */
/* What is known about tags: the built-in table is the whole of tags.yaml, which entry
 * wins, and where a list of the person's own is wrong. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/know/tags.h"
#include "cli/tags/tag_list.h"
#include "tests/unit/scratch.h"

#define KNOWN "cli/know/tags.yaml"

static int read_text(struct know_list *l, const char *text, enum know_rigour rigour,
                     struct err *e)
{
    struct yaml *y = NULL;
    assert_int_equal(yaml_open(&y, "my.yaml", text, strlen(text), NULL, e), 0);
    int r = know_tags_read(l, y, rigour, e);
    yaml_close(y);
    return r;
}

static const struct know_tag *known(const char *tag)
{
    return know_tags_find(&know_tags_builtin, tag_from(tag, strlen(tag)));
}

/* ---- the built-in table ---- */

/* Every entry of the file, found by its own lines, is the answer for its own tag. */
static void the_whole_file_is_built_in(void **state)
{
    (void)state;
    FILE *f = fopen(KNOWN, "r");
    char line[512];
    size_t n = 0, patterns = 0;
    assert_non_null(f);
    while (fgets(line, sizeof line, f) != NULL) {
        const bool tag = strncmp(line, "- tag: ", 7) == 0;
        const bool pattern = strncmp(line, "- pattern: ", 11) == 0;
        if (!tag && !pattern)
            continue;
        n++;
        patterns += pattern;
        char *p = strchr(line, ':') + 2;
        p[strcspn(p, "\n")] = '\0';
        if (*p == '\'') {
            p++;
            p[strlen(p) - 1] = '\0';
        }
        struct pool_tag t;
        if (!tag || !tag_parse(p, &t))
            continue;
        const struct know_tag *k = know_tags_find(&know_tags_builtin, t);
        if (k == NULL || !k->exact || strcmp(k->pattern, p) != 0)
            fail_msg("%s is not built in", p);
    }
    (void)fclose(f);
    assert_int_equal(know_tags_builtin.n, n);
    assert_int_equal(know_tags_builtin.n - know_tags_builtin.n_exact, patterns);
    assert_true(n >= 381); /* 344 rows of tags and 37 prefixes were known at first */
}

static void every_entry_says_what_printing_relies_on(void **state)
{
    (void)state;
    size_t roles[ROLE_SYSTEM + 1] = {0};
    for (size_t i = 0; i < know_tags_builtin.n; i++) {
        const struct know_tag *k = &know_tags_builtin.v[i];
        assert_non_null(k->component);
        assert_non_null(k->vendor);
        assert_true(k->owner == NULL || strstr(k->label, k->owner) == k->label);
        assert_true(!k->verified || k->n_sources > 0);
        assert_true(!k->exact || k->holds != NULL);
        assert_true(i == 0 || i >= know_tags_builtin.n_exact ||
                    tag_compare(k[-1].tag, k->tag) < 0);
        roles[k->role]++;
        /* No vendor but Microsoft owns a part of Windows. */
        if (k->role == ROLE_SYSTEM)
            assert_memory_equal(k->vendor, "Microsoft", 9);
        /* First letters alone prove nothing. */
        if (!k->exact && !k->verified)
            assert_int_equal(k->role, ROLE_UNKNOWN);
    }
    assert_true(roles[ROLE_PRIVATE] > 10 && roles[ROLE_CONTAINER] > 50 &&
                roles[ROLE_SYSTEM] > 100);
}

static void facts_of_the_contract(void **state)
{
    (void)state;
    static const struct {
        const char *tag, *owner;
        enum role role;
    } t[] = {
        {"Proc", "nt!ps", ROLE_CONTAINER},
        {"Toke", "nt!se", ROLE_CONTAINER},
        {"File", "nt!io", ROLE_CONTAINER},
        {"Irp ", "nt!io", ROLE_CONTAINER},
        {"Mdl ", "nt!io", ROLE_CONTAINER},
        {"NtFC", "ntfs.sys", ROLE_CONTAINER},
        {"Thre", "nt!ps", ROLE_CONTAINER},
        {"Even", "nt", ROLE_CONTAINER},
        {"Key ", "nt!cm", ROLE_CONTAINER},
        {"Sema", "nt", ROLE_CONTAINER},
        {"MmSt", "nt!mm", ROLE_CONTAINER},
        {"MmCa", "nt!mm", ROLE_CONTAINER},
        {"WCsc", "wcifs.sys", ROLE_PRIVATE},
        {"amda", "amdacpbus2.sys", ROLE_PRIVATE},
        {"NPBL", "npcap.sys", ROLE_PRIVATE},
        {"NpCD", "npcap.sys", ROLE_PRIVATE},
        {"NpFr", "npfs.sys", ROLE_CONTAINER},
        {"CM31", "nt!cm", ROLE_SYSTEM},
        {"UlHT", "http.sys", ROLE_SYSTEM},
        {"ULHP", "http.sys", ROLE_SYSTEM},
        {"Nb16", "netbt.sys", ROLE_SYSTEM},
        {"PcNw", "WDM audio (portcls)", ROLE_SYSTEM},
    };
    for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
        const struct know_tag *k = known(t[i].tag);
        assert_non_null(k);
        assert_string_equal(k->owner, t[i].owner);
        assert_int_equal(k->role, t[i].role);
    }
    /* The suspects of the classic case are nobody's, as far as anybody knows. */
    static const char *const strangers[] = {"ISil", "I100", "SavE", "IAM "};
    for (size_t i = 0; i < sizeof strangers / sizeof *strangers; i++)
        assert_null(known(strangers[i]));
    /* Case matters: three tags of one file system. */
    assert_string_equal(known("NtfC")->pattern, "NtfC");
    assert_string_equal(known("Ntfc")->pattern, "Ntfc");
    assert_ptr_not_equal(known("NtFC"), known("NtfC"));
    assert_false(known("TMRL")->verified);
    assert_null(known("SQSF")->owner);
    assert_null(known("SQSF")->label);
}

/* ---- which entry wins ---- */

static void the_entry_that_says_most_wins(void **state)
{
    (void)state;
    static const char text[] = "- {pattern: 'Ab*', owner: two letters and a star}\n"
                               "- {pattern: A\?\?\?, owner: one letter}\n"
                               "- {pattern: Ab\?\?, owner: two letters}\n"
                               "- {pattern: '[A-C]b?d', owner: two letters and a set}\n"
                               "- {pattern: 'Abc?', owner: three letters}\n"
                               "- {tag: Abcd, owner: itself}\n"
                               "- {tag: 'Ir', owner: padded}\n"
                               "- {tag: '\\xb1\\x00\\\\a', owner: bytes}\n";
    static const struct {
        const char *tag, *owner; /* NULL: nobody */
    } t[] = {
        {"Abcd", "itself"},
        {"Abcx", "three letters"},
        {"Abxx", "two letters"},
        {"Abxd", "two letters"},
        {"Bbxd", "two letters and a set"},
        {"Axxx", "one letter"},
        {"abcd", NULL},
        {"Ir  ", "padded"},
        {"Ir\0\0", "padded"},
        {"Ir \xa0", "padded"}, /* a protected tag */
        {"Ab\0\0", "two letters"},
        {"\xb1\0\\a", "bytes"},
    };
    struct know_list l;
    struct err e = {0};
    assert_int_equal(read_text(&l, text, KNOW_USER, &e), 0);
    assert_int_equal(l.tags.n, 8);
    assert_int_equal(l.tags.n_exact, 3);
    for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
        const struct know_tag *k = know_tags_find(&l.tags, tag_from(t[i].tag, 4));
        if (t[i].owner == NULL)
            assert_null(k);
        else
            assert_string_equal(k->owner, t[i].owner);
    }
    know_list_free(&l);
    know_list_free(&l);
}

static void a_whole_entry(void **state)
{
    (void)state;
    static const char text[] = "- tag: 'Mm'\n"
                               "  owner: mine.sys\n"
                               "  component: my part\n"
                               "  vendor: me\n"
                               "  holds: things\n"
                               "  role: private\n"
                               "  pins: nobody\n"
                               "  usual: small\n"
                               "  leaks:\n"
                               "    - {what: much, fixed: version 2, source: here}\n"
                               "    - what: more\n"
                               "  source: [one, two]\n"
                               "  verified: no\n";
    struct know_list l;
    assert_int_equal(read_text(&l, text, KNOW_BUILTIN, NULL), 0);
    const struct know_tag *k = know_tags_find(&l.tags, tag_from("Mm", 2));
    assert_non_null(k);
    assert_string_equal(k->label, "mine.sys - things");
    assert_string_equal(k->component, "my part");
    assert_string_equal(k->vendor, "me");
    assert_string_equal(k->pins, "nobody");
    assert_string_equal(k->usual, "small");
    assert_int_equal(k->role, ROLE_PRIVATE);
    assert_int_equal(k->n_leaks, 2);
    assert_string_equal(k->leaks[0].fixed, "version 2");
    assert_string_equal(k->leaks[0].source, "here");
    assert_null(k->leaks[1].fixed);
    assert_null(k->leaks[1].source);
    assert_int_equal(k->n_sources, 2);
    assert_string_equal(k->sources[1], "two");
    assert_false(k->verified);
    know_list_free(&l);
}

/* ---- what is refused, and where ---- */

static void faults_have_a_place_and_say_what_is_allowed(void **state)
{
    (void)state;
    static const struct {
        const char *text, *place, *words;
        enum know_rigour rigour;
    } t[] = {
        {"tag: Proc\n", "my.yaml:1:1",
         "expected a list of tags (- tag: ...), found a map", KNOW_USER},
        {"- Proc\n", "my.yaml:1:3", "expected an entry (- tag: ...), found 'Proc'",
         KNOW_USER},
        {"- tag: Abcd\n  owner: x\n  onwer: y\n", "my.yaml:3:3",
         "unknown key 'onwer'; the keys here are tag, pattern, owner, component, vendor, "
         "holds, role, pins, usual, leaks, source and verified",
         KNOW_USER},
        {"- tag: Abcd\n", "my.yaml:1:3",
         "expected the key 'owner' in this entry, found none", KNOW_USER},
        {"- owner: x\n", "my.yaml:1:3",
         "expected the key 'tag' or 'pattern' in this entry, found none", KNOW_USER},
        {"- {tag: Abcd, pattern: 'A*', owner: x}\n", "my.yaml:1:3",
         "expected one of tag and pattern, found both", KNOW_USER},
        {"- {tag: Abcde, owner: x}\n", "my.yaml:1:3",
         "expected a tag of one to four bytes (others than ASCII as \\xhh), found "
         "'Abcde'",
         KNOW_USER},
        {"- {tag: '', owner: x}\n", "my.yaml:1:9", "expected a tag, found nothing",
         KNOW_USER},
        {"- {tag: Abcd, owner: x, role: culprit}\n", "my.yaml:1:31",
         "expected a role (unknown, private, container or system), found 'culprit'",
         KNOW_USER},
        {"- {tag: Abcd, owner: x, verified: maybe}\n", "my.yaml:1:35",
         "expected whether a source was checked (yes or no), found 'maybe'", KNOW_USER},
        {"- {tag: Abcd, owner: \"a\\nb\"}\n", "my.yaml:1:22",
         "expected an owner in one line, found a control character", KNOW_USER},
        {"- tag: Abcd\n  owner: x\n  leaks: [{fixed: 2}]\n", "my.yaml:3:11",
         "expected the key 'what' in this leak, found none", KNOW_USER},
        {"- tag: Abcd\n  owner: x\n  leaks: much\n", "my.yaml:3:10",
         "expected a list of leaks, found 'much'", KNOW_USER},
        {"- {tag: Abcd, owner: x}\n- {tag: Ab, owner: x}\n- {tag: 'Ab  ', owner: y}\n",
         "my.yaml:3:3", "'Ab  ' has an entry already, in line 2", KNOW_USER},
        {"- {pattern: 'A*', owner: x}\n- {tag: Abcd, owner: x}\n"
         "- {pattern: 'A*', owner: y}\n",
         "my.yaml:3:3", "'A*' has an entry already, in line 1", KNOW_USER},
        {"- {pattern: '[abcdefghijklmnopqrstuvwxyz01234567]*', owner: x}\n",
         "my.yaml:1:3",
         "expected a pattern for four bytes, found "
         "'[abcdefghijklmnopqrstuvwxyz01234567]*'",
         KNOW_USER},
        {"- tag: Abcd\n  owner: x\n- tag: Abce\n   owner: x\n", "my.yaml:4:9",
         "this is no YAML: mapping values are not allowed in this context", KNOW_USER},
        {"- {tag: Abcd, owner: x}\n", "my.yaml:1:3",
         "expected the key 'component' in this entry, found none", KNOW_BUILTIN},
        {"- {tag: Abcd, owner: x, component: x, vendor: x, holds: x, role: system}\n",
         "my.yaml:1:3", "expected the key 'verified' in this entry, found none",
         KNOW_BUILTIN},
        {"- {tag: Abcd, owner: x, component: x, vendor: x, holds: x, role: system, "
         "verified: yes}\n",
         "my.yaml:1:3", "expected a source, or 'verified: no', found neither",
         KNOW_BUILTIN},
    };
    for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
        struct know_list l;
        struct err e = {0};
        assert_int_equal(read_text(&l, t[i].text, t[i].rigour, &e), ERR_FORMAT);
        assert_string_equal(e.text, t[i].words);
        assert_string_equal(e.place, t[i].place);
        assert_null(l.blocks);
    }
}

static void no_more_than_a_bounded_number(void **state)
{
    (void)state;
    char *text = malloc(1 << 20);
    size_t n = 0;
    assert_non_null(text);
    for (int i = 0; i <= 8192; i++)
        n += (size_t)sprintf(text + n, "- {tag: %04x, owner: x}\n", (unsigned)i);
    struct know_list l;
    struct err e = {0};
    assert_int_equal(read_text(&l, text, KNOW_USER, &e), ERR_FORMAT);
    assert_string_equal(e.place, "my.yaml:8193:3");
    assert_string_equal(e.text, "expected at most 8192 entries, found more");
    n = (size_t)sprintf(text, "- tag: Abcd\n  owner: x\n  source: [");
    for (int i = 0; i < 17; i++)
        n += (size_t)sprintf(text + n, "x,");
    (void)sprintf(text + n - 1, "]\n");
    e = (struct err){0};
    assert_int_equal(read_text(&l, text, KNOW_USER, &e), ERR_FORMAT);
    assert_string_equal(e.text, "expected at most 16 sources, found more");
    free(text);
}

/* ---- the person's list before the built-in one ---- */

/* A folder of its own, with the list as tags.yaml; `forget` removes both. */
struct written {
    char folder[128], path[160];
};

static void write_list(struct written *w, const char *text)
{
    (void)snprintf(w->folder, sizeof w->folder, "%s/poolsift-XXXXXX", scratch_folder());
    assert_non_null(mkdtemp(w->folder));
    (void)snprintf(w->path, sizeof w->path, "%s/tags.yaml", w->folder);
    FILE *f = fopen(w->path, "w");
    assert_non_null(f);
    assert_true(fputs(text, f) >= 0);
    assert_int_equal(fclose(f), 0);
}

static void forget(const struct written *w)
{
    assert_int_equal(remove(w->path), 0);
    assert_int_equal(remove(w->folder), 0);
}

static struct tag_facts facts(const struct tag_list *l, const char *tag)
{
    return tag_list_find(l, tag_from(tag, strlen(tag)));
}

static void the_persons_word_comes_first(void **state)
{
    (void)state;
    struct tag_list l;
    struct written w;
    write_list(&w, "- {tag: File, owner: mine.sys}\n"
                   "- {tag: SavE, owner: save.sys, holds: all, "
                   "role: private}\n"
                   "- {tag: CM31, owner: x.sys, role: container, "
                   "verified: no}\n");
    assert_int_equal(tag_list_open(&l, w.path, NULL), 0);
    struct tag_facts f = facts(&l, "File");
    assert_string_equal(f.owner.text, "mine.sys");
    assert_string_equal(f.owner.source, "tags.yaml");
    assert_int_equal(f.owner.role, ROLE_CONTAINER); /* what it leaves open is built in */
    f = facts(&l, "SavE");
    assert_string_equal(f.owner.text, "save.sys - all");
    assert_int_equal(f.owner.role, ROLE_PRIVATE);
    assert_false(f.owner.unverified);
    f = facts(&l, "CM31");
    assert_int_equal(f.owner.role, ROLE_CONTAINER);
    assert_true(f.owner.unverified);
    f = facts(&l, "Toke");
    assert_string_equal(f.owner.text, "nt!se - access tokens");
    assert_string_equal(f.owner.source, "built-in");
    f = facts(&l, "ISil");
    assert_null(f.owner.text);
    assert_null(f.owner.source);
    assert_int_equal(f.owner.role, ROLE_UNKNOWN);
    tag_list_free(&l);
    forget(&w);

    assert_int_equal(tag_list_open(&l, "fixtures/tags/pooltag.txt", NULL), 0);
    f = facts(&l, "NtFC");
    assert_string_equal(f.owner.text, "ntfs.sys - CREATE.C");
    assert_string_equal(f.owner.source, "pooltag.txt");
    assert_int_equal(f.owner.role, ROLE_CONTAINER);
    assert_non_null(f.listed);
    assert_string_equal(f.known->owner, "ntfs.sys");
    tag_list_free(&l);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_whole_file_is_built_in),
        cmocka_unit_test(every_entry_says_what_printing_relies_on),
        cmocka_unit_test(facts_of_the_contract),
        cmocka_unit_test(the_entry_that_says_most_wins),
        cmocka_unit_test(a_whole_entry),
        cmocka_unit_test(faults_have_a_place_and_say_what_is_allowed),
        cmocka_unit_test(no_more_than_a_bounded_number),
        cmocka_unit_test(the_persons_word_comes_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
