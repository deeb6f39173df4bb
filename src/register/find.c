/* Records out: one, or those that a query finds, as JSON with what the register knows of them. */
#include "register/sight.h"
#include "register/writing.h"

#include "json/write.h"
#include "register/heads.h"
#include <inttypes.h>
#include <stdlib.h>

/* What the register knows of a record, put among the record's own fields: canonical JSON under names that rise. */
enum { EXTRAS_MOST = 6 };
struct known {
    uint64_t index;
    int64_t received_ms;
    bool is_void;
    size_t count;
    struct extra {
        const char *name;
        struct buffer value;
    } extra[EXTRAS_MOST];
};

static void known_clear(struct known *known)
{
    for (size_t i = 0; i < known->count; i++) buffer_clear(&known->extra[i].value);
    known->count = 0;
}

static struct buffer *add_extra(struct known *known, const char *name)
{
    known->extra[known->count].name = name;
    return &known->extra[known->count++].value;
}

/* The record's own fields with the extras put in their places. The text was canonical when it was admitted, and the log
 * compares what it reads with the tree: its members are cut out as they stand. */
static enum status record_json(struct slice text, const struct known *known, struct buffer *out, struct error *error)
{
    struct slice rest = slice_part(text, 1, SIZE_MAX), key = {NULL, 0}, value;
    size_t next = 0;
    struct json_writer w;
    json_write_open(&w, out);
    json_put_object(&w);
    for (bool more = true; more;) {
        more = json_next_member(&rest, &key, &value);
        while (next < known->count && (!more || slice_compare(slice_from(known->extra[next].name), key) < 0)) {
            json_put_key(&w, known->extra[next].name);
            json_put_raw(&w, buffer_slice(&known->extra[next++].value));
        }
        if (!more) break;
        json_put_key_slice(&w, key);
        json_put_raw(&w, value);
    }
    json_put_close(&w);
    return json_write_finish(&w, error);
}

struct teller {
    struct truce_register *reg;
    struct buffer entry, text;
    struct arena arena; /* of what a search reads besides */
    struct record record;
    truce_line *line;
    void *context;
    bool is_void;            /* of what is told; a search finds no void entries */
    const struct view *view; /* where something is to be told that hangs on other records; or NULL */
    int64_t at;
};

static int keep_line(void *context, enum truce_status status, const char *line, size_t size)
{
    (void)status;
    buffer_put(context, slice_of(line, size));
    return 0;
}

static void teller_clear(struct teller *teller)
{
    buffer_clear(&teller->entry);
    buffer_clear(&teller->text);
    arena_clear(&teller->arena);
}

/* Which of these the record is: contested, late, not vouched for. */
static enum status tell_marks(const struct view *view, struct known *known, struct error *error)
{
    const struct effects *effects = view_effects(view);
    if (known->index >= view_size(view) || !effects_any_ended(effects)) return STATUS_DONE;
    unsigned marks = effects_marks(effects, known->index);
    bool unvouched = effects_of(effects, known->index, NULL) == EFFECT_UNVOUCHED;
    struct json_writer w;
    if (marks == 0 && !unvouched) return STATUS_DONE;
    json_write_open(&w, add_extra(known, "marks"));
    json_put_array(&w);
    if ((marks & EFFECT_CONTESTED) != 0) json_put_string(&w, "contested");
    if ((marks & EFFECT_LATE) != 0) json_put_string(&w, "late");
    if (unvouched) json_put_string(&w, "unvouched");
    json_put_close(&w);
    return json_write_finish(&w, error);
}

static enum status tell_delivery(const struct teller *teller, struct known *known, struct error *error)
{
    struct json_writer w;
    struct buffer *out = add_extra(known, "delivery");
    json_write_open(&w, out);
    TRY(delivery_write(teller->view, known->index, teller->at, &w, error));
    TRY(json_write_finish(&w, error));
    if (slice_is(buffer_slice(out), "[]")) known_clear(known); /* nobody was addressed; it is the first of the extras */
    return STATUS_DONE;
}

