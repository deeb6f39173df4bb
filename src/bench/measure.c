#include "bench/measure.h"

#include "register/register.h"
#include "system/clock.h"
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/vfs.h>
#include <unistd.h>

double now_s(void)
{
    return (double)clock_steady_ns() / 1e9;
}

unsigned bench_cores(void)
{
    long count = sysconf(_SC_NPROCESSORS_ONLN);
    return count < 1 ? 1 : (unsigned)count;
}

/* ---- samples and turns */

void samples_clear(struct samples *samples)
{
    free(samples->value);
    *samples = (struct samples){0};
}

enum status samples_add(struct samples *samples, double value, struct error *error)
{
    if (samples->count == samples->room) {
        size_t room = samples->room == 0 ? 64 : samples->room * 2;
        double *grown = realloc(samples->value, room * sizeof *grown);
        if (grown == NULL) return arena_full(error);
        samples->value = grown;
        samples->room = room;
    }
    samples->value[samples->count++] = value;
    return STATUS_DONE;
}

static int compare(const void *a, const void *b)
{
    double first = *(const double *)a, second = *(const double *)b;
    return (first > second) - (first < second);
}

double samples_at(struct samples *samples, unsigned permille)
{
    if (samples->count == 0) return 0;
    qsort(samples->value, samples->count, sizeof *samples->value, compare);
    return samples->value[(samples->count - 1) * permille / 1000];
}

enum status take_turns(unsigned turns, turn *figure, turn *limit, void *context, double *value, double *limit_value,
                       struct error *error)
{
    OWN(samples_clear) struct samples values = {0}, limits = {0};
    for (unsigned i = 0; i < turns; i++) {
        double one, other;
        TRY(figure(context, &one, error));
        TRY(limit(context, &other, error));
        TRY(samples_add(&values, one, error));
        TRY(samples_add(&limits, other, error));
    }
    *value = samples_at(&values, 500);
    *limit_value = samples_at(&limits, 500);
    return STATUS_DONE;
}

/* ---- threads */

struct crowd {
    enum status (*work)(void *context, unsigned i, struct error *error);
    void *context;
    pthread_barrier_t ready;
};
struct worker {
    struct crowd *crowd;
    unsigned i;
    pthread_t thread;
    enum status status;
    struct error error;
};

static void *worker_run(void *context)
{
    struct worker *worker = context;
    pthread_barrier_wait(&worker->crowd->ready);
    worker->status = worker->crowd->work(worker->crowd->context, worker->i, &worker->error);
    return NULL;
}

static enum status no_thread(struct error *error)
{
    return error_set(error, STATUS_FAILED, "thread", "A thread could not be started.", NULL);
}

/* Every thread waits at the barrier, so one that cannot be started would keep the others there: then all is given up.
 */
static enum status start(struct worker *workers, unsigned count, struct crowd *crowd, struct error *error)
{
    for (unsigned i = 0; i < count; i++) {
        workers[i] = (struct worker){.crowd = crowd, .i = i};
        if (pthread_create(&workers[i].thread, NULL, worker_run, &workers[i]) == 0) continue;
        while (i > 0) {
            pthread_cancel(workers[--i].thread);
            pthread_join(workers[i].thread, NULL);
        }
        return no_thread(error);
    }
    return STATUS_DONE;
}

enum status run_threads(unsigned count, enum status (*work)(void *context, unsigned i, struct error *error),
                        void *context, double *seconds, struct error *error)
{
    struct crowd crowd = {.work = work, .context = context};
    struct worker *workers = calloc(count, sizeof *workers);
    if (workers == NULL) return arena_full(error);
    if (pthread_barrier_init(&crowd.ready, NULL, count + 1) != 0) {
        free(workers);
        return no_thread(error);
    }
    enum status status = start(workers, count, &crowd, error);
    if (status == STATUS_DONE) {
        pthread_barrier_wait(&crowd.ready);
        double from = now_s();
        for (unsigned i = 0; i < count; i++) pthread_join(workers[i].thread, NULL);
        *seconds = now_s() - from;
    }
    for (unsigned i = 0; i < count && status == STATUS_DONE; i++) {
        status = workers[i].status;
        if (status != STATUS_DONE && error != NULL) *error = workers[i].error;
    }
    pthread_barrier_destroy(&crowd.ready);
    free(workers);
    return status;
}

