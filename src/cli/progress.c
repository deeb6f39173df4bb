#include "cli/progress.h"

#include "text/utf8.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

enum { WAIT_MS = 500, STEP_MS = 100, BAR_COLUMNS = 24 };

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void progress_open(struct progress *progress, const char *label)
{
    const char *term = getenv("TERM");
    *progress = (struct progress){.label = label, .began_ms = now_ms()};
    progress->on = isatty(STDERR_FILENO) && term != NULL && strcmp(term, "dumb") != 0;
}

void progress_draw(struct buffer *out, const char *label, uint64_t done, uint64_t total)
{
    if (done > total && total > 0) done = total;
    buffer_print(out, "%s ", label);
    if (total == 0) {
        buffer_print(out, "%" PRIu64, done);
        return;
    }
    /* Divided first where the product would not fit. */
    uint64_t filled = total > UINT64_MAX / 100 ? done / (total / BAR_COLUMNS) : done * BAR_COLUMNS / total;
    uint64_t percent = total > UINT64_MAX / 100 ? done / (total / 100) : done * 100 / total;
    buffer_put_byte(out, '[');
    for (uint64_t i = 0; i < BAR_COLUMNS; i++) buffer_put_byte(out, i < filled ? '#' : '.');
    buffer_print(out, "] %" PRIu64 "%% %" PRIu64 "/%" PRIu64, percent, done, total);
}

void progress_update(struct progress *progress, uint64_t done, uint64_t total)
{
    if (!progress->on) return;
    int64_t now = now_ms();
    if (now - progress->began_ms < WAIT_MS || now - progress->drawn_ms < STEP_MS) return;
    OWN(buffer_clear) struct buffer line = {0};
    progress_draw(&line, progress->label, done, total);
    fprintf(stderr, "\r\033[K%.*s", SLICE(buffer_slice(&line)));
    fflush(stderr);
    progress->drawn_ms = now;
    progress->shown = true;
}

void progress_hide(struct progress *progress)
{
    if (!progress->shown) return;
    fputs("\r\033[K", stderr);
    fflush(stderr);
    progress->shown = false;
}
