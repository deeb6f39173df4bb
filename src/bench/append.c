/* Records in: one writer, 256 writers, and how the index comes up behind them. */
#include "bench/bare.h"
#include "bench/measure.h"
#include "register/follow.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

enum {
    WRITERS = 256,
    TURNS = 5,
    ALONE_TURNS = 21,
    ALONE_MOST = 128 /* records of one turn of the single writer */
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

/* ---- the index: entries that were judged on their way in come into it; and all of it made anew */

struct catching {
    struct appending *a;
    char directory[GROUND_PATH], finished[GROUND_PATH], followed[GROUND_PATH], bare[GROUND_PATH];
    struct truce_register *reg;
    struct index *index;
    struct bare_rows rows;
    size_t next, a_turn;
};

/* What the follower does (register/follow.c), for a turn's entries; without waiting for anybody. */
static enum status follow_turn(void *context, double *rate, struct error *error)
{
    struct catching *f = context;
    uint64_t from = FOUNDING + f->next, to = from + f->a_turn;
    double began = now_s();
    for (uint64_t at = from; at < to; at += REGISTER_GROUP)
        TRY(follow_add(f->reg, f->index, at, at + REGISTER_GROUP < to ? at + REGISTER_GROUP : to, error));
    *rate = (double)f->a_turn / (now_s() - began);
    f->next += f->a_turn;
    return STATUS_DONE;
}

static enum status follow_limit(void *context, double *rate, struct error *error)
{
    struct catching *f = context;
    double seconds;
    TRY(bare_insert(&f->rows, f->bare, f->next - f->a_turn, f->a_turn, &seconds, error));
    *rate = (double)f->a_turn / seconds;
    return STATUS_DONE;
}

static enum status rebuild_turn(void *context, double *rate, struct error *error)
{
    struct catching *f = context;
    struct truce_error why;
    double from = now_s();
    TRY(library_said(truce_rebuild(f->reg, NULL, NULL, &why), &why, error));
    *rate = (double)f->rows.count / (now_s() - from);
    return STATUS_DONE;
}

static enum status rebuild_limit(void *context, double *rate, struct error *error)
{
    struct catching *f = context;
    double seconds;
    TRY(index_remove(f->bare, error));
    TRY(bare_make(f->bare, error));
    TRY(bare_insert(&f->rows, f->bare, 0, f->rows.count, &seconds, error));
    *rate = (double)f->rows.count / seconds;
    return STATUS_DONE;
}

static enum status follow(struct catching *f, struct error *error)
{
    double rate, limit;
    f->a_turn = f->rows.count / TURNS;
    TRY(index_open(&f->index, f->followed, error));
    TRY(bare_make(f->bare, error));
    TRY(follow_add(f->reg, f->index, 0, FOUNDING, error));
    TRY(take_turns(TURNS, follow_turn, follow_limit, f, &rate, &limit, error));
    figure_rate(f->a->run, "index-catch-up", "records/s", rate, (struct limit){"sqlite-inserts", limit, 0.7}, f->next);
    TRY(take_turns(3, rebuild_turn, rebuild_limit, f, &rate, &limit, error));
    figure_rate(f->a->run, "rebuild", "records/s", rate, (struct limit){"sqlite-inserts", limit, 0}, f->rows.count);
    return STATUS_DONE;
}

static enum status followers(struct appending *a, struct error *error)
{
    struct catching f = {.a = a};
    struct truce_error why;
    ground_path(&a->run->ground, "followed", f.directory);
    ground_path(&a->run->ground, "followed/index.sqlite", f.finished);
    ground_path(&a->run->ground, "followed.sqlite", f.followed);
    ground_path(&a->run->ground, "bare.sqlite", f.bare);
    notes_clear(&a->notes);
    TRY(register_make(a->run, f.directory, a->run->options->records, &a->notes, error));
    TRY(bare_capture(&f.rows, f.finished, FOUNDING, &a->notes, 0, a->notes.count, error));
    enum status status = library_said(truce_open(&f.reg, f.directory, TRUCE_WRITE, &why), &why, error);
    if (status == STATUS_DONE) {
        status = follow(&f, error);
        index_close(&f.index);
        enum status closed = library_said(truce_close(&f.reg, &why), &why, error);
        if (status == STATUS_DONE) status = closed;
    }
    bare_clear(&f.rows);
    return status;
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
