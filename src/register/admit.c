/* Records in: notes are decoded and their signatures checked by whoever brings them; whoever leads (writing.h) judges
 * them by the entries before them and appends what is admitted. */
#include "register/outbox.h"
#include "register/writing.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

/* ---- by each caller: form and signature */

static enum status decode_all(struct submission *s, struct error *error)
{
    size_t jobs = 0;
    for (size_t i = 0; i < s->count; i++) {
        struct outcome *outcome = &s->outcomes[i];
        outcome->admitted = outcome->already = false; /* member by member: a refusal is large, and seldom */
        outcome->index = 0;
        outcome->received_ms = 0;
        outcome->refusal.status = STATUS_DONE;
        outcome->refusal.offset = -1;
        outcome->refusal.pointer[0] = '\0';
        enum status status = record_decode(&s->record[i], s->notes[i], &s->arena, &outcome->refusal);
        if (status == STATUS_FAILED && error != NULL) *error = outcome->refusal;
        if (status == STATUS_FAILED) return status; /* memory ran out: no reason to refuse a record */
        if (status != STATUS_DONE) {
            s->record[i].kind = NULL;
            outcome->submitted = hash_of(s->notes[i]);
            continue;
        }
        outcome->id = s->record[i].id;
        s->job_of[i] = jobs;
        s->job[jobs++] = (struct signature_job){.record = &s->record[i]};
    }
    return STATUS_DONE;
}

static void check_signatures(struct truce_register *reg, struct submission *s)
{
    size_t jobs = 0;
    for (size_t i = 0; i < s->count; i++) jobs += s->record[i].kind != NULL;
    pthread_rwlock_rdlock(&reg->writing->members_lock);
    if (reg->members != NULL) judge_keys(reg->members, s->job, jobs);
    pthread_rwlock_unlock(&reg->writing->members_lock);
    signatures_check(s->job, jobs, 0);
}

static bool knows_members(struct truce_register *reg)
{
    pthread_rwlock_rdlock(&reg->writing->members_lock);
    bool known = reg->members != NULL;
    pthread_rwlock_unlock(&reg->writing->members_lock);
    return known;
}

/* ---- by who leads: one group */

static struct slice entry_at(const struct writing *w, size_t k)
{
    size_t from = k == 0 ? 0 : w->entry_end[k - 1];
    return slice_part(buffer_slice(&w->entries), from, w->entry_end[k] - from);
}

/* The same text twice is one record and one receipt; it is asked only of a note whose signature holds. */
static enum status find_earlier(struct truce_register *reg, struct judge *judge, struct outcome *outcome,
                                struct error *error)
{
    struct writing *w = reg->writing;
    OWN(buffer_clear) struct buffer entry = {0};
    struct slice note;
    TRY(judge_find(judge, &outcome->id, &outcome->already, &outcome->index, error));
    if (!outcome->already) return STATUS_DONE;
    if (outcome->index >= w->base) /* earlier in this very group */
        return entry_parse(&outcome->received_ms, &note, entry_at(w, (size_t)(outcome->index - w->base)), error);
    TRY(log_read(reg->log, outcome->index, &entry, error));
    return entry_parse(&outcome->received_ms, &note, buffer_slice(&entry), error);
}

static void count_record(struct writing *w, const struct record *record, int64_t received_ms)
{
    for (size_t i = 0; i < w->days; i++)
        if (w->day[i].day == received_ms / 86400000 && slice_is(record->by, w->day[i].by)) w->day[i].count++;
}

