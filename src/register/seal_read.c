/* Sealed values opened, revealed and given a new reader; ciphers taken in and given out. */
#include "register/seal.h"

#include "crypto/reader_secret.h"
#include "json/write.h"
#include "record/opening.h"
#include "register/seal_store.h"
#include <stdlib.h>

/* ---- readers' keys */

struct truce_reader {
    struct reader_secret secret;
};

enum truce_status truce_reader_open(struct truce_reader **out, const char *path, truce_passphrase *ask, void *context,
                                    struct truce_error *error)
{
    struct error why;
    struct truce_reader *reader = calloc(1, sizeof *reader);
    if (reader == NULL) return public_status(arena_full(&why), &why, error);
    enum status status = crypto_start(&why);
    if (status == STATUS_DONE) status = reader_file_read(&system_real, path, ask, context, &reader->secret, &why);
    if (status == STATUS_DONE)
        *out = reader;
    else
        truce_reader_close(&reader);
    return public_status(status, &why, error);
}

enum truce_status truce_reader_public(const struct truce_reader *reader, struct truce_buffer *key,
                                      struct truce_error *error)
{
    struct error why;
    char text[READER_KEY_TEXT_SIZE];
    OWN(buffer_clear) struct buffer answer = {0};
    reader_key_format(&reader->secret.key, text);
    buffer_put_string(&answer, text);
    return public_status(public_buffer(key, &answer, &why), &why, error);
}

void truce_reader_close(struct truce_reader **reader)
{
    if (*reader != NULL) reader_secret_clear(&(*reader)->secret);
    free(*reader);
    *reader = NULL;
}

/* ---- the record that is meant */

struct sealed_record {
    struct truce_register *reg;
    struct buffer note;
    struct arena arena;
    struct record record;
};

static void wipe(struct buffer *buffer)
{
    if (buffer->data != NULL) crypto_wipe(buffer->data, buffer->capacity);
    buffer_clear(buffer);
}

static void sealed_record_clear(struct sealed_record *sealed)
{
    wipe(&sealed->note);
    arena_clear(&sealed->arena);
}

static enum status find_record(struct sealed_record *out, struct truce_register *reg, const char *id,
                               struct error *error)
{
    *out = (struct sealed_record){.reg = reg};
    arena_init(&out->arena, LIMIT_REQUEST_BYTES);
    TRY(register_note(reg, id, &out->note, error));
    return record_decode(&out->record, buffer_slice(&out->note), &out->arena, error);
}

/* ---- opening one value */

enum opened { OPENED, OPENED_NOT_KEPT, OPENED_ABSENT, OPENED_ERASED, OPENED_NOT_TO_YOU, OPENED_BROKEN };
static const char *const opened_names[] = {
    [OPENED] = "opened",        [OPENED_NOT_KEPT] = "not-kept",     [OPENED_ABSENT] = "absent",
    [OPENED_ERASED] = "erased", [OPENED_NOT_TO_YOU] = "not-to-you", [OPENED_BROKEN] = "broken"};

/* Text and arena hold the opening. */
static enum status open_item(const struct sealed_record *sealed, const struct sealed_item *item,
                             const struct truce_reader *reader, struct buffer *file, struct seal_key *key,
                             struct arena *arena, struct opening *opening, enum opened *how, struct error *error)
{
    const struct seal_store store = {sealed->reg->system, sealed->reg->directory};
    OWN(wipe) struct buffer text = {0};
    enum seal_state state = SEAL_ABSENT;
    struct seal_file parsed;
    *how = OPENED_NOT_KEPT;
    if (!item->has_cipher) return STATUS_DONE;
    enum status status = seal_store_get(&store, &item->cipher, file, &state, error);
    *how = OPENED_BROKEN;
    if (status == STATUS_UNVERIFIED) return STATUS_DONE;
    TRY(status);
    *how = state == SEAL_ERASED ? OPENED_ERASED : OPENED_ABSENT;
    struct slice rest = buffer_slice(file);
    if (state == SEAL_ERASED || state == SEAL_ABSENT) return STATUS_DONE;
    TRY(seal_file_next(&parsed, &rest, error));
    *how = OPENED_NOT_TO_YOU;
    if (!reader_secret_unbox(key, &parsed, &reader->secret)) return STATUS_DONE;
    *how = OPENED_BROKEN;
    if (seal_decrypt(&text, parsed.cipher, &item->hash, key, NULL) != STATUS_DONE) return STATUS_DONE;
    struct slice kept = arena_copy(arena, buffer_slice(&text));
    if (kept.data == NULL) return arena_full(error);
    bool good = opening_read(opening, kept, arena, NULL) == STATUS_DONE &&
                slice_equal(opening->pointer, item->pointer) && slice_equal(opening->level, item->level) &&
                opening_check(opening, &sealed->record, NULL) == STATUS_DONE;
    if (good) *how = OPENED;
    return STATUS_DONE;
}

