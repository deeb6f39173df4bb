/* Copying another's register and judging all of it, beside the signatures alone: until every entry is durable, judged
 * and under the published checkpoint; and from then on until the index has it too. */
#include "bench/measure.h"

#include <stdio.h>

enum { TURNS = 5, SIGNATURES_MOST = 4096 };

struct mirroring {
    const struct run *run;
    char directory[GROUND_PATH];
    struct signature_set signatures;
    unsigned turns;
    uint64_t entries;
    struct samples indexed; /* seconds until the index has all, from the beginning */
};

static enum truce_status catch_up(struct mirroring *m, const char *copy, double *copied_s, double *indexed_s,
                                  struct truce_error *why)
{
    struct truce_mirror *mirror;
    struct truce_buffer answer = {0};
    const struct truce_mirror_options options = {.source = m->directory, .directory = copy};
    double from = now_s();
    enum truce_status status = truce_mirror_open(&mirror, &options, why);
    if (status != TRUCE_DONE) return status;
    status = truce_mirror_catch_up(mirror, why);
    *copied_s = now_s() - from;
    if (status == TRUCE_DONE) status = truce_about(truce_mirror_register(mirror), &answer, why);
    *indexed_s = now_s() - from;
    truce_free(&answer);
    truce_mirror_close(&mirror);
    return status;
}

static enum status mirror_turn(void *context, double *rate, struct error *error)
{
    struct mirroring *m = context;
    struct truce_error why;
    char copy[GROUND_PATH], name[32];
    double copied_s = 1, indexed_s = 1;
    snprintf(name, sizeof name, "copy-%u", m->turns++);
    ground_path(&m->run->ground, name, copy);
    TRY(library_said(catch_up(m, copy, &copied_s, &indexed_s, &why), &why, error));
    *rate = (double)m->entries / copied_s;
    return samples_add(&m->indexed, (double)m->entries / indexed_s, error);
}

static enum status signature_turn(void *context, double *rate, struct error *error)
{
    struct mirroring *m = context;
    return signatures_rate(&m->signatures, bench_cores(), (size_t)m->entries, rate, error);
}

enum status bench_mirror(struct run *run, struct error *error)
{
    double rate, limit;
    struct mirroring m = {.run = run, .entries = run->options->records + FOUNDING};
    ground_path(&run->ground, "register", m.directory);
    TRY(signatures_make(&m.signatures, run, SIGNATURES_MOST, error));
    enum status status = register_make(run, m.directory, run->options->records, NULL, error);
    if (status == STATUS_DONE) status = take_turns(TURNS, mirror_turn, signature_turn, &m, &rate, &limit, error);
    if (status == STATUS_DONE) {
        const struct limit signatures = {"ed25519-all-cores", limit, 0.8}, no_bar = {"ed25519-all-cores", limit, 0};
        figure_rate(run, "mirror", "records/s", rate, signatures, m.entries);
        figure_rate(run, "mirror-indexed", "records/s", samples_at(&m.indexed, 500), no_bar, m.entries);
    }
    samples_clear(&m.indexed);
    signatures_clear(&m.signatures);
    return status;
}
