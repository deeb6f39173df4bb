#include "record_random.h"
#include "base/limits.h"
#include "crypto/hash.h"
#include "crypto/reader_key.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

/* Text is put by hand: the structural writer would insist on sorted keys, and unsorted ones are the point. */
static void put_quoted(struct buffer *out, const char *text)
{
    buffer_print(out, "\"%s\"", text);
}

void random_signer(struct signer *out, const char *name, const char *use)
{
    struct slice parts[] = {slice_from(name), slice_from("/"), slice_from(use)};
    struct hash seed = hash_of_parts(parts, COUNT_OF(parts));
    if (signer_from_seed(out, slice_from(name), seed.bytes, NULL) != STATUS_DONE) abort();
}

static void put_verifier(struct buffer *out, struct random *random, const char *name, enum note_algorithm algorithm)
{
    char text[VERIFIER_TEXT_SIZE];
    struct verifier verifier;
    struct public_key key;
    for (size_t i = 0; i < sizeof key.bytes; i++) key.bytes[i] = (uint8_t)random_next(random);
    if (verifier_make(&verifier, slice_from(name), algorithm, &key, NULL) != STATUS_DONE) abort();
    verifier_format(&verifier, text);
    put_quoted(out, text);
}

static void put_hex(struct buffer *out, struct random *random, unsigned digits)
{
    buffer_put_byte(out, '"');
    for (unsigned i = 0; i < digits; i++) buffer_put_byte(out, (uint8_t) "0123456789abcdef"[random_below(random, 16)]);
    buffer_put_byte(out, '"');
}

/* Three times in four one of those that are known. */
static bool known(struct random_author *author, size_t count, size_t *which)
{
    if (count == 0 || random_chance(&author->random, 25)) return false;
    *which = (size_t)random_below(&author->random, count);
    return true;
}

static void put_id(struct buffer *out, struct random_author *author)
{
    size_t which;
    char text[HASH_HEX_SIZE];
    if (!known(author, author->id_count, &which)) {
        put_hex(out, &author->random, 64);
        return;
    }
    hash_format(&author->ids[which].hash, text);
    put_quoted(out, text);
}

static void put_key_id(struct buffer *out, struct random_author *author)
{
    size_t which;
    if (known(author, author->key_id_count, &which))
        buffer_print(out, "\"%08x\"", author->key_ids[which]);
    else
        put_hex(out, &author->random, 8);
}

static void put_slug(struct buffer *out, struct random *random)
{
    uint64_t size = 1 + random_below(random, random_chance(random, 5) ? LIMIT_NAME_BYTES : 12);
    for (uint64_t i = 0; i < size; i++)
        buffer_put_byte(out, (uint8_t) "abcdefghijklmnopqrstuvwxyz0123456789-"[random_below(random, 37)]);
}

static void put_name(struct buffer *out, struct random_author *author)
{
    size_t which;
    buffer_put_byte(out, '"');
    if (known(author, author->name_count, &which))
        buffer_put_string(out, author->names[which]);
    else
        put_slug(out, &author->random);
    buffer_put_byte(out, '"');
}

static const char *subject(const struct random_author *author)
{
    return author->subject != NULL ? author->subject : author->signer->verifier.name;
}

/* Pieces in NFC of several scripts and planes, and what JSON escapes. */
static void put_words(struct buffer *out, struct random *random, int64_t most)
{
    static const char *const pieces[] = {"a",   "Z",    "0", " ",  "é", "\\\\",   "\\\"", "/", "~",
                                         "قصف", "هدنة", "д", "漢", "𐍈", "\u200c", "😀",    ".", "ạ́"};
    int64_t bytes = 1 + (int64_t)random_below(random, (uint64_t)(most < 60 ? most : 60)), used = 0;
    while (used < bytes) {
        const char *piece = pieces[random_below(random, COUNT_OF(pieces))];
        int64_t size = (int64_t)strlen(piece);
        if (used + size > bytes) piece = "x", size = 1;
        buffer_put_string(out, piece);
        used += size;
    }
}

