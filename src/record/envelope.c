/* The canonical line: size, JSON, envelope, schema, and what the envelope's fields must be to each other. */
#include "record/envelope.h"
#include "base/limits.h"
#include "record/check.h"

/* The members that every record needs before its kind is known, in the order of their keys. */
enum envelope { BY, KEY, KIND, PREV, REGISTER, REPLACES, SEQ, VERSION, WRITTEN, ENVELOPE };
static const struct {
    const char *name;
    unsigned size;
} envelope_names[ENVELOPE] = {[BY] = {"by", 2},     [KEY] = {"key", 3},           [KIND] = {"kind", 4},
                              [PREV] = {"prev", 4}, [REGISTER] = {"register", 8}, [REPLACES] = {"replaces", 8},
                              [SEQ] = {"seq", 3},   [VERSION] = {"v", 1},         [WRITTEN] = {"written", 7}};

/* Like slice_compare of the member's key with the name; most differ in their first bytes. */
static int compare_names(struct slice key, enum envelope at)
{
    uint8_t first = key.size == 0 ? 0 : key.data[0], other = (uint8_t)envelope_names[at].name[0];
    if (first != other) return first < other ? -1 : 1;
    return slice_compare(key, slice_of(envelope_names[at].name, envelope_names[at].size));
}

static void envelope_find(const struct json *body, const struct json *found[ENVELOPE])
{
    memset(found, 0, ENVELOPE * sizeof found[0]);
    unsigned at = 0;
    for (const struct json *member = body->first; member != NULL && at < ENVELOPE; member = member->next) {
        int order;
        while ((order = compare_names(member->key, (enum envelope)at)) > 0)
            if (++at == ENVELOPE) return;
        if (order == 0) found[at] = member;
    }
}

/* Rules of another version are not guessed at. */
static enum status version_check(const struct json *version, struct error *error)
{
    if (version == NULL || version->type != JSON_INTEGER || version->integer == 1) return STATUS_DONE;
    return error_at(error,
                    error_set(error, STATUS_REFUSED, "record-version",
                              "This record follows version {0} of the rules; this program knows version 1.",
                              error_number(version->integer).text, NULL),
                    "/v");
}

static enum status kind_check(const struct record_kind **out, const struct json *kind, struct error *error)
{
    if (kind == NULL)
        return error_at(
            error, error_set(error, STATUS_REFUSED, "record-missing", "The field \"{0}\" is missing.", "kind", NULL),
            "/kind");
    if (kind->type != JSON_STRING)
        return error_at(error, error_set(error, STATUS_REFUSED, "record-type", MUST_BE_STRING, "kind", NULL), "/kind");
    *out = record_kind_find(kind->string);
    if (*out != NULL) return STATUS_DONE;
    struct suggestion near = {.typed = kind->string};
    for (const struct record_kind *known = record_kinds; known->name != NULL; known++)
        suggestion_consider(&near, known->name);
    struct error_text typed = error_slice(kind->string);
    if (near.best != NULL)
        return error_at(error,
                        error_set(error, STATUS_REFUSED, "record-kind",
                                  "There is no kind of record \"{0}\". Did you mean \"{1}\"?", typed.text, near.best,
                                  NULL),
                        "/kind");
    return error_at(
        error, error_set(error, STATUS_REFUSED, "record-kind", "There is no kind of record \"{0}\".", typed.text, NULL),
        "/kind");
}

/* An origin is printable ASCII without space, + and #, so that it can name a key and stand before the #. */
static bool origin_good(struct slice origin)
{
    if (origin.size == 0 || origin.size > LIMIT_ORIGIN_BYTES) return false;
    for (size_t i = 0; i < origin.size; i++) {
        uint8_t c = origin.data[i];
        if (c <= 0x20 || c >= 0x7F || c == '+' || c == '#' || c == '"' || c == '\\') return false;
    }
    return true;
}

