/* What the benches share: time, medians, turns, threads, ground to stand on, and the limits of the machine. */
#ifndef TRUCE_BENCH_MEASURE_H
#define TRUCE_BENCH_MEASURE_H

#include "bench/bench.h"
#include "bench/made.h"
#include "crypto/sign.h"
#include "truce.h"

double now_s(void);
unsigned bench_cores(void);

/* ---- values of many turns */

struct samples {
    double *value;
    size_t count, room;
};
void samples_clear(struct samples *samples);
MUST_USE enum status samples_add(struct samples *samples, double value, struct error *error);
double samples_at(struct samples *samples, unsigned permille); /* sorts; 500: the median */

/* The machine is noisy: figure and limit take turns, and each is told by its median. */
typedef enum status turn(void *context, double *value, struct error *error);
MUST_USE enum status take_turns(unsigned turns, turn *figure, turn *limit, void *context, double *value,
                                double *limit_value, struct error *error);

/* `count` threads run work(context, i); gives the seconds from the moment when all stood ready. */
MUST_USE enum status run_threads(unsigned count, enum status (*work)(void *context, unsigned i, struct error *error),
                                 void *context, double *seconds, struct error *error);

/* ---- ground: a folder of the bench's own */

enum { GROUND_PATH = 4096 };
struct ground {
    char root[GROUND_PATH - 256];
};
MUST_USE enum status ground_open(struct ground *out, const char *directory, struct error *error);
void ground_close(struct ground *ground); /* removes it; works with OWN() */
void ground_path(const struct ground *ground, const char *name, char out[GROUND_PATH]);

/* ---- one run */

struct run {
    const struct bench_options *options;
    const char *bench;
    bench_report *report;
    void *context;
    struct ground ground;
};
struct limit {
    const char *name;
    double value, bar;
};
/* A rate (higher is better) and a time (lower is better) beside their limits. */
void figure_rate(const struct run *run, const char *figure, const char *unit, double value, struct limit limit,
                 uint64_t records);
void figure_time(const struct run *run, const char *figure, const char *unit, double value, struct limit limit,
                 uint64_t records);
/* A value that no limit stands beside. */
void figure_value(const struct run *run, const char *figure, const char *unit, double value, double most,
                  uint64_t records);
/* The same where so much is asked at least. */
void figure_least(const struct run *run, const char *figure, const char *unit, double value, double least,
                  uint64_t records);

typedef enum status bench(struct run *run, struct error *error);
bench bench_append, bench_verify, bench_mirror, bench_pouch, bench_sealed, bench_evaluate, bench_find, bench_search,
    bench_serve, bench_intake, bench_witness, bench_page;

/* What the library said, as an error of this room. */
MUST_USE enum status library_said(enum truce_status status, const struct truce_error *why, struct error *error);
int line_ignored(void *context, enum truce_status status, const char *line, size_t size);

/* A register in DIRECTORY with `count` made records behind its founding ones. The notes go to `notes` if not NULL. */
MUST_USE enum status register_make(const struct run *run, const char *directory, uint64_t count, struct notes *notes,
                                   struct error *error);
/* Notes into it, in one call each so many; receipts are promises. */
MUST_USE enum status register_fill(const char *directory, const struct notes *notes, struct error *error);

/* ---- the limit of signatures */

struct signature_set {
    struct buffer bytes; /* the notes */
    struct checked_signature {
        struct public_key key;
        struct signature signature;
        struct slice text;
    } * at;
    size_t count;
};
/* Distinct messages of the size of records, each signed by its own author's key. */
MUST_USE enum status signatures_make(struct signature_set *out, const struct run *run, size_t count,
                                     struct error *error);
void signatures_clear(struct signature_set *set);
/* Signatures checked a second, on so many threads, over about `count` of them. */
MUST_USE enum status signatures_rate(const struct signature_set *set, unsigned threads, size_t count, double *rate,
                                     struct error *error);

#endif
