/* Records in: one writer, 256 writers, and how the index comes up behind them. */
#include "bench/bare.h"
#include "bench/measure.h"
#include "index/index.h"

#include <errno.h>
#include <fcntl.h>
#include <time.h>
#include <unistd.h>

enum {
    WRITERS = 256,
    TURNS = 5,
    ALONE_TURNS = 21,
    ALONE_MOST = 128, /* records of one turn of the single writer */
    REBUILD_TURNS = 3,
    STEP_S = 30 /* how long the follower may take to begin */
};

struct appending {
    const struct run *run;
    char directory[GROUND_PATH];
    struct notes notes;
    size_t next, a_turn; /* which note comes next; how many a turn */
    struct truce_register *reg;
    struct signature_set signatures;
    int file; /* the bare loop's */
    off_t at;
};

static enum status submit(struct truce_register *reg, struct slice notes, struct error *error)
{
    struct truce_error why;
    return library_said(truce_submit(reg, (const char *)notes.data, notes.size, line_ignored, NULL, &why), &why, error);
}

/* ---- one writer, and the same bytes by pwrite and fdatasync on the same disk */

static enum status alone_turn(void *context, double *rate, struct error *error)
{
    struct appending *a = context;
    double from = now_s();
    for (size_t i = 0; i < a->a_turn; i++) TRY(submit(a->reg, notes_at(&a->notes, a->next++), error));
    *rate = (double)a->a_turn / (now_s() - from);
    return STATUS_DONE;
}

static enum status bare_turn(void *context, double *rate, struct error *error)
{
    struct appending *a = context;
    double from = now_s();
    for (size_t i = a->next - a->a_turn; i < a->next; i++) { /* those that were just submitted */
        struct slice bytes = notes_at(&a->notes, i);
        if (pwrite(a->file, bytes.data, bytes.size, a->at) != (ssize_t)bytes.size || fdatasync(a->file) != 0)
            return error_system(error, "write", a->run->ground.root, errno);
        a->at += (off_t)bytes.size;
    }
    *rate = (double)a->a_turn / (now_s() - from);
    return STATUS_DONE;
}

static enum status alone(struct appending *a, struct error *error)
{
    char path[GROUND_PATH];
    double rate, limit;
    ground_path(&a->run->ground, "bare", path);
    a->file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (a->file < 0) return error_system(error, "create", path, errno);
    a->a_turn = a->notes.count / 2 / ALONE_TURNS;
    if (a->a_turn > ALONE_MOST) a->a_turn = ALONE_MOST;
    enum status status = take_turns(ALONE_TURNS, alone_turn, bare_turn, a, &rate, &limit, error);
    close(a->file);
    TRY(status);
    figure_rate(a->run, "one-writer", "records/s", rate, (struct limit){"pwrite-fdatasync", limit, 0.5},
                ALONE_TURNS * a->a_turn);
    return STATUS_DONE;
}

/* ---- many writers, each with one record at a time, and all cores checking signatures */

static enum status crowd_work(void *context, unsigned i, struct error *error)
{
    struct appending *a = context;
    size_t from = a->next + a->a_turn * i / WRITERS, to = a->next + a->a_turn * (i + 1) / WRITERS;
    for (; from < to; from++) TRY(submit(a->reg, notes_at(&a->notes, from), error));
    return STATUS_DONE;
}

static enum status crowd_turn(void *context, double *rate, struct error *error)
{
    struct appending *a = context;
    double seconds;
    TRY(run_threads(WRITERS, crowd_work, a, &seconds, error));
    a->next += a->a_turn;
    *rate = (double)a->a_turn / seconds;
    return STATUS_DONE;
}

static enum status index_has_all(struct appending *a, struct error *error)
{
    struct truce_error why;
    const struct truce_query query = {.kind = "genesis", .limit = 1};
    return library_said(truce_find(a->reg, &query, line_ignored, NULL, &why), &why, error);
}

/* The index goes on behind the writers; it is given its time before the machine is measured. */
static enum status signature_turn(void *context, double *rate, struct error *error)
{
    struct appending *a = context;
    TRY(index_has_all(a, error));
    return signatures_rate(&a->signatures, bench_cores(), a->a_turn, rate, error);
}

static enum status crowd(struct appending *a, struct error *error)
{
    double rate, limit;
    a->a_turn = (a->notes.count - a->next) / TURNS;
    TRY(take_turns(TURNS, crowd_turn, signature_turn, a, &rate, &limit, error));
    figure_rate(a->run, "256-writers", "records/s", rate, (struct limit){"ed25519-all-cores", limit, 0.75},
                TURNS * a->a_turn);
    return STATUS_DONE;
}

static enum status writers(struct appending *a, struct error *error)
{
    struct truce_error why;
    struct made *made;
    const struct made_options options = {.seed = a->run->options->seed, .total = a->run->options->records};
    TRY(made_open(&made, &options, error));
    enum status status = made_found(made, a->directory, error);
    if (status == STATUS_DONE) status = made_notes(made, (size_t)options.total, &a->notes, error);
    made_close(&made);
    TRY(status);
    TRY(library_said(truce_open(&a->reg, a->directory, TRUCE_WRITE, &why), &why, error));
    status = alone(a, error);
    if (status == STATUS_DONE) status = crowd(a, error);
    enum status closed = library_said(truce_close(&a->reg, &why), &why, error);
    return status != STATUS_DONE ? status : closed;
}

/* ---- the index: what is left to do when the last record is in; and all of it made anew */

