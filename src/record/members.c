/* Who may speak, entry after entry. Invariant: what members say depends on the entries added and on nothing else. */
#include "record/members.h"
#include "base/limits.h"
#include "record/anchor.h"
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
    free(m->log_key);
    free(m->used);
    free(m->ending);
    free(m->delivery);
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

static enum status begin(struct members *members, uint64_t index, const struct record *record, struct error *error)
{
    const struct json *body;
    TRY(keep(members, &body, record, error));
    TRY(name_register(members, record, error));
    TRY(roster_set_log_key(members, 0, json_find_string(body, "log_key"), error));
    const struct json *founders = json_find(body, "founders");
    for (const struct json *founder = founders->first; founder != NULL; founder = founder->next) {
        struct member *member;
        TRY(roster_add_member(members, &member, json_find_string(founder, "party"), true, index, error));
        member->names = json_find(founder, "names");
        member->role = role_parse(json_find_string(founder, "role"));
        TRY(roster_add_key(members, member, KEY_SIGNING, json_find_string(founder, "key"), error));
        TRY(roster_set_recovery(members, member, json_find_string(founder, "recovery"), error));
    }
    members->policy.enrol = members->policy.change = 1;
    TRY(roster_set_policy(members, body, error));
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

/* What a record asks of whom, at an entry received at `now_ms`. */
struct question {
    const struct record_id *id;
    unsigned author;
    const struct member *leaving; /* a founder whose membership the record itself ends, or NULL */
    int64_t now_ms;
};

static bool is_asked(const struct members *members, const struct question *question, size_t founder)
{
    const struct member *member = members->member[founder];
    return member != question->leaving &&
           (member->until == INT64_MAX || question->now_ms < member->until * INT64_C(1000));
}

/* Founders who stand behind a record: its author, and those whose last word was to approve. */
static uint64_t behind(const struct members *members, const struct record_id *id, unsigned author)
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
    return behind | UINT64_C(1) << author;
}

/* Whoever has left, or is being sent away, is not asked: the threshold is then at most the number of those who are. */
static bool agreed(const struct members *members, const struct question *question, int64_t threshold)
{
    uint64_t stand = behind(members, question->id, question->author);
    int64_t asked = 0, count = 0;
    for (size_t i = 0; i < members->founder_count; i++) {
        if (!is_asked(members, question, i)) continue;
        asked++;
        count += (stand >> i & 1) != 0;
    }
    return count >= (threshold < asked ? threshold : asked) && count > 0;
}

static bool all_founders(const struct members *members, const struct record_id *genesis)
{
    uint64_t stand = behind(members, genesis, 0);
    size_t count = 0;
    for (size_t i = 0; i < members->founder_count; i++) count += (stand >> i & 1) != 0;
    return count == members->founder_count;
}

static bool is_policy(const struct proposal *proposal)
{
    return slice_is(json_find_string(proposal->body, "kind"), "policy");
}

static const struct member *leaving(const struct members *members, const struct json *body)
{
    if (!slice_is(json_find_string(body, "kind"), "party") || json_find(body, "until") == NULL) return NULL;
    const struct member *member = roster_find(members, json_find_string(body, "party"), NULL);
    return member != NULL && member->founder ? member : NULL;
}

static enum status make_effective(struct members *members, uint64_t index, struct proposal *proposal,
                                  struct error *error)
{
    enum policy_fault fault = POLICY_FITS;
    if (is_policy(proposal)) TRY(roster_policy_fits(members, proposal->body, &fault, error));
    if (fault != POLICY_FITS) return STATUS_DONE; /* another policy came between: it waits on */
    proposal->effective = true;
    return roster_apply(members, index, proposal->body, error);
}

static enum status settle(struct members *members, uint64_t index, int64_t now_ms, struct proposal *proposal,
                          struct error *error)
{
    bool policy = is_policy(proposal);
    const struct question question = {&proposal->id, proposal->author, leaving(members, proposal->body), now_ms};
    if (proposal->effective || proposal->decided) return STATUS_DONE;
    if (!agreed(members, &question, policy ? members->policy.change : members->policy.enrol)) return STATUS_DONE;
    proposal->decided = true;
    proposal->decided_at = index;
    if (policy && members->policy.witnessing.quorum > 0) return STATUS_DONE; /* until an anchor covers it */
    return make_effective(members, index, proposal, error);
}

