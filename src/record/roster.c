/* Members and their keys as rows, and what a party or key record does to them once it takes effect. */
#include "record/roster.h"
#include "record/check.h"

#include <stdlib.h>

void *roster_room(void *array, size_t *room, size_t count, size_t size)
{
    if (count < *room) return array;
    size_t more = *room == 0 ? 16 : *room * 2;
    void *grown = realloc(array, more * size);
    if (grown != NULL) *room = more;
    return grown;
}

/* ---- looking */

static uint32_t key_hash(struct slice party, uint32_t key_id)
{
    return table_hash(party) ^ key_id;
}

const struct held_key *roster_key(const struct members *members, struct slice party, uint32_t key_id)
{
    size_t at = 0;
    uint32_t i, hash = key_hash(party, key_id);
    while ((i = table_next(&members->by_key, hash, &at)) != TABLE_NONE) {
        const struct held_key *key = members->key[i];
        if (key->verifier.id == key_id && slice_equal(key->owner->party, party)) return key;
    }
    return NULL;
}

struct member *roster_find(const struct members *members, struct slice party, size_t *number)
{
    size_t at = 0;
    uint32_t i, hash = table_hash(party);
    while ((i = table_next(&members->by_name, hash, &at)) != TABLE_NONE) {
        if (!slice_equal(members->member[i]->party, party)) continue;
        if (number != NULL) *number = i;
        return members->member[i];
    }
    return NULL;
}

/* ---- uses of keys */

bool roster_used(const struct members *members, enum key_use use, const struct public_key *key)
{
    for (size_t i = 0; i < members->used_count; i++)
        if (members->used[i].use != use && memcmp(members->used[i].bytes, key->bytes, sizeof key->bytes) == 0)
            return true;
    return false;
}

enum status roster_use(struct members *members, enum key_use use, const struct public_key *key, struct error *error)
{
    void *grown = roster_room(members->used, &members->used_room, members->used_count, sizeof *members->used);
    if (grown == NULL) return arena_full(error);
    members->used = grown;
    struct used_key *used = &members->used[members->used_count++];
    used->use = use;
    memcpy(used->bytes, key->bytes, sizeof used->bytes);
    return STATUS_DONE;
}

static enum status read_reader(struct reader_key *reader, struct verifier *out, struct slice text, struct error *error)
{
    TRY(reader_key_parse(reader, text, error));
    memcpy(out->name, reader->name, sizeof out->name);
    memcpy(out->key.bytes, reader->bytes, sizeof out->key.bytes);
    out->id = reader->id;
    return STATUS_DONE;
}

enum status roster_set_log_key(struct members *members, uint64_t from, struct slice text, struct error *error)
{
    struct verifier verifier;
    TRY(verifier_parse(&verifier, text, error));
    if (roster_used(members, KEY_LOG, &verifier.key)) return STATUS_DONE;
    TRY(roster_use(members, KEY_LOG, &verifier.key, error));
    void *grown =
        roster_room(members->log_key, &members->log_key_room, members->log_key_count, sizeof *members->log_key);
    if (grown == NULL) return arena_full(error);
    members->log_key = grown;
    members->log_key[members->log_key_count++] = (struct log_key){.from = from, .verifier = verifier};
    return STATUS_DONE;
}

/* ---- policy */

static enum status use_all(struct members *members, enum key_use use, const struct witness_entry *entries, size_t count,
                           struct error *error)
{
    for (size_t i = 0; i < count; i++) TRY(roster_use(members, use, &entries[i].key.key, error));
    return STATUS_DONE;
}

static bool any_used(const struct members *members, enum key_use use, const struct witness_entry *entries, size_t count)
{
    bool used = false;
    for (size_t i = 0; i < count; i++) used = used || roster_used(members, use, &entries[i].key.key);
    return used;
}

