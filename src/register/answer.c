/* Where it stands and why: a prefix of the log, seen by the terms. */
#include "register/answer.h"

#include <stdlib.h>

/* ---- moments */

static enum status received_at(struct truce_register *reg, uint64_t index, int64_t *received_ms, struct error *error)
{
    OWN(buffer_clear) struct buffer entry = {0};
    struct slice note;
    for (*received_ms = 0;; index--) { /* what a host slipped in may be no entry at all: then the one before it tells */
        buffer_reset(&entry);
        TRY(log_read(reg->log, index, &entry, error));
        if (entry_parse(received_ms, &note, buffer_slice(&entry), NULL) == STATUS_DONE || index == 0)
            return STATUS_DONE;
    }
}

/* The longest prefix received by `time`: received never decreases, so it is found by halving. */
static enum status known_by(struct truce_register *reg, int64_t time, uint64_t *size, struct error *error)
{
    uint64_t low = 0, high = reg->seen;
    while (low < high) {
        uint64_t middle = low + (high - low) / 2;
        int64_t received_ms;
        TRY(received_at(reg, middle, &received_ms, error));
        if (received_ms <= time * 1000 + 999)
            low = middle + 1;
        else
            high = middle;
    }
    *size = low;
    return STATUS_DONE;
}

/* Now; in an exercise, which has a clock of its own, when the last record that is known was received. */
static enum status now_of(struct truce_register *reg, uint64_t size, int64_t *as_of, struct error *error)
{
    int64_t now_ms = reg->system->now_ms(reg->system->context);
    if (members_exercise(reg->members) && size > 0) TRY(received_at(reg, size - 1, &now_ms, error));
    *as_of = now_ms / 1000;
    return STATUS_DONE;
}

enum status register_moment(struct truce_register *reg, const struct truce_moment *asked, struct moment *out,
                            struct error *error)
{
    TRY(register_know(reg, error));
    struct moment moment = {.size = reg->seen, .as_of = asked->as_of};
    if (asked->known_by == TRUCE_KNOWN_SIZE && asked->known_size < moment.size) moment.size = asked->known_size;
    if (asked->known_by == TRUCE_KNOWN_TIME) TRY(known_by(reg, asked->known_time, &moment.size, error));
    if (!asked->has_as_of) TRY(now_of(reg, moment.size, &moment.as_of, error));
    *out = moment;
    return STATUS_DONE;
}

/* ---- answers */

void answer_put_register(struct truce_register *reg, struct json_writer *w)
{
    struct slice name = members_register(reg->members);
    json_put_key(w, "register");
    json_put_slice(w, name.data == NULL ? slice_from("") : name);
}

enum status answer_put_root(struct truce_register *reg, uint64_t size, struct json_writer *w, struct error *error)
{
    struct hash root;
    char hex[HASH_HEX_SIZE];
    TRY(log_root(reg->log, size, &root, error));
    hash_format(&root, hex);
    json_put_key(w, "root"), json_put_string(w, hex);
    return STATUS_DONE;
}

static void put_moment(struct truce_register *reg, const struct moment *moment, uint64_t later, struct json_writer *w)
{
    answer_put_time(w, "as_of", moment->as_of);
    json_put_key(w, "exercise"), json_put_bool(w, members_exercise(reg->members));
    json_put_key(w, "known"), json_put_integer(w, (int64_t)moment->size);
    json_put_key(w, "later"), json_put_integer(w, (int64_t)later);
}

void answer_put_time(struct json_writer *w, const char *key, int64_t time)
{
    char text[TIME_TEXT_SIZE];
    time_format(time, text);
    json_put_key(w, key), json_put_string(w, text);
}

void answer_put_id(struct json_writer *w, const char *key, const struct record_id *id)
{
    char hex[HASH_HEX_SIZE];
    hash_format(&id->hash, hex);
    json_put_key(w, key), json_put_string(w, hex);
}

void answer_put_moment(struct truce_register *reg, const struct moment *moment, struct json_writer *w)
{
    put_moment(reg, moment, reg->seen - moment->size, w);
}

/* What is asked of a view, besides the moment. */
struct question {
    struct slice term, reading; /* of why */
    bool without_open;          /* of a standing: of what waits only what the agreements propose */
    bool alone;                 /* of why: as if nothing had come later */
    struct waiting_query waiting;
};

