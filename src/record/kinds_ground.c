/* What lies on the ground: areas, protected sites, passages, designations. Never anything to be attacked. */
#include "record/fields.h"

static const struct field area_fields[] = {
    PLAIN("area", FIELD_SLUG, NEED),
    OBJECT("where", NEED, shape_where),
    PLAIN("from", FIELD_TIME, NEED),
    PLAIN("until", FIELD_TIME, MAY),
    PLAIN("control", FIELD_SLUG, MAY), /* as its author says */
    END_OF_FIELDS,
};
const struct shape shape_area = {"area", area_fields, NULL};

static const char *const words_site[] = {"hospital", "school",   "water", "warehouse", "shelter",
                                         "worship",  "heritage", "other", NULL};
static const char *const words_sharing[] = {"exact", "1km", "10km", "hash", NULL};
static const struct field consent_fields[] = {
    STRING("by", NEED, 200),
    PLAIN("at", FIELD_TIME, NEED),
    END_OF_FIELDS,
};
static const struct shape shape_consent = {"consent", consent_fields, NULL};
static const struct field site_fields[] = {
    PLAIN("site", FIELD_SLUG, NEED),
    WORD("protects", NEED, words_site),
    OBJECT("where", NEED, shape_where),
    OBJECT("consent", NEED, shape_consent),
    WORD("sharing", NEED, words_sharing),
    PLAIN("expires", FIELD_TIME, NEED), /* then: renew, move, erase */
    END_OF_FIELDS,
};
const struct shape shape_site = {"site", site_fields, NULL};

static const char *const words_step[] = {"asked",     "allowed",   "refused",     "under-way",
                                         "roadblock", "delivered", "turned-back", NULL};
static const struct field passage_fields[] = {
    PLAIN("passage", FIELD_SLUG, NEED), /* its name: every step of one passage bears it */
    WORD("step", NEED, words_step),
    PLAIN("at", FIELD_TIME, NEED),
    OBJECT("where", MAY, shape_where),
    OBJECT("route", MAY, shape_where),
    PLAIN("actor", FIELD_SLUG, MAY), /* who allowed, refused, stopped */
    OBJECTS("counts", MAY, FIELD_LIST, shape_count),
    BOOL("sealed_load", MAY),
    END_OF_FIELDS,
};
const struct shape shape_passage = {"passage", passage_fields, NULL};

static const char *const words_listing[] = {"in", "out", NULL};
static const char *const words_adherence[] = {"adheres", "does-not", "unknown", NULL};
static const struct field designation_fields[] = {
    PLAIN("group", FIELD_SLUG, NEED),        WORD("designation", SOME, words_listing),
    PLAIN("affiliate_of", FIELD_SLUG, SOME), WORD("adherence", SOME, words_adherence),
    PLAIN("names", FIELD_TEXT, MAY),         PLAIN("from", FIELD_TIME, NEED),
    PLAIN("until", FIELD_TIME, MAY),         END_OF_FIELDS,
};
const struct shape shape_designation = {"designation", designation_fields, NULL};
