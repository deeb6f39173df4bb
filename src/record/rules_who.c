/* What the fields of a genesis, party or key must be to each other. */
#include "crypto/reader_key.h"
#include "record/check.h"
#include "record/fields.h"
#include "record/roster.h"

static struct slice at_index(char out[32], const char *before, size_t index, const char *after)
{
    size_t used = 0;
    struct error_text digits = error_number((int64_t)index);
    const char *parts[] = {before, digits.text, after};
    for (unsigned i = 0; i < COUNT_OF(parts); i++)
        for (const char *c = parts[i]; *c != '\0' && used < 31; c++) out[used++] = *c;
    out[used] = '\0';
    return slice_of(out, used);
}

static enum status shape_wrong(struct error *error, const char *pointer, const char *sentence)
{
    return error_at(error, error_set(error, STATUS_REFUSED, "record-shape", sentence, NULL), pointer);
}

/* A verifier key bears its owner's name, or its signatures would seem another's. */
static enum status key_check(struct verifier *out, struct slice text, struct slice owner, enum note_algorithm algorithm,
                             const char *pointer, struct error *error)
{
    if (verifier_parse(out, text, error) != STATUS_DONE || out->algorithm != algorithm)
        return error_at(error,
                        error_set(error, STATUS_REFUSED, "record-verifier",
                                  "The key \"{0}\" is of the wrong algorithm for this use.", error_slice(text).text,
                                  NULL),
                        pointer);
    if (owner.data == NULL || slice_is(owner, out->name)) return STATUS_DONE;
    return error_at(error,
                    error_set(error, STATUS_REFUSED, "record-verifier",
                              "The key bears the name \"{0}\"; it must bear its owner's: \"{1}\".", out->name,
                              error_slice(owner).text, NULL),
                    pointer);
}

/* ---- genesis */

static bool party_before(const struct json *founders, const struct json *founder)
{
    struct slice party = json_find_string(founder, "party");
    for (const struct json *other = founders->first; other != founder; other = other->next)
        if (slice_equal(json_find_string(other, "party"), party)) return true;
    return false;
}

static enum status founder_check(const struct json *founders, const struct json *founder, size_t index,
                                 struct verifier *key, struct error *error)
{
    char at[32];
    struct verifier recovery;
    struct slice party = json_find_string(founder, "party");
    at_index(at, "/founders/", index, "/key");
    TRY(key_check(key, json_find_string(founder, "key"), party, NOTE_ED25519, at, error));
    at_index(at, "/founders/", index, "/recovery");
    TRY(key_check(&recovery, json_find_string(founder, "recovery"), party, NOTE_ED25519, at, error));
    if (recovery.id == key->id) return shape_wrong(error, at, "A recovery key must be another than the signing key.");
    at_index(at, "/founders/", index, "/party");
    if (party_before(founders, founder)) return shape_wrong(error, at, "A founder is listed twice.");
    return STATUS_DONE;
}

static enum status threshold_check(const struct json *object, struct error *error)
{
    const struct json *thresholds = json_find(object, "thresholds");
    int64_t founders = json_find(object, "founders")->size;
    static const char *const names[] = {"enrol", "policy"}, *const pointers[] = {"/thresholds/enrol",
                                                                                 "/thresholds/policy"};
    for (unsigned i = 0; i < COUNT_OF(names); i++)
        if (json_find_integer(thresholds, names[i], 0) > founders)
            return shape_wrong(error, pointers[i], "The threshold is higher than the number of founders.");
    return STATUS_DONE;
}

/* A public key has one use, or what is signed for one could be taken for another. */
struct uses {
    size_t count;
    struct used_key key[1 + 2 * LIMIT_FOUNDERS + 2 * LIMIT_WITNESSES];
};

static bool use_clashes(struct uses *uses, enum key_use use, struct slice text)
{
    struct verifier key;
    bool clashes = false;
    if (verifier_parse(&key, text, NULL) != STATUS_DONE || uses->count == COUNT_OF(uses->key)) return true;
    for (size_t i = 0; i < uses->count; i++)
        clashes = clashes ||
                  (uses->key[i].use != use && memcmp(uses->key[i].bytes, key.key.bytes, sizeof key.key.bytes) == 0);
    uses->key[uses->count].use = use;
    memcpy(uses->key[uses->count++].bytes, key.key.bytes, sizeof key.key.bytes);
    return clashes;
}

