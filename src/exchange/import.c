/* A row that is in the register already adds nothing; a changed one replaces its earlier record; every row gives one
 * line: a receipt, "already", or a refusal. Where the import was cut off does not matter: it is run again. */
#include "exchange/import.h"

#include "json/write.h"
#include <stdio.h>
#include <stdlib.h>

enum { FIRST_GROUP = 16 };

struct importing {
    struct truce_register *reg;
    const struct format *format;
    const struct signer *signer;
    truce_line *line;
    truce_progress *progress;
    void *context;
    struct arena arena;
    struct buffer notes, text;
    size_t count, count_most; /* groups begin small, so that the first receipts come soon, and double */
    size_t note_end[REGISTER_GROUP];
    uint64_t line_of[REGISTER_GROUP];
    char row_of[REGISTER_GROUP][64]; /* ids of the rows in the group: a file may hold one twice */
    int64_t seq;
    struct record_id prev;
    uint64_t admitted, already, refused, replaced, file_size;
};

/* ---- lines */

static enum status tell_already(struct importing *in, const struct row *row, const struct record_id *id,
                                struct error *error)
{
    char hex[HASH_HEX_SIZE];
    struct json_writer w;
    buffer_reset(&in->text);
    hash_format(&id->hash, hex);
    json_write_open(&w, &in->text);
    json_put_object(&w);
    json_put_key(&w, "already"), json_put_string(&w, hex);
    json_put_key(&w, "id"), json_put_string(&w, hex);
    json_put_key(&w, "line"), json_put_integer(&w, (int64_t)row->line);
    json_put_close(&w);
    TRY(json_write_finish(&w, error));
    in->already++;
    return public_line(in->line, in->context, STATUS_DONE, buffer_slice(&in->text), error);
}

static enum status tell_refused(struct importing *in, uint64_t row_line, const struct error *refusal,
                                struct error *error)
{
    char message[1024];
    struct json_writer w;
    buffer_reset(&in->text);
    public_message(refusal, message, sizeof message);
    json_write_open(&w, &in->text);
    json_put_object(&w);
    json_put_key(&w, "line"), json_put_integer(&w, (int64_t)row_line);
    json_put_key(&w, "message"), json_put_string(&w, message);
    json_put_key(&w, "pointer"), json_put_string(&w, refusal->pointer);
    json_put_key(&w, "refused"), json_put_string(&w, refusal->code);
    json_put_close(&w);
    TRY(json_write_finish(&w, error));
    in->refused++;
    return public_line(in->line, in->context, STATUS_REFUSED, buffer_slice(&in->text), error);
}

/* ---- groups */

static enum status flush(struct importing *in, struct error *error)
{
    struct outcome outcomes[REGISTER_GROUP];
    struct slice notes[REGISTER_GROUP], whole = buffer_slice(&in->notes);
    OWN(receipts_clear) struct receipts receipts = {0};
    if (in->count == 0) return STATUS_DONE;
    for (size_t i = 0, from = 0; i < in->count; from = in->note_end[i++])
        notes[i] = slice_part(whole, from, in->note_end[i] - from);
    TRY(register_admit(in->reg, notes, in->count, NULL, outcomes, &receipts, error));
    for (size_t i = 0; i < in->count; i++) {
        if (!outcomes[i].admitted && !outcomes[i].already) {
            TRY(tell_refused(in, in->line_of[i], &outcomes[i].refusal, error));
            continue;
        }
        buffer_reset(&in->text);
        TRY(receipts_put(&receipts, in->reg, &outcomes[i], &in->text, error));
        in->admitted++;
        TRY(public_line(in->line, in->context, STATUS_DONE, buffer_slice(&in->text), error));
    }
    in->count = 0;
    if (in->count_most < REGISTER_GROUP) in->count_most *= 2;
    buffer_reset(&in->notes);
    TRY(register_catch_up(in->reg, NULL, NULL, error)); /* an index that could not follow is made again */
    return register_head(in->reg, &in->signer->verifier, &in->seq, &in->prev, error);
}

static bool in_group(const struct importing *in, struct slice id)
{
    for (size_t i = 0; i < in->count; i++)
        if (slice_is(id, in->row_of[i])) return true;
    return false;
}

/* The row's object, which may come to replace an earlier one. */
static enum status row_object(const struct row *row, const struct record_id *replaces, const struct json **out,
                              struct arena *arena, struct error *error)
{
    char hex[HASH_HEX_SIZE];
    OWN(buffer_clear) struct buffer whole = {0};
    if (replaces == NULL) return json_read(out, row->object, JSON_RELAXED, arena, error);
    hash_format(&replaces->hash, hex);
    buffer_print(&whole, "{\"replaces\":\"%s\",", hex);
    buffer_put(&whole, slice_part(row->object, 1, SIZE_MAX));
    TRY(buffer_finish(&whole, error));
    struct slice kept = arena_copy(arena, buffer_slice(&whole));
    return kept.data == NULL ? arena_full(error) : json_read(out, kept, JSON_RELAXED, arena, error);
}