/* ---- telling what can be seen */

static void put_opening(struct json_writer *w, const struct sealed_item *item, const struct opening *opening,
                        enum opened how)
{
    char salt[2 * SEAL_SALT_BYTES + 1];
    json_put_object(w);
    json_put_key(w, "level"), json_put_slice(w, item->level);
    json_put_key(w, "pointer"), json_put_slice(w, item->pointer);
    if (item->readers != NULL) json_put_key(w, "readers"), json_put_tree(w, item->readers);
    if (how == OPENED) {
        hex_format(salt, slice_of(opening->salt, sizeof opening->salt));
        json_put_key(w, "salt"), json_put_string(w, salt);
    }
    json_put_key(w, "state"), json_put_string(w, opened_names[how]);
    if (how == OPENED) json_put_key(w, "value"), json_put_tree(w, opening->value);
    json_put_close(w);
}

/* The named readers get a box for each key that they read with now. */
static enum status box_again(const struct sealed_record *sealed, const struct sealed_item *item, struct slice file,
                             const struct seal_key *key, struct error *error)
{
    const struct seal_store store = {sealed->reg->system, sealed->reg->directory};
    OWN(buffer_clear) struct buffer boxes = {0};
    struct seal_file parsed;
    bool changed;
    TRY(seal_file_next(&parsed, &file, error));
    for (const struct json *r = item->readers == NULL ? NULL : item->readers->first; r != NULL; r = r->next)
        TRY(seal_boxes_missing(&boxes, sealed->reg->members, r->string, parsed.boxes, key, error));
    TRY(buffer_finish(&boxes, error));
    if (boxes.size == 0) return STATUS_DONE;
    const struct seal_file more = {parsed.cipher, buffer_slice(&boxes)};
    return seal_store_put(&store, &more, true, &changed, error);
}

static enum status unseal(const struct sealed_record *sealed, const struct truce_reader *reader, bool again,
                          struct json_writer *w, struct error *error)
{
    struct sealed_item item;
    for (const struct json *at = NULL; sealed_next(sealed->record.body, &at, &item);) {
        OWN(buffer_clear) struct buffer file = {0};
        OWN(seal_key_clear) struct seal_key key = {{0}};
        struct arena arena;
        struct opening opening;
        enum opened how;
        arena_init(&arena, LIMIT_REQUEST_BYTES);
        enum status status = open_item(sealed, &item, reader, &file, &key, &arena, &opening, &how, error);
        if (status == STATUS_DONE && again && how == OPENED)
            status = box_again(sealed, &item, buffer_slice(&file), &key, error);
        if (status == STATUS_DONE) put_opening(w, &item, &opening, how);
        arena_clear(&arena);
        TRY(status);
    }
    return STATUS_DONE;
}

static enum status unseal_record(struct truce_register *reg, const char *id, const struct truce_reader *reader,
                                 bool again, struct buffer *out, struct error *error)
{
    OWN(sealed_record_clear) struct sealed_record sealed;
    struct json_writer w;
    char hex[HASH_HEX_SIZE];
    TRY(find_record(&sealed, reg, id, error));
    if (again) TRY(register_know(reg, error));
    hash_format(&sealed.record.id.hash, hex);
    json_write_open(&w, out);
    json_put_object(&w);
    json_put_key(&w, "fields");
    json_put_array(&w);
    TRY(unseal(&sealed, reader, again, &w, error));
    json_put_close(&w);
    json_put_key(&w, "id"), json_put_string(&w, hex);
    json_put_close(&w);
    return json_write_finish(&w, error);
}

