/* Signed notes as C2SP writes them: verifier keys, taking a note apart, signing and verifying. */
#include "crypto/note.h"
#include "crypto/key_text.h"

#include <inttypes.h>
#include <stdio.h>

enum { COSIGNATURE_BYTES = 8 + SIGNATURE_BYTES }; /* the time, and Ed25519 */
/* Signatures that we do not know stand beside ours and are passed by; those of ML-DSA-44 have 2,420 bytes. */
enum { FOREIGN_SIGNATURE_MOST = 4096 };

/* Names may not be empty nor hold '+', a control or Unicode white space; the last is what the C2SP text asks. */
static bool space_at(const uint8_t *p, size_t left)
{
    static const char *const spaces[] = {"\xC2\x85",     "\xC2\xA0",     "\xE1\x9A\x80", "\xE2\x80\xA8",
                                         "\xE2\x80\xA9", "\xE2\x80\xAF", "\xE2\x81\x9F", "\xE3\x80\x80"};
    if (*p <= 0x20 || *p == 0x7F) return true;
    if (left >= 3 && p[0] == 0xE2 && p[1] == 0x80 && p[2] >= 0x80 && p[2] <= 0x8A)
        return true; /* en quad … hair space */
    for (size_t i = 0; i < COUNT_OF(spaces); i++)
        if (slice_starts(slice_of(p, left), spaces[i])) return true;
    return false;
}

bool key_name_good(struct slice name)
{
    if (name.size == 0 || name.size > LIMIT_ORIGIN_BYTES) return false;
    for (size_t i = 0; i < name.size; i++)
        if (name.data[i] == '+' || space_at(name.data + i, name.size - i)) return false;
    return true;
}

