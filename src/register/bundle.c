#include "register/bundle.h"

#include "json/write.h"
#include "log/checkpoint.h"
#include "register/answer.h"
#include "register/heads.h"

#include <inttypes.h>
#include <stdio.h>

static const char first_line[] = "truce-bundle/v1\n";
static const char sum_name[] = "sha256 ";
enum { SUM_BYTES = sizeof sum_name - 1 + HASH_HEX_SIZE }; /* with the newline */

/* ---- writing */

static void put_sized(struct buffer *out, const char *name, struct slice bytes)
{
    buffer_print(out, "%s %zu\n", name, bytes.size);
    buffer_put(out, bytes);
    buffer_put_byte(out, '\n');
}

static void put_proof(struct buffer *out, const struct log_proof *proof)
{
    char text[BASE64_SIZE(HASH_BYTES)];
    buffer_print(out, "proof %zu\n", proof->count);
    for (size_t i = 0; i < proof->count; i++) {
        base64_format(text, sizeof text, slice_of(proof->hash[i].bytes, HASH_BYTES));
        buffer_print(out, "%s\n", text);
    }
}

enum status bundle_write(struct buffer *out, const struct bundle *bundle, struct error *error)
{
    size_t begin = out->size;
    char hex[HASH_HEX_SIZE];
    buffer_put_string(out, first_line);
    put_sized(out, "question", bundle->question);
    put_sized(out, "answer", bundle->answer);
    put_sized(out, "head", bundle->head);
    put_proof(out, &bundle->proof);
    buffer_print(out, "entries %" PRIu64 " %zu\n", bundle->count, bundle->entries.size);
    buffer_put(out, bundle->entries);
    buffer_put_byte(out, '\n');
    TRY(buffer_finish(out, error));
    struct hash sum = hash_of(slice_part(buffer_slice(out), begin, SIZE_MAX));
    hash_format(&sum, hex);
    buffer_print(out, "%s%s\n", sum_name, hex);
    return buffer_finish(out, error);
}

/* ---- reading */

struct cursor {
    struct slice file, rest;
    bool bad; /* it stays where that was found */
};

static bool spoil(struct cursor *c)
{
    c->bad = true;
    return false;
}

static bool take_text(struct cursor *c, const char *text)
{
    if (c->bad || !slice_starts(c->rest, text)) return spoil(c);
    c->rest = slice_part(c->rest, strlen(text), SIZE_MAX);
    return true;
}

static uint64_t take_number(struct cursor *c)
{
    uint64_t number = 0;
    size_t size = 0;
    while (size < c->rest.size && c->rest.data[size] >= '0' && c->rest.data[size] <= '9' && size < 18)
        number = number * 10 + (uint64_t)(c->rest.data[size++] - '0');
    if (c->bad || size == 0 || (size > 1 && c->rest.data[0] == '0')) {
        spoil(c);
        return 0;
    }
    c->rest = slice_part(c->rest, size, SIZE_MAX);
    return number;
}

static struct slice take_bytes(struct cursor *c, uint64_t size)
{
    if (c->bad || size > c->rest.size) {
        spoil(c);
        return (struct slice){NULL, 0};
    }
    struct slice bytes = slice_part(c->rest, 0, (size_t)size);
    c->rest = slice_part(c->rest, (size_t)size, SIZE_MAX);
    return bytes;
}

static struct slice take_sized(struct cursor *c, const char *name)
{
    take_text(c, name), take_text(c, " ");
    uint64_t size = take_number(c);
    take_text(c, "\n");
    struct slice bytes = take_bytes(c, size);
    take_text(c, "\n");
    return bytes;
}

static void take_hash(struct cursor *c, struct hash *out)
{
    struct cursor before = *c;
    size_t size;
    char again[BASE64_SIZE(HASH_BYTES)];
    struct slice text = take_bytes(c, BASE64_SIZE(HASH_BYTES) - 1);
    bool good = !c->bad && base64_parse(out->bytes, HASH_BYTES, &size, text) && size == HASH_BYTES;
    if (good) base64_format(again, sizeof again, slice_of(out->bytes, HASH_BYTES));
    if (!good || !slice_is(text, again)) {
        c->rest = before.rest;
        spoil(c);
    }
    take_text(c, "\n");
}

