/* The envelope, and what several kinds share: when, where, how many, with what. */
#include "record/fields.h"

/* ---- when */

static const char *const words_precision[] = {"exact", "hour", "day", "week", "month", "year", NULL};

static enum status span_rule(const struct json *object, struct json_path *path, struct error *error)
{
    (void)path;
    struct slice from = json_find_string(object, "from"), to = json_find_string(object, "to");
    if (from.data == NULL || to.data == NULL || slice_compare(from, to) <= 0)
        return STATUS_DONE; /* ISO sorts as time */
    return error_at(
        error, error_set(error, STATUS_REFUSED, "record-order", "The end is earlier than the beginning.", NULL), "/to");
}

/* The moments themselves, where from and to are the whole day around them: most often sealed. */
static const struct field exact_fields[] = {
    PLAIN("from", FIELD_TIME, NEED),
    PLAIN("to", FIELD_TIME, NEED),
    END_OF_FIELDS,
};
static const struct shape shape_exact = {"exact", exact_fields, span_rule};

static const struct field when_fields[] = {
    PLAIN("from", FIELD_TIME, NEED),         PLAIN("to", FIELD_TIME, NEED), /* the same as from for a moment */
    WORD("precision", MAY, words_precision), STRING("zone", MAY, 64), /* IANA name, where a text named a local time */
    OBJECT("exact", MAY, shape_exact),       END_OF_FIELDS,
};
const struct shape shape_when = {"when", when_fields, span_rule};

/* ---- where */

static const struct field point_fields[] = {
    INTEGER("lat_e7", NEED, -900000000, 900000000),
    INTEGER("lon_e7", NEED, -1800000000, 1800000000),
    END_OF_FIELDS,
};
const struct shape shape_point = {"point", point_fields, NULL};

static enum status bearing_rule(const struct json *object, struct json_path *path, struct error *error)
{
    (void)path;
    if (json_find_integer(object, "least_m", 0) <= json_find_integer(object, "most_m", INT64_MAX)) return STATUS_DONE;
    return error_at(error, error_set(error, STATUS_REFUSED, "record-order", "The least is more than the most.", NULL),
                    "/most_m");
}

/* What an observer has who heard it: from where, in which direction, how far. */
static const struct field bearing_fields[] = {
    INTEGER("degrees", NEED, 0, 359),
    OBJECT("from", NEED, shape_point),
    INTEGER("least_m", NEED, 0, 200000),
    INTEGER("most_m", NEED, 1, 200000),
    END_OF_FIELDS,
};
static const struct shape shape_bearing = {"bearing", bearing_fields, bearing_rule};

static enum status where_rule(const struct json *object, struct json_path *path, struct error *error)
{
    (void)path;
    const struct json *line = json_find(object, "line"), *polygon = json_find(object, "polygon");
    if (line != NULL && line->size < 2) {
        return error_at(error,
                        error_set(error, STATUS_REFUSED, "record-shape", "A line needs at least two points.", NULL),
                        "/line");
    }
    if (polygon != NULL && polygon->size < 3) {
        return error_at(
            error, error_set(error, STATUS_REFUSED, "record-shape", "A polygon needs at least three points.", NULL),
            "/polygon");
    }
    return STATUS_DONE;
}

static const struct field cell_fields[] = {
    INTEGER("lat_e7", NEED, -900000000, 900000000),
    INTEGER("lon_e7", NEED, -1800000000, 1800000000),
    INTEGER("reach_m", MAY, 0, 1000000), /* how far it reaches; `radius_m` is then the sealed position's own error */
    END_OF_FIELDS,
};
static const struct shape shape_cell = {"cell", cell_fields, NULL};

static const struct field where_fields[] = {
    OBJECT("point", PICK, shape_point),
    OBJECTS("line", PICK, FIELD_LIST, shape_point),
    OBJECTS("polygon", PICK, FIELD_LIST, shape_point), /* the last point joins the first; not repeated */
    OBJECT("bearing", PICK, shape_bearing),
    OBJECT("cell", PICK,
           shape_cell), /* all that is told: the centre of a cell; its reach_m or else radius_m is its reach */
    PLAIN("place", FIELD_SLUG, PICK),     /* a place of the agreement, or the last `area` of that name */
    INTEGER("radius_m", MAY, 0, 1000000), /* error of the position */
    STRING("name", MAY, 200),
    END_OF_FIELDS,
};
const struct shape shape_where = {"where", where_fields, where_rule};

/* ---- how many, with what, who was hurt */

static const char *const words_exactness[] = {"exact", "at-least", "at-most", "about", NULL};
static const struct field count_fields[] = {
    PLAIN("kind", FIELD_SLUG, NEED), /* explosion, burst, shot, truck … */
    PLAIN("subtype", FIELD_SLUG, MAY),        INTEGER("n", NEED, 0, 1000000000),
    WORD("exactness", NEED, words_exactness), END_OF_FIELDS,
};
const struct shape shape_count = {"count", count_fields, NULL};

static const struct field weapon_fields[] = {
    PLAIN("class", FIELD_SLUG, NEED),
    INTEGER("calibre_um", MAY, 1000, 2000000), /* 122 mm is 122000 */
    END_OF_FIELDS,
};
const struct shape shape_weapon = {"weapon", weapon_fields, NULL};