struct catching {
    struct appending *a;
    char directory[GROUND_PATH], finished[GROUND_PATH], bare[GROUND_PATH];
    struct truce_register *reg;
    struct bare_rows rows;
    size_t next, a_turn;
};

/* The follower is kept from the index while records come in, so that all of them are left to do. */
static enum status submit_ahead(struct catching *c, struct error *error)
{
    struct index *holder;
    TRY(index_open(&holder, c->finished, error));
    enum status status = index_begin(holder, error);
    if (status == STATUS_DONE) status = submit(c->reg, notes_part(&c->a->notes, c->next, c->a_turn), error);
    index_rollback(holder);
    index_close(&holder);
    c->next += c->a_turn;
    return status;
}

/* Waits for its first step: when it tries again is not what is measured. */
static enum status first_step(const struct catching *c, uint64_t before, uint64_t *applied, struct error *error)
{
    const struct timespec moment = {0, 200000};
    struct index *reader;
    struct hash root;
    TRY(index_open_read_only(&reader, c->finished, error));
    enum status status = index_applied(reader, applied, &root, error);
    for (double until = now_s() + STEP_S; status == STATUS_DONE && *applied <= before && now_s() < until;) {
        nanosleep(&moment, NULL);
        status = index_applied(reader, applied, &root, error);
    }
    index_close(&reader);
    return status;
}

static enum status follow_turn(void *context, double *rate, struct error *error)
{
    struct catching *c = context;
    struct appending writer = {.reg = c->reg};
    uint64_t before = FOUNDING + c->next, applied;
    TRY(submit_ahead(c, error));
    double released = now_s();
    TRY(first_step(c, before, &applied, error));
    double from = now_s();
    TRY(index_has_all(&writer, error));
    uint64_t left = FOUNDING + c->next - applied;
    *rate = left > 0 ? (double)left / (now_s() - from) : (double)c->a_turn / (now_s() - released);
    return STATUS_DONE;
}

static enum status follow_limit(void *context, double *rate, struct error *error)
{
    struct catching *c = context;
    size_t from = c->next - c->a_turn;
    double seconds;
    TRY(bare_capture(&c->rows, c->finished, FOUNDING + from, &c->a->notes, from, c->a_turn, error));
    TRY(bare_insert(&c->rows, c->bare, from, c->a_turn, &seconds, error));
    *rate = (double)c->a_turn / seconds;
    return STATUS_DONE;
}

static enum status rebuild_turn(void *context, double *rate, struct error *error)
{
    struct catching *c = context;
    struct truce_error why;
    double from = now_s();
    TRY(library_said(truce_rebuild(c->reg, NULL, NULL, &why), &why, error));
    *rate = (double)c->rows.count / (now_s() - from);
    return STATUS_DONE;
}

static enum status rebuild_limit(void *context, double *rate, struct error *error)
{
    struct catching *c = context;
    double seconds;
    TRY(index_remove(c->bare, error));
    TRY(bare_make(c->bare, error));
    TRY(bare_insert(&c->rows, c->bare, 0, c->rows.count, &seconds, error));
    *rate = (double)c->rows.count / seconds;
    return STATUS_DONE;
}

static enum status catch_up(struct catching *c, struct error *error)
{
    double rate, limit;
    TRY(bare_make(c->bare, error));
    TRY(submit(c->reg, notes_at(&c->a->notes, 0), error)); /* from here on there is a follower */
    c->next = 1;
    TRY(index_has_all(&(struct appending){.reg = c->reg}, error));
    TRY(bare_capture(&c->rows, c->finished, FOUNDING, &c->a->notes, 0, 1, error));
    c->a_turn = (c->a->notes.count - 1) / TURNS;
    TRY(take_turns(TURNS, follow_turn, follow_limit, c, &rate, &limit, error));
    figure_rate(c->a->run, "index-catch-up", "records/s", rate, (struct limit){"sqlite-inserts", limit, 0.7},
                TURNS * c->a_turn);
    TRY(take_turns(REBUILD_TURNS, rebuild_turn, rebuild_limit, c, &rate, &limit, error));
    figure_rate(c->a->run, "rebuild", "records/s", rate, (struct limit){"sqlite-inserts", limit, 0}, c->rows.count);
    return STATUS_DONE;
}

static enum status followers(struct appending *a, struct error *error)
{
    struct catching c = {.a = a};
    struct truce_error why;
    struct made *made;
    ground_path(&a->run->ground, "followed", c.directory);
    ground_path(&a->run->ground, "followed/index.sqlite", c.finished);
    ground_path(&a->run->ground, "bare.sqlite", c.bare);
    /* The same genesis as before, so that the same notes fit. */
    TRY(made_open(&made, &(struct made_options){.seed = a->run->options->seed, .total = a->run->options->records},
                  error));
    enum status status = made_found(made, c.directory, error);
    made_close(&made);
    TRY(status);
    TRY(library_said(truce_open(&c.reg, c.directory, TRUCE_WRITE, &why), &why, error));
    status = catch_up(&c, error);
    enum status closed = library_said(truce_close(&c.reg, &why), &why, error);
    bare_clear(&c.rows);
    return status != STATUS_DONE ? status : closed;
}

enum status bench_append(struct run *run, struct error *error)
{
    struct appending a = {.run = run};
    ground_path(&run->ground, "register", a.directory);
    TRY(signatures_make(&a.signatures, run, 4096, error));
    enum status status = writers(&a, error);
    if (status == STATUS_DONE) status = followers(&a, error);
    signatures_clear(&a.signatures);
    notes_clear(&a.notes);
    return status;
}
