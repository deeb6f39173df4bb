#include "peer/hand_in.h"

#include "json/write.h"
#include "register/promises.h"
#include "log/checkpoint.h"
#include <stdio.h>
#include <stdlib.h>

enum {
    NOTES_MOST = 1024,        /* stamped and handed on together */
    ANSWER_BYTES = 64 * 1024, /* room for what the host says of one note */
    AGAIN_MOST = 64,          /* in one round */
    PATIENCE_S = 10           /* of those who wait for an answer */
};

enum status hand_in_open(struct hand_in *out, const struct system *system, const char *directory, struct source *source,
                         const struct signer *key, const struct verifier *log_key, struct error *error)
{
    *out = (struct hand_in){.system = system, .source = source, .key = key, .log_key = *log_key};
    snprintf(out->origin, sizeof out->origin, "%s", log_key->name);
    pthread_mutex_init(&out->mutex, NULL);
    return arrivals_open(&out->arrivals, system, directory, true, error);
}

void hand_in_close(struct hand_in *hand_in)
{
    arrivals_close(&hand_in->arrivals);
    pthread_mutex_destroy(&hand_in->mutex);
}

void hand_in_key(struct hand_in *hand_in, const struct verifier *log_key)
{
    pthread_mutex_lock(&hand_in->mutex);
    hand_in->log_key = *log_key;
    pthread_mutex_unlock(&hand_in->mutex);
}

/* ---- stamping */

struct handed {
    struct slice note;
    bool is_record;
    struct record_id id;
    struct error why; /* it is none */
    struct buffer stamp;
};

static enum status look_at(struct handed *handed, struct arena *arena)
{
    struct record record;
    arena_reset(arena);
    enum status status = record_decode(&record, handed->note, arena, &handed->why);
    handed->is_record = status == STATUS_DONE;
    if (handed->is_record) handed->id = record.id;
    return status == STATUS_FAILED ? status : STATUS_DONE;
}

static enum status stamp(struct hand_in *h, struct handed *handed, struct error *error)
{
    const struct arrival_stamp stamp = {.origin = slice_from(h->origin),
                                        .id = handed->id,
                                        .submitted = hash_of(handed->note),
                                        .at_ms = h->system->now_ms(h->system->context)};
    size_t before = arrivals_find(&h->arrivals, &stamp.id, &stamp.submitted);
    if (before == SIZE_MAX) return arrival_sign(&handed->stamp, &stamp, h->key, error);
    buffer_put(&handed->stamp, arrivals_stamp(&h->arrivals, before)); /* it came before: that is when it arrived */
    return buffer_finish(&handed->stamp, error);
}

/* The mutex is held. What is new is kept in one write. */
static enum status stamp_all(struct hand_in *h, struct handed *handed, size_t count, struct error *error)
{
    struct arriving *arriving = calloc(count, sizeof *arriving);
    size_t fresh = 0;
    enum status status = arriving == NULL ? arena_full(error) : STATUS_DONE;
    for (size_t i = 0; i < count && status == STATUS_DONE; i++) {
        if (!handed[i].is_record) continue;
        struct hash submitted = hash_of(handed[i].note);
        bool known = arrivals_find(&h->arrivals, &handed[i].id, &submitted) != SIZE_MAX;
        status = stamp(h, &handed[i], error);
        if (!known && status == STATUS_DONE)
            arriving[fresh++] = (struct arriving){buffer_slice(&handed[i].stamp), handed[i].note};
    }
    if (status == STATUS_DONE && fresh > 0) status = arrivals_add(&h->arrivals, arriving, fresh, error);
    free(arriving);
    return status;
}

/* ---- the host's answer: a line for each note */

/* A receipt or a refusal, as its first and last members tell; anything else is a problem of the whole. */
static bool is_answer(struct slice line, bool *refused)
{
    *refused = slice_starts(line, "{\"message\":") && memmem(line.data, line.size, "\"refused\":\"", 11) != NULL;
    return *refused || slice_starts(line, "{\"id\":\"");
}

static bool next_line(struct slice *rest, struct slice *line)
{
    if (rest->size == 0) return false;
    const uint8_t *end = memchr(rest->data, '\n', rest->size);
    *line = slice_part(*rest, 0, end == NULL ? rest->size : (size_t)(end - rest->data));
    *rest = slice_part(*rest, line->size + 1, SIZE_MAX);
    return true;
}