static enum status casualty_rule(const struct json *object, struct json_path *path, struct error *error)
{
    (void)path;
    int64_t low = json_find_integer(object, "low", 0), high = json_find_integer(object, "high", INT64_MAX);
    int64_t best = json_find_integer(object, "best", low);
    if (low <= best && best <= high) return STATUS_DONE;
    return error_set(error, STATUS_REFUSED, "record-order", "Estimates must rise: low, best, high.", NULL);
}

static const char *const words_casualty[] = {"killed", "injured", "missing", NULL};
static const struct field casualty_fields[] = {
    WORD("kind", NEED, words_casualty),
    PLAIN("of", FIELD_SLUG, MAY), /* civilians, aid-workers, side-a …; never a name */
    INTEGER("low", SOME, 0, 10000000),
    INTEGER("best", SOME, 0, 10000000),
    INTEGER("high", SOME, 0, 10000000),
    END_OF_FIELDS,
};
const struct shape shape_casualty = {"casualty", casualty_fields, casualty_rule};

/* ---- what a record says of an event that is not its own act */

static const struct field event_fields[] = {
    PLAIN("act", FIELD_SLUG, SOME),
    PLAIN("actor", FIELD_SLUG, SOME),
    PLAIN("target", FIELD_SLUG, SOME),
    OBJECT("when", SOME, shape_when),
    OBJECT("where", SOME, shape_where),
    OBJECT("weapon", SOME, shape_weapon),
    OBJECTS("counts", SOME, FIELD_LIST, shape_count),
    OBJECTS("casualties", SOME, FIELD_LIST, shape_casualty),
    END_OF_FIELDS,
};
const struct shape shape_event = {"event", event_fields, NULL};

/* Exact words out of a source: normalised for signing, so hash and byte span of the original stand beside them. */
static const struct field words_fields[] = {
    STRING("exact", NEED, 8000),
    STRING("lang", NEED, 3),
    PLAIN("sha256", FIELD_HASH, MAY), /* of the whole source */
    INTEGER("start", MAY, 0, JSON_INTEGER_MOST),
    INTEGER("end", MAY, 0, JSON_INTEGER_MOST),
    END_OF_FIELDS,
};
const struct shape shape_words = {"words", words_fields, NULL};

/* ---- the envelope */

static const char *const words_basis[] = {"sourced", "invented", "own", NULL};
static enum status basis_rule(const struct json *object, struct json_path *path, struct error *error)
{
    (void)path;
    if (!slice_is(json_find_string(object, "kind"), "sourced") || json_find(object, "source") != NULL)
        return STATUS_DONE;
    return error_at(error,
                    error_set(error, STATUS_REFUSED, "record-missing", "The field \"{0}\" is missing.", "source", NULL),
                    "/source");
}
static const struct field basis_fields[] = {
    WORD("kind", NEED, words_basis),
    STRING("source", MAY, 1000),
    END_OF_FIELDS,
};
static const struct shape shape_basis = {"basis", basis_fields, basis_rule};

/* An imported row: the same again adds nothing, a changed one replaces. */
static const struct field source_fields[] = {
    PLAIN("name", FIELD_SLUG, NEED),
    STRING("row", NEED, 200),
    PLAIN("sha256", FIELD_HASH, NEED), /* of the row's own bytes */
    END_OF_FIELDS,
};
static const struct shape shape_source = {"source", source_fields, NULL};

static const char *const words_level[] = {"exact", "1km", "10km", "hash", NULL};
static const struct field sealed_fields[] = {
    PLAIN("cipher", FIELD_HASH, MAY), /* SHA-256 of the encrypted opening kept beside the log */
    PLAIN("hash", FIELD_HASH, NEED),
    WORD("level", NEED, words_level),
    PLAIN("pointer", FIELD_POINTER, NEED), /* to a field of this kind that does not stand in the record */
    MANY("readers", FIELD_SLUG, MAY, FIELD_SET),
    INTEGER("size", MAY, 0, 65536), /* of the cipher, padded to a class */
    END_OF_FIELDS,
};
static const struct shape shape_sealed = {"sealed", sealed_fields, NULL};

static const struct field envelope_fields[] = {
    INTEGER("v", NEED, 1, 1),
    STRING("register", NEED, LIMIT_ORIGIN_BYTES + 17),
    PLAIN("kind", FIELD_SLUG, NEED),
    PLAIN("by", FIELD_SLUG, NEED),
    PLAIN("key", FIELD_KEY_ID, NEED),
    INTEGER("seq", NEED, 0, JSON_INTEGER_MOST),
    PLAIN("prev", FIELD_ID, MAY), /* absent exactly when seq is 0: checked by record_decode */
    PLAIN("written", FIELD_TIME, NEED),
    PLAIN("replaces", FIELD_ID, MAY),
    MANY("about", FIELD_ID, MAY, FIELD_SET),
    PLAIN("text", FIELD_TEXT, MAY),
    OBJECT("basis", MAY, shape_basis),
    OBJECT("source", MAY, shape_source),
    OBJECTS("sealed", MAY, FIELD_SET, shape_sealed),
    END_OF_FIELDS,
};
const struct shape shape_envelope = {"envelope", envelope_fields, NULL};
