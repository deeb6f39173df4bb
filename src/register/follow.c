#include "register/follow.h"

#include "register/mirrored.h"
#include "register/writing.h"
#include "system/clock.h"
#include <errno.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

enum {
    PUBLISH_EVERY = 65536, /* the log keeps 32 bytes in memory for each entry that is not published yet */
    AHEAD_LEAST = 64,      /* entries for which it is worth it to begin a thread */
    GROUPS_TOGETHER = 16,  /* at the most in one transaction */
    LOOK_MS = 1000,        /* how often it looks whether its file is still there */
    GATHER_MS = 10,        /* entries that come after each other go into one transaction, if nobody waits for them */
    YIELD_MS = 1000,       /* but no longer than this while writers keep the machine busy */
    RETRY_MS = 200,        /* after a failure */
    STOP_MS = 10000,       /* how long stopping may take; whoever opens the register next does the rest */
    NICE = 10              /* writers first: what is derived can wait */
};

/* ---- entries into the index: read and decoded, then put in */

/* Entries that were judged on their way in, taken apart. */
struct prepared {
    struct truce_register *reg;
    uint64_t from, to;
    size_t count;
    struct arena arena;
    struct record record[REGISTER_GROUP];
    bool is_record[REGISTER_GROUP]; /* a mirror meets what is none */
    int64_t received_ms[REGISTER_GROUP];
    struct buffer words; /* what each is found by, one behind the other */
    struct words scratch;
    size_t words_end[REGISTER_GROUP];
    enum status status;
    struct error error;
};

static enum status prepare_entry(void *context, uint64_t entry, struct slice bytes, struct error *error)
{
    struct prepared *p = context;
    struct slice note, copy = arena_copy(&p->arena, bytes);
    size_t i = p->count++;
    size_t start = p->words.size;
    p->words_end[i] = start;
    if (copy.data == NULL) return arena_full(error);
    enum status status = entry_parse(&p->received_ms[i], &note, copy, error);
    if (status == STATUS_DONE) status = record_decode(&p->record[i], note, &p->arena, error);
    p->is_record[i] = status == STATUS_DONE;
    if (status == STATUS_REFUSED && mirrored_is_void(p->reg, entry)) return STATUS_DONE;
    TRY(status);
    OWN(buffer_clear) struct buffer words = {0};
    TRY(index_words(&words, &p->scratch, &p->record[i], error));
    buffer_put(&p->words, buffer_slice(&words));
    p->words_end[i] = start + words.size;
    return buffer_finish(&p->words, error);
}

static void prepare(struct prepared *p, struct truce_register *reg, uint64_t from, uint64_t to)
{
    p->reg = reg;
    p->from = from;
    p->to = to;
    p->count = 0;
    arena_reset(&p->arena);
    buffer_reset(&p->words);
    p->status = log_walk(reg->log, from, to, prepare_entry, p, &p->error);
}

static enum status put_all(struct index *index, const struct prepared *p, struct error *error)
{
    for (size_t i = 0, from = 0; i < p->count; from = p->words_end[i++]) {
        struct slice words = slice_part(buffer_slice(&p->words), from, p->words_end[i] - from);
        const struct record *record = p->is_record[i] ? &p->record[i] : NULL;
        bool is_void = mirrored_is_void(p->reg, p->from + i);
        TRY(index_add_with(index, p->from + i, p->received_ms[i], record, is_void, words, error));
    }
    return STATUS_DONE;
}

static enum status put(struct index *index, const struct prepared *p, struct error *error)
{
    if (p->status != STATUS_DONE && error != NULL) *error = p->error;
    TRY(p->status);
    return put_all(index, p, error);
}

static enum status commit(struct index *index, struct log *log, uint64_t to, enum status status, struct error *error)
{
    struct hash root;
    if (status == STATUS_DONE) status = log_root(log, to, &root, error);
    if (status == STATUS_DONE) status = index_commit(index, &root, error);
    if (status != STATUS_DONE) index_rollback(index);
    return status;
}

static struct prepared *prepared_new(void)
{
    struct prepared *p = calloc(1, sizeof *p);
    if (p != NULL) arena_init(&p->arena, REGISTER_GROUP_BYTES);
    return p;
}

static void prepared_free(struct prepared **p)
{
    if (*p != NULL) {
        arena_clear(&(*p)->arena);
        buffer_clear(&(*p)->words);
        words_clear(&(*p)->scratch);
    }
    free(*p);
    *p = NULL;
}