/* Counted by the index once it has the whole log, with what this group holds already; kept up from then on. */
static uint64_t count_day(void *context, struct slice by, int64_t day, struct error *error)
{
    struct truce_register *reg = context;
    struct writing *w = reg->writing;
    uint64_t count = 0;
    for (size_t i = 0; i < w->days; i++)
        if (w->day[i].day == day && slice_is(by, w->day[i].by)) return w->day[i].count;
    index_read_end(reg->index); /* the view stands still, and what follows must not be in it twice */
    if (w->follower != NULL && follow_wait(w->follower, w->base, FOLLOW_PATIENTLY).applied < w->base)
        error->status =
            error_set(error, STATUS_FAILED, "index-busy",
                      "The index {0} is being written by another process; try again.", "index.sqlite", NULL);
    if (error->status == STATUS_DONE && index_read_begin(reg->index, error) == STATUS_DONE)
        (void)!index_count_day(reg->index, by, day, &count, error);
    if (error->status != STATUS_DONE) return 0;
    for (size_t k = 0; k < w->admitted; k++)
        count += slice_equal(w->in[k]->by, by) && w->received_ms[k] / 86400000 == day;
    if (w->days == DAY_COUNTS) w->days = 0;
    struct day_count *kept = &w->day[w->days];
    if (by.size >= sizeof kept->by) return count;
    *kept = (struct day_count){.day = day, .count = count};
    memcpy(kept->by, by.data, by.size);
    w->days++;
    return count;
}

static enum status know_member(struct truce_register *reg, uint64_t entry, int64_t received_ms,
                               const struct record *record, struct error *error)
{
    if (record->kind->family != FAMILY_WHO) return STATUS_DONE;
    pthread_rwlock_wrlock(&reg->writing->members_lock);
    enum status status = members_add(reg->members, entry, received_ms, record, error);
    pthread_rwlock_unlock(&reg->writing->members_lock);
    return status;
}

static enum status take_in(struct truce_register *reg, struct judge *judge, const struct record *record,
                           int64_t received_ms, struct outcome *outcome, struct error *error)
{
    struct writing *w = reg->writing;
    size_t k = w->admitted, start = w->entries.size;
    enum status status = recent_add(&w->recent, &record->id, error);
    entry_format(&w->entries, received_ms, record->note);
    if (status == STATUS_DONE) status = buffer_finish(&w->entries, error);
    if (status == STATUS_DONE)
        status = know_member(reg, w->base + k, received_ms, record, error); /* last: it is not taken back */
    if (status != STATUS_DONE) { /* what comes next stands where this would have stood */
        recent_take_back(&w->recent, w->base + k);
        w->entries.size = start;
        return status;
    }
    count_record(w, record, received_ms);
    w->entry_end[k] = w->entries.size;
    w->in[k] = record;
    w->received_ms[k] = received_ms;
    w->admitted = judge->grouped = k + 1;
    outcome->admitted = true;
    outcome->index = w->base + k;
    outcome->received_ms = received_ms;
    return STATUS_DONE;
}

static enum status judge_note(struct truce_register *reg, struct judge *judge, struct submission *s, size_t i,
                              int64_t received_ms, struct error *error)
{
    const struct record *record = &s->record[i];
    struct outcome *outcome = &s->outcomes[i];
    struct signature_job *job = &s->job[s->job_of[i]];
    if (!job->known) judge_signatures(reg->members, job, 1, 1); /* its key may have come with this very group */
    if (job->holds) TRY(find_earlier(reg, judge, outcome, error));
    if (outcome->already) return STATUS_DONE;
    judge->absent = job->holds ? &outcome->id : NULL;
    enum status status = judge_one(judge, record, received_ms, job, &outcome->refusal);
    judge->absent = NULL;
    if (status == STATUS_REFUSED) outcome->submitted = hash_of(s->notes[i]);
    if (status == STATUS_REFUSED) return STATUS_DONE;
    if (status == STATUS_DONE) return take_in(reg, judge, record, received_ms, outcome, error);
    if (error != NULL) *error = outcome->refusal;
    return status;
}

/* What fails for one caller's notes is that caller's alone: the others go on. */
static enum status judge_submission(struct truce_register *reg, struct judge *judge, struct submission *s, int64_t now,
                                    int64_t *last, struct error *error)
{
    for (size_t i = 0; i < s->count; i++) {
        if (s->record[i].kind == NULL) continue;
        int64_t received = s->received_ms != NULL ? s->received_ms[i] : now;
        if (received < *last) received = *last; /* a clock that jumps back does not take the log with it */
        TRY(judge_note(reg, judge, s, i, received, error));
        if (s->outcomes[i].admitted) *last = received;
    }
    return STATUS_DONE;
}

