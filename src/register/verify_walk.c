/* Batches of entries pass through stages. Any thread prepares any batch; the later stages take them in the order of the
 * log, one batch at a time each:
 *
 *     prepare (decode, signature) → judge → view → index
 *
 * Judging is left to the calling thread, for what it finds is told from there. Whoever finds no batch to take on
 * prepares another, so that no core waits while there is work. */
#include "register/verify_walk.h"

#include "base/table.h"
#include "register/judge.h"
#include "register/received.h"
#include <pthread.h>
#include <stdlib.h>

enum { RECORD_BYTES = 16384 }; /* memory that most records fit in; a batch of longer ones takes more */
enum { BATCH = 256, FIRST_BATCH = 64, BATCHES_A_THREAD = 4, KEPT = 2, THREADS_MOST = 256, INDEX_EVERY = 16384 };
enum stage { STAGE_JUDGE, STAGE_VIEW, STAGE_INDEX, STAGES };

struct batch {
    uint64_t from, to;
    bool prepared;
    struct arena arena;
    size_t count;
    struct record record[BATCH];
    struct signature_job job[BATCH]; /* known: the members that were known when it was prepared have a key for it */
    int64_t received_ms[BATCH];
    bool decoded[BATCH], is_void[BATCH];
    struct error why[BATCH]; /* it was not decoded, or is void */
};

/* Entries are numbered by 32 bits, as everywhere in evaluation. */
struct walk_memory {
    uint64_t from;
    struct index *known;  /* the entries before */
    struct record_id *id; /* of entries from `from` on; a void one's is not in the tables */
    size_t ids, id_room;
    bool timed;      /* last_ms is known */
    int64_t last_ms; /* when the last entry that counts was received */
    struct table by_id;
    struct table by_chain; /* author, key and seq */
    struct day_count {
        const struct member *author;
        int64_t day;
        uint64_t count;
    } * days;
    size_t day_count, day_room;
    struct table by_day;
    struct buffer entry; /* where a record was read that is asked for */
    struct arena arena;
    struct record found;
    struct error trouble;
};

struct pipeline {
    const struct verify_walk *walk;
    uint64_t size;
    pthread_rwlock_t own_lock, *members_lock;
    struct walk_memory *before;
    size_t judging;      /* number of the batch that is being judged */
    bool adding;         /* a transaction of the index is open … */
    uint64_t added_from; /* … since this entry */

    pthread_mutex_t mutex; /* guards what follows */
    pthread_cond_t changed;
    uint64_t next;         /* entry */
    size_t taken;          /* batches that were begun */
    size_t passed[STAGES]; /* batches that left each stage */
    bool busy[STAGES];
    enum status status;
    struct error error;
    size_t slots;
    struct batch *batch; /* number n stands in slot n % slots */
};

/* A batch that left the last stage stays for KEPT more: judging looks back at it. */
static struct batch *slot(const struct pipeline *p, size_t n)
{
    return &p->batch[n % p->slots];
}

/* ---- prepare */

static enum status decode(struct batch *batch, size_t i, struct slice entry, struct error *error)
{
    struct slice note, copy = arena_copy(&batch->arena, entry);
    if (copy.data == NULL) return arena_full(error);
    enum status status = entry_parse(&batch->received_ms[i], &note, copy, &batch->why[i]);
    if (status == STATUS_DONE) status = record_decode(&batch->record[i], note, &batch->arena, &batch->why[i]);
    batch->decoded[i] = status == STATUS_DONE;
    /* An entry that is no record cannot be admitted by anyone: it stays in the log and is void. */
    if (!batch->decoded[i]) batch->record[i] = (struct record){.kind = record_kinds};
    if (status != STATUS_FAILED) return STATUS_DONE;
    if (error != NULL) *error = batch->why[i]; /* memory ran out: that says nothing about the entry */
    return status;
}

static enum status add_entry(void *context, uint64_t index, struct slice entry, struct error *error)
{
    struct batch *batch = context;
    (void)index;
    return decode(batch, batch->count++, entry, error);
}

