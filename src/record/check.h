/* What the files of schema_check share. Not for other rooms. */
#ifndef TRUCE_RECORD_CHECK_H
#define TRUCE_RECORD_CHECK_H

#include "base/limits.h"
#include "record/schema.h"

/* A shape prepared for one walk beside an object's sorted members: its fields in the order of their names, and which of
 * them are required, PICK or SOME as bits. A kind's plan holds envelope and kind together. */
enum { PLAN_FIELDS = 48 };
struct plan {
    const struct shape *rules[2]; /* shapes whose rules apply; the second may be NULL */
    unsigned count;
    uint64_t required, pick, some;
    struct plan_field {
        const struct field *field;
        const struct plan *object; /* FIELD_OBJECT */
        uint64_t head;             /* name_head of its name */
        uint32_t name_size;
        bool enveloped; /* a field of the envelope */
    } field[PLAN_FIELDS];
};
/* The first eight bytes as a number that sorts as they do; shorter names end in zeros. Most names differ in these. */
static inline uint64_t name_head(struct slice name)
{
    uint64_t head = 0;
    size_t size = name.size < 8 ? name.size : 8;
    for (size_t i = 0; i < size; i++) head = head << 8 | name.data[i];
    return size == 0 ? 0 : head << (64 - 8 * size);
}
const struct plan *plan_of_kind(const struct record_kind *kind);

/* The field of that name, or NULL; *at is its place in the plan. */
const struct plan_field *plan_find(const struct plan *plan, struct slice name, unsigned *at);

/* Sealed fields as the check meets them: which field of which object stands hashed. */
struct sealing {
    unsigned count;
    struct sealed_field {
        const struct json *object;
        unsigned field;
        struct slice level;
    } at[LIMIT_SEALED];
};

/* Resolves the pointers of record["sealed"], whose form is already checked. */
MUST_USE enum status sealing_resolve(struct sealing *out, const struct plan *plan, const struct record_kind *kind,
                                     const struct json *record, struct error *error);

/* Whole sentences, so that each can be translated; {0} is the field. */
#define MUST_BE_OBJECT "The field \"{0}\" must be an object."
#define MUST_BE_STRING "The field \"{0}\" must be a string."

/* One value that is no object: its type, form and range. */
MUST_USE enum status value_check(const struct field *field, const struct json *value, struct error *error);

/* {"ar":…,"en":…,"original":…,"translated_by":…,"machine":…} */
MUST_USE enum status text_object_check(const struct json *value, struct error *error);

bool is_slug(struct slice text);
bool is_language(struct slice text);
MUST_USE bool key_id_parse(uint32_t *out, struct slice hex); /* 8 digits */

/* Puts "/key" before what error->pointer says; keeps the status. */
enum status error_under(struct error *error, enum status status, struct slice key);
enum status error_under_index(struct error *error, enum status status, size_t index);

/* The nearest of the names, if one is near enough to be a slip of the finger; else NULL. `next` walks them. */
struct suggestion {
    struct slice typed;
    const char *best;
    unsigned distance;
};
void suggestion_consider(struct suggestion *suggestion, const char *name);

#endif