enum truce_status answer_at(struct truce_register *reg, const struct truce_moment *asked, write_answer *write,
                            const void *question, struct truce_buffer *answer, struct truce_error *error)
{
    struct error why;
    struct look look;
    OWN(buffer_clear) struct buffer out = {0};
    enum status status = look_begin(reg, asked, &look, &why);
    if (status == STATUS_DONE) {
        status = write(reg, &look.moment, look.view, question, &out, &why);
        look_end(&look);
    }
    if (status == STATUS_DONE) status = public_buffer(answer, &out, &why);
    return public_status(status, &why, error);
}

/* ---- a value under a name of its own, among what every answer says of its moment */

struct named_value {
    const char *key;
    answer_value *write;
    const void *question;
};

static enum status put_said(struct truce_register *reg, const struct moment *moment, size_t i, struct json_writer *w,
                            struct error *error)
{
    switch (i) {
    case 0: answer_put_time(w, "as_of", moment->as_of); break;
    case 1: json_put_key(w, "exercise"), json_put_bool(w, members_exercise(reg->members)); break;
    case 2: json_put_key(w, "known"), json_put_integer(w, (int64_t)moment->size); break;
    case 3: json_put_key(w, "later"), json_put_integer(w, (int64_t)(reg->seen - moment->size)); break;
    case 4: answer_put_register(reg, w); break;
    default: return answer_put_root(reg, moment->size, w, error);
    }
    return STATUS_DONE;
}

static enum status named_value_json(struct truce_register *reg, const struct moment *moment, struct view *view,
                                    const void *context, struct buffer *out, struct error *error)
{
    static const char *const names[] = {"as_of", "exercise", "known", "later", "register", "root"};
    const struct named_value *value = context;
    struct json_writer w;
    bool put = false;
    json_write_open(&w, out);
    json_put_object(&w);
    for (size_t i = 0; i <= COUNT_OF(names); i++) {
        if (!put && (i == COUNT_OF(names) || strcmp(value->key, names[i]) < 0)) {
            json_put_key(&w, value->key);
            TRY(value->write(reg, moment, view, value->question, &w, error));
            put = true;
        }
        if (i < COUNT_OF(names)) TRY(put_said(reg, moment, i, &w, error));
    }
    json_put_close(&w);
    return json_write_finish(&w, error);
}

enum truce_status answer_value_at(struct truce_register *reg, const struct truce_moment *asked, const char *key,
                                  answer_value *write, const void *question, struct truce_buffer *answer,
                                  struct truce_error *error)
{
    const struct named_value value = {key, write, question};
    return answer_at(reg, asked, named_value_json, &value, answer, error);
}

static enum status put_standing(struct truce_register *reg, const struct moment *moment, const struct view *view,
                                struct standing *standing, const struct question *question, struct json_writer *w,
                                struct error *error)
{
    json_put_object(w);
    json_put_key(w, "agreements");
    TRY(standing_write_agreements(standing, w, error));
    answer_put_moment(reg, moment, w);
    TRY(marked_write(view, w, error));
    json_put_key(w, "open");
    if (question->without_open)
        standing_write_proposals(standing, w);
    else
        TRY(standing_write_open(standing, w, error));
    answer_put_register(reg, w);
    TRY(answer_put_root(reg, moment->size, w, error));
    json_put_close(w);
    return json_write_finish(w, error);
}

static enum status standing_json(struct truce_register *reg, const struct moment *moment, struct view *view,
                                 const void *asked, struct buffer *out, struct error *error)
{
    const struct question *question = asked;
    struct json_writer w;
    struct standing *standing;
    TRY(standing_open(&standing, view, moment->as_of, error));
    json_write_open(&w, out);
    enum status status = put_standing(reg, moment, view, standing, question, &w, error);
    standing_close(&standing);
    return status;
}

enum status register_standing(struct truce_register *reg, struct view *view, const struct moment *at,
                              struct buffer *out, struct error *error)
{
    struct moment now = {.size = view_size(view)};
    if (at == NULL) TRY(now_of(reg, now.size, &now.as_of, error));
    const struct question whole = {.without_open = false};
    return standing_json(reg, at == NULL ? &now : at, view, &whole, out, error);
}

