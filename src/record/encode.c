/* From an object somebody typed to the one byte form, and its signature. */
#include "base/limits.h"
#include "record/arrange.h"
#include "record/envelope.h"

/* Reads what was written back through the same door as anybody's record, so that nothing is signed that would be
 * refused. */
static enum status encode(struct buffer *text, struct record *record, const struct json *object, struct arena *arena,
                          struct error *error)
{
    OWN(buffer_clear) struct buffer line = {0};
    if (object->type != JSON_OBJECT)
        return error_set(error, STATUS_REFUSED, "record-type", "A record must be a JSON object.", NULL);
    TRY(arrange(&line, object, arena, error));
    buffer_put_byte(&line, '\n');
    TRY(buffer_finish(&line, error));
    struct slice kept = arena_copy(arena, buffer_slice(&line));
    if (kept.data == NULL) return arena_full(error);
    *record = (struct record){0};
    TRY(record_read(record, kept, arena, error));
    buffer_put(text, kept);
    return buffer_finish(text, error);
}

enum status record_encode(struct buffer *text, const struct json *object, struct error *error)
{
    OWN(arena_clear) struct arena arena;
    struct record record;
    arena_init(&arena, LIMIT_REQUEST_BYTES);
    return encode(text, &record, object, &arena, error);
}

enum status record_sign(struct buffer *note, const struct json *object, const struct signer *signer,
                        struct error *error)
{
    OWN(arena_clear) struct arena arena;
    OWN(buffer_clear) struct buffer text = {0};
    struct record record;
    arena_init(&arena, LIMIT_REQUEST_BYTES);
    TRY(encode(&text, &record, object, &arena, error));
    if (!slice_is(record.by, signer->verifier.name))
        return error_at(error,
                        error_set(error, STATUS_REFUSED, "record-name",
                                  "The record is by \"{0}\", but the key belongs to \"{1}\".",
                                  error_slice(record.by).text, signer->verifier.name, NULL),
                        "/by");
    if (record.key_id != signer->verifier.id)
        return error_at(error,
                        error_set(error, STATUS_REFUSED, "record-key",
                                  "The field \"key\" is not the id of the key that signs.", NULL),
                        "/key");
    return note_sign(note, buffer_slice(&text), signer, error);
}
