#include "register/follow.h"

#include "register/writing.h"
#include "system/clock.h"
#include <errno.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

enum {
    PUBLISH_EVERY = 65536, /* the log keeps 32 bytes in memory for each entry that is not published yet */
    LOOK_MS = 1000,        /* how often it looks whether its file is still there */
    GATHER_MS = 10,        /* entries that come after each other go into one transaction, if nobody waits for them */
    YIELD_MS = 1000,       /* but no longer than this while writers keep the machine busy */
    RETRY_MS = 200,        /* after a failure */
    STOP_MS = 10000,       /* how long stopping may take; whoever opens the register next does the rest */
    NICE = 10              /* writers first: what is derived can wait */
};

struct follower {
    struct truce_register *reg;
    struct index *index; /* its own handle */
    uint64_t trusted;    /* entries from here on were admitted by this process */
    pthread_t thread;
    pthread_mutex_t mutex; /* guards what follows */
    pthread_cond_t changed, wake;
    bool stop, rebuilding, failing, resting;
    unsigned waiting; /* readers that want what is not in the index yet */
    struct timespec stop_by;
    uint64_t applied;
    unsigned generation;
    uint64_t publish_asked, publish_done;
    struct error published; /* how the last publishing went */
};

/* ---- entries into the index */

/* Entries that were judged on their way in. */
struct adding {
    struct index *index;
    struct arena arena;
};

static enum status add_entry(void *context, uint64_t entry, struct slice bytes, struct error *error)
{
    struct adding *adding = context;
    struct record record;
    struct slice note;
    int64_t received_ms;
    arena_reset(&adding->arena);
    TRY(entry_parse(&received_ms, &note, bytes, error));
    TRY(record_decode(&record, note, &adding->arena, error));
    return index_add(adding->index, entry, received_ms, &record, false, error);
}

enum status follow_add(struct truce_register *reg, struct index *index, uint64_t from, uint64_t to, struct error *error)
{
    struct adding adding = {.index = index};
    struct hash root;
    TRY(index_begin(index, error));
    arena_init(&adding.arena, LIMIT_REQUEST_BYTES);
    enum status status = log_walk(reg->log, from, to, add_entry, &adding, error);
    arena_clear(&adding.arena);
    if (status == STATUS_DONE) status = log_root(reg->log, to, &root, error);
    if (status == STATUS_DONE) status = index_commit(index, &root, error);
    if (status != STATUS_DONE) index_rollback(index);
    return status;
}

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

/* One group further. */
static enum status step(struct follower *follower, uint64_t *applied, struct error *error)
{
    struct hash root;
    TRY(index_applied(follower->index, applied, &root, error)); /* another process may have been faster */
    uint64_t from = *applied, size = log_size(follower->reg->log);
    if (from >= size) return STATUS_DONE;
    if (from < follower->trusted) {
        TRY(judge_group(follower, from, follower->trusted, error));
        *applied = follower->trusted;
        return STATUS_DONE;
    }
    uint64_t to = size - from > REGISTER_GROUP ? from + REGISTER_GROUP : size;
    TRY(follow_add(follower->reg, follower->index, from, to, error));
    *applied = to;
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

/* Whoever waits is served at once; else what comes within a moment is taken together, and while writers are at it they
 * have the machine: their receipts do not need the index. */
static void gather(struct follower *follower)
{
    struct log *log = follower->reg->log;
    struct timespec first = clock_deadline(GATHER_MS), last = clock_deadline(YIELD_MS);
    while (follower->waiting == 0 && !follower->stop && !clock_past(&last) &&
           log_size(log) - follower->applied < RECENT_MOST / 2 &&
           (!clock_past(&first) || follower->reg->writing->led)) {
        struct timespec until = clock_deadline(GATHER_MS);
        pthread_cond_timedwait(&follower->wake, &follower->mutex, &until);
    }
}

static void *run(void *context)
{
    struct follower *follower = context;
    struct log *log = follower->reg->log;
    setpriority(PRIO_PROCESS, (id_t)syscall(SYS_gettid), NICE);
    pthread_mutex_lock(&follower->mutex);
    for (bool well = true;;) {
        if (follower->publish_asked > follower->publish_done || log_size(log) - log_published(log) >= PUBLISH_EVERY)
            publish(follower);
        bool behind = follower->applied < log_size(log);
        if (follower->stop && (!behind || !well || follower->rebuilding || clock_past(&follower->stop_by))) break;
        if (!well)
            rest(follower, RETRY_MS);
        else if (behind)
            gather(follower);
        else if (follower->publish_asked == follower->publish_done)
            rest(follower, LOOK_MS);
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
    follower->trusted = follower->applied = log_size(reg->log);
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
    if (follower->applied < wanted) pthread_cond_signal(&follower->wake);
    while (follower->applied < wanted && (patient || !follower->rebuilding) && !follower->failing)
        if (pthread_cond_timedwait(&follower->changed, &follower->mutex, &until) == ETIMEDOUT) break;
    follower->waiting--;
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