static enum status sign_row(struct importing *in, const struct row *row, const struct record_id *replaces,
                            struct error *error)
{
    char written[TIME_TEXT_SIZE];
    struct completion completion = {.kind = record_kind_find(slice_from(in->format->kind)),
                                    .register_name = members_register(in->reg->members),
                                    .seq = in->seq,
                                    .prev = in->prev};
    time_format(in->reg->system->now_ms(in->reg->system->context) / 1000, written);
    completion.written = slice_from(written);
    arena_reset(&in->arena);
    TRY(row_object(row, replaces, &completion.object, &in->arena, error));
    OWN(buffer_clear) struct buffer note = {0};
    struct note parsed;
    TRY(complete_and_sign(&note, &completion, in->signer, &in->arena, error));
    TRY(note_parse(&parsed, buffer_slice(&note), error));
    in->prev.hash = hash_of(parsed.text);
    in->seq++;
    buffer_put(&in->notes, buffer_slice(&note));
    TRY(buffer_finish(&in->notes, error));
    in->note_end[in->count] = in->notes.size;
    in->line_of[in->count] = row->line;
    snprintf(in->row_of[in->count], sizeof in->row_of[0], "%.*s", SLICE(row->id));
    in->count++;
    return STATUS_DONE;
}

static enum status take_row(struct importing *in, const struct row *row, struct error *error)
{
    struct record_id earlier;
    struct hash sha256;
    struct error why;
    uint64_t entry;
    bool found;
    if (row->object.data == NULL) return tell_refused(in, row->line, &row->refusal, error);
    if (in->count == in->count_most || in_group(in, row->id)) TRY(flush(in, error));
    TRY(index_find_source(in->reg->index, slice_from(in->signer->verifier.name), slice_from(in->format->source),
                          row->id, &found, &entry, &earlier, &sha256, error));
    if (found && hash_equal(&sha256, &row->sha256)) return tell_already(in, row, &earlier, error);
    enum status status = sign_row(in, row, found ? &earlier : NULL, &why);
    if (status == STATUS_DONE) {
        in->replaced += found;
        return STATUS_DONE;
    }
    if (status == STATUS_REFUSED) return tell_refused(in, row->line, &why, error);
    if (error != NULL) *error = why;
    return status;
}

static enum status run(struct importing *in, void *reader, struct error *error)
{
    bool more = true;
    uint64_t rows = 0;
    TRY(register_know(in->reg, error));
    if (members_key(in->reg->members, slice_from(in->signer->verifier.name), in->signer->verifier.id) == NULL)
        return error_set(error, STATUS_REFUSED, "import-key",
                         "The key \"{0}\" is not enrolled in this register; nothing was imported.",
                         in->signer->verifier.name, NULL);
    TRY(register_head(in->reg, &in->signer->verifier, &in->seq, &in->prev, error));
    for (;;) {
        struct row row = {0};
        TRY(in->format->next(reader, &row, &more, error));
        if (!more) return flush(in, error);
        TRY(take_row(in, &row, error));
        if (in->progress != NULL && ++rows % 256 == 0) in->progress(in->context, row.offset, in->file_size);
    }
}

static enum status summary_json(const struct importing *in, struct buffer *out, struct error *error)
{
    struct json_writer w;
    json_write_open(&w, out);
    json_put_object(&w);
    json_put_key(&w, "admitted"), json_put_integer(&w, (int64_t)in->admitted);
    json_put_key(&w, "already"), json_put_integer(&w, (int64_t)in->already);
    json_put_key(&w, "refused"), json_put_integer(&w, (int64_t)in->refused);
    json_put_key(&w, "replaced"), json_put_integer(&w, (int64_t)in->replaced);
    json_put_key(&w, "rows"), json_put_integer(&w, (int64_t)(in->admitted + in->already + in->refused));
    json_put_close(&w);
    return json_write_finish(&w, error);
}

static enum status import(struct importing *in, const char *format, const char *path, struct buffer *summary,
                          struct error *error)
{
    void *reader;
    for (size_t i = 0; formats[i] != NULL; i++)
        if (strcmp(formats[i]->name, format) == 0) in->format = formats[i];
    if (in->format == NULL)
        return error_set(error, STATUS_USAGE, "import-format", "The format \"{0}\" is not known; there is: ged.",
                         error_slice(slice_from(format)).text, NULL);
    TRY(in->format->open(&reader, path, &in->file_size, error));
    enum status status = run(in, reader, error);
    in->format->close(&reader);
    TRY(status);
    TRY(summary_json(in, summary, error));
    if (in->refused == 0) return STATUS_DONE;
    return error_set(error, STATUS_REFUSED, "import-refused", "Rows refused: {0}; the others are in the register.",
                     error_number((int64_t)in->refused).text, NULL);
}

enum truce_status truce_import(struct truce_register *reg, const char *format, const char *path,
                               const struct truce_key *key, truce_line *line, truce_progress *progress, void *context,
                               struct truce_buffer *summary, struct truce_error *error)
{
    struct error why;
    OWN(buffer_clear) struct buffer out = {0};
    struct importing *in = calloc(1, sizeof *in);
    if (in == NULL) return public_status(arena_full(&why), &why, error);
    in->reg = reg;
    in->signer = &key->signer;
    in->count_most = FIRST_GROUP;
    in->line = line;
    in->progress = progress;
    in->context = context;
    arena_init(&in->arena, LIMIT_REQUEST_BYTES);
    enum status status = import(in, format, path, &out, &why);
    arena_clear(&in->arena);
    buffer_clear(&in->notes);
    buffer_clear(&in->text);
    free(in);
    if (status == STATUS_DONE || status == STATUS_REFUSED) {
        enum status kept = public_buffer(summary, &out, status == STATUS_DONE ? &why : NULL);
        if (status == STATUS_DONE) status = kept;
    }
    return public_status(status, &why, error);
}
