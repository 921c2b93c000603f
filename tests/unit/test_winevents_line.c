/* SPDX-License-Identifier: MIT */
/* Single lines of events as people copy them, and which lines make one event. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "formats/beside/winevents_line.h"

static const char *const names[EVENT_FIELDS] = {
    [EVENT_NOTHING] = "nothing", [EVENT_ID] = "id",     [EVENT_SOURCE] = "source",
    [EVENT_DATE] = "date",       [EVENT_TIME] = "time", [EVENT_HOST] = "host",
    [EVENT_TEXT] = "text",       [EVENT_KIND] = "kind", [EVENT_MORE] = "more"};

#define SRV "The server was unable to allocate"
#define LOW "Windows successfully diagnosed a low virtual memory condition"

static void test_one_line(void **state)
{
    (void)state;
    static const struct {
        const char *line, *read; /* field, number where it has one, [value], (source) */
    } t[] = {
        /* numbers */
        {"Event ID: 2019", "id 2019"},
        {"Event ID:\t\t2019 ", "id 2019"},
        {"event id 2019", "id 2019"},
        {"EventID: 2019", "id 2019"},
        {"Event: 2020 SOURCE:SRV", "id 2020 (SRV)"},
        {"EVENT 2020", "id 2020"},
        {"Event 2020 - Source: Srv", "id 2020 (Srv)"},
        {"Event ID: 2017; Source : srv ", "id 2017 (srv)"},
        {"Event ID 2019, " SRV, "id 2019 [" SRV "]"},
        {"Event ID 2019: " SRV, "id 2019 [" SRV "]"},
        {"Event ID 2019 " LOW, "id 2019 [" LOW "]"},
        {"Event ID: 2019 and 2020", "nothing [Event ID: 2019 and 2020]"},
        {"Event ID 2019 - Source Srv", "nothing [Event ID 2019 - Source Srv]"},
        {"Event ID 2019 - Source", "nothing [Event ID 2019 - Source]"},
        {"Event ID 2019 -", "nothing [Event ID 2019 -]"},
        {"Event ID: 99999999999999999999", "nothing [Event ID: 99999999999999999999]"},
        {"Event ID:", "nothing [Event ID:]"},
        {"Event", "nothing [Event]"},
        {"Id : 2019", "id 2019"},
        {"Id: 2019 or so", "nothing [Id: 2019 or so]"},
        {"2019: " SRV, "id 2019 [" SRV "]"},
        {"2019 " SRV, "nothing [2019 " SRV "]"},
        {"2019: 12", "nothing [2019: 12]"},
        {"2019:", "nothing [2019:]"},
        {"2019", "nothing [2019]"},
        /* other fields */
        {"Event Source: Srv", "source [Srv]"},
        {"ProviderName : Srv", "source [Srv]"},
        {"Date:\t11/20/2009", "date [11/20/2009]"},
        {"date and time: 3 June", "date [3 June]"},
        {"Time: 03:12:44", "time [03:12:44]"},
        {"COMPUTER: WEB01", "host [WEB01]"},
        {"Description:", "text"},
        {"Message : x", "text [x]"},
        {"Event Type: Error", "kind [Error]"},
        {"Event Type of all: Error", "nothing [Event Type of all: Error]"},
        {"Level: 2", "kind [2]"},
        {"Data: 0000", "more [0000]"},
        {"LevelDisplayName : Error", "kind [Error]"},
        {"Event Description   : x", "text [x]"},
        {"Event Description    : x", "nothing [Event Description    : x]"},
        {"Computers: WEB01", "nothing [Computers: WEB01]"},
        {"Computer WEB01", "nothing [Computer WEB01]"},
        {": WEB01", "nothing [: WEB01]"},
        /* marks of mails and lists before it */
        {"> > Event ID: 2019", "id 2019"},
        {">| * Date: 1", "date [1]"},
        {"- Date: 1", "date [1]"},
        {"-Date: 1", "nothing [-Date: 1]"},
        {">", "nothing [>]"},
        {"*", "nothing [*]"},
        {"", "nothing"},
        /* the bytes of an event */
        {"0000: 00 00 04 00", "more [0000: 00 00 04 00]"},
        {"00f8: e3", "nothing [00f8: e3]"},
        {"00f8: e3f", "more [00f8: e3f]"},
        {"00F8: e3 0", "more [00F8: e3 0]"},
        {"00g8: 00 00 04 00", "nothing [00g8: 00 00 04 00]"},
        {"0000:00 00 04 00", "nothing [0000:00 00 04 00]"},
        {"0000 00 00 04 00", "nothing [0000 00 00 04 00]"},
        {"000", "nothing [000]"},
    };
    for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
        struct event_line x;
        char read[256];
        event_line_read(t[i].line, strlen(t[i].line), &x);
        int n = snprintf(read, sizeof read, "%s", names[x.field]);
        if (x.field == EVENT_ID)
            n += snprintf(read + n, sizeof read - (size_t)n, " %llu",
                          (unsigned long long)x.id);
        if (x.value.n > 0)
            n += snprintf(read + n, sizeof read - (size_t)n, " [%.*s]", (int)x.value.n,
                          x.value.p);
        if (x.source.n > 0)
            (void)snprintf(read + n, sizeof read - (size_t)n, " (%.*s)", (int)x.source.n,
                           x.source.p);
        if (strcmp(read, t[i].read) != 0)
            fail_msg("'%s': %s", t[i].line, read);
    }
}

