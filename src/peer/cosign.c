/* A checkpoint to one witness, and its cosignature back. */
#include "peer/cosign.h"

#include "http/http.h"
#include "log/checkpoint.h"
#include "log/lines.h"

#include <inttypes.h>
#include <stdio.h>

enum { TOTAL_S = 10, ANSWER_MOST = 64 * 1024, URL_SIZE = 2048 };
static const char type_size[] = "text/x.tlog.size";

struct asking {
    struct cosign_witness *witness;
    struct slice note_bytes;
    struct note note;
    struct checkpoint checkpoint;
    cosign_prove *prove;
    void *context;
};

/* ---- the request */

static enum status put_proof(struct buffer *out, const struct asking *asking, struct error *error)
{
    struct log_proof proof;
    uint64_t old = asking->witness->old;
    if (old == 0 || old == asking->checkpoint.size) return STATUS_DONE;
    TRY(asking->prove(asking->context, old, asking->checkpoint.size, &proof, error));
    for (size_t i = 0; i < proof.count; i++) {
        char base64[BASE64_SIZE(HASH_BYTES)];
        base64_format(base64, sizeof base64, slice_of(proof.hash[i].bytes, HASH_BYTES));
        buffer_print(out, "%s\n", base64);
    }
    return STATUS_DONE;
}

static enum status post(const struct asking *asking, struct http_result *result, struct error *error)
{
    const struct cosign_witness *witness = asking->witness;
    OWN(buffer_clear) struct buffer body = {0};
    char url[URL_SIZE];
    size_t size = strlen(witness->url);
    while (size > 0 && witness->url[size - 1] == '/') size--;
    if (snprintf(url, sizeof url, "%.*s/add-checkpoint", (int)size, witness->url) >= (int)sizeof url)
        return error_set(error, STATUS_USAGE, "cosign-url", "The address of a witness is too long.", NULL);
    buffer_print(&body, "old %" PRIu64 "\n", witness->old);
    TRY(put_proof(&body, asking, error));
    buffer_put_byte(&body, '\n');
    buffer_put(&body, asking->note_bytes);
    TRY(buffer_finish(&body, error));
    const struct http_call call = {.url = url,
                                   .method = "POST",
                                   .body = buffer_slice(&body),
                                   .type = "text/plain; charset=utf-8",
                                   .certificate_authority = witness->certificate_authority,
                                   .connect_s = witness->total_s == 0 ? TOTAL_S : witness->total_s,
                                   .total_s = witness->total_s == 0 ? TOTAL_S : witness->total_s,
                                   .answer_most = ANSWER_MOST};
    return http_fetch(&call, result, error);
}

/* ---- the answer */

static enum status bad(const struct asking *asking, struct error *error)
{
    return error_set(error, STATUS_UNVERIFIED, "cosign-bad",
                     "What {0} answered holds no cosignature of \"{1}\" that is good for this checkpoint.",
                     asking->witness->url, asking->witness->key.name, NULL);
}

/* Lines of other keys are passed by; one of this key must be there and hold, all of them if there are several. */
static enum status take_cosignature(const struct asking *asking, struct slice lines, struct cosigned *out,
                                    struct error *error)
{
    OWN(buffer_clear) struct buffer bytes = {0};
    struct note note;
    bool present;
    int64_t time;
    const struct verifier *key = &asking->witness->key;
    buffer_put(&bytes, asking->note.text);
    buffer_put_byte(&bytes, '\n');
    buffer_put(&bytes, lines);
    TRY(buffer_finish(&bytes, error));
    if (note_parse(&note, buffer_slice(&bytes), NULL) != STATUS_DONE || !slice_equal(note.text, asking->note.text) ||
        !note_cosigned(&note, key, &present, &time))
        return bad(asking, error);
    for (size_t i = 0; i < note.signatures; i++) {
        if (note.signature[i].key_id != key->id || !slice_is(note.signature[i].name, key->name)) continue;
        buffer_put(out->line, note.signature[i].line);
        buffer_put_byte(out->line, '\n');
        break;
    }
    out->time = time;
    asking->witness->old = asking->checkpoint.size;
    return buffer_finish(out->line, error);
}

static bool read_size(const struct http_result *result, uint64_t *size)
{
    struct lines lines = {.text = buffer_slice(&result->body)};
    *size = lines_number(&lines, lines_take(&lines));
    return !lines.failed && lines.at == lines.text.size && strcmp(result->type, type_size) == 0;
}

static enum status refused(const struct asking *asking, const struct http_result *result, struct error *error)
{
    return error_set(error, STATUS_REFUSED, "cosign-refused", "The witness {0} does not cosign; it answered {1}: {2}",
                     asking->witness->url, error_number(result->status).text,
                     error_slice(slice_part(buffer_slice(&result->body), 0, 200)).text, NULL);
}

/* Takes the answer of one request; *again if it is worth asking once more, from the size that the witness said. */
static enum status take_answer(const struct asking *asking, const struct http_result *result, struct cosigned *out,
                               bool *again, struct error *error)
{
    uint64_t size;
    *again = false;
    if (result->status == 200) return take_cosignature(asking, buffer_slice(&result->body), out, error);
    if (result->status != 409 || !read_size(result, &size)) return refused(asking, result, error);
    out->seen = size;
    if (size > asking->checkpoint.size)
        return error_set(error, STATUS_REFUSED, "cosign-ahead",
                         "The witness {0} has cosigned {1} entries of this log, and this checkpoint has {2}: it is an "
                         "old one, or the log has lost entries.",
                         asking->witness->url, error_number((int64_t)size).text,
                         error_number((int64_t)asking->checkpoint.size).text, NULL);
    *again = size != asking->witness->old;
    asking->witness->old = size;
    return *again ? STATUS_DONE : refused(asking, result, error);
}

static enum status ask_once(const struct asking *asking, struct cosigned *out, bool *again, struct error *error)
{
    struct http_result result = {0};
    TRY(post(asking, &result, error));
    enum status status = take_answer(asking, &result, out, again, error);
    buffer_clear(&result.body);
    return status;
}

enum status cosign_ask(struct cosign_witness *witness, struct slice checkpoint_note, cosign_prove *prove, void *context,
                       struct cosigned *out, struct error *error)
{
    struct asking asking = {.witness = witness, .note_bytes = checkpoint_note, .prove = prove, .context = context};
    bool again;
    TRY(note_parse(&asking.note, checkpoint_note, error));
    TRY(checkpoint_parse(&asking.checkpoint, asking.note.text, error));
    if (witness->old > asking.checkpoint.size) witness->old = asking.checkpoint.size; /* it will say what it has */
    TRY(ask_once(&asking, out, &again, error));
    if (!again) return STATUS_DONE;
    TRY(ask_once(&asking, out, &again, error));
    if (!again) return STATUS_DONE;
    return error_set(error, STATUS_FAILED, "cosign-moving",
                     "The witness {0} is being told of other checkpoints of this log at the same moment; ask again.",
                     witness->url, NULL);
}