enum truce_status truce_unseal(struct truce_register *reg, const char *id, const struct truce_reader *reader,
                               bool box_again, struct truce_buffer *answer, struct truce_error *error)
{
    struct error why;
    OWN(wipe) struct buffer out = {0};
    enum status status = unseal_record(reg, id, reader, box_again, &out, &why);
    if (status == STATUS_DONE) status = public_buffer(answer, &out, &why);
    return public_status(status, &why, error);
}

/* ---- revealing: the opening becomes a record */

static enum status find_opening(const struct sealed_record *sealed, struct slice pointer, struct slice level,
                                const struct truce_reader *reader, struct arena *arena, struct opening *out,
                                struct error *error)
{
    OWN(buffer_clear) struct buffer file = {0};
    OWN(seal_key_clear) struct seal_key key = {{0}};
    struct sealed_item item;
    enum opened how;
    if (!sealed_find(sealed->record.body, pointer, level, &item))
        return error_set(error, STATUS_FAILED, "seal-none", "Nothing is sealed at \"{0}\" ({1}) in this record.",
                         error_slice(pointer).text, error_slice(level).text, NULL);
    TRY(open_item(sealed, &item, reader, &file, &key, arena, out, &how, error));
    if (how == OPENED) return STATUS_DONE;
    return error_set(error, STATUS_FAILED, "seal-closed", "What is sealed at \"{0}\" cannot be opened here ({1}).",
                     error_slice(pointer).text, opened_names[how], NULL);
}

static enum status put_reveal(const struct sealed_record *sealed, const struct opening *opening, struct buffer *out,
                              struct error *error)
{
    char id[HASH_HEX_SIZE], salt[2 * SEAL_SALT_BYTES + 1];
    struct json_writer w;
    hash_format(&sealed->record.id.hash, id);
    hex_format(salt, slice_of(opening->salt, sizeof opening->salt));
    json_write_open(&w, out);
    json_put_object(&w);
    json_put_key(&w, "level"), json_put_slice(&w, opening->level);
    json_put_key(&w, "of"), json_put_string(&w, id);
    json_put_key(&w, "pointer"), json_put_slice(&w, opening->pointer);
    json_put_key(&w, "salt"), json_put_string(&w, salt);
    json_put_key(&w, "value"), json_put_tree(&w, opening->value);
    json_put_close(&w);
    return json_write_finish(&w, error);
}

static enum status reveal(struct truce_register *reg, const struct truce_reveal *what, struct arena *arena,
                          struct buffer *object, struct error *error)
{
    OWN(sealed_record_clear) struct sealed_record sealed;
    struct opening opening;
    TRY(find_record(&sealed, reg, what->id, error));
    if (what->opening != NULL)
        TRY(opening_read(&opening, slice_of(what->opening, what->opening_size), arena, error));
    else
        TRY(find_opening(&sealed, slice_from(what->pointer), slice_from(what->level == NULL ? "exact" : what->level),
                         what->reader, arena, &opening, error));
    TRY(opening_check(&opening, &sealed.record, error));
    return put_reveal(&sealed, &opening, object, error);
}

enum truce_status truce_reveal_object(struct truce_register *reg, const struct truce_reveal *what,
                                      struct truce_buffer *object, struct truce_error *error)
{
    struct error why;
    OWN(wipe) struct buffer out = {0};
    struct arena arena;
    arena_init(&arena, LIMIT_REQUEST_BYTES);
    enum status status = reveal(reg, what, &arena, &out, &why);
    arena_clear(&arena);
    if (status == STATUS_DONE) status = public_buffer(object, &out, &why);
    return public_status(status, &why, error);
}
