/* SPDX-License-Identifier: MIT */
/* Reading folders, by names in UTF-8; who opened a DIR closes it. */
#ifndef FORMATS_WINDOWS_DIRENT_H
#define FORMATS_WINDOWS_DIRENT_H

/* 255 units of UTF-16 are at most so many bytes of UTF-8. */
#define DIRENT_NAME (3 * 255 + 1)

struct dirent {
    char d_name[DIRENT_NAME];
};

typedef struct windows_folder DIR;

DIR *windows_opendir(const char *path);
/* errno is left alone at the end. */
struct dirent *windows_readdir(DIR *d);
int windows_closedir(DIR *d);

#define opendir  windows_opendir
#define readdir  windows_readdir
#define closedir windows_closedir

#endif