static void put_time(struct buffer *out, struct random *random, const char *name)
{
    char text[TIME_TEXT_SIZE];
    int64_t middle = INT64_C(1473667200), range = INT64_C(30000000000);
    bool late = strcmp(name, "to") == 0 || strcmp(name, "until") == 0;
    int64_t offset = (int64_t)random_below(random, (uint64_t)range);
    time_format(late ? middle + offset : middle - offset, text);
    put_quoted(out, text);
}

static void put_duration(struct buffer *out, struct random *random)
{
    static const int64_t units[] = {1, 60, 3600, 86400};
    char text[DURATION_TEXT_SIZE];
    duration_format((int64_t)random_below(random, 1000) * units[random_below(random, 4)], text);
    put_quoted(out, text);
}

/* Estimates and distances rise: low, best, high; least, most. */
static void put_integer(struct buffer *out, struct random *random, const struct field *field)
{
    static const struct {
        const char *name;
        int64_t from;
    } rising[] = {{"low", 0}, {"best", 100}, {"high", 200}, {"least_m", 0}, {"most_m", 100}};
    int64_t least = field->least, most = field->most;
    for (size_t i = 0; i < COUNT_OF(rising); i++)
        if (strcmp(field->name, rising[i].name) == 0) least = rising[i].from, most = rising[i].from + 99;
    int64_t value = least + (int64_t)(random_next(random) % ((uint64_t)(most - least) + 1));
    if (random_chance(random, 10)) value = random_chance(random, 50) ? least : most;
    buffer_print(out, "%" PRId64, value);
}

static void put_text(struct buffer *out, struct random *random)
{
    static const char *const codes[] = {"ar", "en", "fr", "ckb"};
    uint64_t count = 1 + random_below(random, 4), original = random_below(random, count),
             machines = random_below(random, 16);
    bool any = false;
    buffer_print(out, "{\"original\":\"%s\"", codes[original]);
    for (uint64_t i = 0; i < count; i++) {
        buffer_print(out, ",\"%s\":\"", codes[i]);
        put_words(out, random, 60);
        buffer_put_byte(out, '"');
    }
    static const uint64_t sorted[] = {0, 3, 1, 2};
    for (unsigned i = 0; i < 4; i++) {
        if (sorted[i] >= count || sorted[i] == original || (machines >> sorted[i] & 1) == 0) continue;
        buffer_print(out, "%s\"%s\"", any ? "," : ",\"machine\":[", codes[sorted[i]]);
        any = true;
    }
    if (any) buffer_put_byte(out, ']');
    any = false;
    for (uint64_t i = 0; i < count; i++) {
        if (i == original || (machines >> i & 1) != 0) continue;
        buffer_print(out, "%s\"%s\":\"office\"", any ? "," : ",\"translated_by\":{", codes[i]);
        any = true;
    }
    buffer_put_string(out, any ? "}}" : "}");
}

static void put_tree(struct buffer *out, struct random *random, unsigned depth)
{
    uint64_t which = random_below(random, depth > 3 ? 3 : 5);
    if (which == 0) {
        buffer_print(out, "%" PRId64, (int64_t)random_next(random) >> 11);
    } else if (which == 1) {
        buffer_put_string(out, random_chance(random, 50) ? "true" : "false");
    } else if (which == 2) {
        buffer_put_byte(out, '"');
        put_words(out, random, 20);
        buffer_put_byte(out, '"');
    } else {
        uint64_t count = random_below(random, 4);
        buffer_put_byte(out, which == 3 ? '[' : '{');
        for (uint64_t i = 0; i < count; i++) {
            if (i > 0) buffer_put_byte(out, ',');
            if (which == 4) buffer_print(out, "\"%c%" PRIu64 "\":", (char)('a' + random_below(random, 26)), i);
            put_tree(out, random, depth + 1);
        }
        buffer_put_byte(out, which == 3 ? ']' : '}');
    }
}

