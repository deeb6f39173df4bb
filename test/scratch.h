/* A directory of a test's own under $TMPDIR, and its removal. */
#ifndef TRUCE_TEST_SCRATCH_H
#define TRUCE_TEST_SCRATCH_H

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Made anew; the caller gives it back with scratch_remove. */
static inline char *scratch(const char *name)
{
    const char *base = getenv("TMPDIR");
    char path[512];
    snprintf(path, sizeof path, "%s/truce-%s-XXXXXX", base == NULL || *base == '\0' ? "/tmp" : base, name);
    if (mkdtemp(path) == NULL) {
        perror(path);
        exit(1);
    }
    return strdup(path);
}

static inline int scratch_visit(const char *path, const struct stat *about, int kind, struct FTW *walk)
{
    (void)about;
    (void)kind;
    (void)walk;
    return remove(path);
}

static inline void scratch_remove(char *path)
{
    nftw(path, scratch_visit, 16, FTW_DEPTH | FTW_PHYS);
    free(path);
}

#endif
