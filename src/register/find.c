/* Records out: one, or those that a query finds, as JSON with what the register knows of them. */
#include "register/writing.h"

#include "json/write.h"
#include "log/checkpoint.h"
#include <stdlib.h>

/* What the register knows of a record, put among the record's own fields. */
struct known {
    uint64_t index;
    int64_t received_ms;
    bool is_void;
};

/* The record's own fields with id, index, received (and void) put in their places. The text was canonical when it was
 * admitted, and the log compares what it reads with the tree: its members are cut out as they stand. */
static enum status record_json(struct slice text, const struct known *known, struct buffer *out, struct error *error)
{
    char hex[HASH_HEX_SIZE], received[25];
    struct hash id = hash_of(text);
    struct slice rest = slice_part(text, 1, SIZE_MAX), key = {NULL, 0}, value;
    hash_format(&id, hex);
    received_format(known->received_ms, received);
    struct json extra[] = {
        {.type = JSON_STRING, .key = slice_from("id"), .string = slice_from(hex)},
        {.type = JSON_INTEGER, .key = slice_from("index"), .integer = (int64_t)known->index},
        {.type = JSON_STRING, .key = slice_from("received"), .string = slice_from(received)},
        {.type = JSON_TRUE, .key = slice_from("void")},
    };
    size_t next = 0, count = COUNT_OF(extra) - (known->is_void ? 0 : 1);
    struct json_writer w;
    json_write_open(&w, out);
    json_put_object(&w);
    for (bool more = true; more;) {
        more = json_next_member(&rest, &key, &value);
        while (next < count && (!more || slice_compare(extra[next].key, key) < 0)) {
            json_put_key_slice(&w, extra[next].key);
            json_put_tree(&w, &extra[next++]);
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
    bool is_void; /* of what is told; a search finds no void entries */
};

static void teller_clear(struct teller *teller)
{
    buffer_clear(&teller->entry);
    buffer_clear(&teller->text);
    arena_clear(&teller->arena);
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
    TRY(record_json(slice_part(note, 0, size), &known, &teller->text, error));
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

static enum status query_from(const struct truce_query *asked, uint64_t known, struct query *out, struct error *error)
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

enum truce_status truce_find(struct truce_register *reg, const struct truce_query *asked, truce_line *line,
                             void *context, struct truce_error *error)
{
    struct error why;
    struct query query;
    struct teller teller = {.reg = reg, .line = line, .context = context};
    enum status status = register_catch_up(reg, NULL, NULL, &why);
    if (status == STATUS_DONE) status = query_from(asked, reg->seen, &query, &why);
    arena_init(&teller.arena, LIMIT_REQUEST_BYTES);
    query.read = read_record;
    query.reader = &teller;
    if (status == STATUS_DONE) status = index_find(reg->index, &query, tell, &teller, &why);
    teller_clear(&teller);
    return public_status(status, &why, error);
}

/* ---- one record */

/* What the writer beside us admitted and the index does not have yet is found by its whole id. */
static bool find_recent(struct truce_register *reg, const char *id, uint64_t *index)
{
    struct record_id whole;
    return hash_parse(&whole.hash, slice_from(id)) && recent_find(&reg->writer->writing->recent, &whole, index);
}

static enum status find_one(struct truce_register *reg, const char *id, uint64_t *index, bool *is_void,
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

/* Under the published checkpoint where it covers the record; a reader cannot sign a newer one. */
static enum status show_proof(struct truce_register *reg, uint64_t index, struct buffer *out, struct error *error)
{
    OWN(buffer_clear) struct buffer checkpoint = {0};
    char path[REGISTER_PATH_SIZE];
    struct log_proof proof;
    struct note note;
    struct checkpoint head;
    if (index >= log_published(reg->log))
        return error_set(error, STATUS_FAILED, "proof-pending",
                         "No published checkpoint covers this record yet; its receipt holds a promise or a proof.",
                         NULL);
    TRY(register_path(path, reg->directory, "log/checkpoint", error));
    TRY(file_read_all(reg->system, path, LIMIT_RECORD_NOTE_BYTES, &checkpoint, error));
    TRY(note_parse(&note, buffer_slice(&checkpoint), error));
    TRY(checkpoint_parse(&head, note.text, error));
    TRY(log_prove_inclusion(reg->log, index, head.size, &proof, error));
    proof_format(out, index, &proof, buffer_slice(&checkpoint));
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

static int keep_line(void *context, enum truce_status status, const char *line, size_t size)
{
    (void)status;
    buffer_put(context, slice_of(line, size));
    return 0;
}

static enum status show_json(struct truce_register *reg, uint64_t index, bool is_void, struct buffer *out,
                             struct error *error)
{
    struct teller teller = {.reg = reg, .line = keep_line, .context = out, .is_void = is_void};
    enum status status = tell(&teller, index, error);
    teller_clear(&teller);
    return status;
}

static enum status show_found(struct truce_register *reg, const char *id, enum truce_form form, bool *is_void,
                              struct buffer *out, struct error *error)
{
    uint64_t index;
    TRY(find_one(reg, id, &index, is_void, error));
    switch (form) {
    case TRUCE_JSON: return show_json(reg, index, *is_void, out, error);
    case TRUCE_NOTE: return show_note(reg, index, out, error);
    case TRUCE_PROOF: return show_proof(reg, index, out, error);
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
    bool is_void = false, kept = form == TRUCE_JSON && reg->writer != NULL && hash_parse(&whole.hash, slice_from(id));
    if (kept && shown_get(reg->writer->writing->shown, &whole, out)) return buffer_finish(out, error);
    TRY(show_found(reg, id, form, &is_void, out, error));
    if (kept && !is_void) shown_put(reg->writer->writing->shown, &whole, buffer_slice(out));
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