static void random_bytes(struct random *random, uint8_t *out, size_t size)
{
    for (size_t i = 0; i < size; i++) out[i] = (uint8_t)random_next(random);
}

static void put_reader(struct buffer *out, struct random *random, const char *name)
{
    struct reader_key key;
    uint8_t bytes[READER_KEY_BYTES];
    char text[READER_KEY_TEXT_SIZE];
    random_bytes(random, bytes, sizeof bytes);
    if (reader_key_make(&key, slice_from(name), bytes, NULL) != STATUS_DONE) abort();
    reader_key_format(&key, text);
    put_quoted(out, text);
}

/* Each has another name: that is what a policy asks of witnesses and mirrors. */
static void put_watcher(struct buffer *out, struct random *random, const char *shape)
{
    char name[64];
    snprintf(name, sizeof name, "%s-%016" PRIx64, shape, random_next(random));
    put_verifier(out, random, name, NOTE_COSIGNATURE);
}

static void put_base64(struct buffer *out, struct random *random, size_t size)
{
    uint8_t bytes[80];
    char text[BASE64_SIZE(sizeof bytes)];
    random_bytes(random, bytes, size);
    base64_format(text, sizeof text, slice_of(bytes, size));
    buffer_put_string(out, text);
}

/* A root, and a line that bears a cosignature's number of bytes. */
static void put_anchored(struct buffer *out, struct random *random, bool line)
{
    buffer_put_string(out, line ? "\"\xE2\x80\x94 witness " : "\"");
    put_base64(out, random, line ? 4 + 8 + SIGNATURE_BYTES : HASH_BYTES);
    buffer_put_byte(out, '"');
}

static void put_object(struct buffer *out, struct random_author *author, const struct shape *shape);

static void put_value(struct buffer *out, struct random_author *author, const struct field *field)
{
    struct random *random = &author->random;
    switch (field->type) {
    case FIELD_BOOL: buffer_put_string(out, random_chance(random, 50) ? "true" : "false"); break;
    case FIELD_INTEGER: put_integer(out, random, field); break;
    case FIELD_STRING:
        buffer_put_byte(out, '"');
        put_words(out, random, field->most != 0 ? field->most : LIMIT_STRING_BYTES);
        buffer_put_byte(out, '"');
        break;
    case FIELD_SLUG: put_name(out, author); break;
    case FIELD_TERM:
        buffer_put_byte(out, '"');
        put_slug(out, random);
        if (random_chance(random, 50)) {
            buffer_put_byte(out, '/');
            put_slug(out, random);
        }
        buffer_put_byte(out, '"');
        break;
    case FIELD_POINTER: put_quoted(out, random_chance(random, 50) ? "/where/point" : "/a~0b~1c"); break;
    case FIELD_HASH: put_hex(out, random, 64); break;
    case FIELD_ID: put_id(out, author); break;
    case FIELD_KEY_ID: put_key_id(out, author); break;
    case FIELD_VERIFIER: put_verifier(out, random, subject(author), NOTE_ED25519); break;
    case FIELD_ANY_KEY:
        if (author->change != NULL && strcmp(author->change, "reader") == 0)
            put_reader(out, random, subject(author));
        else
            put_verifier(out, random, subject(author), NOTE_ED25519);
        break;
    case FIELD_TIME: put_time(out, random, field->name); break;
    case FIELD_DURATION: put_duration(out, random); break;
    case FIELD_WORD: {
        unsigned count = 0;
        while (field->words[count] != NULL) count++;
        put_quoted(out, field->words[random_below(random, count)]);
        break;
    }
    case FIELD_TEXT: put_text(out, random); break;
    case FIELD_TREE: put_tree(out, random, 0); break;
    case FIELD_OBJECT: put_object(out, author, field->object); break;
    }
}

