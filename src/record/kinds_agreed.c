/* What was agreed, and how it stands. The tables of an agreement are trees whose meaning is src/terms'. */
#include "record/fields.h"

/* One language's text of the agreement: its hash, where it is to be had, or the words themselves. */
static const struct field version_fields[] = {
    STRING("lang", NEED, 3), PLAIN("sha256", FIELD_HASH, MAY), STRING("title", MAY, 400), BOOL("translation", MAY),
    END_OF_FIELDS,
};
static const struct shape shape_version = {"version", version_fields, NULL};

#define TABLES                                                                                                         \
    PLAIN("zones", FIELD_TREE, MAY), PLAIN("groups", FIELD_TREE, MAY), PLAIN("classes", FIELD_TREE, MAY),              \
        PLAIN("places", FIELD_TREE, MAY), PLAIN("anchors", FIELD_TREE, MAY), PLAIN("channels", FIELD_TREE, MAY),       \
        PLAIN("readings", FIELD_TREE, MAY), PLAIN("names", FIELD_TREE, MAY), PLAIN("terms", FIELD_TREE, MAY)

static const struct field agreement_fields[] = {
    PLAIN("agreement", FIELD_SLUG, NEED), /* its short name in this register */
    PLAIN("title", FIELD_TEXT, NEED),
    MANY("parties", FIELD_SLUG, NEED, FIELD_LIST), /* in the agreement's own order */
    OBJECTS("versions", MAY, FIELD_LIST, shape_version),
    STRING("prevails", MAY, 3), /* the language that is relied upon where versions differ */
    MANY("parts", FIELD_ID, MAY, FIELD_LIST),
    TABLES,
    PLAIN("decides", FIELD_SLUG, MAY), /* the reading that decides */
    PLAIN("force", FIELD_TREE, NEED),
    MANY("amends", FIELD_TERM, MAY, FIELD_SET),
    END_OF_FIELDS,
};
const struct shape shape_agreement = {"agreement", agreement_fields, NULL};

static const struct field part_fields[] = {
    PLAIN("agreement", FIELD_SLUG, NEED),
    TABLES,
    END_OF_FIELDS,
};
const struct shape shape_part = {"part", part_fields, NULL};

static const char *const words_standing[] = {"assent", "reservation", "suspend", "resume",
                                             "renew",  "withdraw",    "lapse",   NULL};
static const struct field scope_fields[] = {
    BOOL("whole", PICK),
    PLAIN("channel", FIELD_SLUG, PICK),
    PLAIN("area", FIELD_SLUG, PICK),
    PLAIN("party", FIELD_SLUG, PICK),
    END_OF_FIELDS,
};
static const struct shape shape_scope = {"scope", scope_fields, NULL};

static const struct field standing_fields[] = {
    PLAIN("agreement", FIELD_ID, NEED), /* the full id of the agreement's record: consent names what it consents to */
    WORD("act", NEED, words_standing),  OBJECT("scope", NEED, shape_scope),
    PLAIN("at", FIELD_TIME, NEED),      PLAIN("until", FIELD_TIME, MAY), /* renew */
    PLAIN("grounds", FIELD_TEXT, MAY),  END_OF_FIELDS,
};
const struct shape shape_standing = {"standing", standing_fields, NULL};