static void judge_all(struct truce_register *reg, struct submission *first, int64_t *last)
{
    struct judge judge;
    struct writing *w = reg->writing;
    int64_t now = reg->system->now_ms(reg->system->context);
    judge_open(&judge, reg, reg->index, reg->members, w->base, w->in);
    judge.recent = &w->recent;
    judge.count_day = count_day;
    judge.context = reg;
    for (struct submission *s = first; s != NULL; s = s->next) {
        enum status status = judge_submission(reg, &judge, s, now, last, &s->error);
        s->error.status = status;
    }
    judge_close(&judge);
}

/* Where the group changes the log's key, the new one signs as soon as its entries are there, and not before. */
static enum status append(struct truce_register *reg, struct error *error)
{
    struct writing *w = reg->writing;
    struct slice entries[REGISTER_GROUP];
    uint64_t first;
    bool changed;
    if (w->admitted == 0) return STATUS_DONE;
    for (size_t k = 0; k < w->admitted; k++) entries[k] = entry_at(w, k);
    enum status status = log_key_follow(reg, &changed, error);
    if (status == STATUS_DONE) status = log_append(reg->log, entries, w->admitted, &first, error);
    if (status != STATUS_DONE && changed) log_sign_as_before(reg->log);
    TRY(status);
    return first == w->base
               ? STATUS_DONE
               : error_set(error, STATUS_FAILED, "log-position", "The log grew behind this writer's back.", NULL);
}

/* Members, ids and counts may know more than the log: they are read again when needed. */
static void take_back(struct truce_register *reg)
{
    struct writing *w = reg->writing;
    recent_take_back(&w->recent, w->base);
    w->days = 0;
    pthread_rwlock_wrlock(&w->members_lock);
    members_close(&reg->members);
    pthread_rwlock_unlock(&w->members_lock);
}

static void fail_all(struct submission *first, const struct error *error)
{
    for (struct submission *s = first; s != NULL; s = s->next) s->error = *error;
}

/* One checkpoint for all that want one; without it their receipts are promises, for the records are durable. */
static void give_checkpoints(struct truce_register *reg, struct submission *first)
{
    OWN(buffer_clear) struct buffer checkpoint = {0};
    uint64_t size = log_size(reg->log);
    bool wanted = false;
    for (struct submission *s = first; s != NULL; s = s->next) wanted = wanted || s->wants_checkpoint;
    if (wanted && log_checkpoint(reg->log, &checkpoint, NULL) != STATUS_DONE) buffer_reset(&checkpoint);
    for (struct submission *s = first; s != NULL; s = s->next) {
        s->receipts.size = size;
        if (s->wants_checkpoint) buffer_put(&s->receipts.checkpoint, buffer_slice(&checkpoint));
    }
}

/* The index that lookups ask; where it is in memory alone there is no follower and the leader brings it up. */
static enum status ready(struct truce_register *reg, struct error *error)
{
    struct writing *w = reg->writing;
    TRY(register_writer_ready(reg, error));
    if (w->follower != NULL && recent_count(&w->recent) >= RECENT_MOST)
        w->indexed = follow_wait(w->follower, log_size(reg->log), FOLLOW_PATIENTLY).applied;
    recent_drop_below(&w->recent, w->indexed);
    if (w->follower != NULL && recent_count(&w->recent) >= RECENT_MOST) return register_index_behind(error);
    return index_read_begin(reg->index, error);
}

/* A look at the folder's time tells that it is as empty as it was, which it is wherever records come over the wire. One
 * that changed within the clock's tick may be missed: its copy stays, and is recognised as a duplicate. */
static bool outbox_is_empty(struct truce_register *reg)
{
    struct writing *w = reg->writing;
    char path[REGISTER_PATH_SIZE];
    struct stat about;
    OWN(buffer_clear) struct buffer names = {0};
    if (register_path(path, reg->directory, "outbox", NULL) != STATUS_DONE || stat(path, &about) != 0) return true;
    int64_t changed = about.st_mtim.tv_sec * INT64_C(1000000000) + about.st_mtim.tv_nsec;
    if (changed == w->outbox_ns) return true;
    if (reg->system->list(reg->system->context, path, &names) != 0 || names.size > 0) return false;
    w->outbox_ns = changed;
    return true;
}