static enum status know(const struct teller *teller, struct slice text, struct known *known, struct error *error)
{
    char hex[HASH_HEX_SIZE], received[25];
    struct hash id = hash_of(text);
    hash_format(&id, hex);
    received_format(known->received_ms, received);
    if (teller->view != NULL && teller->line == keep_line) TRY(tell_delivery(teller, known, error));
    buffer_print(add_extra(known, "id"), "\"%s\"", hex);
    buffer_print(add_extra(known, "index"), "%" PRIu64, known->index);
    if (teller->view != NULL) TRY(tell_marks(teller->view, known, error));
    buffer_print(add_extra(known, "received"), "\"%s\"", received);
    if (known->is_void) buffer_put_string(add_extra(known, "void"), "true");
    for (size_t i = 0; i < known->count; i++) TRY(buffer_finish(&known->extra[i].value, error));
    return STATUS_DONE;
}

static enum status tell(void *context, uint64_t index, struct error *error)
{
    struct teller *teller = context;
    struct known known = {.index = index, .is_void = teller->is_void};
    struct slice note;
    buffer_reset(&teller->entry);
    buffer_reset(&teller->text);
    TRY(log_read(teller->reg->log, index, &teller->entry, error));
    TRY(entry_parse(&known.received_ms, &note, buffer_slice(&teller->entry), error));
    const uint8_t *end = memchr(note.data, '\n', note.size);
    size_t size = end == NULL ? note.size : (size_t)(end - note.data) + 1;
    enum status status = know(teller, slice_part(note, 0, size), &known, error);
    if (status == STATUS_DONE) status = record_json(slice_part(note, 0, size), &known, &teller->text, error);
    known_clear(&known);
    TRY(status);
    return public_line(teller->line, teller->context, STATUS_DONE, buffer_slice(&teller->text), error);
}

/* For words that must stand together: the index keeps no text. */
static enum status read_record(void *context, uint64_t index, const struct record **out, struct error *error)
{
    struct teller *teller = context;
    int64_t received_ms;
    struct slice note;
    arena_reset(&teller->arena);
    buffer_reset(&teller->entry);
    TRY(log_read(teller->reg->log, index, &teller->entry, error));
    TRY(entry_parse(&received_ms, &note, buffer_slice(&teller->entry), error));
    TRY(record_decode(&teller->record, note, &teller->arena, error));
    *out = &teller->record;
    return STATUS_DONE;
}

static struct slice optional(const char *text)
{
    return text == NULL ? (struct slice){NULL, 0} : slice_from(text);
}

enum status register_query(const struct truce_query *asked, uint64_t known, struct query *out, struct error *error)
{
    *out = (struct query){
        .kind = optional(asked->kind),
        .by = optional(asked->by),
        .term = optional(asked->term),
        .text = optional(asked->text),
        .has_from = asked->has_from,
        .has_to = asked->has_to,
        .from = asked->from,
        .to = asked->to,
        .has_box = asked->has_box,
        .has_near = asked->has_near,
        .box = {asked->south_e7, asked->west_e7, asked->north_e7, asked->east_e7},
        .near = {asked->lat_e7, asked->lon_e7},
        .after = asked->after,
        .known = known,
        .limit = asked->limit,
    };
    if (out->kind.data != NULL && record_kind_find(out->kind) == NULL)
        return error_set(error, STATUS_USAGE, "find-kind", "There is no kind of record \"{0}\".",
                         error_slice(out->kind).text, NULL);
    if (out->has_from && out->has_to && out->from > out->to)
        return error_set(error, STATUS_USAGE, "find-order", "The end asked for is earlier than the beginning.", NULL);
    if (out->has_near && (asked->within_m < 0 || asked->within_m > 20037508))
        return error_set(error, STATUS_USAGE, "find-distance", "A distance lies between 0 and 20,037,508 m.", NULL);
    if (out->has_near) out->within_mm = asked->within_m * 1000;
    return STATUS_DONE;
}

