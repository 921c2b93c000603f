/* SPDX-License-Identifier: MIT */
/* How wide the console is; nothing is owned. */
#ifndef FORMATS_WINDOWS_IOCTL_H
#define FORMATS_WINDOWS_IOCTL_H

#define TIOCGWINSZ 1

struct winsize {
    unsigned short ws_row, ws_col;
};

/* Only TIOCGWINSZ. */
int windows_ioctl(int fd, int what, struct winsize *size);
#define ioctl windows_ioctl

#endif