/* ---- the scene */

void bench_scene(const char *directory, struct bench_scene *out)
{
    static const struct {
        long type;
        const char *name;
    } known[] = {{0xEF53, "ext4"},        {0x01021994, "tmpfs"}, {0x58465342, "xfs"}, {0x9123683E, "btrfs"},
                 {0x794C7630, "overlay"}, {0x6969, "nfs"},       {0x2FC12FC1, "zfs"}, {0xF2F52010, "f2fs"}};
    struct statfs about;
    *out = (struct bench_scene){.cores = bench_cores()};
    if (statfs(directory, &about) != 0) return;
    snprintf(out->file_system, sizeof out->file_system, "0x%lX", (unsigned long)about.f_type);
    for (size_t i = 0; i < COUNT_OF(known); i++)
        if (known[i].type == (long)about.f_type)
            snprintf(out->file_system, sizeof out->file_system, "%s", known[i].name);
}

/* ---- telling */

static void tell(const struct run *run, struct bench_figure figure)
{
    figure.bench = run->bench;
    run->report(run->context, &figure);
}

static void tell_beside(const struct run *run, const char *figure, const char *unit, double value, struct limit limit,
                        double part, double whole, uint64_t records)
{
    tell(run, (struct bench_figure){.figure = figure,
                                    .unit = unit,
                                    .value = value,
                                    .limit = limit.name,
                                    .limit_value = limit.value,
                                    .ratio = whole > 0 ? part / whole : 0,
                                    .bar = limit.bar,
                                    .records = records});
}

void figure_rate(const struct run *run, const char *figure, const char *unit, double value, struct limit limit,
                 uint64_t records)
{
    tell_beside(run, figure, unit, value, limit, value, limit.value, records);
}

void figure_time(const struct run *run, const char *figure, const char *unit, double value, struct limit limit,
                 uint64_t records)
{
    tell_beside(run, figure, unit, value, limit, limit.value, value, records);
}

void figure_value(const struct run *run, const char *figure, const char *unit, double value, double most,
                  uint64_t records)
{
    tell(run, (struct bench_figure){
                  .figure = figure, .unit = unit, .value = value, .bar = most, .most = true, .records = records});
}

void figure_least(const struct run *run, const char *figure, const char *unit, double value, double least,
                  uint64_t records)
{
    tell(run, (struct bench_figure){.figure = figure, .unit = unit, .value = value, .bar = least, .records = records});
}

/* ---- the benches */

static const struct {
    const char *name;
    bench *run;
} benches[] = {
    {"append", bench_append}, {"verify", bench_verify},     {"mirror", bench_mirror},   {"pouch", bench_pouch},
    {"sealed", bench_sealed}, {"evaluate", bench_evaluate}, {"find", bench_find},       {"search", bench_search},
    {"serve", bench_serve},   {"intake", bench_intake},     {"witness", bench_witness}, {"page", bench_page},
};
const char *const bench_names[] = {"append", "verify", "mirror", "pouch",   "sealed", "evaluate", "find",
                                   "search", "serve",  "intake", "witness", "page",   NULL};

enum { RECORDS_LEAST = 64, RECORDS_MOST = 10000000 };

enum status bench_run(const char *name, const struct bench_options *options, bench_report *report, void *context,
                      struct error *error)
{
    size_t which = 0;
    struct run run = {.options = options, .bench = name, .report = report, .context = context};
    while (which < COUNT_OF(benches) && strcmp(benches[which].name, name) != 0) which++;
    if (which == COUNT_OF(benches))
        return error_set(error, STATUS_USAGE, "bench-unknown", "There is no measurement \"{0}\".", name, NULL);
    if (options->records < RECORDS_LEAST || options->records > RECORDS_MOST)
        return error_set(error, STATUS_USAGE, "bench-records", "A measurement takes {0} to {1} records.",
                         error_number(RECORDS_LEAST).text, error_number(RECORDS_MOST).text, NULL);
    TRY(crypto_start(error));
    TRY(ground_open(&run.ground, options->directory, error));
    enum status status = benches[which].run(&run, error);
    ground_close(&run.ground);
    return status;
}
