/* Records about records: taking back, opening what was sealed, standing in for a compromised key. */
#include "record/fields.h"

static const struct field retraction_fields[] = {
    PLAIN("of", FIELD_ID, NEED), /* the reason stands in `text` */
    END_OF_FIELDS,
};
const struct shape shape_retraction = {"retraction", retraction_fields, NULL};

static const char *const words_level[] = {"exact", "1km", "10km", "hash", NULL};
static const struct field reveal_fields[] = {
    PLAIN("of", FIELD_ID, NEED),      PLAIN("pointer", FIELD_POINTER, NEED),
    WORD("level", NEED, words_level), PLAIN("salt", FIELD_HASH, NEED), /* 32 bytes */
    PLAIN("value", FIELD_TREE, NEED), END_OF_FIELDS,
};
const struct shape shape_reveal = {"reveal", reveal_fields, NULL};

static const struct field vouch_fields[] = {
    PLAIN("of", FIELD_KEY_ID, NEED), /* the compromised key */
    MANY("records", FIELD_ID, NEED, FIELD_SET),
    END_OF_FIELDS,
};
const struct shape shape_vouch = {"vouch", vouch_fields, NULL};