enum status follow_add(struct truce_register *reg, struct index *index, uint64_t from, uint64_t to, struct error *error)
{
    OWN(prepared_free) struct prepared *p = prepared_new();
    if (p == NULL) return arena_full(error);
    prepare(p, reg, from, to);
    TRY(index_begin(index, error));
    return commit(index, reg->log, to, put(index, p, error), error);
}

/* While one group goes into the index the next is read, if there is enough of it: the index is a thread's work by
 * itself.
 */
struct ahead {
    struct prepared *now, *next;
    pthread_t thread;
    bool running;
};

static void *prepare_next(void *context)
{
    struct prepared *p = context;
    prepare(p, p->reg, p->from, p->to);
    return NULL;
}

static void begin_next(struct ahead *ahead, struct truce_register *reg, uint64_t from)
{
    uint64_t size = register_size(reg);
    if (size - from < AHEAD_LEAST) return;
    if (ahead->next == NULL && (ahead->next = prepared_new()) == NULL) return;
    ahead->next->reg = reg;
    ahead->next->from = from;
    ahead->next->to = size - from > REGISTER_GROUP ? from + REGISTER_GROUP : size;
    ahead->running = pthread_create(&ahead->thread, NULL, prepare_next, ahead->next) == 0;
}

/* What was read ahead takes the place of what is done; *p is NULL if memory is out. */
static struct prepared *take_next(struct ahead *ahead, uint64_t from, bool *ready)
{
    struct prepared *done = ahead->now;
    *ready = ahead->running;
    if (!ahead->running) return done != NULL ? done : (ahead->now = prepared_new());
    pthread_join(ahead->thread, NULL);
    ahead->running = false;
    ahead->now = ahead->next;
    ahead->next = done;
    *ready = ahead->now->from == from;
    return ahead->now;
}

static enum status add_ahead(struct ahead *ahead, struct truce_register *reg, struct index *index, uint64_t from,
                             uint64_t *to, struct error *error)
{
    bool ready;
    uint64_t size = register_size(reg);
    struct prepared *p = take_next(ahead, from, &ready);
    if (p == NULL) return arena_full(error);
    if (!ready) prepare(p, reg, from, size - from > REGISTER_GROUP ? from + REGISTER_GROUP : size);
    *to = p->to;
    begin_next(ahead, reg, p->to);
    return put(index, p, error);
}

/* What is kept for reading ahead is given back when there is nothing to read. */
static void ahead_close(struct ahead *ahead)
{
    if (ahead->running) pthread_join(ahead->thread, NULL);
    ahead->running = false;
    prepared_free(&ahead->now);
    prepared_free(&ahead->next);
}

struct follower {
    struct truce_register *reg;
    struct ahead ahead;
    struct index *index; /* its own handle */
    uint64_t trusted;    /* entries from here on were admitted by this process */
    pthread_t thread;
    pthread_mutex_t mutex; /* guards what follows */
    pthread_cond_t changed, wake;
    bool stop, rebuilding, failing, resting;
    unsigned waiting;        /* readers that want what is not in the index yet … */
    _Atomic uint64_t wanted; /* … up to here, the nearest of them */
    struct timespec stop_by;
    uint64_t applied;
    unsigned generation;
    uint64_t publish_asked, publish_done;
    struct error published; /* how the last publishing went */
};

/* Entries that this process did not admit, met where the index is made anew: judged like anybody's. */
static enum status judge_group(struct follower *follower, uint64_t from, uint64_t to, struct error *error)
{
    const struct following following = {.progress = NULL};
    struct members *members;
    TRY(register_members(follower->reg, follower->index, from, &members, error));
    enum status status = register_apply(follower->reg, follower->index, members, from, to, &following, error);
    members_close(&members);
    return status;
}

/* A few groups in one transaction, for each writes anew the pages that it touches; but whoever waits for what is
 * in is not kept. */
static enum status add_groups(struct follower *follower, uint64_t from, uint64_t *to, struct error *error)
{
    struct truce_register *reg = follower->reg;
    for (unsigned groups = 1;; groups++, from = *to) {
        TRY(add_ahead(&follower->ahead, reg, follower->index, from, to, error));
        if (groups == GROUPS_TOGETHER || register_size(reg) - *to < REGISTER_GROUP || *to >= follower->wanted)
            return STATUS_DONE;
    }
}

