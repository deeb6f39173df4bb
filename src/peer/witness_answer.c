/* What is answered: a cosignature, which each makes in its own thread once the state that owes it is durable; the
 * newest checkpoint; or why not. */
#include "json/write.h"
#include "peer/witness_internal.h"
#include "truce.h"

#include <inttypes.h>

static const char type_text[] = "text/plain; charset=utf-8", type_size[] = "text/x.tlog.size",
                  type_problem[] = "application/problem+json";

/* Codes with a status of their own; a refusal is 400, a failure 503. */
static const struct {
    const char *code;
    unsigned status, retry_s;
} statuses[] = {
    {"witness-origin", 404, 0},        {"witness-absent", 404, 0}, {"witness-signature-none", 403, 0},
    {"witness-signature-bad", 403, 0}, {"witness-size", 409, 0},   {"witness-root", 422, 0},
    {"witness-proof", 422, 0},         {"witness-forked", 503, 0}, {"witness-closed", 503, 60},
    {"witness-unconfirmed", 503, 10},
};

static void put_problem(struct buffer *out, unsigned status, const struct error *error)
{
    char message[1024];
    struct json_writer w;
    error_format(error, truce_word(error->sentence), message, sizeof message);
    json_write_open(&w, out);
    json_put_object(&w);
    json_put_key(&w, "code"), json_put_string(&w, error->code);
    json_put_key(&w, "detail"), json_put_string(&w, message);
    if (error->offset >= 0) json_put_key(&w, "offset"), json_put_integer(&w, error->offset);
    json_put_key(&w, "status"), json_put_integer(&w, status);
    json_put_key(&w, "type"), json_put_string(&w, "about:blank");
    json_put_close(&w);
    if (json_write_finish(&w, NULL) != STATUS_DONE) out->failed = true;
    buffer_put_byte(out, '\n');
}

static void answer_with(struct witness_answer *answer, unsigned status, const char *type, struct buffer *body)
{
    *answer = (struct witness_answer){.status = status, .type = type, .body = *body};
    *body = (struct buffer){0};
    if (!answer->body.failed) return;
    buffer_clear(&answer->body);
    answer->status = 503;
    answer->type = type_text;
}

static void answer_error(struct witness_answer *answer, const struct error *error)
{
    struct buffer body = {0};
    unsigned status = error->status == STATUS_REFUSED ? 400 : 503, retry_s = status == 503 ? 30 : 0;
    for (size_t i = 0; i < COUNT_OF(statuses); i++) {
        if (strcmp(statuses[i].code, error->code) != 0) continue;
        status = statuses[i].status;
        retry_s = statuses[i].retry_s;
    }
    put_problem(&body, status, error);
    answer_with(answer, status, type_problem, &body);
    answer->retry_s = retry_s;
}

static enum status judge(struct witness *w, struct witness_request *request, struct slice body, struct buffer *line,
                         struct error *error)
{
    TRY(witness_request_read(request, &w->trusted, body, error));
    TRY(witness_request_pass(w, request, error));
    return note_cosign_line(line, request->text, request->time_s, &w->key, error);
}

void witness_judge(struct witness *w, struct slice body, struct witness_answer *answer)
{
    OWN(witness_request_clear) struct witness_request request = {.asks = WITNESS_ADDS};
    struct error why;
    struct buffer out = {0};
    enum status status = judge(w, &request, body, &out, &why);
    if (status == STATUS_DONE) {
        answer_with(answer, 200, type_text, &out);
        return;
    }
    buffer_clear(&out);
    if (strcmp(why.code, "witness-size") != 0) {
        answer_error(answer, &why);
        return;
    }
    buffer_print(&out, "%" PRIu64 "\n", request.recorded);
    answer_with(answer, 409, type_size, &out);
}

static enum status absent(struct error *error)
{
    return error_set(error, STATUS_REFUSED, "witness-absent",
                     "This witness has cosigned no checkpoint of a log whose origin has this hash.", NULL);
}

/* The note without our line, and when it was cosigned. */
static enum status seen_copy(struct witness *w, struct slice origin_hash, struct buffer *out, int64_t *time_s,
                             struct error *error)
{
    struct hash name;
    struct witness_log *log = hash_parse(&name, origin_hash) ? trusted_find_hash(&w->trusted, &name) : NULL;
    if (log == NULL) return absent(error);
    pthread_mutex_lock(&w->heads);
    *time_s = log->head.time_s;
    buffer_put(out, buffer_slice(&log->head.note));
    pthread_mutex_unlock(&w->heads);
    if (*time_s == 0) return absent(error);
    return buffer_finish(out, error);
}

static enum status show(struct witness *w, struct slice origin_hash, struct buffer *out, struct error *error)
{
    OWN(buffer_clear) struct buffer copy = {0};
    struct note note;
    int64_t time_s = 0;
    TRY(seen_copy(w, origin_hash, &copy, &time_s, error));
    TRY(note_parse(&note, buffer_slice(&copy), error));
    buffer_put(out, buffer_slice(&copy));
    return note_cosign_line(out, note.text, time_s, &w->key, error);
}

void witness_show(struct witness *w, struct slice origin_hash, struct witness_answer *answer)
{
    struct error why;
    struct buffer out = {0};
    if (show(w, origin_hash, &out, &why) == STATUS_DONE) {
        answer_with(answer, 200, type_text, &out);
        return;
    }
    buffer_clear(&out);
    answer_error(answer, &why);
}

/* ---- peers */

enum status witness_hear(struct witness *w, size_t peer, struct slice note, struct error *error)
{
    OWN(witness_request_clear) struct witness_request request = {.asks = WITNESS_HEARS};
    TRY(witness_request_hear(&request, &w->trusted, &w->key.verifier, note, error));
    request.peer = peer;
    return witness_request_pass(w, &request, error);
}

enum status witness_alive(struct witness *w, struct error *error)
{
    struct witness_request request = {.asks = WITNESS_LIVES};
    return witness_request_pass(w, &request, error);
}

bool witness_heard(struct witness *w, size_t peer)
{
    pthread_mutex_lock(&w->heads);
    bool heard = w->heard[peer];
    pthread_mutex_unlock(&w->heads);
    return heard;
}
