/* SPDX-License-Identifier: MIT */
/* Published cases as whole series: which record of replay.h leaks how long, over the rows
 * of which healthy machine.  Constant tables; nobody owns anything here.
 *
 * Rates and end points are the case's; hours stand in the case or follow from the two,
 * and where it gives neither they are made up (the note of each case says which). */
#ifndef TESTS_EVAL_STORIES_H
#define TESTS_EVAL_STORIES_H

#include "tests/eval/replay.h"

/* A tag that does not leak, whose course is part of the story. */
struct course {
    char tag[5];
    uint8_t pool, kind;
    double objects, bytes;      /* at rest, or when full */
    double at, at2, jump, slow; /* see behave.h */
};

struct story {
    const char *name;
    int record, machine; /* -1: none */
    unsigned captures;
    double hours;
    double restarts[3]; /* hours; 0 = no more */
    double from, to;    /* the hours of the leak; to = 0: all of them */
    bool kept;          /* next to nothing of it is ever freed */
    struct course course;
};

static const struct story stories[] = {
    {.name = "02-wcifs-lockstep",
     .record = 0,
     .machine = 3,
     .captures = 30,
     .hours = 117.84,
     .kept = true},
    {.name = "05-containers-wcifs",
     .record = 13,
     .machine = 0,
     .captures = 30,
     .hours = 135,
     .kept = true},
    {.name = "07-cowork-ntfc",
     .record = 1,
     .machine = 0,
     .captures = 25,
     .hours = 2,
     .kept = true},
    {.name = "12-codex-toke",
     .record = 4,
     .machine = 3,
     .captures = 30,
     .hours = 72,
     .restarts = {21, 46}},
    {.name = "18-netkvm-mdl",
     .record = 6,
     .machine = 0,
     .captures = 30,
     .hours = 10,
     .from = 8,
     .kept = true},
    {.name = "19-mullvad-irp",
     .record = 5,
     .machine = 2,
     .captures = 30,
     .hours = 160,
     .restarts = {145}},
    {.name = "23-containers-ulht",
     .record = 7,
     .machine = 3,
     .captures = 30,
     .hours = 240,
     .restarts = {67},
     .kept = true},
    {.name = "26-nvidia-control",
     .record = -1,
     .machine = 0,
     .captures = 30,
     .hours = 48,
     .course = {"NVRM", POOL_NONPAGED, UPDOWN, 17317, 22996976, 16, 30, 3.174, 0}},
    {.name = "26-nvidia-wsl", .record = 8, .machine = 0, .captures = 30, .hours = 82},
    {.name = "34-amda-iowi",
     .record = 9,
     .machine = 0,
     .captures = 30,
     .hours = 10,
     .kept = true},
    {.name = "40-mmst-plateau",
     .record = -1,
     .machine = 3,
     .captures = 30,
     .hours = 96,
     .course = {"MmSt", POOL_PAGED, FILL, 8684, 293147416, 0, 0, 0, 12}},
    {.name = "65-control-win10", .record = -1, .machine = 0, .captures = 30, .hours = 72},
    {.name = "66-control-churn",
     .record = -1,
     .machine = 1,
     .captures = 30,
     .hours = 72,
     .restarts = {30}},
    {.name = "71-ntfc-fixed",
     .record = 3,
     .machine = 3,
     .captures = 30,
     .hours = 30,
     .to = 1.55},
    {.name = "75-control-census",
     .record = -1,
     .machine = 2,
     .captures = 30,
     .hours = 72},
    {.name = "78-control-server",
     .record = -1,
     .machine = 3,
     .captures = 30,
     .hours = 96,
     .restarts = {31, 66}}};

enum { STORIES = sizeof stories / sizeof stories[0] };

#endif