/* Has any signing key ended? Only then can a record be marked. A writer beside us knows without waiting. */
static enum status keys_ended(struct truce_register *reg, bool *ended, struct error *error)
{
    struct writing *w = reg->writer == NULL ? NULL : reg->writer->writing;
    bool known = false;
    if (w != NULL) pthread_rwlock_rdlock(&w->members_lock);
    if (w != NULL) known = reg->writer->members != NULL;
    if (known) *ended = members_ending(reg->writer->members, 0) != NULL;
    if (w != NULL) pthread_rwlock_unlock(&w->members_lock);
    if (known) return STATUS_DONE;
    TRY(register_know(reg, error)); /* there is no writer, or nobody has handed in anything since it began */
    *ended = members_ending(reg->members, 0) != NULL;
    return STATUS_DONE;
}

enum truce_status truce_find(struct truce_register *reg, const struct truce_query *asked, truce_line *line,
                             void *context, struct truce_error *error)
{
    struct error why;
    struct query query;
    struct teller teller = {.reg = reg, .line = line, .context = context};
    struct look look = {.view = NULL};
    bool ended = false;
    enum status status = register_catch_up(reg, NULL, NULL, &why);
    if (status == STATUS_DONE) status = keys_ended(reg, &ended, &why);
    if (status == STATUS_DONE && ended) status = look_begin(reg, &(struct truce_moment){0}, &look, &why);
    teller.view = look.view;
    if (status == STATUS_DONE) status = register_query(asked, reg->seen, &query, &why);
    arena_init(&teller.arena, LIMIT_REQUEST_BYTES);
    query.read = read_record;
    query.reader = &teller;
    if (status == STATUS_DONE) status = index_find(reg->index, &query, tell, &teller, &why);
    teller_clear(&teller);
    if (look.view != NULL) look_end(&look);
    return public_status(status, &why, error);
}

/* ---- one record */

/* What the writer beside us admitted and the index does not have yet is found by its whole id. */
static bool find_recent(struct truce_register *reg, const char *id, uint64_t *index)
{
    struct record_id whole;
    return hash_parse(&whole.hash, slice_from(id)) && recent_find(&reg->writer->writing->recent, &whole, index);
}

enum status register_find(struct truce_register *reg, const char *id, uint64_t *index, bool *is_void,
                          struct error *error)
{
    bool found;
    TRY(register_look(reg, error));
    TRY(index_find_prefix(reg->index, slice_from(id), &found, index, is_void, error));
    if (!found && reg->writer != NULL) found = find_recent(reg, id, index);
    if (!found && reg->writer != NULL) { /* it may have gone from the one to the other meanwhile */
        TRY(register_catch_up(reg, NULL, NULL, error));
        TRY(index_find_prefix(reg->index, slice_from(id), &found, index, is_void, error));
    }
    if (found) return *index < log_size(reg->log) ? STATUS_DONE : log_refresh(reg->log, error); /* came just now */
    return error_set(error, STATUS_FAILED, "record-absent", "No record of this register has an id that begins {0}.",
                     error_slice(slice_from(id)).text, NULL);
}

/* Under the head that most stand behind; a reader cannot sign a newer one. */
static enum status show_proof(struct truce_register *reg, uint64_t index, struct buffer *out, struct error *error)
{
    OWN(head_clear) struct head head = {.level = HEAD_DURABLE};
    struct log_proof proof;
    TRY(heads_find(reg, index, &head, error));
    if (head.level == HEAD_DURABLE)
        return error_set(error, STATUS_FAILED, "proof-pending",
                         "No published checkpoint covers this record yet; its receipt holds a promise or a proof.",
                         NULL);
    TRY(log_prove_inclusion(reg->log, index, head.size, &proof, error));
    proof_format(out, index, &proof, buffer_slice(&head.note));
    return buffer_finish(out, error);
}