static void take_proof(struct cursor *c, struct log_proof *proof)
{
    take_text(c, "proof ");
    uint64_t count = take_number(c);
    take_text(c, "\n");
    if (count > LOG_PROOF_MOST) spoil(c);
    for (proof->count = 0; !c->bad && proof->count < count; proof->count++) take_hash(c, &proof->hash[proof->count]);
}

static void take_entries(struct cursor *c, struct bundle *out)
{
    struct slice rest, entry;
    uint64_t count = 0;
    take_text(c, "entries ");
    out->count = take_number(c);
    take_text(c, " ");
    uint64_t size = take_number(c);
    take_text(c, "\n");
    struct cursor before = *c;
    rest = out->entries = take_bytes(c, size);
    while (!c->bad && bundle_entry(&rest, &entry)) count++;
    if (!c->bad && (rest.size > 0 || count != out->count)) {
        c->rest = slice_part(before.rest, size - rest.size, SIZE_MAX);
        spoil(c);
    }
    take_text(c, "\n");
}

bool bundle_entry(struct slice *rest, struct slice *entry)
{
    if (rest->size < 2) return false;
    size_t size = (size_t)(rest->data[0] << 8 | rest->data[1]);
    if (rest->size - 2 < size) return false;
    *entry = slice_part(*rest, 2, size);
    *rest = slice_part(*rest, 2 + size, SIZE_MAX);
    return true;
}

bool bundle_is(struct slice file)
{
    return slice_starts(file, "truce-bundle/");
}

static enum status take_sum(struct cursor *c, struct error *error)
{
    size_t at = c->file.size - c->rest.size;
    char hex[HASH_HEX_SIZE], whole[SUM_BYTES + 1];
    struct hash sum = hash_of(slice_part(c->file, 0, at));
    hash_format(&sum, hex);
    snprintf(whole, sizeof whole, "%s%s\n", sum_name, hex);
    if (slice_is(c->rest, whole)) return STATUS_DONE;
    return error_at_offset(
        error,
        error_set(error, STATUS_REFUSED, "bundle-damaged",
                  "The bundle is not the bytes that were written: something in it was changed, or lost, on its way.",
                  NULL),
        (int64_t)at);
}

enum status bundle_read(struct bundle *out, struct slice file, struct error *error)
{
    struct cursor c = {.file = file, .rest = file};
    *out = (struct bundle){.count = 0};
    take_text(&c, first_line);
    out->question = take_sized(&c, "question");
    out->answer = take_sized(&c, "answer");
    out->head = take_sized(&c, "head");
    take_proof(&c, &out->proof);
    take_entries(&c, out);
    if (!c.bad) return take_sum(&c, error);
    return error_at_offset(
        error,
        error_set(error, STATUS_REFUSED, "bundle-form", "The file breaks off, or is not written as a bundle is.", NULL),
        (int64_t)(file.size - c.rest.size));
}

/* ---- the question */

static bool copy_name(char *out, size_t size, struct slice name)
{
    if (name.size >= size) return false;
    snprintf(out, size, "%.*s", SLICE(name));
    return strlen(out) == name.size;
}

static void question_write(struct buffer *out, const struct bundle_question *question)
{
    struct json_writer w;
    char as_of[TIME_TEXT_SIZE];
    time_format(question->as_of, as_of);
    json_write_open(&w, out);
    json_put_object(&w);
    json_put_key(&w, "as_of"), json_put_string(&w, as_of);
    json_put_key(&w, "known"), json_put_integer(&w, (int64_t)question->known);
    if (question->reading[0] != '\0') json_put_key(&w, "reading"), json_put_string(&w, question->reading);
    json_put_key(&w, "term"), json_put_string(&w, question->term);
    json_put_close(&w);
    if (json_write_finish(&w, NULL) != STATUS_DONE) out->failed = true;
}