enum status roster_policy_fits(const struct members *members, const struct json *body, enum policy_fault *fault,
                               struct error *error)
{
    static const struct witness_policy none;
    const struct witness_policy *old = &members->policy.witnessing;
    const struct json *witnessing = json_find(body, "witnessing");
    *fault = POLICY_FITS;
    if (witnessing == NULL) return STATUS_DONE;
    struct witness_policy *new = malloc(sizeof *new);
    if (new == NULL) return arena_full(error);
    *new = none;
    enum status status = witnessing_read(new, witnessing, error);
    int64_t removed = (int64_t)(old->witness_count - witnesses_staying(old, new));
    if (any_used(members, KEY_WITNESS, new->witness, new->witness_count) ||
        any_used(members, KEY_MIRROR, new->mirror, new->mirror_count))
        *fault = POLICY_KEY_USED;
    else if (removed > (old->faults > 1 ? old->faults : 1))
        *fault = POLICY_REMOVES_TOO_MANY;
    free(new);
    return status;
}

enum status roster_set_policy(struct members *members, const struct json *body, struct error *error)
{
    const struct witness_policy *watching = &members->policy.witnessing;
    TRY(policy_set(&members->policy, body, error));
    if (json_find(body, "witnessing") == NULL) return STATUS_DONE;
    TRY(use_all(members, KEY_WITNESS, watching->witness, watching->witness_count, error));
    return use_all(members, KEY_MIRROR, watching->mirror, watching->mirror_count, error);
}

/* ---- enrolling */

enum status roster_add_key(struct members *members, const struct member *owner, enum key_use use, struct slice text,
                           struct error *error)
{
    struct verifier verifier = {0};
    struct reader_key reader = {0};
    if (use == KEY_READER)
        TRY(read_reader(&reader, &verifier, text, error));
    else
        TRY(verifier_parse(&verifier, text, error));
    if (roster_key(members, owner->party, verifier.id) != NULL) return STATUS_DONE; /* the first stays */
    if (roster_used(members, use, &verifier.key)) return STATUS_DONE;               /* as does its first use */
    TRY(roster_use(members, use, &verifier.key, error));
    struct held_key *key = arena_get(&members->arena, sizeof *key);
    void *grown = roster_room(members->key, &members->key_room, members->key_count, sizeof(void *));
    if (grown != NULL) members->key = grown;
    if (key == NULL || grown == NULL) return arena_full(error);
    *key = (struct held_key){.owner = owner, .verifier = verifier, .reader = reader, .use = use};
    members->key[members->key_count] = key;
    TRY(table_put(&members->by_key, key_hash(owner->party, verifier.id), (uint32_t)members->key_count, error));
    members->key_count++;
    return STATUS_DONE;
}

enum status roster_set_recovery(struct members *members, const struct member *owner, struct slice text,
                                struct error *error)
{
    struct verifier verifier;
    TRY(verifier_parse(&verifier, text, error));
    const struct held_key *held = roster_key(members, owner->party, verifier.id);
    if (held != NULL && held->use != KEY_RECOVERY) return STATUS_DONE; /* never both: the old recovery key stays */
    if (roster_used(members, KEY_RECOVERY, &verifier.key)) return STATUS_DONE;
    for (size_t i = 0; i < members->key_count; i++) {
        struct held_key *key = members->key[i];
        if (key->owner == owner && key->use == KEY_RECOVERY) key->replaced = key != held;
    }
    return held != NULL ? STATUS_DONE : roster_add_key(members, owner, KEY_RECOVERY, text, error);
}

enum status roster_add_member(struct members *members, struct member **out, struct slice party, bool founder,
                              uint64_t index, struct error *error)
{
    struct member *member = arena_get(&members->arena, sizeof *member);
    void *grown = roster_room(members->member, &members->room, members->count, sizeof(void *));
    if (grown != NULL) members->member = grown;
    if (member == NULL || grown == NULL) return arena_full(error);
    *member = (struct member){.party = party, .founder = founder, .since_index = index, .until = INT64_MAX};
    members->member[members->count] = member;
    TRY(table_put(&members->by_name, table_hash(party), (uint32_t)members->count, error));
    members->count++;
    *out = member;
    return STATUS_DONE;
}

