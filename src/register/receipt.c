/* What a caller takes home: a receipt for each record, or a refusal signed by the log key. */
#include "register/register.h"

#include "json/write.h"
#include "log/checkpoint.h"

void receipts_clear(struct receipts *receipts)
{
    buffer_clear(&receipts->checkpoint);
}

static enum status put_promise(const struct receipts *receipts, struct truce_register *reg,
                               const struct outcome *outcome, struct buffer *out, struct error *error)
{
    struct promise promise = {.origin = slice_from(reg->signer.verifier.name),
                              .index = outcome->index,
                              .received_ms = outcome->received_ms,
                              .merge_by_ms = outcome->received_ms + receipts->merge_within_ms};
    const struct signer *signer = log_signer(reg->log, outcome->index + 1);
    TRY(log_leaf(reg->log, outcome->index, &promise.leaf, error));
    return promise_sign(out, &promise, signer != NULL ? signer : &reg->signer, error);
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
        TRY(put_promise(receipts, reg, outcome, &promise, error));
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
    return outcome->admitted || outcome->already ? put_receipt(receipts, reg, outcome, out, error)
                                                 : put_refusal(reg, outcome, out, error);
}