static enum status decide(struct members *members, uint64_t index, int64_t now_ms, const struct record *record,
                          struct error *error)
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
    if (record_id_equal(&decision->of, &members->genesis) && all_founders(members, &members->genesis))
        members->founded = true;
    size_t at = 0;
    uint32_t i, hash = id_hash(&decision->of);
    while ((i = table_next(&members->by_proposal, hash, &at)) != TABLE_NONE)
        if (record_id_equal(&members->proposal[i].id, &members->decision[members->decision_count - 1].of))
            return settle(members, index, now_ms, &members->proposal[i], error);
    return STATUS_DONE;
}

static enum status propose(struct members *members, uint64_t index, int64_t now_ms, const struct record *record,
                           struct error *error)
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
    return settle(members, index, now_ms, proposal, error);
}

/* ---- anchors */

/* The old quorum; a witness that the policy removes is not needed for it. */
static enum status cosigned_enough(const struct members *members, const struct proposal *proposal,
                                   const struct anchor_lines *lines, bool *enough, struct error *error)
{
    const struct witness_policy *old = &members->policy.witnessing;
    const struct json *witnessing = json_find(proposal->body, "witnessing");
    int64_t quorum = old->quorum;
    if (witnessing != NULL) {
        struct witness_policy *new = calloc(1, sizeof *new);
        if (new == NULL) return arena_full(error);
        enum status status = witnessing_read(new, witnessing, error);
        int64_t staying = (int64_t)witnesses_staying(old, new);
        free(new);
        TRY(status);
        if (staying < quorum) quorum = staying;
    }
    *enough = (int64_t)lines->witnesses >= quorum;
    return STATUS_DONE;
}

/* The policy that was decided first, of those that the anchor lets take effect: one policy an anchor, for the next is
 * judged by this one's witnesses. */
static enum status change_policy(struct members *members, uint64_t index, const struct anchor_lines *lines,
                                 struct error *error)
{
    for (;;) {
        struct proposal *first = NULL;
        for (size_t i = 0; i < members->proposal_count; i++) {
            struct proposal *proposal = &members->proposal[i];
            bool enough = proposal->decided && !proposal->effective && is_policy(proposal) &&
                          proposal->decided_at < lines->size && proposal->tried_at != index;
            if (enough) TRY(cosigned_enough(members, proposal, lines, &enough, error));
            if (enough && (first == NULL || proposal->decided_at < first->decided_at)) first = proposal;
        }
        if (first == NULL) return STATUS_DONE;
        first->tried_at = index;
        TRY(make_effective(members, index, first, error));
        if (first->effective) return STATUS_DONE;
    }
}

static enum status note_delivery(struct members *members, const struct delivery *delivery, struct error *error)
{
    for (size_t i = members->delivery_count; i > 0; i--) {
        const struct delivery *before = &members->delivery[i - 1];
        if (!slice_equal(before->party, delivery->party)) continue;
        if (before->size >= delivery->size) return STATUS_DONE; /* it tells nothing new */
        break;
    }
    void *grown =
        roster_room(members->delivery, &members->delivery_room, members->delivery_count, sizeof *members->delivery);
    if (grown == NULL) return arena_full(error);
    members->delivery = grown;
    members->delivery[members->delivery_count++] = *delivery;
    return STATUS_DONE;
}

/* One more witness than may be at fault had seen the log without this anchor then. */
static void note_witnessed(struct members *members, const struct anchor_lines *lines)
{
    size_t faults = (size_t)members->policy.witnessing.faults;
    if (lines->witnesses > faults && lines->time[faults] > members->witnessed) members->witnessed = lines->time[faults];
}

static enum status anchor(struct members *members, uint64_t index, int64_t received_ms, const struct record *record,
                          struct error *error)
{
    struct anchor_lines lines;
    TRY(anchor_read(&lines, &members->policy.witnessing, members->origin, record->body, error));
    for (size_t i = 0; i < lines.mirrors; i++) {
        const struct delivery delivery = {lines.mirror[i].party, lines.size, index, lines.mirror[i].time, received_ms};
        if (delivery.party.data != NULL) TRY(note_delivery(members, &delivery, error));
    }
    note_witnessed(members, &lines);
    return change_policy(members, index, &lines, error);
}