/* One transaction further. */
static enum status step(struct follower *follower, uint64_t *applied, struct error *error)
{
    struct hash root;
    TRY(index_applied(follower->index, applied, &root, error)); /* another process may have been faster */
    uint64_t from = *applied, size = register_size(follower->reg);
    if (from >= size) return STATUS_DONE;
    if (from < follower->trusted) {
        TRY(judge_group(follower, from, follower->trusted, error));
        *applied = follower->trusted;
        return STATUS_DONE;
    }
    TRY(index_begin(follower->index, error));
    enum status status = add_groups(follower, from, applied, error);
    TRY(commit(follower->index, follower->reg->log, *applied, status, error));
    if (*applied == register_size(follower->reg)) ahead_close(&follower->ahead);
    return STATUS_DONE;
}

/* ---- the file */

static enum status open_anew(struct follower *follower, struct error *error)
{
    char path[REGISTER_PATH_SIZE];
    TRY(register_path(path, follower->reg->directory, "index.sqlite", error));
    index_close(&follower->index);
    /* What belongs to a file that is gone must not be taken for the new one's. */
    if (access(path, F_OK) != 0) TRY(index_remove(path, error));
    return index_open(&follower->index, path, error);
}

/* ---- the thread; the mutex is held but while work is done */

static void publish(struct follower *follower)
{
    struct error error = {.status = STATUS_DONE};
    uint64_t asked = follower->publish_asked;
    pthread_mutex_unlock(&follower->mutex);
    enum status status = log_publish(follower->reg->log, &error);
    pthread_mutex_lock(&follower->mutex);
    if (status == STATUS_DONE) error.status = STATUS_DONE;
    follower->published = error;
    follower->publish_done = asked;
    pthread_cond_broadcast(&follower->changed);
}

/* False after a failure: the log is safe, so it is tried again a little later. */
static bool follow(struct follower *follower)
{
    struct error error;
    uint64_t applied = follower->applied;
    pthread_mutex_unlock(&follower->mutex);
    bool anew = follower->index == NULL || !index_is_there(follower->index);
    enum status status = anew ? open_anew(follower, &error) : STATUS_DONE;
    if (anew && status == STATUS_DONE) {
        pthread_mutex_lock(&follower->mutex);
        follower->rebuilding = true;
        pthread_cond_broadcast(&follower->changed);
        pthread_mutex_unlock(&follower->mutex);
    }
    if (status == STATUS_DONE) status = step(follower, &applied, &error);
    pthread_mutex_lock(&follower->mutex);
    follower->failing = status != STATUS_DONE;
    if (follower->failing) pthread_cond_broadcast(&follower->changed);
    if (follower->failing) return false;
    if (follower->rebuilding && applied < follower->trusted) return true;
    if (follower->rebuilding) follower->generation++;
    follower->rebuilding = false;
    follower->applied = applied;
    pthread_cond_broadcast(&follower->changed);
    return true;
}

static void rest(struct follower *follower, int64_t ms)
{
    struct timespec until = clock_deadline(ms);
    follower->resting = true;
    pthread_cond_timedwait(&follower->wake, &follower->mutex, &until);
    follower->resting = false;
}

/* While writers are at it they have the machine, for their receipts do not need the index: for a moment; where much
 * comes in one piece, until it is in. */
static bool yields(const struct follower *follower, const struct timespec *first, const struct timespec *last)
{
    const struct writing *w = follower->reg->writing;
    if (w->bulk > 0) return true;
    return !clock_past(last) && (!clock_past(first) || w->led);
}

/* Whoever waits is served at once; else what comes within a moment is taken together. */
static void gather(struct follower *follower)
{
    struct truce_register *reg = follower->reg;
    struct timespec first = clock_deadline(GATHER_MS), last = clock_deadline(YIELD_MS);
    while (follower->waiting == 0 && !follower->stop && register_size(reg) - follower->applied < RECENT_MOST / 2 &&
           yields(follower, &first, &last)) {
        struct timespec until = clock_deadline(GATHER_MS);
        pthread_cond_timedwait(&follower->wake, &follower->mutex, &until);
    }
}

/* The same holds for publishing, as far as memory allows. */
static bool publishes(const struct follower *follower)
{
    uint64_t waiting = log_size(follower->reg->log) - log_published(follower->reg->log);
    bool bulk = follower->reg->writing->bulk > 0;
    return follower->publish_asked > follower->publish_done || waiting >= PUBLISH_EVERY * (bulk ? UINT64_C(4) : 1);
}