static enum status prepare(struct pipeline *p, struct batch *batch, struct error *error)
{
    arena_reset(&batch->arena);
    batch->count = 0;
    TRY(log_walk(p->walk->reg->log, batch->from, batch->to, add_entry, batch, error));
    pthread_rwlock_rdlock(p->members_lock);
    for (size_t i = 0; i < batch->count; i++) {
        batch->job[i] = (struct signature_job){.record = &batch->record[i]};
        if (batch->decoded[i]) judge_keys(p->walk->members, &batch->job[i], 1);
    }
    pthread_rwlock_unlock(p->members_lock);
    for (size_t i = 0; i < batch->count; i++)
        if (batch->job[i].known) batch->job[i].holds = record_verify(&batch->record[i], &batch->job[i].key);
    return STATUS_DONE;
}

/* ---- judge: what came before */

static uint32_t id_hash(const struct record_id *id)
{
    return table_hash(slice_of(id->hash.bytes, 8));
}

static bool before_find(struct walk_memory *before, const struct record_id *id, uint64_t *entry)
{
    size_t at = 0;
    uint32_t i, hash = id_hash(id);
    bool found = false, is_void = false;
    while ((i = table_next(&before->by_id, hash, &at)) != TABLE_NONE) {
        if (!record_id_equal(&before->id[i - before->from], id)) continue;
        *entry = i;
        return true;
    }
    if (before->known != NULL)
        before->trouble.status = index_find_id(before->known, id, &found, entry, &is_void, &before->trouble);
    return found && !is_void;
}

static enum status read_before(struct pipeline *p, uint64_t entry, struct error *error)
{
    struct walk_memory *before = p->before;
    int64_t received_ms;
    arena_reset(&before->arena);
    buffer_reset(&before->entry);
    return register_read(p->walk->reg, entry, &before->entry, &before->arena, &before->found, &received_ms, error);
}

static const struct record *find_record(void *context, const struct record_id *id)
{
    struct pipeline *p = context;
    struct walk_memory *before = p->before;
    uint64_t entry;
    if (before->trouble.status != STATUS_DONE || !before_find(before, id, &entry)) return NULL;
    for (size_t n = p->judging, back = 0;; n--, back++) { /* most records speak of what was said shortly before */
        const struct batch *batch = slot(p, n);
        if (entry >= batch->from) return &batch->record[entry - batch->from];
        if (n == 0 || back == KEPT) break;
    }
    before->trouble.status = read_before(p, entry, &before->trouble);
    return before->trouble.status == STATUS_DONE ? &before->found : NULL;
}

static bool root_at(void *context, uint64_t size, struct hash *out)
{
    struct pipeline *p = context;
    struct walk_memory *before = p->before;
    if (before->trouble.status != STATUS_DONE) return false;
    before->trouble.status = log_root(p->walk->reg->log, size, out, &before->trouble);
    return before->trouble.status == STATUS_DONE;
}

static uint32_t day_hash(const struct member *author, int64_t day)
{
    return ((uint32_t)((uintptr_t)author >> 4) ^ (uint32_t)day) * UINT32_C(0x9E3779B1);
}

static struct day_count *find_day(const struct walk_memory *before, const struct member *author, int64_t day)
{
    size_t at = 0;
    uint32_t i, hash = day_hash(author, day);
    while ((i = table_next(&before->by_day, hash, &at)) != TABLE_NONE)
        if (before->days[i].author == author && before->days[i].day == day) return &before->days[i];
    return NULL;
}

static uint64_t count_day(void *context, struct slice by, int64_t day)
{
    struct pipeline *p = context;
    struct walk_memory *before = p->before;
    const struct day_count *found = find_day(before, members_find(p->walk->members, by), day);
    uint64_t known = 0;
    if (before->known != NULL && before->trouble.status == STATUS_DONE)
        before->trouble.status = index_count_day(before->known, by, day, &known, &before->trouble);
    return (found == NULL ? 0 : found->count) + known;
}

/* As the index counts: days begin at midnight, before 1970 too. */
static enum status note_day(struct walk_memory *before, const struct member *author, int64_t received_ms,
                            struct error *error)
{
    const int64_t day_ms = INT64_C(86400000);
    int64_t day = received_ms / day_ms - (received_ms % day_ms < 0);
    struct day_count *found = find_day(before, author, day);
    if (found != NULL) {
        found->count++;
        return STATUS_DONE;
    }
    if (before->day_count == before->day_room) {
        size_t room = before->day_room == 0 ? 64 : before->day_room * 2;
        struct day_count *days = realloc(before->days, room * sizeof *days);
        if (days == NULL) return arena_full(error);
        before->days = days;
        before->day_room = room;
    }
    before->days[before->day_count] = (struct day_count){author, day, 1};
    return table_put(&before->by_day, day_hash(author, day), (uint32_t)before->day_count++, error);
}

