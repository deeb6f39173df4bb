/* Records in: a group of notes through admission, log and index; then their receipts. */
#include "register/judge.h"

#include "json/write.h"
#include "log/checkpoint.h"
#include <inttypes.h>
#include <stdlib.h>

/* The log keeps 32 bytes in memory for each entry that is not published yet. */
enum { PUBLISH_EVERY = 65536 };

/* A group on its way in. */
struct group {
    struct arena arena;
    struct record record[REGISTER_GROUP];
    struct signature_job job[REGISTER_GROUP];
    size_t job_of[REGISTER_GROUP];
    const struct record *in[REGISTER_GROUP]; /* admitted, in the order of their entries */
    size_t outcome_of[REGISTER_GROUP];
    size_t admitted;
    struct buffer entries; /* one after the other */
    size_t entry_end[REGISTER_GROUP];
};

static enum status decode_all(struct group *group, const struct slice *notes, size_t count, struct outcome *outcomes,
                              struct error *error)
{
    for (size_t i = 0; i < count; i++) {
        outcomes[i] = (struct outcome){.submitted = hash_of(notes[i]), .refusal = {.offset = -1}};
        enum status status = record_decode(&group->record[i], notes[i], &group->arena, &outcomes[i].refusal);
        if (status == STATUS_FAILED && error != NULL) *error = outcomes[i].refusal;
        if (status == STATUS_FAILED) return status; /* memory ran out: no reason to refuse a record */
        if (status == STATUS_DONE)
            outcomes[i].id = group->record[i].id;
        else
            group->record[i].kind = NULL;
    }
    return STATUS_DONE;
}

/* The same text twice is one record and one receipt; it is asked only of a note whose signature holds. */
static enum status find_earlier(struct truce_register *reg, const struct group *group, uint64_t base,
                                struct outcome *outcome, struct error *error)
{
    OWN(buffer_clear) struct buffer entry = {0};
    struct slice note;
    bool found, is_void;
    uint64_t index;
    TRY(index_find_id(reg->index, &outcome->id, &found, &index, error));
    if (!found) return STATUS_DONE;
    TRY(index_is_void(reg->index, index, &is_void, error));
    if (is_void) return STATUS_DONE;
    outcome->already = true;
    outcome->index = index;
    if (index >= base) { /* earlier in this very group */
        struct slice whole = buffer_slice(&group->entries);
        size_t k = (size_t)(index - base), from = k == 0 ? 0 : group->entry_end[k - 1];
        return entry_parse(&outcome->received_ms, &note, slice_part(whole, from, group->entry_end[k] - from), error);
    }
    TRY(log_read(reg->log, index, &entry, error));
    return entry_parse(&outcome->received_ms, &note, buffer_slice(&entry), error);
}

static enum status take_in(struct truce_register *reg, struct group *group, uint64_t base, struct judge *judge,
                           size_t i, int64_t received_ms, struct outcome *outcome, struct error *error)
{
    const struct record *record = &group->record[i];
    enum status status = judge_one(judge, record, received_ms, &group->job[group->job_of[i]], &outcome->refusal);
    if (status == STATUS_REFUSED) return STATUS_DONE;
    if (status != STATUS_DONE) {
        if (error != NULL) *error = outcome->refusal;
        return status;
    }
    size_t k = group->admitted;
    TRY(members_add(reg->members, base + k, record, error));
    TRY(index_add(reg->index, base + k, received_ms, record, false, error));
    entry_format(&group->entries, received_ms, record->note);
    TRY(buffer_finish(&group->entries, error));
    group->entry_end[k] = group->entries.size;
    group->in[k] = record;
    group->outcome_of[k] = i;
    group->admitted = judge->grouped = k + 1;
    outcome->admitted = true;
    outcome->index = base + k;
    outcome->received_ms = received_ms;
    return STATUS_DONE;
}