static bool uses_clash(struct uses *uses, enum key_use use, const struct json *list, const char *field)
{
    bool clashes = false;
    for (const struct json *item = list == NULL ? NULL : list->first; item != NULL; item = item->next)
        clashes = use_clashes(uses, use, json_find_string(item, field)) || clashes;
    return clashes;
}

static enum status uses_check(const struct json *genesis, struct error *error)
{
    struct uses uses = {.count = 0};
    const struct json *founders = json_find(genesis, "founders"), *watching = json_find(genesis, "witnessing");
    bool clashes = use_clashes(&uses, KEY_LOG, json_find_string(genesis, "log_key"));
    clashes = uses_clash(&uses, KEY_SIGNING, founders, "key") || clashes;
    clashes = uses_clash(&uses, KEY_RECOVERY, founders, "recovery") || clashes;
    clashes = uses_clash(&uses, KEY_WITNESS, json_find(watching, "witnesses"), "key") || clashes;
    clashes = uses_clash(&uses, KEY_MIRROR, json_find(watching, "mirrors"), "key") || clashes;
    return clashes ? shape_wrong(error, "", "One key serves two uses; each use needs a key of its own.") : STATUS_DONE;
}

enum status genesis_rule(const struct json *object, struct json_path *path, struct error *error)
{
    (void)path;
    struct verifier key;
    const struct json *founders = json_find(object, "founders");
    TRY(key_check(&key, json_find_string(object, "log_key"), json_find_string(object, "register"), NOTE_ED25519,
                  "/log_key", error));
    if (founders->size > LIMIT_FOUNDERS)
        return error_at(error,
                        error_set(error, STATUS_REFUSED, "record-count",
                                  "\"{0}\" must hold 1 to {1} items; it holds {2}.", "founders",
                                  error_number(LIMIT_FOUNDERS).text, error_number(founders->size).text, NULL),
                        "/founders");
    size_t index = 0;
    bool first_signs = false;
    for (const struct json *founder = founders->first; founder != NULL; founder = founder->next, index++) {
        TRY(founder_check(founders, founder, index, &key, error));
        uint32_t id;
        if (index > 0 || !key_id_parse(&id, json_find_string(object, "key"))) continue;
        first_signs = slice_is(json_find_string(object, "by"), key.name) && key.id == id;
    }
    if (!first_signs)
        return shape_wrong(error, "/founders/0",
                           "The first founder listed, with its key, must be who signs the genesis.");
    TRY(threshold_check(object, error));
    return uses_check(object, error);
}

/* ---- party */

static bool listed_before(const struct json *keys, const struct json *until, uint32_t id)
{
    struct verifier key;
    for (const struct json *other = keys->first; other != until; other = other->next)
        if (verifier_parse(&key, other->string, NULL) == STATUS_DONE && key.id == id) return true;
    return false;
}

enum status party_rule(const struct json *object, struct json_path *path, struct error *error)
{
    (void)path;
    char at[32];
    struct verifier key;
    struct slice party = json_find_string(object, "party");
    const struct json *keys = json_find(object, "keys"), *recovery = json_find(object, "recovery");
    size_t index = 0;
    for (const struct json *item = keys->first; item != NULL; item = item->next, index++) {
        at_index(at, "/keys/", index, "");
        TRY(key_check(&key, item->string, party, NOTE_ED25519, at, error));
        if (listed_before(keys, item, key.id)) return shape_wrong(error, at, "Two keys of one party have the same id.");
    }
    if (recovery == NULL) return STATUS_DONE;
    TRY(key_check(&key, recovery->string, party, NOTE_ED25519, "/recovery", error));
    if (listed_before(keys, NULL, key.id))
        return shape_wrong(error, "/recovery", "A recovery key must be another than the signing keys.");
    return STATUS_DONE;
}

/* ---- key */

static enum status reader_check(struct slice text, struct slice owner, struct error *error)
{
    struct reader_key key;
    if (reader_key_parse(&key, text, NULL) == STATUS_DONE && slice_is(owner, key.name)) return STATUS_DONE;
    return error_at(error,
                    error_set(error, STATUS_REFUSED, "record-verifier",
                              "\"{0}\" is no reader's key that bears the name of \"{1}\".", error_slice(text).text,
                              error_slice(owner).text, NULL),
                    "/verifier");
}