/* ---- judge: one entry after the other */

static enum status make_room(struct walk_memory *before, struct error *error)
{
    if (before->ids < before->id_room) return STATUS_DONE;
    size_t room = before->id_room == 0 ? 4096 : before->id_room * 2;
    struct record_id *ids = realloc(before->id, room * sizeof *ids);
    if (ids == NULL || before->from + room >= UINT32_MAX) {
        if (ids != NULL) before->id = ids;
        return arena_full(error);
    }
    before->id = ids;
    before->id_room = room;
    return STATUS_DONE;
}

static uint32_t chain_hash(const struct record *record)
{
    uint64_t place = (uint64_t)record->seq * UINT64_C(0x9E3779B97F4A7C15);
    return table_hash(record->by) ^ record->key_id ^ (uint32_t)(place >> 32);
}

static bool same_place(const struct record *a, const struct record *b)
{
    return a->seq == b->seq && a->key_id == b->key_id && slice_equal(a->by, b->by) && !record_id_equal(&a->id, &b->id);
}

/* Two records of one author in one place of its chain: an honest author never signs them. Where the table finds none,
 * the earlier one may be known to the index, if the chain there has come as far. */
static enum status check_chain(struct pipeline *p, uint64_t entry, const struct record *record, struct error *error)
{
    struct walk_memory *before = p->before;
    size_t at = 0;
    uint32_t i, hash = chain_hash(record);
    if (p->walk->found_again == NULL) return STATUS_DONE;
    while ((i = table_next(&before->by_chain, hash, &at)) != TABLE_NONE) {
        TRY(read_before(p, i, error));
        if (same_place(&before->found, record)) p->walk->found_again(p->walk->context, i, entry);
    }
    return table_put(&before->by_chain, hash, (uint32_t)entry, error);
}

/* When the last entry that counts, of those before the first walked, was received. */
static enum status time_before(struct pipeline *p, struct error *error)
{
    struct walk_memory *before = p->before;
    struct slice note;
    before->timed = true;
    before->last_ms = INT64_MIN;
    for (uint64_t entry = before->from; entry-- > 0;) {
        bool is_void;
        TRY(index_is_void(before->known, entry, &is_void, error));
        if (is_void) continue;
        buffer_reset(&before->entry);
        TRY(log_read(p->walk->reg->log, entry, &before->entry, error));
        return entry_parse(&before->last_ms, &note, buffer_slice(&before->entry), error);
    }
    return STATUS_DONE;
}

static enum status check_time(struct pipeline *p, uint64_t entry, int64_t received_ms, struct error *error)
{
    const struct system *system = p->walk->reg->system;
    struct walk_memory *before = p->before;
    struct error why;
    if (p->walk->found_time == NULL) return STATUS_DONE;
    if (!before->timed) TRY(time_before(p, error));
    if (received_check(p->walk->members, received_ms, before->last_ms, system->now_ms(system->context), &why) !=
        STATUS_DONE)
        p->walk->found_time(p->walk->context, entry, &why);
    before->last_ms = received_ms;
    return STATUS_DONE;
}

static enum status take_in(struct pipeline *p, const struct batch *batch, size_t i, struct error *error)
{
    const struct record *record = &batch->record[i];
    struct members *members = p->walk->members;
    struct walk_memory *before = p->before;
    enum status status = STATUS_DONE;
    TRY(check_chain(p, batch->from + i, record, error));
    before->id[batch->from + i - before->from] = record->id;
    TRY(table_put(&before->by_id, id_hash(&record->id), (uint32_t)(batch->from + i), error));
    if (record->kind->family == FAMILY_WHO) {
        pthread_rwlock_wrlock(p->members_lock);
        status = members_add(members, batch->from + i, batch->received_ms[i], record, error);
        pthread_rwlock_unlock(p->members_lock);
    }
    TRY(status);
    TRY(check_time(p, batch->from + i, batch->received_ms[i], error));
    return note_day(before, members_find(members, record->by), batch->received_ms[i], error);
}