enum truce_status truce_standing(struct truce_register *reg, const struct truce_moment *asked,
                                 struct truce_buffer *answer, struct truce_error *error)
{
    const struct question whole = {.without_open = false};
    return answer_at(reg, asked, standing_json, &whole, answer, error);
}

enum truce_status truce_standing_agreements(struct truce_register *reg, const struct truce_moment *asked,
                                            struct truce_buffer *answer, struct truce_error *error)
{
    const struct question agreements = {.without_open = true};
    return answer_at(reg, asked, standing_json, &agreements, answer, error);
}

static enum status waiting_json(struct truce_register *reg, const struct moment *moment, struct view *view,
                                const void *context, struct buffer *out, struct error *error)
{
    const struct question *question = context;
    struct json_writer w;
    struct standing *standing;
    TRY(standing_open(&standing, view, moment->as_of, error));
    json_write_open(&w, out);
    json_put_object(&w);
    answer_put_moment(reg, moment, &w);
    answer_put_register(reg, &w);
    enum status status = answer_put_root(reg, moment->size, &w, error);
    json_put_key(&w, "waiting");
    if (status == STATUS_DONE) status = standing_write_waiting(standing, &question->waiting, &w, error);
    standing_close(&standing);
    TRY(status);
    json_put_close(&w);
    return json_write_finish(&w, error);
}

enum truce_status truce_waiting(struct truce_register *reg, const char *party, uint64_t most,
                                const struct truce_moment *asked, struct truce_buffer *answer,
                                struct truce_error *error)
{
    const struct question question = {
        .waiting = {slice_from(party == NULL ? "" : party), most == 0 ? SIZE_MAX : (size_t)most}};
    return answer_at(reg, asked, waiting_json, &question, answer, error);
}

static enum status why_json(struct truce_register *reg, const struct moment *moment, struct view *view,
                            const void *asked, struct buffer *out, struct error *error)
{
    const struct question *question = asked;
    struct json_writer w;
    json_write_open(&w, out);
    json_put_object(&w);
    put_moment(reg, moment, question->alone ? 0 : reg->seen - moment->size, &w);
    TRY(marked_write(view, &w, error));
    answer_put_register(reg, &w);
    TRY(answer_put_root(reg, moment->size, &w, error));
    json_put_key(&w, "why");
    TRY(why_write(view, question->term, question->reading, moment->as_of, &w, error));
    json_put_close(&w);
    return json_write_finish(&w, error);
}

enum truce_status truce_why(struct truce_register *reg, const char *term, const char *reading,
                            const struct truce_moment *asked, struct truce_buffer *answer, struct truce_error *error)
{
    const struct question question = {.term = slice_from(term), .reading = slice_from(reading == NULL ? "" : reading)};
    return answer_at(reg, asked, why_json, &question, answer, error);
}

enum status answer_why_alone(struct truce_register *reg, const struct truce_moment *asked, struct slice term,
                             struct slice reading, struct buffer *out, struct error *error)
{
    const struct question question = {.term = term, .reading = reading, .alone = true};
    struct look look;
    TRY(look_begin(reg, asked, &look, error));
    enum status status = why_json(reg, &look.moment, look.view, &question, out, error);
    look_end(&look);
    return status;
}

static enum status about_json(struct truce_register *reg, struct buffer *out, struct error *error)
{
    struct json_writer w;
    TRY(register_know(reg, error));
    json_write_open(&w, out);
    json_put_object(&w);
    json_put_key(&w, "exercise"), json_put_bool(&w, members_exercise(reg->members));
    json_put_key(&w, "founded"), json_put_bool(&w, members_founded(reg->members));
    json_put_key(&w, "published"), json_put_integer(&w, (int64_t)log_published(reg->log));
    answer_put_register(reg, &w);
    TRY(answer_put_root(reg, reg->seen, &w, error));
    json_put_key(&w, "size"), json_put_integer(&w, (int64_t)reg->seen);
    json_put_close(&w);
    return json_write_finish(&w, error);
}

enum truce_status truce_about(struct truce_register *reg, struct truce_buffer *answer, struct truce_error *error)
{
    struct error why;
    OWN(buffer_clear) struct buffer out = {0};
    enum status status = about_json(reg, &out, &why);
    if (status == STATUS_DONE) status = public_buffer(answer, &out, &why);
    return public_status(status, &why, error);
}