/* Is the line a refusal of this note that the host has signed? */
static bool refusal_holds(const struct hand_in *h, struct slice line, struct slice note, struct buffer *signed_)
{
    struct note refusal_note;
    struct refusal refusal;
    struct hash submitted = hash_of(note);
    bool present;
    if (!said_note(line, "note", signed_)) return false;
    struct slice text = buffer_slice(signed_);
    return note_parse(&refusal_note, text, NULL) == STATUS_DONE &&
           refusal_parse(&refusal, refusal_note.text, NULL) == STATUS_DONE &&
           note_verify(&refusal_note, &h->log_key, &present) && hash_equal(&refusal.submitted, &submitted);
}

/* A refusal counts when it is signed; the record is handed on no more then. The mutex is held. */
static enum status settle(struct hand_in *h, size_t i, struct slice line, struct error *error)
{
    OWN(buffer_clear) struct buffer refusal = {0};
    if (i == SIZE_MAX || h->arrivals.at[i].settled) return STATUS_DONE;
    if (!refusal_holds(h, line, arrivals_note(&h->arrivals, i), &refusal)) return STATUS_DONE;
    return arrivals_refuse(&h->arrivals, i, buffer_slice(&refusal), error);
}

/* ---- taking */

static enum status give_arrival(const struct handed *handed, truce_line *line, void *context, struct error *error)
{
    char id[HASH_HEX_SIZE];
    OWN(buffer_clear) struct buffer text = {0};
    struct json_writer w;
    hash_format(&handed->id.hash, id);
    json_write_open(&w, &text);
    json_put_object(&w);
    json_put_key(&w, "arrival"), json_put_slice(&w, buffer_slice(&handed->stamp));
    json_put_key(&w, "id"), json_put_string(&w, id);
    json_put_close(&w);
    TRY(json_write_finish(&w, error));
    return public_line(line, context, STATUS_DONE, buffer_slice(&text), error);
}

/* What is no record at all nobody stamps; the mirror has no key to sign a refusal with. */
static enum status give_refusal(const struct handed *handed, truce_line *line, void *context, struct error *error)
{
    char message[1024];
    OWN(buffer_clear) struct buffer text = {0};
    struct json_writer w;
    public_message(&handed->why, message, sizeof message);
    json_write_open(&w, &text);
    json_put_object(&w);
    json_put_key(&w, "message"), json_put_string(&w, message);
    json_put_key(&w, "note"), json_put_string(&w, "");
    json_put_key(&w, "pointer"), json_put_string(&w, handed->why.pointer);
    json_put_key(&w, "refused"), json_put_string(&w, handed->why.code);
    json_put_close(&w);
    TRY(json_write_finish(&w, error));
    return public_line(line, context, STATUS_REFUSED, buffer_slice(&text), error);
}

/* A host that cannot be reached, or that answers something else, has not answered. */
static enum status hand_on(struct hand_in *h, struct slice notes, size_t count, struct source_answer *answer)
{
    struct error ignored;
    *answer = (struct source_answer){.status = 0};
    if (!source_is_server(h->source)) return STATUS_DONE;
    enum status status =
        source_post(h->source, "records", notes, PATIENCE_S, (count + 1) * ANSWER_BYTES, answer, &ignored);
    return status;
}

static enum status give_line(struct hand_in *h, const struct handed *handed, struct slice *answers, truce_line *line,
                             void *context, bool *refused, struct error *error)
{
    struct slice one = {NULL, 0};
    if (!handed->is_record) {
        *refused = true;
        return give_refusal(handed, line, context, error);
    }
    bool is_refused = false, answered = next_line(answers, &one) && is_answer(one, &is_refused);
    if (!answered) {
        *answers = (struct slice){NULL, 0}; /* what follows belongs to nothing */
        return give_arrival(handed, line, context, error);
    }
    if (is_refused) {
        struct hash submitted = hash_of(handed->note);
        pthread_mutex_lock(&h->mutex);
        enum status status = settle(h, arrivals_find(&h->arrivals, &handed->id, &submitted), one, error);
        pthread_mutex_unlock(&h->mutex);
        TRY(status);
        *refused = true;
    }
    return public_line(line, context, is_refused ? STATUS_REFUSED : STATUS_DONE, one, error);
}