static enum status show_note(struct truce_register *reg, uint64_t index, struct buffer *out, struct error *error)
{
    OWN(buffer_clear) struct buffer entry = {0};
    struct slice note;
    int64_t received_ms;
    TRY(log_read(reg->log, index, &entry, error));
    TRY(entry_parse(&received_ms, &note, buffer_slice(&entry), error));
    buffer_put(out, note);
    return buffer_finish(out, error);
}

/* Is it one whose answer changes with what others say: a notice or question, or anything once a key has ended? */
static enum status is_changing(struct truce_register *reg, uint64_t index, bool *changing, struct error *error)
{
    OWN(buffer_clear) struct buffer entry = {0};
    struct arena arena;
    struct record record;
    int64_t received_ms;
    TRY(keys_ended(reg, changing, error));
    if (*changing) return STATUS_DONE;
    arena_init(&arena, LIMIT_REQUEST_BYTES);
    enum status status = register_read(reg, index, &entry, &arena, &record, &received_ms, error);
    if (status == STATUS_DONE)
        *changing = strcmp(record.kind->name, "notice") == 0 || strcmp(record.kind->name, "question") == 0;
    arena_clear(&arena);
    return status == STATUS_REFUSED ? STATUS_DONE : status; /* what is no record is told as it is */
}

static enum status show_json(struct truce_register *reg, uint64_t index, bool is_void, bool *changing,
                             struct buffer *out, struct error *error)
{
    struct look look = {.view = NULL};
    struct teller teller = {.reg = reg, .line = keep_line, .context = out, .is_void = is_void};
    TRY(is_changing(reg, index, changing, error));
    if (*changing) TRY(look_begin(reg, &(struct truce_moment){0}, &look, error));
    teller.view = look.view;
    teller.at = look.moment.as_of;
    enum status status = tell(&teller, index, error);
    teller_clear(&teller);
    if (look.view != NULL) look_end(&look);
    return status;
}

/* *changing: later records may change the answer. */
static enum status show_found(struct truce_register *reg, const char *id, enum truce_form form, bool *changing,
                              struct buffer *out, struct error *error)
{
    uint64_t index;
    bool is_void;
    TRY(register_find(reg, id, &index, &is_void, error));
    switch (form) {
    case TRUCE_JSON:
        TRY(show_json(reg, index, is_void, changing, out, error));
        *changing = *changing || is_void;
        return STATUS_DONE;
    case TRUCE_NOTE: return show_note(reg, index, out, error);
    case TRUCE_PROOF: return show_proof(reg, index, out, error);
    case TRUCE_RECEIPT: return receipt_of_now(reg, index, out, error);
    }
    return STATUS_USAGE;
}

enum status register_note(struct truce_register *reg, const char *id, struct buffer *out, struct error *error)
{
    bool is_void;
    return show_found(reg, id, TRUCE_NOTE, &is_void, out, error);
}

/* Beside a writer many ask for the same: what they got is kept (shown.h). */
static enum status show(struct truce_register *reg, const char *id, enum truce_form form, struct buffer *out,
                        struct error *error)
{
    struct record_id whole;
    bool changing = false, kept = form == TRUCE_JSON && reg->writer != NULL && hash_parse(&whole.hash, slice_from(id));
    if (kept) TRY(keys_ended(reg, &changing, error));
    if (kept && !changing && shown_get(reg->writer->writing->shown, &whole, out)) return buffer_finish(out, error);
    TRY(show_found(reg, id, form, &changing, out, error));
    if (kept && !changing) shown_put(reg->writer->writing->shown, &whole, buffer_slice(out));
    return STATUS_DONE;
}

enum truce_status truce_show(struct truce_register *reg, const char *id, enum truce_form form,
                             struct truce_buffer *answer, struct truce_error *error)
{
    struct error why;
    OWN(buffer_clear) struct buffer out = {0};
    enum status status = show(reg, id, form, &out, &why);
    if (status == STATUS_DONE) status = public_buffer(answer, &out, &why);
    return public_status(status, &why, error);
}