static bool register_good(struct slice name, bool genesis)
{
    if (genesis) return origin_good(name);
    if (name.size < 18 || name.data[name.size - 17] != '#') return false;
    uint8_t id[8];
    return hex_parse(id, sizeof id, slice_part(name, name.size - 16, 16)) &&
           origin_good(slice_part(name, 0, name.size - 17));
}

static enum status chain_check(const struct record *record, struct error *error)
{
    if (record->seq == 0 && record->has_prev)
        return error_at(error,
                        error_set(error, STATUS_REFUSED, "record-chain",
                                  "The first record of a key (seq 0) follows none: leave out prev.", NULL),
                        "/prev");
    if (record->seq > 0 && !record->has_prev)
        return error_at(error,
                        error_set(error, STATUS_REFUSED, "record-chain",
                                  "A record with seq {0} names the one before it in prev.",
                                  error_number(record->seq).text, NULL),
                        "/prev");
    return STATUS_DONE;
}

/* What founds the register is changed by its own kinds; what was taken back, opened or vouched for stays so. */
static bool replaceable(const struct record_kind *kind)
{
    return kind->family != FAMILY_WHO && kind->family != FAMILY_HOUSEKEEPING;
}

static enum status envelope_check(const struct record *record, struct error *error)
{
    bool genesis = slice_is(slice_from(record->kind->name), "genesis");
    if (!register_good(record->register_name, genesis))
        return error_at(error,
                        error_set(error, STATUS_REFUSED, "record-register",
                                  genesis ? "The register of a genesis is its origin alone: printable ASCII without "
                                            "spaces, +, #, quotes and backslashes."
                                          : "The register is ORIGIN#, and the first 16 hex digits of the genesis's id.",
                                  NULL),
                        "/register");
    if (genesis && record->seq != 0)
        return error_at(error,
                        error_set(error, STATUS_REFUSED, "record-chain", "A genesis is the first record: seq 0.", NULL),
                        "/seq");
    TRY(chain_check(record, error));
    if (record->has_replaces && !replaceable(record->kind))
        return error_at(error,
                        error_set(error, STATUS_REFUSED, "record-replaces",
                                  "A record of kind \"{0}\" replaces none: a later one adds to it.", record->kind->name,
                                  NULL),
                        "/replaces");
    return STATUS_DONE;
}

/* Every field was checked: a wrong one cannot be met here. */
static void envelope_take(struct record *record, const struct json *const found[ENVELOPE])
{
    bool good =
        key_id_parse(&record->key_id, found[KEY]->string) && time_parse(&record->written, found[WRITTEN]->string);
    record->register_name = found[REGISTER]->string;
    record->by = found[BY]->string;
    record->seq = found[SEQ]->integer;
    record->has_prev = good && found[PREV] != NULL && hash_parse(&record->prev.hash, found[PREV]->string);
    record->has_replaces =
        good && found[REPLACES] != NULL && hash_parse(&record->replaces.hash, found[REPLACES]->string);
}

enum status record_read(struct record *out, struct slice text, struct arena *arena, struct error *error)
{
    if (text.size > LIMIT_RECORD_TEXT_BYTES)
        return error_set(error, STATUS_REFUSED, "record-size", "A record's text has at most {0} bytes; this has {1}.",
                         error_number(LIMIT_RECORD_TEXT_BYTES).text, error_number((int64_t)text.size).text, NULL);
    const struct json *found[ENVELOPE];
    struct record record = *out;
    record.text = text;
    TRY(json_read(&record.body, slice_part(text, 0, text.size - 1), JSON_CANONICAL, arena, error));
    if (record.body->type != JSON_OBJECT)
        return error_set(error, STATUS_REFUSED, "record-type", "A record must be a JSON object.", NULL);
    envelope_find(record.body, found);
    TRY(version_check(found[VERSION], error));
    TRY(kind_check(&record.kind, found[KIND], error));
    TRY(schema_check(record.kind, record.body, error));
    envelope_take(&record, found);
    TRY(envelope_check(&record, error));
    record.id.hash = hash_of(text);
    *out = record;
    return STATUS_DONE;
}