static void *run(void *context)
{
    struct follower *follower = context;
    setpriority(PRIO_PROCESS, (id_t)syscall(SYS_gettid), NICE);
    pthread_mutex_lock(&follower->mutex);
    for (bool well = true;;) {
        if (publishes(follower)) publish(follower);
        bool behind = follower->applied < register_size(follower->reg);
        if (follower->stop && (!behind || !well || follower->rebuilding || clock_past(&follower->stop_by))) break;
        if (!well)
            rest(follower, RETRY_MS);
        else if (behind)
            gather(follower);
        else if (follower->publish_asked == follower->publish_done)
            rest(follower, LOOK_MS);
        if (!behind && follower->applied < register_size(follower->reg)) gather(follower); /* it came just now */
        well = follow(follower);
    }
    pthread_mutex_unlock(&follower->mutex);
    return NULL;
}

/* ---- from other threads */

enum status follow_start(struct follower **out, struct truce_register *reg, struct error *error)
{
    char path[REGISTER_PATH_SIZE];
    TRY(register_path(path, reg->directory, "index.sqlite", error));
    struct follower *follower = calloc(1, sizeof *follower);
    if (follower == NULL) return arena_full(error);
    follower->reg = reg;
    follower->wanted = UINT64_MAX;
    follower->trusted = follower->applied = register_size(reg);
    enum status status = index_open(&follower->index, path, error);
    pthread_mutex_init(&follower->mutex, NULL);
    clock_condition(&follower->changed);
    clock_condition(&follower->wake);
    if (status == STATUS_DONE && pthread_create(&follower->thread, NULL, run, follower) != 0)
        status = error_set(error, STATUS_FAILED, "thread", "A thread could not be started.", NULL);
    if (status == STATUS_DONE) {
        *out = follower;
        return status;
    }
    index_close(&follower->index);
    free(follower);
    return status;
}

void follow_stop(struct follower **follower)
{
    struct follower *f = *follower;
    *follower = NULL;
    if (f == NULL) return;
    pthread_mutex_lock(&f->mutex);
    f->stop = true;
    f->stop_by = clock_deadline(STOP_MS);
    pthread_cond_signal(&f->wake);
    pthread_mutex_unlock(&f->mutex);
    pthread_join(f->thread, NULL);
    ahead_close(&f->ahead);
    index_close(&f->index);
    pthread_cond_destroy(&f->changed);
    pthread_cond_destroy(&f->wake);
    pthread_mutex_destroy(&f->mutex);
    free(f);
}

/* One that gathers need not be told of each. */
void follow_wake(struct follower *follower)
{
    pthread_mutex_lock(&follower->mutex);
    if (follower->resting) pthread_cond_signal(&follower->wake);
    pthread_mutex_unlock(&follower->mutex);
}

struct followed follow_wait(struct follower *follower, uint64_t wanted, int64_t most_ms)
{
    bool patient = most_ms == FOLLOW_PATIENTLY;
    struct timespec until = clock_deadline(patient ? INT32_MAX : most_ms);
    pthread_mutex_lock(&follower->mutex);
    follower->waiting++;
    if (wanted < follower->wanted && follower->applied < wanted) follower->wanted = wanted;
    if (follower->applied < wanted) pthread_cond_signal(&follower->wake);
    while (follower->applied < wanted && (patient || !follower->rebuilding) && !follower->failing)
        if (pthread_cond_timedwait(&follower->changed, &follower->mutex, &until) == ETIMEDOUT) break;
    if (--follower->waiting == 0) follower->wanted = UINT64_MAX;
    const struct followed followed = {follower->applied, follower->generation};
    pthread_mutex_unlock(&follower->mutex);
    return followed;
}

enum status follow_publish(struct follower *follower, struct error *error)
{
    pthread_mutex_lock(&follower->mutex);
    uint64_t mine = ++follower->publish_asked;
    pthread_cond_signal(&follower->wake);
    while (follower->publish_done < mine) pthread_cond_wait(&follower->changed, &follower->mutex);
    struct error published = follower->published;
    pthread_mutex_unlock(&follower->mutex);
    if (published.status != STATUS_DONE && error != NULL) *error = published;
    return published.status;
}
