/* A record: one signed statement. One record has one byte form; this is the only door through which bytes become one.
 * spec/record.md is the format; schema.h the shapes. */
#ifndef TRUCE_RECORD_RECORD_H
#define TRUCE_RECORD_RECORD_H

#include "base/buffer.h"
#include "base/time.h"
#include "crypto/note.h"
#include "json/json.h"
#include "record/schema.h"

struct record_id {
    struct hash hash;
};

struct record {
    struct record_id id; /* SHA-256 of text */
    struct slice note;   /* exactly as signed: three lines */
    struct slice text;   /* the canonical line with its newline */
    const struct record_kind *kind;
    const struct json *body;    /* the whole object, schema-checked */
    struct slice register_name; /* origin, or origin # 16 hex */
    struct slice by;
    uint32_t key_id;
    int64_t seq;
    bool has_prev, has_replaces;
    struct record_id prev, replaces;
    int64_t written; /* seconds */
    struct signature signature;
};

/* Form alone: size, note, canonical JSON, envelope, schema, name and key id of the signature line equal to `by` and
 * `key`. No key is needed and no signature is verified. Everything borrows from note and arena. STATUS_REFUSED. */
MUST_USE enum status record_decode(struct record *out, struct slice note, struct arena *arena, struct error *error);

/* Does the signature hold under this key (whose id and name are the record's)? */
MUST_USE bool record_verify(const struct record *record, const struct verifier *key);

/* Relaxed JSON (any order, white space, not yet NFC; without the final newline) to the canonical text with its newline,
 * schema-checked. Sets are sorted. `object` must be complete: v, register, kind, by, key, seq, prev, written. */
MUST_USE enum status record_encode(struct buffer *text, const struct json *object, struct error *error);

/* Encode and sign; `key` and `by` must be the signer's. */
MUST_USE enum status record_sign(struct buffer *note, const struct json *object, const struct signer *signer,
                                 struct error *error);

/* Notes follow each other in a file: cuts the next note (three lines) off *rest; false when *rest is empty. A piece
 * that is no note is returned whole to the end, for record_decode to refuse. */
MUST_USE bool record_next_note(struct slice *rest, struct slice *note);

/* Where a signed record says that it stands in its author's chain, read off its text with nothing judged; false where
 * it does not say so. Costs a tenth of taking it apart. */
struct record_place {
    struct slice by; /* borrows */
    uint32_t key_id;
    int64_t seq;
};
bool record_glance(struct record_place *out, struct slice note);

/* An entry of the log: "received <unix ms>\n" and the note. */
MUST_USE enum status entry_parse(int64_t *received_ms, struct slice *note, struct slice entry, struct error *error);
void entry_format(struct buffer *out, int64_t received_ms, struct slice note);

static inline bool record_id_equal(const struct record_id *a, const struct record_id *b)
{
    return hash_equal(&a->hash, &b->hash);
}

#endif
