/* What a caller takes home: a receipt for each record, or a refusal signed by the log key. */
#include "register/heads.h"
#include "register/phrase.h"
#include "register/writing.h"

#include "json/write.h"
#include "log/checkpoint.h"

#include <inttypes.h>

void receipts_clear(struct receipts *receipts)
{
    buffer_clear(&receipts->checkpoint);
}

/* How long the host has to bring a promised entry under a checkpoint: as the policy in force says, else a day. Whoever
 * leads may be changing the members meanwhile. */
static int64_t merge_within_ms(struct truce_register *reg)
{
    int64_t seconds = 24 * 60 * 60;
    if (reg->writing != NULL) pthread_rwlock_rdlock(&reg->writing->members_lock);
    const struct policy *policy = reg->members == NULL ? NULL : members_policy(reg->members);
    if (policy != NULL && policy->has_merge_within) seconds = policy->merge_within;
    if (reg->writing != NULL) pthread_rwlock_unlock(&reg->writing->members_lock);
    return seconds * 1000;
}

static enum status put_promise(struct truce_register *reg, const struct outcome *outcome, const struct hash *leaf,
                               struct buffer *out, struct error *error)
{
    struct promise promise = {.origin = slice_from(reg->signer.verifier.name),
                              .index = outcome->index,
                              .leaf = *leaf,
                              .received_ms = outcome->received_ms,
                              .merge_by_ms = outcome->received_ms + merge_within_ms(reg)};
    const struct signer *signer = log_signer(reg->log, outcome->index + 1);
    return promise_sign(out, &promise, signer != NULL ? signer : &reg->signer, error);
}

static void put_or_null(struct json_writer *w, const struct buffer *text)
{
    if (text->size == 0)
        json_put_null(w);
    else
        json_put_slice(w, buffer_slice(text));
}

/* Under the head; or, where none covers the entry, with the promise that one will, if the log's key is here. */
static enum status put_told(struct truce_register *reg, const struct outcome *outcome, enum head_level level,
                            struct slice head, uint64_t size, struct buffer *out, struct error *error)
{
    OWN(buffer_clear) struct buffer proof = {0}, promise = {0};
    struct log_proof path;
    struct hash leaf;
    char hex[HASH_HEX_SIZE], received[25], phrase[PHRASE_SIZE];
    bool covered = level != HEAD_DURABLE;
    TRY(log_leaf(reg->log, outcome->index, &leaf, error));
    if (covered) {
        TRY(log_prove_inclusion(reg->log, outcome->index, size, &path, error));
        proof_format(&proof, outcome->index, &path, head);
    } else if (reg->signer.verifier.name[0] != '\0') {
        TRY(put_promise(reg, outcome, &leaf, &promise, error));
    }
    hash_format(&outcome->id.hash, hex);
    received_format(outcome->received_ms, received);
    phrase_format(phrase, members_register(reg->members), outcome->index, &leaf);
    struct json_writer w;
    json_write_open(&w, out);
    json_put_object(&w);
    json_put_key(&w, "id"), json_put_string(&w, hex);
    json_put_key(&w, "index"), json_put_integer(&w, (int64_t)outcome->index);
    json_put_key(&w, "level"), json_put_string(&w, head_level_name(level));
    json_put_key(&w, "phrase"), json_put_string(&w, phrase);
    json_put_key(&w, "promise"), put_or_null(&w, &promise);
    json_put_key(&w, "proof"), put_or_null(&w, &proof);
    json_put_key(&w, "received"), json_put_string(&w, received);
    json_put_key(&w, "size"), json_put_integer(&w, (int64_t)size);
    json_put_close(&w);
    return json_write_finish(&w, error);
}

static enum status put_place(const struct outcome *outcome, struct buffer *out, struct error *error)
{
    char hex[HASH_HEX_SIZE];
    hash_format(&outcome->id.hash, hex);
    buffer_print(out, "{\"id\":\"%s\",\"index\":%" PRIu64 "}", hex, outcome->index);
    return buffer_finish(out, error);
}

/* What was there before may be covered by more than the checkpoint of this moment. */
static enum status put_receipt(struct receipts *receipts, struct truce_register *reg, const struct outcome *outcome,
                               struct buffer *out, struct error *error)
{
    OWN(head_clear) struct head head = {.level = HEAD_DURABLE};
    if (outcome->already) TRY(heads_find(reg, outcome->index, &head, error));
    if (head.level > HEAD_CHECKPOINT)
        return put_told(reg, outcome, head.level, buffer_slice(&head.note), head.size, out, error);
    struct slice checkpoint = buffer_slice(&receipts->checkpoint);
    return put_told(reg, outcome, checkpoint.size > 0 ? HEAD_CHECKPOINT : HEAD_DURABLE, checkpoint, receipts->size, out,
                    error);
}

enum status receipt_of_now(struct truce_register *reg, uint64_t index, struct buffer *out, struct error *error)
{
    OWN(head_clear) struct head head = {.level = HEAD_DURABLE};
    OWN(buffer_clear) struct buffer entry = {0};
    OWN(arena_clear) struct arena arena;
    struct record record;
    struct outcome outcome = {.index = index, .already = true};
    arena_init(&arena, LIMIT_REQUEST_BYTES);
    TRY(register_know(reg, error));
    TRY(register_read(reg, index, &entry, &arena, &record, &outcome.received_ms, error));
    outcome.id = record.id;
    TRY(heads_find(reg, index, &head, error));
    return put_told(reg, &outcome, head.level, buffer_slice(&head.note),
                    head.level == HEAD_DURABLE ? log_size(reg->log) : head.size, out, error);
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
    const struct signer *signer = log_signer(reg->log, log_size(reg->log));
    TRY(refusal_sign(&note, &refusal, signer != NULL ? signer : &reg->signer, error));
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
    if (!outcome->admitted && !outcome->already) return put_refusal(reg, outcome, out, error);
    return reg->level == TRUCE_LEVEL_NONE ? put_place(outcome, out, error)
                                          : put_receipt(receipts, reg, outcome, out, error);
}
