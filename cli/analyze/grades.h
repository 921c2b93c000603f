/* SPDX-License-Identifier: MIT */
/* How much a series must show before something is said of it; constants, nobody owns
 * anything here. */
#ifndef CLI_ANALYZE_GRADES_H
#define CLI_ANALYZE_GRADES_H

/* With fewer snapshots there is no series, only a size or a difference. */
#define SERIES_SNAPSHOTS 3

/* With fewer, or in less time, growth is a possible leak at most, nothing is free of
 * leaks, and no two series are compared. */
#define GRADED_SNAPSHOTS 6
#define GRADED_HOURS     6.0

/* In less time, or with fewer steps, it is a probable leak at most, and the captures are
 * too few to say that nothing leaks. */
#define LEAK_HOURS 24.0
#define LEAK_STEPS 5

/* With fewer effective rises, growth is one step until there is a second. */
#define ONE_RISE 1.35

#endif
