/* render/test_helper.h - the only helper of a test, looked at from outside. For *_test.c only. */
#ifndef RENDER_TEST_HELPER_H
#define RENDER_TEST_HELPER_H

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/test.h"

#ifdef __SANITIZE_ADDRESS__
enum { IS_SANITIZED = 1 }; /* keeps what was freed for a while */
#else
enum { IS_SANITIZED = 0 };
#endif

/* The number of our only helper; 0 without one. */
static inline pid_t helper_pid(void)
{
    pid_t found = 0;
    DIR *processes = opendir("/proc");
    struct dirent *entry = NULL;
    /* NOLINTNEXTLINE(concurrency-mt-unsafe): each call has its own stream */
    while (found == 0 && (entry = readdir(processes)) != NULL) {
        char path[300];
        char line[256] = "";
        (void)snprintf(path, sizeof path, "/proc/%s/stat", entry->d_name);
        FILE *stat = fopen(path, "r");
        if (stat == NULL) {
            continue;
        }
        size_t n = fread(line, 1, sizeof line - 1, stat);
        (void)fclose(stat);
        const char *behind = n > 0 ? strrchr(line, ')') : NULL;
        if (behind != NULL && strtol(behind + 4, NULL, 10) == getpid()) {
            found = (pid_t)strtol(entry->d_name, NULL, 10);
        }
    }
    (void)closedir(processes);
    return found;
}

/* Resident kilobytes of our helper, the most it ever had. */
static inline long helper_peak_kb(void)
{
    char path[64];
    char line[256];
    long peak = 0;
    (void)snprintf(path, sizeof path, "/proc/%d/status", (int)helper_pid());
    FILE *status = fopen(path, "r");
    assert_non_null(status);
    while (fgets(line, sizeof line, status) != NULL) {
        if (strncmp(line, "VmHWM:", 6) == 0) {
            peak = strtol(line + 6, NULL, 10);
        }
    }
    (void)fclose(status);
    return peak;
}

#endif