/* The items of a set must not repeat: one, unless they are hashes. Points, ids and the rest: three, for lines and
 * links. */
static unsigned items(struct random *random, const struct shape *shape, const struct field *field)
{
    if (field->count == FIELD_SET && field->type != FIELD_ID) return 1;
    if (strcmp(shape->name, "genesis") == 0 && strcmp(field->name, "founders") == 0) return 1;
    return 3 + (unsigned)random_below(random, 3);
}

/* Fields whose value hangs on another's, by shape and name. */
static bool put_bound(struct buffer *out, struct random_author *author, const struct shape *shape,
                      const struct field *field)
{
    char verifier[VERIFIER_TEXT_SIZE];
    bool who = strcmp(shape->name, "genesis") == 0 || strcmp(shape->name, "party") == 0 ||
               strcmp(shape->name, "founder") == 0 || strcmp(shape->name, "key") == 0;
    bool names_party = who && strcmp(field->name, "party") == 0;
    if (names_party) {
        put_quoted(out, subject(author));
    } else if (strcmp(shape->name, "founder") == 0 && strcmp(field->name, "key") == 0) {
        verifier_format(&author->signer->verifier, verifier);
        put_quoted(out, verifier);
    } else if (strcmp(field->name, "log_key") == 0 ||
               (field->type == FIELD_ANY_KEY && author->change != NULL && strcmp(author->change, "log") == 0)) {
        char origin[LIMIT_ORIGIN_BYTES + 18];
        snprintf(origin, sizeof origin, "%.*s", (int)strcspn(author->register_name, "#"), author->register_name);
        put_verifier(out, &author->random, origin, NOTE_ED25519);
    } else if ((field->type == FIELD_VERIFIER || field->type == FIELD_ANY_KEY) && who && author->brings != NULL &&
               (author->change == NULL || strcmp(author->change, "reader") != 0)) {
        verifier_format(&author->brings->verifier, verifier);
        put_quoted(out, verifier);
        author->brings = NULL;
    } else if (strcmp(shape->name, "thresholds") == 0) {
        buffer_put_string(out, "1");
    } else if (strcmp(shape->name, "witnessing") == 0 && field->type == FIELD_INTEGER) {
        buffer_put_string(out, strcmp(field->name, "quorum") == 0   ? "3"
                               : strcmp(field->name, "faults") == 0 ? "0"
                                                                    : "1");
    } else if ((strcmp(shape->name, "witness") == 0 || strcmp(shape->name, "mirror") == 0) &&
               strcmp(field->name, "key") == 0) {
        put_watcher(out, &author->random, shape->name);
    } else if (strcmp(field->name, "root") == 0 || strcmp(field->name, "signatures") == 0) {
        put_anchored(out, &author->random, strcmp(field->name, "signatures") == 0);
    } else if (strcmp(shape->name, "sealed-default") == 0 && strcmp(field->name, "kind") == 0) {
        put_quoted(out, "report");
    } else if (strcmp(shape->name, "key") == 0 && strcmp(field->name, "change") == 0) {
        put_quoted(out, author->change);
    } else {
        return false;
    }
    return true;
}

static void put_field(struct buffer *out, struct random_author *author, const struct shape *shape,
                      const struct field *field, bool *any)
{
    buffer_print(out, "%s\"%s\":", *any ? " , " : "", field->name);
    *any = true;
    if (field->count == FIELD_SINGLE) {
        if (!put_bound(out, author, shape, field)) put_value(out, author, field);
        return;
    }
    unsigned count = strcmp(field->name, "witnesses") == 0 ? 3 : items(&author->random, shape, field);
    buffer_put_byte(out, '[');
    for (unsigned i = 0; i < count; i++) {
        if (i > 0) buffer_put_byte(out, ',');
        if (!put_bound(out, author, shape, field)) put_value(out, author, field);
    }
    buffer_put_byte(out, ']');
}

