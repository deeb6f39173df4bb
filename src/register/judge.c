#include "register/judge.h"

#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

/* ---- signatures on all cores */

enum { THREADS_MOST = 64, JOBS_A_TURN = 16 };

struct signature_pool {
    struct signature_job *jobs;
    size_t count;
    atomic_size_t next;
};

static void *check_some(void *context)
{
    struct signature_pool *pool = context;
    for (;;) {
        size_t from = atomic_fetch_add(&pool->next, JOBS_A_TURN);
        if (from >= pool->count) return NULL;
        size_t to = from + JOBS_A_TURN < pool->count ? from + JOBS_A_TURN : pool->count;
        for (size_t i = from; i < to; i++)
            pool->jobs[i].holds = pool->jobs[i].known && record_verify(pool->jobs[i].record, &pool->jobs[i].key);
    }
}

/* Asked once: the answer comes from a file. */
static unsigned cores(void)
{
    static _Atomic long known;
    long count = known;
    if (count == 0) known = count = sysconf(_SC_NPROCESSORS_ONLN);
    return count < 1 ? 1 : (unsigned)count;
}

void signatures_check(struct signature_job *jobs, size_t count, unsigned threads)
{
    struct signature_pool pool = {.jobs = jobs, .count = count};
    pthread_t helper[THREADS_MOST];
    unsigned started = 0;
    if (threads == 0) threads = cores();
    if (threads > THREADS_MOST) threads = THREADS_MOST;
    while (started + 1 < threads && (size_t)(started + 1) * JOBS_A_TURN < count &&
           pthread_create(&helper[started], NULL, check_some, &pool) == 0)
        started++;
    check_some(&pool); /* this thread works too, and alone where none could be started */
    while (started > 0) pthread_join(helper[--started], NULL);
}

/* ---- lookups */

void judge_open(struct judge *judge, struct truce_register *reg, struct index *index, struct members *members,
                uint64_t base, const struct record **group)
{
    *judge = (struct judge){.reg = reg, .index = index, .members = members, .base = base, .group = group};
    arena_init(&judge->arena, LIMIT_REQUEST_BYTES);
}

void judge_close(struct judge *judge)
{
    buffer_clear(&judge->entry);
    arena_clear(&judge->arena);
}

enum status judge_find(struct judge *judge, const struct record_id *id, bool *found, uint64_t *entry,
                       struct error *error)
{
    bool is_void = false;
    *found = judge->recent != NULL && recent_find(judge->recent, id, entry); /* this writer's own: never void */
    if (*found) return STATUS_DONE;
    TRY(index_find_id(judge->index, id, found, entry, &is_void, error));
    if (is_void) *found = false;
    return STATUS_DONE;
}

static const struct record *find_record(void *context, const struct record_id *id)
{
    struct judge *judge = context;
    uint64_t entry;
    bool found;
    int64_t received_ms;
    if (judge->trouble.status != STATUS_DONE) return NULL;
    if (judge->absent != NULL && record_id_equal(judge->absent, id)) return NULL;
    if (judge_find(judge, id, &found, &entry, &judge->trouble) != STATUS_DONE || !found) return NULL;
    if (entry >= judge->base) return entry - judge->base < judge->grouped ? judge->group[entry - judge->base] : NULL;
    arena_reset(&judge->arena);
    buffer_reset(&judge->entry);
    if (register_read(judge->reg, entry, &judge->entry, &judge->arena, &judge->found, &received_ms, &judge->trouble) !=
        STATUS_DONE)
        return NULL;
    return &judge->found;
}

static uint64_t count_day(void *context, struct slice by, int64_t day)
{
    struct judge *judge = context;
    uint64_t count = 0;
    if (judge->trouble.status != STATUS_DONE) return 0;
    if (judge->count_day != NULL) return judge->count_day(judge->context, by, day, &judge->trouble);
    return index_count_day(judge->index, by, day, &count, &judge->trouble) == STATUS_DONE ? count : 0;
}

/* Of what stands in the log. Nobody can have signed a size that only this very group will reach: its entries are not
 * durable yet. */
static bool root_at(void *context, uint64_t size, struct hash *out)
{
    struct judge *judge = context;
    if (judge->trouble.status != STATUS_DONE || size > log_size(judge->reg->log)) return false;
    judge->trouble.status = log_root(judge->reg->log, size, out, &judge->trouble);
    return judge->trouble.status == STATUS_DONE;
}

void judge_keys(const struct members *members, struct signature_job *jobs, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        jobs[i].holds = false;
        jobs[i].known = admission_key(&jobs[i].key, members, jobs[i].record, NULL) == STATUS_DONE;
    }
}

void judge_signatures(const struct members *members, struct signature_job *jobs, size_t count, unsigned threads)
{
    judge_keys(members, jobs, count);
    signatures_check(jobs, count, threads);
}

enum status judge_by(const struct members *members, const struct record *record, int64_t received_ms,
                     const struct signature_job *job, const struct admission_log *log, struct error *error)
{
    struct verifier key;
    if (!job->known || admission_key(&key, members, record, NULL) != STATUS_DONE ||
        memcmp(&key.key, &job->key.key, sizeof key.key) != 0)
        return admission_check(members, record, received_ms, log, error);
    return job->holds ? admission_allows(members, record, received_ms, log, error) : admission_unsigned(record, error);
}

enum status judge_one(struct judge *judge, const struct record *record, int64_t received_ms,
                      const struct signature_job *job, struct error *error)
{
    const struct admission_log log = {judge, judge->base + judge->grouped, find_record, count_day, root_at};
    judge->trouble.status = STATUS_DONE;
    enum status status = judge_by(judge->members, record, received_ms, job, &log, error);
    if (judge->trouble.status == STATUS_DONE) return status;
    if (error != NULL) *error = judge->trouble;
    return judge->trouble.status;
}
