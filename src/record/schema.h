/* The shape of every kind of record, as data. The tables in kinds_*.c are the one place where a field is named, typed
 * and bounded; decoding, `truce write`, spec/record.md (checked by a test) and the fuzz targets all walk them. */
#ifndef TRUCE_RECORD_SCHEMA_H
#define TRUCE_RECORD_SCHEMA_H

#include "json/json.h"

enum field_type {
    FIELD_BOOL,
    FIELD_INTEGER,  /* least … most */
    FIELD_STRING,   /* 1 … most bytes */
    FIELD_SLUG,     /* [a-z0-9-]{1,64}: a party, group, channel, act … */
    FIELD_TERM,     /* a slug, or agreement/term */
    FIELD_POINTER,  /* RFC 6901 */
    FIELD_HASH,     /* 64 lower-case hex */
    FIELD_ID,       /* the same, naming a record */
    FIELD_KEY_ID,   /* 8 lower-case hex */
    FIELD_VERIFIER, /* name+hex8+base64 */
    FIELD_ANY_KEY,  /* the same, or a reader's key */
    FIELD_TIME,     /* YYYY-MM-DDThh:mm:ssZ */
    FIELD_DURATION,
    FIELD_WORD, /* one of `words` */
    FIELD_TEXT, /* {"ar":…,"en":…,"original":…,"translated_by"|"machine"} */
    FIELD_TREE, /* any canonical JSON; its meaning is another room's */
    FIELD_OBJECT
};

enum field_count {
    FIELD_SINGLE,
    FIELD_LIST, /* in the writer's order, 1 … 1024 */
    FIELD_SET   /* sorted bytewise by canonical form, unique, 1 … 1024 */
};

enum field_need {
    FIELD_OPTIONAL,
    FIELD_REQUIRED, /* or sealed, where its kind may be sealed */
    FIELD_PICK,     /* exactly one of the object's PICK fields; one more may stand where one is sealed */
    FIELD_SOME      /* at least one of the object's SOME fields */
};

struct shape;
struct field {
    const char *name;
    enum field_type type;
    enum field_need need;
    enum field_count count;
    int64_t least, most;        /* FIELD_INTEGER; most also for FIELD_STRING (0: LIMIT_STRING_BYTES) */
    const char *const *words;   /* FIELD_WORD, ended by NULL */
    const struct shape *object; /* FIELD_OBJECT */
    bool open;                  /* never sealed: admission or effect must read it (every FIELD_ID is open) */
};

/* What fields alone cannot say: from ≤ to, low ≤ best ≤ high, a polygon that closes. Leaves error->pointer relative. */
typedef enum status shape_rule(const struct json *object, struct json_path *path, struct error *error);

struct shape {
    const char *name;
    const struct field *fields; /* ended by a field without a name; in no particular order */
    shape_rule *rule;           /* or NULL */
};

extern const struct shape shape_envelope; /* the fields that every kind has */
extern const struct shape shape_point, shape_where, shape_when;

enum record_family { FAMILY_WHO, FAMILY_AGREED, FAMILY_SAID, FAMILY_SEEN, FAMILY_GROUND, FAMILY_HOUSEKEEPING };

enum role {
    ROLE_PARTY = 1,
    ROLE_GUARANTOR = 2,
    ROLE_MONITOR = 4,
    ROLE_HUMANITARIAN = 8,
    ROLE_SECRETARIAT = 16,
    ROLE_SOURCE = 32,
    ROLE_ANY = 63
};

/* When a role alone is not enough (or not needed). */
enum say_condition {
    SAY_ALWAYS,
    SAY_FOUNDER,   /* founders whatever their role, besides the roles named */
    SAY_ENROLMENT, /* founders; or the party itself by its recovery key; takes effect at the threshold */
    SAY_ADDRESSEE, /* an addressee or named alternate of the record in `of` */
    SAY_OWN,       /* the author of the record in `of` */
    SAY_SUCCESSOR, /* a key that succeeded the compromised one, same author */
    SAY_FIRST      /* genesis: entry 0 alone */
};

struct record_kind {
    const char *name;
    enum record_family family;
    const struct shape *shape; /* without the envelope */
    unsigned roles;            /* who may say it: the published matrix */
    enum say_condition condition;
    bool needs_about;
};

/* All kinds in the order of spec/record.md, ended by a kind without a name. */
extern const struct record_kind record_kinds[];
const struct record_kind *record_kind_find(struct slice name); /* NULL if there is none */

/* Words ↔ roles: "party", "guarantor" …; 0 if unknown. */
enum role role_parse(struct slice word);
const char *role_name(enum role role);

/* Checks `object` against envelope and kind shape. It must come from canonical text (keys in order, sets judged by
 * their bytes). Codes record-…; error->pointer is set. */
MUST_USE enum status schema_check(const struct record_kind *kind, const struct json *object, struct error *error);

/* The same for a value that is not in the record: may this kind's field at the pointer be sealed, and is this a value
 * of it? */
MUST_USE enum status schema_check_sealed(const struct record_kind *kind, struct slice pointer, const struct json *value,
                                         struct error *error);

#endif