static enum status judge_batch(struct pipeline *p, struct batch *batch, struct error *error)
{
    p->judging = p->passed[STAGE_JUDGE];
    for (size_t i = 0; i < batch->count; i++) {
        TRY(make_room(p->before, error));
        p->before->ids++;
        const struct admission_log log = {p, batch->from + i, find_record, count_day, root_at};
        enum status status = STATUS_REFUSED;
        if (batch->decoded[i])
            status = judge_by(p->walk->members, &batch->record[i], batch->received_ms[i], &batch->job[i], &log,
                              &batch->why[i]);
        if (p->before->trouble.status != STATUS_DONE) { /* a lookup failed for the machine's reasons */
            if (error != NULL) *error = p->before->trouble;
            return p->before->trouble.status;
        }
        if (status != STATUS_DONE && status != STATUS_REFUSED) {
            if (error != NULL) *error = batch->why[i];
            return status;
        }
        batch->is_void[i] = status == STATUS_REFUSED;
        if (batch->is_void[i])
            p->walk->found_void(p->walk->context, batch->from + i, &batch->why[i]);
        else
            TRY(take_in(p, batch, i, error));
    }
    p->walk->progress(p->walk->context, batch->to, p->size);
    return STATUS_DONE;
}

/* ---- view and index */

static enum status view_batch(struct pipeline *p, struct batch *batch, struct error *error)
{
    for (size_t i = 0; i < batch->count && p->walk->view != NULL; i++)
        TRY(view_add(p->walk->view, batch->from + i, batch->received_ms[i], &batch->record[i], batch->is_void[i],
                     error));
    return STATUS_DONE;
}

static enum status add_to_index(struct index *index, const struct batch *batch, struct error *error)
{
    for (size_t i = 0; i < batch->count; i++)
        TRY(index_add(index, batch->from + i, batch->received_ms[i], batch->decoded[i] ? &batch->record[i] : NULL,
                      batch->is_void[i], error));
    return STATUS_DONE;
}

/* Large transactions, since nobody looks before the end: fewer pages are written twice. */
static enum status index_batch(struct pipeline *p, struct batch *batch, struct error *error)
{
    struct hash root;
    struct index *index = p->walk->index;
    if (index == NULL || batch->from >= p->walk->indexed) return STATUS_DONE;
    if (!p->adding) TRY(index_begin(index, error));
    if (!p->adding) p->added_from = batch->from;
    p->adding = true;
    enum status status = add_to_index(index, batch, error);
    bool full = batch->to - p->added_from >= INDEX_EVERY || batch->to == p->walk->indexed;
    if (status == STATUS_DONE && !full) return STATUS_DONE;
    p->adding = false;
    if (status == STATUS_DONE) status = log_root(p->walk->reg->log, batch->to, &root, error);
    if (status == STATUS_DONE) status = index_commit(index, &root, error);
    if (status != STATUS_DONE) index_rollback(index);
    return status;
}

/* ---- who does what next; the mutex is held */

typedef enum status work(struct pipeline *p, struct batch *batch, struct error *error);
static work *const stage_work[STAGES] = {judge_batch, view_batch, index_batch};

/* Has batch n come as far as this stage? */
static bool is_ready(const struct pipeline *p, enum stage stage, size_t n)
{
    if (n >= p->taken) return false;
    return stage == STAGE_JUDGE ? slot(p, n)->prepared : n < p->passed[stage - 1];
}

static void give_up(struct pipeline *p, enum status status, const struct error *error)
{
    if (p->status == STATUS_DONE) p->status = status, p->error = *error;
}

static bool pass_stage(struct pipeline *p, bool calling)
{
    for (enum stage stage = calling ? STAGE_JUDGE : STAGE_VIEW; stage < STAGES; stage++) {
        struct error error;
        size_t n = p->passed[stage];
        if (p->busy[stage] || !is_ready(p, stage, n)) continue;
        p->busy[stage] = true;
        pthread_mutex_unlock(&p->mutex);
        enum status status = stage_work[stage](p, slot(p, n), &error);
        pthread_mutex_lock(&p->mutex);
        p->busy[stage] = false;
        if (status != STATUS_DONE) give_up(p, status, &error);
        p->passed[stage]++;
        pthread_cond_broadcast(&p->changed);
        return true;
    }
    return false;
}