/* Which of a key record's fields go with its change: the tables alone do not say. */
static bool wanted(struct random_author *author, const struct shape *shape, const struct field *field)
{
    bool key = strcmp(shape->name, "key") == 0 && author->change != NULL;
    bool compromised = key && strcmp(author->change, "compromised") == 0;
    bool names = compromised || (key && strcmp(author->change, "retire") == 0);
    if (key && strcmp(field->name, "of") == 0) return names;
    if (key && strcmp(field->name, "verifier") == 0) return !names;
    if (key && (strcmp(field->name, "since") == 0 || strcmp(field->name, "successor") == 0)) return compromised;
    if (strcmp(shape->name, "basis") == 0 || strcmp(field->name, "mirrors") == 0) return true;
    return field->need == FIELD_REQUIRED || random_chance(&author->random, field->need == FIELD_SOME ? 60 : 40);
}

/* The fields of one shape, in the tables' order; of PICK one, of SOME the first if chance left all out. */
static void put_fields(struct buffer *out, struct random_author *author, const struct shape *shape, bool *any)
{
    unsigned picks = 0, picked = 0;
    bool some = false;
    const struct field *first_some = NULL;
    for (const struct field *field = shape->fields; field->name != NULL; field++) picks += field->need == FIELD_PICK;
    uint64_t choice = picks == 0 ? 0 : random_below(&author->random, picks);
    for (const struct field *field = shape->fields; field->name != NULL; field++) {
        bool key = strcmp(shape->name, "key") == 0;
        bool put = field->need == FIELD_PICK && !key ? picked++ == choice : wanted(author, shape, field);
        if (field->need == FIELD_SOME && first_some == NULL) first_some = field;
        if (!put) continue;
        some = some || field->need == FIELD_SOME;
        put_field(out, author, shape, field, any);
    }
    if (first_some != NULL && !some) put_field(out, author, shape, first_some, any);
}

static void put_object(struct buffer *out, struct random_author *author, const struct shape *shape)
{
    bool any = false;
    buffer_put_string(out, "{ ");
    put_fields(out, author, shape, &any);
    buffer_put_byte(out, '}');
}

static void put_envelope(struct buffer *out, struct random_author *author, const struct record_kind *kind, int64_t seq)
{
    struct random *random = &author->random;
    bool replaceable = kind->family != FAMILY_WHO && kind->family != FAMILY_HOUSEKEEPING;
    buffer_print(out, "{\"v\":1,\"seq\":%" PRId64 ",\"kind\":\"%s\",\"register\":\"%s\",\"by\":\"%s\",\"key\":\"%08x\"",
                 seq, kind->name, author->register_name, author->signer->verifier.name, author->signer->verifier.id);
    bool any = true;
    for (const struct field *field = shape_envelope.fields; field->name != NULL; field++) {
        static const char *const fixed[] = {"v", "seq", "kind", "register", "by", "key", "sealed"};
        bool skip = false, about = strcmp(field->name, "about") == 0;
        for (size_t i = 0; i < COUNT_OF(fixed); i++) skip = skip || strcmp(field->name, fixed[i]) == 0;
        if (strcmp(field->name, "prev") == 0)
            skip = seq == 0;
        else if (strcmp(field->name, "replaces") == 0)
            skip = !replaceable || random_chance(random, 80);
        else if (field->need != FIELD_REQUIRED && !(about && kind->needs_about))
            skip = skip || random_chance(random, 60);
        if (!skip) put_field(out, author, &shape_envelope, field, &any);
    }
}

void random_record(struct buffer *out, struct random_author *author, const struct record_kind *kind, int64_t seq)
{
    static const char *const changes[] = {"add", "retire", "compromised", "log", "recovery", "reader"};
    bool any = true;
    author->change = strcmp(kind->name, "key") == 0 ? changes[random_below(&author->random, 5)] : NULL;
    put_envelope(out, author, kind, seq);
    put_fields(out, author, kind->shape, &any);
    buffer_put_byte(out, '}');
    author->change = NULL;
}
