/* Who may speak, entry after entry. Invariant: what members say depends on the entries added and on nothing else. */
#include "record/members.h"
#include "base/limits.h"
#include "record/roster.h"

#include <stdlib.h>

enum status members_open(struct members **out, struct error *error)
{
    struct members *members = calloc(1, sizeof *members);
    if (members == NULL) return arena_full(error);
    arena_init(&members->arena, LIMIT_REQUEST_BYTES);
    *out = members;
    return STATUS_DONE;
}

void members_close(struct members **members)
{
    struct members *m = *members;
    if (m == NULL) return;
    arena_clear(&m->arena);
    table_clear(&m->by_name);
    table_clear(&m->by_key);
    table_clear(&m->by_decision);
    table_clear(&m->by_proposal);
    free(m->member);
    free(m->key);
    free(m->decision);
    free(m->proposal);
    free(m);
    *members = NULL;
}

/* The record's body as the members' own: entries come and go, members stay. */
static enum status keep(struct members *members, const struct json **out, const struct record *record,
                        struct error *error)
{
    struct slice text = arena_copy(&members->arena, record->text);
    if (text.data == NULL) return arena_full(error);
    return json_read(out, slice_part(text, 0, text.size - 1), JSON_CANONICAL, &members->arena, error);
}

/* ---- genesis */

static enum status name_register(struct members *members, const struct record *record, struct error *error)
{
    char id[HASH_HEX_SIZE];
    size_t size = record->register_name.size;
    uint8_t *name = arena_get(&members->arena, size + 17);
    if (name == NULL) return arena_full(error);
    hash_format(&record->id.hash, id);
    memcpy(name, record->register_name.data, size);
    name[size] = '#';
    memcpy(name + size + 1, id, 16);
    members->origin = slice_of(name, size);
    members->register_name = slice_of(name, size + 17);
    members->genesis = record->id;
    return STATUS_DONE;
}

static void take_policy(struct members *members, const struct json *body)
{
    const struct json *quota = json_find(body, "quota");
    members->enrol = json_find_integer(json_find(body, "thresholds"), "enrol", 1);
    members->has_quota = quota != NULL;
    members->per_day = json_find_integer(quota, "per_day", 0);
    members->reserve = json_find_integer(quota, "reserve", 0);
    members->grace_entries = json_find_integer(body, "grace_entries", 0);
    members->is_public = json_find_bool(body, "public");
}

static enum status begin(struct members *members, uint64_t index, const struct record *record, struct error *error)
{
    const struct json *body;
    TRY(keep(members, &body, record, error));
    TRY(name_register(members, record, error));
    TRY(verifier_parse(&members->log_key, json_find_string(body, "log_key"), error));
    const struct json *founders = json_find(body, "founders");
    for (const struct json *founder = founders->first; founder != NULL; founder = founder->next) {
        struct member *member;
        TRY(roster_add_member(members, &member, json_find_string(founder, "party"), true, index, error));
        member->names = json_find(founder, "names");
        member->role = role_parse(json_find_string(founder, "role"));
        TRY(roster_add_key(members, member, KEY_SIGNING, json_find_string(founder, "key"), error));
        TRY(roster_set_recovery(members, member, json_find_string(founder, "recovery"), error));
    }
    take_policy(members, body);
    members->exercise = json_find_bool(body, "exercise");
    members->founder_count = founders->size;
    members->founded = founders->size == 1;
    members->begun = true;
    return STATUS_DONE;
}

/* ---- approvals */

static uint32_t id_hash(const struct record_id *id)
{
    return table_hash(slice_of(id->hash.bytes, 8));
}

/* Founders who stand behind a record: its author, and those whose last word was to approve. */
static int64_t support(const struct members *members, const struct record_id *id, unsigned author)
{
    uint64_t behind = 0;
    size_t at = 0;
    uint32_t i, hash = id_hash(id);
    while ((i = table_next(&members->by_decision, hash, &at)) != TABLE_NONE) {
        const struct decision *decision = &members->decision[i];
        if (!record_id_equal(&decision->of, id)) continue;
        uint64_t bit = UINT64_C(1) << decision->founder;
        behind = decision->approve ? behind | bit : behind & ~bit;
    }
    int64_t count = 0;
    for (behind |= UINT64_C(1) << author; behind != 0; behind &= behind - 1) count++;
    return count;
}

static enum status settle(struct members *members, uint64_t index, struct proposal *proposal, struct error *error)
{
    if (proposal->effective || support(members, &proposal->id, proposal->author) < members->enrol) return STATUS_DONE;
    proposal->effective = true;
    return roster_apply(members, index, proposal->body, error);
}