static bool read_members(struct bundle_question *out, const struct json *object)
{
    struct slice as_of = json_find_string(object, "as_of"), reading = json_find_string(object, "reading");
    int64_t known = json_find_integer(object, "known", -1);
    out->known = (uint64_t)known;
    return known >= 0 && time_parse(&out->as_of, as_of) &&
           copy_name(out->term, sizeof out->term, json_find_string(object, "term")) &&
           copy_name(out->reading, sizeof out->reading, reading.data == NULL ? slice_from("") : reading);
}

/* What is read must be what is written. */
enum status bundle_question_read(struct bundle_question *out, struct slice line, struct error *error)
{
    OWN(arena_clear) struct arena arena;
    OWN(buffer_clear) struct buffer again = {0};
    const struct json *object;
    *out = (struct bundle_question){.known = 0};
    arena_init(&arena, LIMIT_REQUEST_BYTES);
    bool good = json_read(&object, line, JSON_CANONICAL, &arena, NULL) == STATUS_DONE && object->type == JSON_OBJECT &&
                read_members(out, object);
    if (good) question_write(&again, out);
    if (good && !again.failed && slice_equal(buffer_slice(&again), line)) return STATUS_DONE;
    return error_set(error, STATUS_REFUSED, "bundle-question",
                     "What the bundle was asked is not said as a bundle says it.", NULL);
}

enum status bundle_answer(struct truce_register *reg, const struct bundle_question *q, struct buffer *out,
                          struct error *error)
{
    const struct truce_moment moment = {
        .has_as_of = true, .as_of = q->as_of, .known_by = TRUCE_KNOWN_SIZE, .known_size = q->known};
    return answer_why_alone(reg, &moment, slice_from(q->term), slice_from(q->reading), out, error);
}

/* ---- making one */

struct making {
    struct truce_register *reg;
    struct bundle_question question;
    uint64_t entries; /* that are taken along */
    struct head head;
    struct buffer line, answer, bytes;
    size_t most_bytes;
};

static void making_clear(struct making *m)
{
    head_clear(&m->head);
    buffer_clear(&m->line);
    buffer_clear(&m->answer);
    buffer_clear(&m->bytes);
}

/* Of the moment asked for; where none was said, as known at the newest signed head. */
static enum status settle(struct making *m, const struct truce_moment *asked, struct error *error)
{
    struct moment moment;
    struct truce_moment at = *asked;
    uint64_t signed_to = log_published(m->reg->log);
    TRY(register_moment(m->reg, &at, &moment, error));
    if (moment.size > signed_to && asked->known_by == TRUCE_KNOWN_ALL) {
        at.known_by = TRUCE_KNOWN_SIZE;
        at.known_size = signed_to;
        TRY(register_moment(m->reg, &at, &moment, error));
    }
    if (moment.size > signed_to)
        return error_set(error, STATUS_FAILED, "bundle-unsigned",
                         "No signed head covers {0} records yet; the newest covers {1}. Ask again in a few seconds, or "
                         "for what was known then.",
                         error_number((int64_t)moment.size).text, error_number((int64_t)signed_to).text, NULL);
    m->question.as_of = moment.as_of;
    m->question.known = moment.size;
    return STATUS_DONE;
}

/* The term as the answer names it, with its agreement. */
static enum status name_term(struct making *m, const char *term, const char *reading, struct error *error)
{
    OWN(arena_clear) struct arena arena;
    const struct json *answer;
    arena_init(&arena, (size_t)BUNDLE_BYTES_MOST);
    if (!copy_name(m->question.term, sizeof m->question.term, slice_from(term)) ||
        !copy_name(m->question.reading, sizeof m->question.reading, slice_from(reading == NULL ? "" : reading)))
        return error_set(error, STATUS_USAGE, "bundle-name", "The names of term and reading are longer than names are.",
                         NULL);
    TRY(bundle_answer(m->reg, &m->question, &m->answer, error));
    TRY(json_read(&answer, buffer_slice(&m->answer), JSON_RELAXED, &arena, error));
    const struct json *why = json_find(answer, "why");
    struct slice agreement = json_find_string(why, "agreement"), id = json_find_string(why, "term");
    snprintf(m->question.term, sizeof m->question.term, "%.*s/%.*s", SLICE(agreement), SLICE(id));
    buffer_reset(&m->answer);
    return bundle_answer(m->reg, &m->question, &m->answer, error);
}