enum status key_rule(const struct json *object, struct json_path *path, struct error *error)
{
    (void)path;
    struct slice change = json_find_string(object, "change"), owner = json_find_string(object, "party");
    bool compromised = slice_is(change, "compromised"), names = compromised || slice_is(change, "retire");
    const struct json *verifier = json_find(object, "verifier");
    if (names != (verifier == NULL))
        return shape_wrong(error, names ? "/verifier" : "/of",
                           names ? "To retire a key or call it compromised, name its id in \"of\"."
                                 : "A new key is given whole, in \"verifier\".");
    if (compromised != (json_find(object, "since") != NULL))
        return shape_wrong(error, "/since", "\"since\" belongs to a compromised key, and to it alone.");
    if (!compromised && json_find(object, "successor") != NULL)
        return shape_wrong(error, "/successor", "Only a compromised key has a successor.");
    if (names) return STATUS_DONE;
    struct verifier key;
    if (slice_is(change, "log")) {
        owner = json_find_string(object, "register");
        owner.size = owner.size > 17 ? owner.size - 17 : 0; /* the origin: without # and 16 digits */
    }
    if (slice_is(change, "reader")) return reader_check(verifier->string, owner, error);
    return key_check(&key, verifier->string, owner, NOTE_ED25519, "/verifier", error);
}

/* ---- policy */

/* Names, ids and public keys of all who watch differ: none can be taken for another, and none counts twice. */
static bool watcher_known(const struct verifier *known, size_t count, const struct verifier *key)
{
    for (size_t i = 0; i < count; i++)
        if (known[i].id == key->id || strcmp(known[i].name, key->name) == 0 ||
            memcmp(&known[i].key, &key->key, sizeof key->key) == 0)
            return true;
    return false;
}

static enum status watchers_check(struct verifier *known, size_t *count, const struct json *list, const char *before,
                                  struct error *error)
{
    char at[32];
    size_t index = 0;
    for (const struct json *item = list == NULL ? NULL : list->first; item != NULL; item = item->next, index++) {
        struct verifier *key = &known[*count];
        at_index(at, before, index, "/key");
        TRY(key_check(key, json_find_string(item, "key"), (struct slice){NULL, 0}, NOTE_COSIGNATURE, at, error));
        if (watcher_known(known, *count, key))
            return shape_wrong(error, at,
                               "Each witness and each mirror has a name, a key id and a public key of its own.");
        ++*count;
    }
    return STATUS_DONE;
}

static enum status watchers_few(const struct json *list, const char *name, const char *pointer, struct error *error)
{
    if (list == NULL || list->size <= LIMIT_WITNESSES) return STATUS_DONE;
    return error_at(error,
                    error_set(error, STATUS_REFUSED, "record-count", "\"{0}\" must hold 1 to {1} items; it holds {2}.",
                              name, error_number(LIMIT_WITNESSES).text, error_number(list->size).text, NULL),
                    pointer);
}

/* Two quorums of the witnesses must share more than f of them. */
enum status witnessing_rule(const struct json *object, struct json_path *path, struct error *error)
{
    (void)path;
    struct verifier known[2 * LIMIT_WITNESSES];
    size_t known_count = 0;
    const struct json *witnesses = json_find(object, "witnesses"), *mirrors = json_find(object, "mirrors");
    int64_t count = witnesses->size, quorum = json_find_integer(object, "quorum", 0);
    int64_t mirror_quorum = json_find_integer(object, "mirror_quorum", 0);
    TRY(watchers_few(witnesses, "witnesses", "/witnesses", error));
    TRY(watchers_few(mirrors, "mirrors", "/mirrors", error));
    TRY(watchers_check(known, &known_count, witnesses, "/witnesses/", error));
    TRY(watchers_check(known, &known_count, mirrors, "/mirrors/", error));
    if (mirror_quorum > (mirrors == NULL ? 0 : mirrors->size))
        return shape_wrong(error, "/mirror_quorum", "The quorum of mirrors is higher than the number of mirrors.");
    if (quorum <= count && 2 * quorum > count + json_find_integer(object, "faults", 0)) return STATUS_DONE;
    return shape_wrong(error, "/quorum",
                       "The quorum k of n witnesses with f faults must be at most n, and 2k > n + f.");
}

enum status sealed_default_rule(const struct json *object, struct json_path *path, struct error *error)
{
    (void)path;
    struct slice kind = json_find_string(object, "kind");
    if (record_kind_find(kind) != NULL) return STATUS_DONE;
    return error_at(error,
                    error_set(error, STATUS_REFUSED, "record-kind", "There is no kind of record \"{0}\".",
                              error_slice(kind).text, NULL),
                    "/kind");
}
