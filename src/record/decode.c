/* From bytes to a record: the note's three lines, the canonical line, the envelope, the schema. No key is needed. */
#include "base/limits.h"
#include "record/check.h"
#include "record/envelope.h"

static enum status note_wrong(struct error *error, struct slice note, struct slice rest, const char *sentence)
{
    int64_t offset = (int64_t)(note.size - rest.size);
    return error_at_offset(error, error_set(error, STATUS_REFUSED, "record-note", sentence, NULL), offset);
}

/* Cuts one line with its newline off *rest. */
static bool cut_line(struct slice *rest, struct slice *line)
{
    const uint8_t *end = rest->size == 0 ? NULL : memchr(rest->data, '\n', rest->size);
    if (end == NULL) return false;
    *line = slice_part(*rest, 0, (size_t)(end - rest->data) + 1);
    *rest = slice_part(*rest, line->size, SIZE_MAX);
    return true;
}

static const char dash[] = "\xE2\x80\x94 ";

/* "— name base64(id ‖ signature)\n" */
static bool signature_parse(struct record *out, struct slice line, struct slice *name, uint32_t *key_id)
{
    if (!slice_starts(line, dash)) return false;
    struct slice rest = slice_part(line, sizeof dash - 1, line.size - sizeof dash); /* without the newline */
    const uint8_t *space = rest.size == 0 ? NULL : memchr(rest.data, ' ', rest.size);
    if (space == NULL) return false;
    uint8_t bytes[4 + SIGNATURE_BYTES];
    size_t name_size = (size_t)(space - rest.data), size;
    if (!base64_parse(bytes, sizeof bytes, &size, slice_part(rest, name_size + 1, SIZE_MAX))) return false;
    if (size != sizeof bytes) return false;
    *name = slice_part(rest, 0, name_size);
    *key_id = (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
    memcpy(out->signature.bytes, bytes + 4, SIGNATURE_BYTES);
    return true;
}

struct pieces {
    struct slice text, name; /* name and key_id stand on the signature line */
    uint32_t key_id;
};

static enum status note_cut(struct record *out, struct slice note, struct pieces *pieces, struct error *error)
{
    struct slice rest = note, line;
    if (note.size > LIMIT_RECORD_NOTE_BYTES)
        return error_set(error, STATUS_REFUSED, "record-size", "A signed record has at most {0} bytes; this has {1}.",
                         error_number(LIMIT_RECORD_NOTE_BYTES).text, error_number((int64_t)note.size).text, NULL);
    if (!cut_line(&rest, &pieces->text))
        return note_wrong(error, note, rest, "A signed record has three lines: JSON, an empty line, a signature.");
    if (!cut_line(&rest, &line) || line.size != 1)
        return note_wrong(error, note, rest, "An empty line must follow the JSON line of a signed record.");
    struct slice at = rest;
    if (!cut_line(&rest, &line) || !signature_parse(out, line, &pieces->name, &pieces->key_id))
        return note_wrong(error, note, at, "The third line must be a signature: \"— name base64\", with its newline.");
    if (slice_starts(rest, dash))
        return error_set(error, STATUS_REFUSED, "record-signature-count",
                         "A record bears exactly one signature. Others agree by records of their own.", NULL);
    if (rest.size > 0) return note_wrong(error, note, rest, "Something follows the signature line.");
    return STATUS_DONE;
}

enum status record_decode(struct record *out, struct slice note, struct arena *arena, struct error *error)
{
    struct record record = {.note = note};
    struct pieces pieces;
    TRY(note_cut(&record, note, &pieces, error));
    TRY(record_read(&record, pieces.text, arena, error));
    if (!slice_equal(pieces.name, record.by))
        return error_at(error,
                        error_set(error, STATUS_REFUSED, "record-name",
                                  "The record is by \"{0}\", but its signature line names \"{1}\".",
                                  error_slice(record.by).text, error_slice(pieces.name).text, NULL),
                        "/by");
    if (pieces.key_id != record.key_id)
        return error_at(error,
                        error_set(error, STATUS_REFUSED, "record-key",
                                  "The key in the record is not the one whose id its signature line bears.", NULL),
                        "/key");
    *out = record;
    return STATUS_DONE;
}

bool record_verify(const struct record *record, const struct verifier *key)
{
    return key->algorithm == NOTE_ED25519 && key->id == record->key_id && slice_is(record->by, key->name) &&
           sign_verify(&key->key, &record->signature, record->text);
}

bool record_next_note(struct slice *rest, struct slice *note)
{
    struct slice after = *rest, text, empty, line;
    if (rest->size == 0) return false;
    *note = *rest;
    if (!cut_line(&after, &text) || !cut_line(&after, &empty) || empty.size != 1 || !cut_line(&after, &line) ||
        !slice_starts(line, dash)) {
        *rest = slice_part(*rest, rest->size, 0);
        return true;
    }
    while (slice_starts(after, dash) && cut_line(&after, &line)) {} /* a second signature is the same note's fault */
    *note = slice_part(*rest, 0, rest->size - after.size);
    *rest = after;
    return true;
}