/* ---- what takes effect at its threshold */

static enum status apply_party(struct members *members, uint64_t index, const struct json *body, struct error *error)
{
    struct slice party = json_find_string(body, "party"), until = json_find_string(body, "until");
    struct slice recovery = json_find_string(body, "recovery");
    struct member *member = roster_find(members, party, NULL);
    if (member == NULL) TRY(roster_add_member(members, &member, party, false, index, error));
    member->names = json_find(body, "names");
    member->role = role_parse(json_find_string(body, "role"));
    if (until.data == NULL || !time_parse(&member->until, until)) member->until = INT64_MAX;
    for (const struct json *key = json_find(body, "keys")->first; key != NULL; key = key->next)
        TRY(roster_add_key(members, member, KEY_SIGNING, key->string, error));
    return recovery.data == NULL ? STATUS_DONE : roster_set_recovery(members, member, recovery, error);
}

static enum status note_ending(struct members *members, const struct key_ending *ending, struct error *error)
{
    void *grown = roster_room(members->ending, &members->ending_room, members->ending_count, sizeof *members->ending);
    if (grown == NULL) return arena_full(error);
    members->ending = grown;
    members->ending[members->ending_count++] = *ending;
    return STATUS_DONE;
}

static enum status retire(struct members *members, uint64_t index, struct held_key *key, struct error *error)
{
    if (key->retired) return STATUS_DONE;
    key->retired = true;
    key->retired_at = index;
    if (key->use != KEY_SIGNING) return STATUS_DONE;
    return note_ending(members, &(struct key_ending){key->owner->party, key->verifier.id, false, index, 0}, error);
}

static enum status compromise(struct members *members, uint64_t index, const struct json *body, struct held_key *key,
                              struct error *error)
{
    struct key_ending ending = {key->owner->party, key->verifier.id, true, index, 0};
    if (key->use != KEY_SIGNING || !time_parse(&ending.since, json_find_string(body, "since"))) return STATUS_DONE;
    key->compromised = true;
    key->has_successor = key_id_parse(&key->successor, json_find_string(body, "successor"));
    return note_ending(members, &ending, error);
}

/* Retired: the signing or reader key of that id. Compromised: a signing key alone. */
static enum status end_key(struct members *members, uint64_t index, const struct json *body, const struct member *owner,
                           struct error *error)
{
    uint32_t id;
    bool retires = slice_is(json_find_string(body, "change"), "retire");
    if (!key_id_parse(&id, json_find_string(body, "of"))) return STATUS_DONE;
    for (size_t i = 0; i < members->key_count; i++) {
        struct held_key *key = members->key[i];
        if (key->owner != owner || key->verifier.id != id || key->use == KEY_RECOVERY) continue;
        return retires ? retire(members, index, key, error) : compromise(members, index, body, key, error);
    }
    return STATUS_DONE;
}

static enum status apply_key(struct members *members, uint64_t index, const struct json *body, struct error *error)
{
    struct slice change = json_find_string(body, "change"), verifier = json_find_string(body, "verifier");
    const struct member *owner = roster_find(members, json_find_string(body, "party"), NULL);
    if (slice_is(change, "log")) return roster_set_log_key(members, index + 1, verifier, error);
    if (owner == NULL) return STATUS_DONE;
    if (slice_is(change, "add")) return roster_add_key(members, owner, KEY_SIGNING, verifier, error);
    if (slice_is(change, "reader")) return roster_add_key(members, owner, KEY_READER, verifier, error);
    if (slice_is(change, "recovery")) return roster_set_recovery(members, owner, verifier, error);
    return end_key(members, index, body, owner, error);
}

enum status roster_apply(struct members *members, uint64_t index, const struct json *body, struct error *error)
{
    struct slice kind = json_find_string(body, "kind");
    if (slice_is(kind, "party")) return apply_party(members, index, body, error);
    if (slice_is(kind, "key")) return apply_key(members, index, body, error);
    return roster_set_policy(members, body, error);
}