static enum status decide(struct members *members, uint64_t index, const struct record *record, struct error *error)
{
    size_t founder;
    const struct member *author = roster_find(members, record->by, &founder);
    if (author == NULL || !author->founder) return STATUS_DONE; /* others may say so; it counts nothing here */
    void *grown =
        roster_room(members->decision, &members->decision_room, members->decision_count, sizeof *members->decision);
    if (grown == NULL) return arena_full(error);
    members->decision = grown;
    struct decision *decision = &members->decision[members->decision_count];
    *decision = (struct decision){.founder = (unsigned)founder,
                                  .approve = slice_is(json_find_string(record->body, "decision"), "approve")};
    if (!hash_parse(&decision->of.hash, json_find_string(record->body, "of"))) return STATUS_DONE;
    TRY(table_put(&members->by_decision, id_hash(&decision->of), (uint32_t)members->decision_count, error));
    members->decision_count++;
    if (record_id_equal(&decision->of, &members->genesis) &&
        support(members, &members->genesis, 0) == (int64_t)members->founder_count)
        members->founded = true;
    size_t at = 0;
    uint32_t i, hash = id_hash(&decision->of);
    while ((i = table_next(&members->by_proposal, hash, &at)) != TABLE_NONE)
        if (record_id_equal(&members->proposal[i].id, &members->decision[members->decision_count - 1].of))
            return settle(members, index, &members->proposal[i], error);
    return STATUS_DONE;
}

static enum status propose(struct members *members, uint64_t index, const struct record *record, struct error *error)
{
    size_t founder;
    const struct json *body;
    TRY(keep(members, &body, record, error));
    const struct member *author = roster_find(members, record->by, &founder);
    const struct held_key *key = roster_key(members, record->by, record->key_id);
    if (key != NULL && key->use == KEY_RECOVERY) return roster_apply(members, index, body, error);
    if (author == NULL || !author->founder) return STATUS_DONE;
    void *grown =
        roster_room(members->proposal, &members->proposal_room, members->proposal_count, sizeof *members->proposal);
    if (grown == NULL) return arena_full(error);
    members->proposal = grown;
    TRY(table_put(&members->by_proposal, id_hash(&record->id), (uint32_t)members->proposal_count, error));
    struct proposal *proposal = &members->proposal[members->proposal_count++];
    *proposal = (struct proposal){.id = record->id, .body = body, .author = (unsigned)founder};
    return settle(members, index, proposal, error);
}

enum status members_add(struct members *members, uint64_t index, const struct record *record, struct error *error)
{
    if (record->kind->family != FAMILY_WHO) return STATUS_DONE;
    struct slice kind = slice_from(record->kind->name);
    if (slice_is(kind, "genesis")) return begin(members, index, record, error);
    if (slice_is(kind, "approval")) return decide(members, index, record, error);
    if (slice_is(kind, "anchor")) return STATUS_DONE;
    return propose(members, index, record, error);
}

/* ---- asking */

bool members_founded(const struct members *members)
{
    return members->founded;
}

bool members_exercise(const struct members *members)
{
    return members->exercise;
}

bool members_public(const struct members *members)
{
    return members->is_public;
}

struct slice members_register(const struct members *members)
{
    return members->register_name;
}

struct slice members_origin(const struct members *members)
{
    return members->origin;
}

const struct verifier *members_log_key(const struct members *members)
{
    return members->begun ? &members->log_key : NULL;
}

size_t members_count(const struct members *members)
{
    return members->count;
}

const struct member *members_at(const struct members *members, size_t i)
{
    return i < members->count ? members->member[i] : NULL;
}

const struct member *members_find(const struct members *members, struct slice party)
{
    return roster_find(members, party, NULL);
}

const struct verifier *members_key(const struct members *members, struct slice party, uint32_t key_id)
{
    const struct held_key *key = roster_key(members, party, key_id);
    return key != NULL && key->use == KEY_SIGNING ? &key->verifier : NULL;
}

const struct verifier *members_key_in_force(const struct members *members, struct slice party, uint32_t key_id,
                                            int64_t now)
{
    const struct held_key *key = roster_key(members, party, key_id);
    bool speaks = key != NULL && key->use == KEY_SIGNING && !key->retired && !key->compromised;
    return speaks && now < key->owner->until ? &key->verifier : NULL;
}

bool members_knows_key(const struct members *members, struct slice party, const struct public_key *key)
{
    for (size_t i = 0; i < members->key_count; i++) {
        const struct held_key *held = members->key[i];
        if (slice_equal(held->owner->party, party) &&
            memcmp(held->verifier.key.bytes, key->bytes, sizeof key->bytes) == 0)
            return true;
    }
    return false;
}
