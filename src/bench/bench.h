/* Measurements of what users get, each beside the limit that the machine gave in the same run. Rates are compared as
 * figure / limit, times as limit / figure: a ratio is always the share of the limit that was reached. */
#ifndef TRUCE_BENCH_BENCH_H
#define TRUCE_BENCH_BENCH_H

#include "base/error.h"

struct bench_figure {
    const char *bench, *figure; /* stable ids: "append", "one-writer" */
    const char *unit;           /* of both values: "records/s", "us", "MB/s", "bytes", "streams" … */
    double value;
    const char *limit; /* what it is measured against: a stable id, or NULL */
    double limit_value, ratio;
    double bar; /* the ratio (or without a limit the value) that is asked for; 0: none */
    bool most;  /* the bar is the most there may be, not the least */
    uint64_t records;
};
typedef void bench_report(void *context, const struct bench_figure *figure);

struct bench_options {
    const char *directory; /* whose disk is measured: a folder of the bench's own is made in it, and removed */
    const char *program;   /* the truce program, for the bench that runs a server; NULL: /proc/self/exe */
    uint64_t records, seed;
    unsigned rounds; /* how often each page is asked for; 0: as often as its 95th percentile needs */
};

/* Ended by NULL. */
extern const char *const bench_names[];

/* bench-unknown (STATUS_USAGE), bench-records (STATUS_USAGE), bench-failed with what the library said. */
MUST_USE enum status bench_run(const char *name, const struct bench_options *options, bench_report *report,
                               void *context, struct error *error);

/* Where it is measured. */
struct bench_scene {
    unsigned cores;
    char file_system[32]; /* of the directory: "ext4" */
};
void bench_scene(const char *directory, struct bench_scene *out);

#endif
