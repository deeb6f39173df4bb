/* A bar on the standard error, where that is a terminal and the work takes longer than a moment. */
#ifndef TRUCE_CLI_PROGRESS_H
#define TRUCE_CLI_PROGRESS_H

#include "base/buffer.h"

struct progress {
    const char *label; /* in the reader's language */
    bool on, shown;
    int64_t began_ms, drawn_ms;
};

void progress_open(struct progress *progress, const char *label);
void progress_update(struct progress *progress, uint64_t done, uint64_t total); /* total 0: not known */
/* Takes the bar away: before anything else is said, and at the end. It comes back with the next update. */
void progress_hide(struct progress *progress);

/* One line of the bar, for a terminal of 80 columns. */
void progress_draw(struct buffer *out, const char *label, uint64_t done, uint64_t total);

#endif
