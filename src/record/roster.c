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

/* ---- enrolling */

enum status roster_add_key(struct members *members, const struct member *owner, enum key_use use, struct slice text,
                           struct error *error)
{
    struct verifier verifier;
    TRY(verifier_parse(&verifier, text, error));
    if (roster_key(members, owner->party, verifier.id) != NULL) return STATUS_DONE; /* the first stays */
    struct held_key *key = arena_get(&members->arena, sizeof *key);
    void *grown = roster_room(members->key, &members->key_room, members->key_count, sizeof(void *));
    if (grown != NULL) members->key = grown;
    if (key == NULL || grown == NULL) return arena_full(error);
    *key = (struct held_key){.owner = owner, .verifier = verifier, .use = use};
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
    if (held != NULL && held->use == KEY_SIGNING) return STATUS_DONE; /* never both: the old recovery key stays */
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

/* Retired or compromised: the key of that id, if it is a signing key. */
static void end_key(struct members *members, uint64_t index, const struct json *body, const struct member *owner)
{
    uint32_t id;
    if (!key_id_parse(&id, json_find_string(body, "of"))) return;
    for (size_t i = 0; i < members->key_count; i++) {
        struct held_key *key = members->key[i];
        if (key->owner != owner || key->verifier.id != id || key->use != KEY_SIGNING) continue;
        if (slice_is(json_find_string(body, "change"), "retire")) {
            if (!key->retired) key->retired_at = index;
            key->retired = true;
        } else {
            key->compromised = true;
            key->has_successor = key_id_parse(&key->successor, json_find_string(body, "successor"));
        }
    }
}

static enum status apply_key(struct members *members, uint64_t index, const struct json *body, struct error *error)
{
    struct slice change = json_find_string(body, "change"), verifier = json_find_string(body, "verifier");
    const struct member *owner = roster_find(members, json_find_string(body, "party"), NULL);
    if (slice_is(change, "log")) return verifier_parse(&members->log_key, verifier, error);
    if (owner == NULL) return STATUS_DONE;
    if (slice_is(change, "add")) return roster_add_key(members, owner, KEY_SIGNING, verifier, error);
    if (slice_is(change, "recovery")) return roster_set_recovery(members, owner, verifier, error);
    end_key(members, index, body, owner);
    return STATUS_DONE;
}

enum status roster_apply(struct members *members, uint64_t index, const struct json *body, struct error *error)
{
    struct slice kind = json_find_string(body, "kind");
    if (slice_is(kind, "party")) return apply_party(members, index, body, error);
    if (slice_is(kind, "key")) return apply_key(members, index, body, error);
    return STATUS_DONE; /* a policy's effect needs more than its threshold: an anchored checkpoint */
}