/* ---- the whole */

/* Whoever holds a key that is known to be stolen changes nothing here, and nobody can vouch for it: it is said anew. */
static bool is_stolen(const struct members *members, const struct record *record)
{
    const struct held_key *key = roster_key(members, record->by, record->key_id);
    return key != NULL && key->compromised;
}

enum status members_add(struct members *members, uint64_t index, int64_t received_ms, const struct record *record,
                        struct error *error)
{
    if (record->kind->family != FAMILY_WHO) return STATUS_DONE;
    struct slice kind = slice_from(record->kind->name);
    if (slice_is(kind, "genesis")) return begin(members, index, record, error);
    if (is_stolen(members, record)) return STATUS_DONE;
    if (slice_is(kind, "approval")) return decide(members, index, received_ms, record, error);
    if (slice_is(kind, "anchor")) return anchor(members, index, received_ms, record, error);
    return propose(members, index, received_ms, record, error);
}

/* ---- asking */

bool members_founded(const struct members *members)
{
    return members->founded;
}

int64_t members_witnessed(const struct members *members)
{
    return members->witnessed;
}

bool members_exercise(const struct members *members)
{
    return members->exercise;
}

bool members_public(const struct members *members)
{
    return members->policy.open;
}

struct slice members_register(const struct members *members)
{
    return members->register_name;
}

const struct record_id *members_genesis(const struct members *members)
{
    return members->begun ? &members->genesis : NULL;
}

struct slice members_origin(const struct members *members)
{
    return members->origin;
}

const struct verifier *members_log_key(const struct members *members)
{
    return members->begun ? &members->log_key[members->log_key_count - 1].verifier : NULL;
}

uint64_t members_log_key_from(const struct members *members)
{
    return members->begun ? members->log_key[members->log_key_count - 1].from : 0;
}

const struct verifier *members_log_key_at(const struct members *members, uint64_t size)
{
    if (!members->begun) return NULL;
    size_t i = members->log_key_count - 1;
    while (members->log_key[i].from > size) i--; /* the genesis's is from 0 */
    return &members->log_key[i].verifier;
}

const struct policy *members_policy(const struct members *members)
{
    return members->begun ? &members->policy : NULL;
}

const struct witness_policy *members_witnessing(const struct members *members)
{
    return members->begun ? &members->policy.witnessing : NULL;
}

const struct key_ending *members_ending(const struct members *members, size_t n)
{
    return n < members->ending_count ? &members->ending[n] : NULL;
}

const struct delivery *members_delivery(const struct members *members, struct slice party, uint64_t index)
{
    for (size_t i = 0; i < members->delivery_count; i++) {
        const struct delivery *delivery = &members->delivery[i];
        if (delivery->size > index && slice_equal(delivery->party, party)) return delivery;
    }
    return NULL;
}

const struct reader_key *members_reader(const struct members *members, struct slice party, size_t n)
{
    for (size_t i = 0; i < members->key_count; i++) {
        const struct held_key *key = members->key[i];
        if (key->use == KEY_READER && !key->retired && slice_equal(key->owner->party, party) && n-- == 0)
            return &key->reader;
    }
    return NULL;
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

const struct verifier *members_signing(const struct members *members, struct slice party, size_t n, int64_t now)
{
    for (size_t i = 0; i < members->key_count; i++) {
        const struct held_key *key = members->key[i];
        bool speaks = key->use == KEY_SIGNING && !key->retired && !key->compromised && now < key->owner->until;
        if (speaks && slice_equal(key->owner->party, party) && n-- == 0) return &key->verifier;
    }
    return NULL;
}

bool members_knows_key(const struct members *members, const struct public_key *key)
{
    for (size_t i = 0; i < members->used_count; i++)
        if (memcmp(members->used[i].bytes, key->bytes, sizeof key->bytes) == 0) return true;
    return false;
}
