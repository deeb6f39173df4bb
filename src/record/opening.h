/* What is sealed in a record, and what opens it: spec/sealed.md. */
#ifndef TRUCE_RECORD_OPENING_H
#define TRUCE_RECORD_OPENING_H

#include "crypto/seal.h"
#include "record/record.h"

/* An item of a record's `sealed`. */
struct sealed_item {
    struct slice pointer, level;
    struct hash hash, cipher;
    bool has_cipher;
    const struct json *readers; /* or NULL */
    int64_t size;
};
/* Walks them: *at is NULL before the first; false behind the last. */
bool sealed_next(const struct json *body, const struct json **at, struct sealed_item *out);
MUST_USE bool sealed_find(const struct json *body, struct slice pointer, struct slice level, struct sealed_item *out);

struct opening {
    struct slice level, pointer;
    uint8_t salt[SEAL_SALT_BYTES];
    const struct json *value;
};
/* Whose it is: part of what is hashed, so that no other record can be given the same seal. */
struct sealed_by {
    struct slice register_name, by;
    int64_t seq;
};

/* {"level":…,"pointer":…,"salt":…,"value":…}, canonical. */
MUST_USE enum status opening_write(struct buffer *out, const struct opening *opening, struct error *error);
/* seal-opening: not just these, in canonical form. Borrows from text and arena. */
MUST_USE enum status opening_read(struct opening *out, struct slice text, struct arena *arena, struct error *error);
/* The fields of a `reveal` are those of an opening. */
MUST_USE bool opening_of_reveal(struct opening *out, const struct json *body);

MUST_USE enum status opening_commit(struct hash *out, const struct sealed_by *by, const struct opening *opening,
                                    struct error *error);
/* Is this what the record sealed there? Also the value's form must be the field's. seal-fit if not. */
MUST_USE enum status opening_check(const struct opening *opening, const struct record *record, struct error *error);

#endif