static enum status judge_all(struct truce_register *reg, struct group *group, uint64_t base, size_t count,
                             const int64_t *received_ms, struct outcome *outcomes, struct error *error)
{
    struct judge judge;
    enum status status = STATUS_DONE;
    int64_t now = reg->system->now_ms(reg->system->context), last = reg->last_received_ms;
    judge_open(&judge, reg, reg->index, reg->members, base, group->in);
    for (size_t i = 0; i < count && status == STATUS_DONE; i++) {
        if (group->record[i].kind == NULL) continue;
        int64_t received = received_ms != NULL ? received_ms[i] : now;
        if (received < last) received = last; /* a clock that jumps back does not take the log with it */
        struct signature_job *job = &group->job[group->job_of[i]];
        if (!job->known) judge_signatures(reg->members, job, 1, 1); /* its key may have come with this very group */
        if (job->holds) status = find_earlier(reg, group, base, &outcomes[i], error);
        if (status == STATUS_DONE && !outcomes[i].already)
            status = take_in(reg, group, base, &judge, i, received, &outcomes[i], error);
        if (outcomes[i].admitted) last = received;
    }
    judge_close(&judge);
    return status;
}

static enum status append(struct truce_register *reg, struct group *group, uint64_t base, struct error *error)
{
    struct slice entries[REGISTER_GROUP], whole = buffer_slice(&group->entries);
    uint64_t first;
    for (size_t k = 0, from = 0; k < group->admitted; from = group->entry_end[k++])
        entries[k] = slice_part(whole, from, group->entry_end[k] - from);
    TRY(log_append(reg->log, entries, group->admitted, &first, error));
    return first == base
               ? STATUS_DONE
               : error_set(error, STATUS_FAILED, "log-position", "The log grew behind this writer's back.", NULL);
}

static enum status admit(struct truce_register *reg, struct group *group, size_t count, const int64_t *received_ms,
                         struct outcome *outcomes, struct error *error)
{
    struct hash root;
    uint64_t base = log_size(reg->log);
    size_t jobs = 0;
    for (size_t i = 0; i < count; i++)
        if (group->record[i].kind != NULL) {
            group->job_of[i] = jobs;
            group->job[jobs++] = (struct signature_job){.record = &group->record[i]};
        }
    judge_signatures(reg->members, group->job, jobs, 0);
    TRY(index_begin(reg->index, error));
    enum status status = judge_all(reg, group, base, count, received_ms, outcomes, error);
    if (status == STATUS_DONE && group->admitted > 0) status = append(reg, group, base, error);
    if (status != STATUS_DONE || group->admitted == 0) {
        index_rollback(reg->index);
        if (status != STATUS_DONE)
            members_close(&reg->members); /* may know more than the log: read again when needed */
        return status;
    }
    /* From here on the records are in the log: an index that cannot follow is brought up later. */
    reg->last_received_ms = outcomes[group->outcome_of[group->admitted - 1]].received_ms;
    reg->members_size = base + group->admitted;
    if (log_root(reg->log, reg->members_size, &root, NULL) != STATUS_DONE ||
        index_commit(reg->index, &root, NULL) != STATUS_DONE) {
        index_rollback(reg->index);
        index_close(&reg->index);
    }
    if (log_size(reg->log) - log_published(reg->log) >= PUBLISH_EVERY) (void)!log_publish(reg->log, NULL);
    return STATUS_DONE;
}

enum status register_admit(struct truce_register *reg, const struct slice *notes, size_t count,
                           const int64_t *received_ms, struct outcome *outcomes, struct error *error)
{
    TRY(register_catch_up(reg, NULL, NULL, error));
    struct group *group = calloc(1, sizeof *group);
    if (group == NULL) return arena_full(error);
    arena_init(&group->arena, REGISTER_GROUP_BYTES);
    enum status status = decode_all(group, notes, count, outcomes, error);
    if (status == STATUS_DONE) status = admit(reg, group, count, received_ms, outcomes, error);
    arena_clear(&group->arena);
    buffer_clear(&group->entries);
    free(group);
    return status;
}

/* ---- receipts */

void receipts_clear(struct receipts *receipts)
{
    buffer_clear(&receipts->checkpoint);
}