/* The newest cosigned head that covers them, else the one that is published. */
static enum status choose_head(struct making *m, struct error *error)
{
    TRY(heads_newest(m->reg, HEAD_COSIGNED, &m->head, error));
    if (m->head.level != HEAD_DURABLE && m->head.size >= m->question.known) return STATUS_DONE;
    head_clear(&m->head);
    m->head = (struct head){.level = HEAD_DURABLE};
    return heads_newest(m->reg, HEAD_CHECKPOINT, &m->head, error);
}

/* The entries by themselves must tell whose signature the head bears: if its key came later, those up to the head are
 * taken along. */
static enum status choose_entries(struct making *m, struct error *error)
{
    struct members *members;
    struct note note;
    bool present;
    m->entries = m->question.known;
    TRY(note_parse(&note, buffer_slice(&m->head.note), error));
    TRY(register_members(m->reg, m->reg->index, m->entries, &members, error));
    const struct verifier *key = members_log_key_at(members, m->head.size);
    if (key == NULL || !note_verify(&note, key, &present)) m->entries = m->head.size;
    members_close(&members);
    return STATUS_DONE;
}

static enum status add_entry(void *context, uint64_t index, struct slice entry, struct error *error)
{
    struct making *m = context;
    (void)index;
    if (m->bytes.size + entry.size + 2 > m->most_bytes)
        return error_set(
            error, STATUS_REFUSED, "bundle-large",
            "The records that the log had then take more than {0} bytes, and a bundle has all of them. Make "
            "it on a copy of your own: truce mirror, then truce why with --bundle; or ask for less that "
            "was known.",
            error_number((int64_t)m->most_bytes).text, NULL);
    buffer_put_byte(&m->bytes, (uint8_t)(entry.size >> 8));
    buffer_put_byte(&m->bytes, (uint8_t)entry.size);
    buffer_put(&m->bytes, entry);
    return buffer_finish(&m->bytes, error);
}

static enum status make(struct making *m, const struct truce_moment *asked, const char *term, const char *reading,
                        struct buffer *out, struct error *error)
{
    struct bundle bundle = {.count = 0};
    TRY(settle(m, asked, error));
    TRY(name_term(m, term, reading, error));
    question_write(&m->line, &m->question);
    TRY(buffer_finish(&m->line, error));
    TRY(choose_head(m, error));
    TRY(choose_entries(m, error));
    TRY(log_walk(m->reg->log, 0, m->entries, add_entry, m, error));
    TRY(log_prove_consistency(m->reg->log, m->entries, m->head.size, &bundle.proof, error));
    bundle.question = buffer_slice(&m->line);
    bundle.answer = buffer_slice(&m->answer);
    bundle.head = buffer_slice(&m->head.note);
    bundle.count = m->entries;
    bundle.entries = buffer_slice(&m->bytes);
    return bundle_write(out, &bundle, error);
}

enum truce_status truce_bundle(struct truce_register *reg, const char *term, const char *reading,
                               const struct truce_moment *moment, size_t most_bytes, struct truce_buffer *answer,
                               struct truce_error *error)
{
    struct error why;
    OWN(buffer_clear) struct buffer out = {0};
    struct making making = {.reg = reg, .most_bytes = most_bytes == 0 ? BUNDLE_BYTES_MOST / 2 : most_bytes};
    enum status status = make(&making, moment, term, reading, &out, &why);
    if (status == STATUS_DONE) status = public_buffer(answer, &out, &why);
    making_clear(&making);
    return public_status(status, &why, error);
}