static enum status group(struct truce_register *reg, struct submission *first, struct error *error)
{
    struct writing *w = reg->writing;
    int64_t last = reg->last_received_ms;
    TRY(ready(reg, error));
    w->base = log_size(reg->log);
    w->admitted = 0;
    buffer_reset(&w->entries);
    judge_all(reg, first, &last);
    index_read_end(reg->index);
    enum status status = append(reg, error);
    if (status != STATUS_DONE) {
        take_back(reg);
        return status;
    }
    give_checkpoints(reg, first);
    bool in_outbox = !outbox_is_empty(reg);
    for (struct submission *s = first; s != NULL; s = s->next) s->in_outbox = in_outbox;
    if (w->admitted == 0) return STATUS_DONE;
    reg->last_received_ms = last;
    reg->members_size = w->base + w->admitted;
    register_writer_grew(reg);
    return STATUS_DONE;
}

void admit_group(struct truce_register *reg, struct submission *first)
{
    struct error error;
    if (group(reg, first, &error) != STATUS_DONE) fail_all(first, &error);
}

/* ---- the whole */

static enum status submission_open(struct submission *s, struct error *error)
{
    size_t count = s->count == 0 ? 1 : s->count;
    s->record = calloc(count, sizeof *s->record);
    s->job = calloc(count, sizeof *s->job);
    s->job_of = calloc(count, sizeof *s->job_of);
    arena_init(&s->arena, REGISTER_GROUP_BYTES);
    return s->record == NULL || s->job == NULL || s->job_of == NULL ? arena_full(error) : STATUS_DONE;
}

void submission_clear(struct submission *s)
{
    if (s->record != NULL) arena_clear(&s->arena);
    free(s->record);
    free(s->job);
    free(s->job_of);
    receipts_clear(&s->receipts);
    *s = (struct submission){.count = 0};
}

enum status submission_prepare(struct truce_register *reg, struct submission *s, struct error *error)
{
    TRY(submission_open(s, error));
    if (!knows_members(reg)) { /* a first, empty submission: who leads it makes everything ready */
        struct submission empty = {.error = {.status = STATUS_DONE}};
        writing_pass(reg, &empty);
        if (empty.error.status != STATUS_DONE && error != NULL) *error = empty.error;
        TRY(empty.error.status);
    }
    TRY(decode_all(s, error));
    check_signatures(reg, s);
    return STATUS_DONE;
}

enum status submission_pass(struct truce_register *reg, struct submission *s, struct error *error)
{
    writing_pass(reg, s);
    for (size_t i = 0; i < s->count && s->in_outbox && s->error.status == STATUS_DONE; i++)
        if (s->outcomes[i].admitted || s->outcomes[i].already) outbox_remove(reg, &s->record[i]);
    if (s->error.status != STATUS_DONE && error != NULL) *error = s->error;
    return s->error.status;
}

enum status register_can_admit(const struct truce_register *reg, struct error *error)
{
    if (reg->writing != NULL) return STATUS_DONE;
    return error_set(error, STATUS_USAGE, "log-read-only", "The log was opened for reading.", NULL);
}

enum status register_admit(struct truce_register *reg, const struct slice *notes, size_t count,
                           const int64_t *received_ms, struct outcome *outcomes, struct receipts *receipts,
                           struct error *error)
{
    struct submission submission = {.notes = notes,
                                    .count = count,
                                    .received_ms = received_ms,
                                    .outcomes = outcomes,
                                    .wants_checkpoint = receipts != NULL && reg->level == TRUCE_LEVEL_CHECKPOINT};
    TRY(register_can_admit(reg, error));
    enum status status = submission_prepare(reg, &submission, error);
    if (status == STATUS_DONE) status = submission_pass(reg, &submission, error);
    if (status == STATUS_DONE && receipts != NULL) {
        *receipts = submission.receipts;
        submission.receipts = (struct receipts){.size = 0};
    }
    submission_clear(&submission);
    return status;
}