void receipts_open(struct receipts *receipts, struct truce_register *reg)
{
    *receipts = (struct receipts){.size = log_size(reg->log)};
    if (reg->level == TRUCE_LEVEL_DURABLE) return;
    /* Records are durable already; without a checkpoint their receipts are promises. */
    if (log_checkpoint(reg->log, &receipts->checkpoint, NULL) != STATUS_DONE) buffer_reset(&receipts->checkpoint);
}

/* How long the host allows itself to bring a promised entry under a checkpoint. */
enum { MERGE_WITHIN_MS = 24 * 60 * 60 * 1000 };

static enum status put_promise(struct truce_register *reg, const struct outcome *outcome, struct buffer *out,
                               struct error *error)
{
    struct promise promise = {.origin = slice_from(reg->signer.verifier.name),
                              .index = outcome->index,
                              .received_ms = outcome->received_ms,
                              .merge_by_ms = outcome->received_ms + MERGE_WITHIN_MS};
    TRY(log_leaf(reg->log, outcome->index, &promise.leaf, error));
    return promise_sign(out, &promise, &reg->signer, error);
}

static enum status put_receipt(struct receipts *receipts, struct truce_register *reg, const struct outcome *outcome,
                               struct buffer *out, struct error *error)
{
    OWN(buffer_clear) struct buffer proof = {0}, promise = {0};
    struct log_proof path;
    char hex[HASH_HEX_SIZE], received[25];
    bool covered = receipts->checkpoint.size > 0;
    if (covered) {
        TRY(log_prove_inclusion(reg->log, outcome->index, receipts->size, &path, error));
        proof_format(&proof, outcome->index, &path, buffer_slice(&receipts->checkpoint));
    } else {
        TRY(put_promise(reg, outcome, &promise, error));
    }
    hash_format(&outcome->id.hash, hex);
    received_format(outcome->received_ms, received);
    struct json_writer w;
    json_write_open(&w, out);
    json_put_object(&w);
    json_put_key(&w, "id"), json_put_string(&w, hex);
    json_put_key(&w, "index"), json_put_integer(&w, (int64_t)outcome->index);
    json_put_key(&w, "level"), json_put_string(&w, covered ? "checkpoint" : "durable");
    json_put_key(&w, "promise");
    if (covered)
        json_put_null(&w);
    else
        json_put_slice(&w, buffer_slice(&promise));
    json_put_key(&w, "proof");
    if (covered)
        json_put_slice(&w, buffer_slice(&proof));
    else
        json_put_null(&w);
    json_put_key(&w, "received"), json_put_string(&w, received);
    json_put_key(&w, "size"), json_put_integer(&w, (int64_t)receipts->size);
    json_put_close(&w);
    return json_write_finish(&w, error);
}

static enum status put_refusal(struct truce_register *reg, const struct outcome *outcome, struct buffer *out,
                               struct error *error)
{
    OWN(buffer_clear) struct buffer note = {0};
    char message[1024];
    struct refusal refusal = {.origin = slice_from(reg->signer.verifier.name),
                              .code = slice_from(outcome->refusal.code),
                              .pointer = slice_from(outcome->refusal.pointer),
                              .submitted = outcome->submitted,
                              .at_ms = reg->system->now_ms(reg->system->context)};
    TRY(refusal_sign(&note, &refusal, &reg->signer, error));
    public_message(&outcome->refusal, message, sizeof message);
    struct json_writer w;
    json_write_open(&w, out);
    json_put_object(&w);
    json_put_key(&w, "message"), json_put_string(&w, message);
    json_put_key(&w, "note"), json_put_slice(&w, buffer_slice(&note));
    json_put_key(&w, "pointer"), json_put_string(&w, outcome->refusal.pointer);
    json_put_key(&w, "refused"), json_put_string(&w, outcome->refusal.code);
    json_put_close(&w);
    return json_write_finish(&w, error);
}

enum status receipts_put(struct receipts *receipts, struct truce_register *reg, const struct outcome *outcome,
                         struct buffer *out, struct error *error)
{
    return outcome->admitted || outcome->already ? put_receipt(receipts, reg, outcome, out, error)
                                                 : put_refusal(reg, outcome, out, error);
}