static bool prepare_next(struct pipeline *p)
{
    struct error error;
    if (p->next >= p->size || p->taken - p->passed[STAGES - 1] + KEPT >= p->slots) return false;
    bool founding = p->walk->from == 0 && p->passed[STAGE_JUDGE] == 0; /* there are no keys to check by */
    if (founding && p->taken > 0) return false;
    size_t count = founding ? FIRST_BATCH : BATCH;
    struct batch *batch = slot(p, p->taken++);
    batch->prepared = false;
    batch->from = p->next;
    batch->to = batch->from + count < p->size ? batch->from + count : p->size;
    if (batch->from < p->walk->indexed && batch->to > p->walk->indexed) batch->to = p->walk->indexed;
    p->next = batch->to;
    pthread_mutex_unlock(&p->mutex);
    enum status status = prepare(p, batch, &error);
    pthread_mutex_lock(&p->mutex);
    if (status != STATUS_DONE) give_up(p, status, &error);
    batch->prepared = true;
    pthread_cond_broadcast(&p->changed);
    return true;
}

static void take_part(struct pipeline *p, bool calling)
{
    pthread_mutex_lock(&p->mutex);
    while (p->status == STATUS_DONE && (p->next < p->size || p->passed[STAGES - 1] < p->taken))
        if (!pass_stage(p, calling) && !prepare_next(p)) pthread_cond_wait(&p->changed, &p->mutex);
    pthread_cond_broadcast(&p->changed);
    pthread_mutex_unlock(&p->mutex);
}

static void *assist(void *context)
{
    take_part(context, false);
    return NULL;
}

/* ---- the walk */

enum status walk_memory_open(struct walk_memory **out, uint64_t from, struct index *known, struct error *error)
{
    struct walk_memory *memory = calloc(1, sizeof *memory);
    if (memory == NULL) return arena_full(error);
    memory->from = from;
    memory->known = known;
    arena_init(&memory->arena, LIMIT_REQUEST_BYTES);
    *out = memory;
    return STATUS_DONE;
}

void walk_memory_close(struct walk_memory **memory)
{
    struct walk_memory *m = *memory;
    *memory = NULL;
    if (m == NULL) return;
    free(m->id);
    free(m->days);
    table_clear(&m->by_id);
    table_clear(&m->by_chain);
    table_clear(&m->by_day);
    buffer_clear(&m->entry);
    arena_clear(&m->arena);
    free(m);
}

uint64_t walk_memory_entries(const struct walk_memory *memory)
{
    return memory->ids;
}

static void pipeline_close(struct pipeline *p)
{
    for (size_t i = 0; p->batch != NULL && i < p->slots; i++) arena_clear(&p->batch[i].arena);
    free(p->batch);
    pthread_cond_destroy(&p->changed);
    pthread_mutex_destroy(&p->mutex);
    pthread_rwlock_destroy(&p->own_lock);
}

static enum status pipeline_open(struct pipeline *p, const struct verify_walk *walk, unsigned threads,
                                 struct error *error)
{
    uint64_t records = walk->to > walk->from ? walk->to - walk->from : 0, batches = records / FIRST_BATCH + 1;
    size_t most = (size_t)threads * BATCHES_A_THREAD, in_one = records < BATCH ? (size_t)records : BATCH;
    *p = (struct pipeline){.walk = walk,
                           .next = walk->from,
                           .size = walk->to,
                           .before = walk->memory,
                           .slots = (batches < most ? (size_t)batches : most) + KEPT};
    p->members_lock = walk->shared != NULL ? walk->shared : &p->own_lock;
    pthread_rwlock_init(&p->own_lock, NULL);
    pthread_mutex_init(&p->mutex, NULL);
    pthread_cond_init(&p->changed, NULL);
    p->batch = calloc(p->slots, sizeof *p->batch);
    if (p->batch == NULL || p->size >= UINT32_MAX) return arena_full(error);
    for (size_t i = 0; i < p->slots; i++) {
        arena_init(&p->batch[i].arena, REGISTER_GROUP_BYTES);
        if (!arena_reserve(&p->batch[i].arena, in_one * RECORD_BYTES)) return arena_full(error);
    }
    return STATUS_DONE;
}

enum status verify_walk(const struct verify_walk *walk, struct error *error)
{
    struct pipeline p;
    pthread_t helper[THREADS_MOST];
    unsigned started = 0, threads = walk->threads > THREADS_MOST ? THREADS_MOST : walk->threads;
    enum status status = pipeline_open(&p, walk, threads, error);
    if (status == STATUS_DONE) {
        while (started + 1 < threads && pthread_create(&helper[started], NULL, assist, &p) == 0) started++;
        take_part(&p, true); /* alone where no thread could be had */
        while (started > 0) pthread_join(helper[--started], NULL);
        status = p.status;
        if (status != STATUS_DONE && error != NULL) *error = p.error;
    }
    pipeline_close(&p);
    return status;
}