/* Which lines, parted by `|`, are of one event: `+` its own, `-` not, `!` another begins;
 * `=` behind the line that made it one that tells of pools. */
static void test_lines_of_an_event(void **state)
{
    (void)state;
    static const struct {
        const char *lines, *are;
    } t[] = {
        {"Event ID: 2019|Source: Srv", "++="},
        {"Source: Srv|Event ID: 2019|Date: 1", "++=+="},
        {"Source: Svr|Id: 2019", "++="},
        {"Source: Server|Id: 2019", "++="},
        {"Source: Srv|Id: 2003", "++"},
        {"Source: Srv|Id: 2004", "++"},
        {"Source: Resource-Exhaustion-Detector|Id: 2004", "++="},
        {"Source: Srv|Id: 333", "++"},
        {"Source: Application Popup|Id: 333", "++="},
        {"Event ID: 2020 Source: Srv", "+="},
        {"2020: " SRV, "+="},
        {"2004: " LOW, "+="},
        {"2004: " SRV, "+"},
        {"Event ID: 333|An I/O operation initiated by the Registry failed", "++="},
        {"Event ID: 2019|The server's call to a system service failed", "++="},
        {"Event ID: 2019|" SRV, "++="},
        {"Event ID: 2019|words of nobody", "+-"},
        {"Event ID: 2019|Description:|words of nobody|" SRV, "++++"},
        {"Event ID: 2019|Description: " SRV "|and more", "++=+="},
        {"Event ID: 2019|Description: words|" SRV, "+++"},
        /* a blank line within, and behind the words */
        {"Event ID: 2019||Source: Srv", "+-+="},
        {"Event ID: 2019|Description:||" SRV, "++-+="},
        {"Event ID: 2019|" SRV "||and more", "++=--"},
        {"2019: " SRV "|>|" SRV, "+=--"},
        /* another one begins */
        {"Event ID: 2019|Event ID: 2020", "+!"},
        {"Source: Srv|Id: 2019|Source: Srv", "++=!"},
        {"Date: 1|Date: 2", "+!"},
        {"2019: " SRV "|Date: 1", "+=!"},
        {"2019: " SRV "||Date: 1", "+=-!"},
        {"Type: Error|Event ID: 2019|Level: 2|Source: Srv", "++++="},
        {"2019: " SRV "|Type: Error", "+=!"},
        {"Description: x|Type: Error|Id: 2019", "++!"},
        /* data */
        {"0000: 00 00 04 00|Data: 1", "--"},
        {"Source: Srv|0000: 00 00 04 00", "++"},
        {"2019: " SRV "|0000: 00 00 04 00|and more|Type: Error", "+=+=-!"},
        {"Data: 1|Event ID: 2019|Level: 2", "-++"},
    };
    for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
        struct event_draft d = {0};
        char are[32] = "";
        size_t n = 0;
        for (const char *p = t[i].lines; p != NULL;) {
            const char *end = strchr(p, '|');
            const size_t len = end != NULL ? (size_t)(end - p) : strlen(p);
            struct event_line x;
            event_line_read(p, len, &x);
            if (event_begins_next(&d, &x)) {
                are[n++] = '!';
                break;
            }
            const bool taken = event_take(&d, &x, p, len);
            are[n++] = taken ? '+' : '-';
            if (taken && event_matters(&d))
                are[n++] = '=';
            p = end != NULL ? end + 1 : NULL;
        }
        if (strcmp(are, t[i].are) != 0)
            fail_msg("%s: %s, wanted %s", t[i].lines, are, t[i].are);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one_line),
        cmocka_unit_test(test_lines_of_an_event),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