static enum status take_some(struct hand_in *h, struct handed *handed, size_t count, struct arena *arena,
                             truce_line *line, void *context, bool *refused, struct error *error)
{
    OWN(buffer_clear) struct buffer body = {0};
    struct source_answer answer = {0};
    size_t records = 0;
    for (size_t i = 0; i < count; i++) TRY(look_at(&handed[i], arena));
    pthread_mutex_lock(&h->mutex);
    enum status status = stamp_all(h, handed, count, error);
    pthread_mutex_unlock(&h->mutex);
    TRY(status);
    for (size_t i = 0; i < count; i++)
        if (handed[i].is_record) buffer_put(&body, handed[i].note), records++;
    TRY(buffer_finish(&body, error));
    if (records > 0) (void)!hand_on(h, buffer_slice(&body), records, &answer);
    bool lines = strcmp(answer.type, "application/x-ndjson") == 0;
    struct slice answers = lines ? buffer_slice(&answer.body) : (struct slice){NULL, 0};
    for (size_t i = 0; i < count && status == STATUS_DONE; i++)
        status = give_line(h, &handed[i], &answers, line, context, refused, error);
    buffer_clear(&answer.body);
    return status;
}

enum status hand_in_take(struct hand_in *hand_in, struct slice notes, truce_line *line, void *context,
                         struct error *error)
{
    OWN(arena_clear) struct arena arena;
    struct handed *handed = calloc(NOTES_MOST, sizeof *handed);
    bool refused = false, more = true;
    enum status status = handed == NULL ? arena_full(error) : STATUS_DONE;
    arena_init(&arena, LIMIT_REQUEST_BYTES);
    for (size_t count = 0; status == STATUS_DONE && more; count = 0) {
        while (count < NOTES_MOST && (more = record_next_note(&notes, &handed[count].note))) count++;
        if (count == 0) break;
        status = take_some(hand_in, handed, count, &arena, line, context, &refused, error);
        for (size_t i = 0; i < count; i++) buffer_clear(&handed[i].stamp);
    }
    free(handed);
    TRY(status);
    if (!refused) return STATUS_DONE;
    return error_set(error, STATUS_REFUSED, "mirror-refused", "Not every record was taken; the lines say which.", NULL);
}

/* ---- again */

/* The next that is open, copied so that others may go on handing in. */
static bool next_open(struct hand_in *h, size_t *at, hand_in_found *in_log, void *context, struct buffer *note)
{
    bool found = false;
    pthread_mutex_lock(&h->mutex);
    for (; !found && *at < h->arrivals.count; ++*at) {
        struct arrival *arrival = &h->arrivals.at[*at];
        if (!arrival->settled && in_log(context, &arrival->stamp.id)) arrival->settled = true;
        found = !arrival->settled;
        if (found) {
            buffer_reset(note);
            buffer_put(note, arrivals_note(&h->arrivals, *at));
        } else if (h->settled == *at) {
            h->settled++;
        }
    }
    if (found) --*at;
    pthread_mutex_unlock(&h->mutex);
    return found && !note->failed;
}

enum status hand_in_again(struct hand_in *hand_in, hand_in_found *in_log, void *context, struct error *error)
{
    OWN(buffer_clear) struct buffer note = {0};
    enum status status = STATUS_DONE;
    size_t at = hand_in->settled;
    for (unsigned tries = 0; tries < AGAIN_MOST && status == STATUS_DONE; tries++, at++) {
        struct source_answer answer = {0};
        struct slice rest, line;
        bool refused;
        if (!next_open(hand_in, &at, in_log, context, &note)) break;
        if (hand_on(hand_in, buffer_slice(&note), 1, &answer) != STATUS_DONE) break; /* the next round tries again */
        rest = buffer_slice(&answer.body);
        if (strcmp(answer.type, "application/x-ndjson") == 0 && next_line(&rest, &line) && is_answer(line, &refused) &&
            refused) {
            pthread_mutex_lock(&hand_in->mutex);
            status = settle(hand_in, at, line, error);
            pthread_mutex_unlock(&hand_in->mutex);
        }
        buffer_clear(&answer.body);
    }
    return status;
}