static uint32_t four_bytes(const uint8_t bytes[4])
{
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

uint32_t key_text_id(struct slice name, struct slice key)
{
    struct slice parts[] = {name, slice_from("\n"), key};
    struct hash hash = hash_of_parts(parts, COUNT_OF(parts));
    return four_bytes(hash.bytes);
}

uint32_t note_key_id(struct slice name, enum note_algorithm algorithm, const struct public_key *key)
{
    uint8_t bytes[1 + PUBLIC_KEY_BYTES] = {(uint8_t)algorithm};
    memcpy(bytes + 1, key->bytes, PUBLIC_KEY_BYTES);
    return key_text_id(name, slice_of(bytes, sizeof bytes));
}

enum status key_name_check(struct slice name, struct error *error)
{
    if (key_name_good(name)) return STATUS_DONE;
    return error_set(error, STATUS_REFUSED, "key-name",
                     "The key name \"{0}\" is empty, too long, or holds a space or a plus sign.",
                     error_slice(name).text, NULL);
}

enum status verifier_make(struct verifier *out, struct slice name, enum note_algorithm algorithm,
                          const struct public_key *key, struct error *error)
{
    TRY(key_name_check(name, error));
    struct verifier made = {.algorithm = algorithm, .key = *key, .id = note_key_id(name, algorithm, key)};
    memcpy(made.name, name.data, name.size);
    *out = made;
    return STATUS_DONE;
}

static enum status not_a_verifier(struct error *error)
{
    return error_set(error, STATUS_REFUSED, "key-form", "This is not a verifier key (name+8 hex digits+base64).", NULL);
}

/* Cuts "a+b+c" at its first two plus signs: base64 itself may hold more of them. */
static bool cut_plus(struct slice *rest, struct slice *piece)
{
    const uint8_t *plus = rest->size == 0 ? NULL : memchr(rest->data, '+', rest->size);
    if (plus == NULL) return false;
    size_t size = (size_t)(plus - rest->data);
    *piece = slice_part(*rest, 0, size);
    *rest = slice_part(*rest, size + 1, SIZE_MAX);
    return true;
}

static bool id_parse(uint32_t *out, struct slice hex)
{
    uint8_t bytes[4];
    if (!hex_parse(bytes, sizeof bytes, hex)) return false;
    *out = four_bytes(bytes);
    return true;
}

bool key_text_cut(struct slice text, struct slice *name, uint32_t *id, uint8_t *key, size_t size)
{
    struct slice hex;
    size_t got;
    return cut_plus(&text, name) && cut_plus(&text, &hex) && id_parse(id, hex) && base64_parse(key, size, &got, text) &&
           got == size;
}

enum status key_text_id_wrong(struct slice name, struct error *error)
{
    return error_set(error, STATUS_REFUSED, "key-id",
                     "The id in the verifier key \"{0}\" is not the hash of its name and key.", error_slice(name).text,
                     NULL);
}

enum status verifier_parse(struct verifier *out, struct slice text, struct error *error)
{
    struct slice name;
    uint8_t bytes[1 + PUBLIC_KEY_BYTES];
    uint32_t id;
    if (!key_text_cut(text, &name, &id, bytes, sizeof bytes)) return not_a_verifier(error);
    if (bytes[0] != NOTE_ED25519 && bytes[0] != NOTE_COSIGNATURE)
        return error_set(error, STATUS_REFUSED, "key-algorithm", "The verifier key \"{0}\" is of an unknown algorithm.",
                         error_slice(name).text, NULL);
    struct public_key key;
    struct verifier made;
    memcpy(key.bytes, bytes + 1, PUBLIC_KEY_BYTES);
    TRY(verifier_make(&made, name, (enum note_algorithm)bytes[0], &key, error));
    if (made.id != id) return key_text_id_wrong(name, error);
    *out = made;
    return STATUS_DONE;
}

void verifier_format(const struct verifier *verifier, char out[VERIFIER_TEXT_SIZE])
{
    uint8_t bytes[1 + PUBLIC_KEY_BYTES];
    char text[BASE64_SIZE(sizeof bytes)];
    bytes[0] = (uint8_t)verifier->algorithm;
    memcpy(bytes + 1, verifier->key.bytes, PUBLIC_KEY_BYTES);
    base64_format(text, sizeof text, slice_of(bytes, sizeof bytes));
    snprintf(out, VERIFIER_TEXT_SIZE, "%s+%08x+%s", verifier->name, verifier->id, text);
}

/* ---- notes */

static enum status not_a_note(struct error *error, const char *code, const char *sentence, size_t offset)
{
    return error_at_offset(error, error_set(error, STATUS_REFUSED, code, sentence, NULL), (int64_t)offset);
}

static const char dash[] = "\xE2\x80\x94 ";

static bool signature_parse(struct note_signature *out, struct slice line)
{
    if (!slice_starts(line, dash)) return false;
    struct slice rest = slice_part(line, 4, SIZE_MAX);
    const uint8_t *space = rest.size == 0 ? NULL : memchr(rest.data, ' ', rest.size);
    if (space == NULL) return false;
    size_t name_size = (size_t)(space - rest.data), size;
    uint8_t bytes[4 + FOREIGN_SIGNATURE_MOST];
    if (!key_name_good(slice_part(rest, 0, name_size))) return false;
    if (!base64_parse(bytes, sizeof bytes, &size, slice_part(rest, name_size + 1, SIZE_MAX)) || size < 5) return false;
    *out = (struct note_signature){.line = line, .name = slice_part(rest, 0, name_size), .size = size - 4};
    out->key_id = four_bytes(bytes);
    memcpy(out->bytes, bytes + 4, out->size < sizeof out->bytes ? out->size : sizeof out->bytes);
    return true;
}

/* The last empty line splits text from signatures. */
static bool note_split(struct slice note, size_t *text_size)
{
    for (size_t i = note.size; i >= 2; i--)
        if (note.data[i - 1] == '\n' && note.data[i - 2] == '\n') {
            *text_size = i - 1;
            return true;
        }
    return false;
}

enum status note_parse(struct note *out, struct slice note, struct error *error)
{
    size_t text_size;
    if (note.size == 0) return not_a_note(error, "note-empty", "There is no signed note.", 0);
    if (!note_split(note, &text_size))
        return not_a_note(error, "note-form", "A signed note has its text, an empty line and signature lines.", 0);
    for (size_t i = 0; i < note.size; i++)
        if (note.data[i] < 0x20 && note.data[i] != '\n')
            return not_a_note(error, "note-control", "A signed note holds no control characters.", i);
    out->text = slice_part(note, 0, text_size);
    out->signatures = 0;
    size_t at = text_size + 1;
    if (at >= note.size) return not_a_note(error, "note-unsigned", "The note bears no signature.", at);
    while (at < note.size) {
        const uint8_t *end = memchr(note.data + at, '\n', note.size - at);
        size_t size = end == NULL ? 0 : (size_t)(end - note.data) - at;
        if (out->signatures == LIMIT_NOTE_SIGNATURES)
            return not_a_note(error, "note-signatures", "The note bears too many signatures.", at);
        if (end == NULL || !signature_parse(&out->signature[out->signatures], slice_part(note, at, size)))
            return not_a_note(error, "note-signature-form",
                              "A signature line is an em dash, a name and base64, and ends with a newline.", at);
        out->signatures++;
        at += size + 1;
    }
    return STATUS_DONE;
}

/* "— name base64(id ‖ signature)" */
static enum status put_line(struct buffer *out, const struct verifier *verifier, struct slice signature,
                            struct error *error)
{
    uint8_t bytes[4 + COSIGNATURE_BYTES] = {(uint8_t)(verifier->id >> 24), (uint8_t)(verifier->id >> 16),
                                            (uint8_t)(verifier->id >> 8), (uint8_t)verifier->id};
    memcpy(bytes + 4, signature.data, signature.size);
    char base64[BASE64_SIZE(sizeof bytes)];
    base64_format(base64, sizeof base64, slice_of(bytes, 4 + signature.size));
    buffer_put_string(out, dash);
    buffer_put_string(out, verifier->name);
    buffer_put_string(out, " ");
    buffer_put_string(out, base64);
    buffer_put_string(out, "\n");
    return buffer_finish(out, error);
}

static enum status wrong_use(const struct signer *signer, struct error *error)
{
    return error_set(error, STATUS_USAGE, "key-use",
                     "The key \"{0}\" is for another use: signing keys sign records, cosigning keys signed heads.",
                     signer->verifier.name, NULL);
}

enum status note_sign_line(struct buffer *out, struct slice text, const struct signer *signer, struct error *error)
{
    struct signature signature;
    if (signer->verifier.algorithm != NOTE_ED25519) return wrong_use(signer, error);
    sign(&signature, &signer->secret, text);
    return put_line(out, &signer->verifier, slice_of(signature.bytes, SIGNATURE_BYTES), error);
}

enum status note_sign(struct buffer *out, struct slice text, const struct signer *signer, struct error *error)
{
    if (text.size == 0 || text.data[text.size - 1] != '\n')
        return not_a_note(error, "note-form", "A signed note has its text, an empty line and signature lines.", 0);
    buffer_put(out, text);
    buffer_put_string(out, "\n");
    return note_sign_line(out, text, signer, error);
}

bool note_verify(const struct note *note, const struct verifier *verifier, bool *present)
{
    *present = false;
    for (size_t i = 0; i < note->signatures; i++) {
        const struct note_signature *s = &note->signature[i];
        if (s->key_id != verifier->id || !slice_is(s->name, verifier->name)) continue;
        *present = true;
        struct signature signature;
        if (verifier->algorithm != NOTE_ED25519 || s->size != SIGNATURE_BYTES) return false;
        memcpy(signature.bytes, s->bytes, SIGNATURE_BYTES);
        if (!sign_verify(&verifier->key, &signature, note->text)) return false;
    }
    return *present;
}

/* ---- cosignatures */

static enum status cosigned_message(struct buffer *out, struct slice text, int64_t time, struct error *error)
{
    buffer_print(out, "cosignature/v1\ntime %" PRId64 "\n", time);
    buffer_put(out, text);
    return buffer_finish(out, error);
}

enum status note_cosign_line(struct buffer *out, struct slice text, int64_t time, const struct signer *cosigner,
                             struct error *error)
{
    OWN(buffer_clear) struct buffer message = {0};
    struct signature signature;
    uint8_t bytes[COSIGNATURE_BYTES];
    if (cosigner->verifier.algorithm != NOTE_COSIGNATURE) return wrong_use(cosigner, error);
    TRY(cosigned_message(&message, text, time, error));
    sign(&signature, &cosigner->secret, buffer_slice(&message));
    for (unsigned i = 0; i < 8; i++) bytes[i] = (uint8_t)((uint64_t)time >> (56 - 8 * i));
    memcpy(bytes + 8, signature.bytes, SIGNATURE_BYTES);
    return put_line(out, &cosigner->verifier, slice_of(bytes, sizeof bytes), error);
}

/* The time that a cosignature says it was made; false if there can be none. */
static bool cosignature_time(const struct note_signature *line, int64_t *time)
{
    uint64_t at = 0;
    if (line->size != COSIGNATURE_BYTES) return false;
    for (unsigned i = 0; i < 8; i++) at = at << 8 | line->bytes[i];
    if (at > INT64_MAX) return false;
    *time = (int64_t)at;
    return true;
}

static bool cosignature_holds(const struct note_signature *line, struct slice text, const struct verifier *cosigner,
                              int64_t *time)
{
    OWN(buffer_clear) struct buffer message = {0};
    struct signature signature;
    if (!cosignature_time(line, time)) return false;
    memcpy(signature.bytes, line->bytes + 8, SIGNATURE_BYTES);
    return cosigned_message(&message, text, *time, NULL) == STATUS_DONE &&
           sign_verify(&cosigner->key, &signature, buffer_slice(&message));
}

typedef bool cosignature_look(const struct note_signature *line, struct slice text, const struct verifier *cosigner,
                              int64_t *time);

static bool cosigned(const struct note *note, const struct verifier *cosigner, cosignature_look *look, bool *present,
                     int64_t *time)
{
    *present = false;
    *time = 0;
    if (cosigner->algorithm != NOTE_COSIGNATURE) return false;
    for (size_t i = 0; i < note->signatures; i++) {
        const struct note_signature *line = &note->signature[i];
        int64_t at;
        if (line->key_id != cosigner->id || !slice_is(line->name, cosigner->name)) continue;
        *present = true;
        if (!look(line, note->text, cosigner, &at)) return false;
        if (at > *time) *time = at;
    }
    return *present;
}

bool note_cosigned(const struct note *note, const struct verifier *cosigner, bool *present, int64_t *time)
{
    return cosigned(note, cosigner, cosignature_holds, present, time);
}

static bool believed(const struct note_signature *line, struct slice text, const struct verifier *cosigner,
                     int64_t *time)
{
    (void)text, (void)cosigner;
    return cosignature_time(line, time);
}

bool note_cosigned_before(const struct note *note, const struct verifier *cosigner, int64_t *time)
{
    bool present;
    return cosigned(note, cosigner, believed, &present, time);
}

/* ---- several in one file */

bool note_next(struct slice *rest, struct slice *note)
{
    static const char before[] = "\n\n\u2014 ";
    const uint8_t *at = rest->size == 0 ? NULL : memmem(rest->data, rest->size, before, sizeof before - 1);
    size_t size = at == NULL ? 0 : (size_t)(at - rest->data) + 2;
    while (size > 0 && slice_starts(slice_part(*rest, size, rest->size), dash)) {
        const uint8_t *end = memchr(rest->data + size, '\n', rest->size - size);
        size = end == NULL ? 0 : (size_t)(end - rest->data) + 1;
    }
    *note = slice_part(*rest, 0, size);
    *rest = slice_part(*rest, size, rest->size);
    return size > 0;
}
