/* Who takes part, as the log's first N entries have it: members with the names they give themselves, their keys and who
 * signed for each, who answers for whom, the policy in force, and what waits for the founders. Every fact names the
 * record that made it. */
#include "register/answer.h"
#include "register/register.h"

#include "json/write.h"
#include "record/check.h"
#include "record/roster.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum { WHO_KINDS = 6 };

/* A record about a party, a key or the policy. */
struct who {
    struct record_id id;
    uint64_t index;
    struct slice by;
    const struct json *body;
};

struct roll {
    struct truce_register *reg;
    struct members *members;
    struct arena arena;  /* the records that are kept */
    struct arena passed; /* and those that are not */
    struct buffer entry;
    struct who *who;
    size_t count, room;
    uint64_t *since; /* of each key, the entry at which it took effect */
    size_t since_count, since_room;
};

static void roll_clear(struct roll *roll)
{
    members_close(&roll->members);
    arena_clear(&roll->arena);
    arena_clear(&roll->passed);
    buffer_clear(&roll->entry);
    free(roll->who);
    free(roll->since);
}

/* ---- reading the roll */

static bool is_kept(const struct record *record)
{
    static const char *const kinds[] = {"genesis", "party", "key", "policy"};
    for (size_t i = 0; i < COUNT_OF(kinds); i++)
        if (strcmp(record->kind->name, kinds[i]) == 0) return true;
    return false;
}

static enum status keep_who(struct roll *roll, uint64_t index, const struct record *record, struct error *error)
{
    void *grown = roster_room(roll->who, &roll->room, roll->count, sizeof *roll->who);
    if (grown == NULL) return arena_full(error);
    roll->who = grown;
    struct who *who = &roll->who[roll->count];
    *who = (struct who){record->id, index, arena_copy(&roll->arena, record->by), json_copy(&roll->arena, record->body)};
    if (who->by.data == NULL || who->body == NULL) return arena_full(error);
    roll->count++;
    return STATUS_DONE;
}

static enum status note_keys(struct roll *roll, uint64_t index, struct error *error)
{
    while (roll->since_count < roll->members->key_count) {
        void *grown = roster_room(roll->since, &roll->since_room, roll->since_count, sizeof *roll->since);
        if (grown == NULL) return arena_full(error);
        roll->since = grown;
        roll->since[roll->since_count++] = index;
    }
    return STATUS_DONE;
}

static enum status add_who(void *context, uint64_t index, struct error *error)
{
    struct roll *roll = context;
    struct record record;
    int64_t received_ms;
    bool is_void;
    TRY(index_is_void(roll->reg->index, index, &is_void, error));
    if (is_void) return STATUS_DONE;
    arena_reset(&roll->passed);
    buffer_reset(&roll->entry);
    TRY(register_read(roll->reg, index, &roll->entry, &roll->passed, &record, &received_ms, error));
    if (is_kept(&record)) TRY(keep_who(roll, index, &record, error));
    TRY(members_add(roll->members, index, received_ms, &record, error));
    return note_keys(roll, index, error);
}

static enum status read_roll(struct roll *roll, uint64_t size, struct error *error)
{
    const char *kinds[WHO_KINDS + 1];
    size_t count = 0;
    for (const struct record_kind *kind = record_kinds; kind->name != NULL; kind++)
        if (kind->family == FAMILY_WHO && count < WHO_KINDS) kinds[count++] = kind->name;
    kinds[count] = NULL;
    arena_init(&roll->arena, LIMIT_REQUEST_BYTES);
    arena_init(&roll->passed, LIMIT_REQUEST_BYTES);
    TRY(members_open(&roll->members, error));
    return index_walk_kinds(roll->reg->index, kinds, 0, size, add_who, roll, error);
}

/* ---- which record made a fact */

static bool is_of(const struct who *who, const char *kind)
{
    return slice_is(json_find_string(who->body, "kind"), kind);
}

static bool names_key(struct slice text, const struct verifier *key, bool reader)
{
    struct verifier verifier;
    struct reader_key other;
    if (text.data == NULL) return false;
    if (reader) return reader_key_parse(&other, text, NULL) == STATUS_DONE && other.id == key->id;
    return verifier_parse(&verifier, text, NULL) == STATUS_DONE && verifier.id == key->id;
}

static bool founder_brings(const struct json *founders, const struct held_key *key)
{
    const struct json *founder = founders == NULL ? NULL : founders->first;
    for (; founder != NULL; founder = founder->next)
        if (slice_equal(json_find_string(founder, "party"), key->owner->party) &&
            (names_key(json_find_string(founder, "key"), &key->verifier, false) ||
             names_key(json_find_string(founder, "recovery"), &key->verifier, false)))
            return true;
    return false;
}

static bool brings(const struct who *who, const struct held_key *key)
{
    const struct json *keys = json_find(who->body, "keys");
    if (is_of(who, "genesis")) return founder_brings(json_find(who->body, "founders"), key);
    if (!slice_equal(json_find_string(who->body, "party"), key->owner->party)) return false;
    if (names_key(json_find_string(who->body, "verifier"), &key->verifier, key->use == KEY_READER)) return true;
    if (names_key(json_find_string(who->body, "recovery"), &key->verifier, false)) return true;
    for (const struct json *text = keys == NULL ? NULL : keys->first; text != NULL; text = text->next)
        if (names_key(text->string, &key->verifier, false)) return true;
    return false;
}

static const struct who *brought(const struct roll *roll, const struct held_key *key)
{
    for (size_t i = 0; i < roll->count; i++)
        if (brings(&roll->who[i], key)) return &roll->who[i];
    return NULL;
}

/* The record that ended it; one that says so and did not take effect ends nothing (the key's own state tells that). */
static const struct who *ended(const struct roll *roll, const struct held_key *key, const char *change)
{
    uint32_t id;
    for (size_t i = 0; i < roll->count; i++) {
        const struct who *who = &roll->who[i];
        if (is_of(who, "key") && slice_is(json_find_string(who->body, "change"), change) &&
            slice_equal(json_find_string(who->body, "party"), key->owner->party) &&
            key_id_parse(&id, json_find_string(who->body, "of")) && id == key->verifier.id)
            return who;
    }
    return NULL;
}

static const struct proposal *proposal_of(const struct roll *roll, const struct who *who)
{
    for (size_t i = 0; i < roll->members->proposal_count; i++)
        if (record_id_equal(&roll->members->proposal[i].id, &who->id)) return &roll->members->proposal[i];
    return NULL;
}

static bool is_in_effect(const struct roll *roll, const struct who *who)
{
    const struct proposal *proposal = proposal_of(roll, who);
    return is_of(who, "genesis") || (proposal != NULL && proposal->effective);
}

/* The last record of that kind that took effect and has the member; of a party, about that party. */
static const struct who *last_of(const struct roll *roll, const char *kind, struct slice party, const char *with)
{
    for (size_t i = roll->count; i > 0; i--) {
        const struct who *who = &roll->who[i - 1];
        if (is_of(who, kind) && is_in_effect(roll, who) && (with == NULL || json_find(who->body, with) != NULL) &&
            (party.data == NULL || slice_equal(json_find_string(who->body, "party"), party)))
            return who;
    }
    return NULL;
}

/* ---- writing */

static void put_text(struct json_writer *w, const char *key, struct slice text)
{
    if (text.data != NULL) json_put_key(w, key), json_put_slice(w, text);
}

static bool is_now(const struct json *answers, int64_t as_of)
{
    int64_t from = INT64_MIN, until = INT64_MAX;
    struct slice end = json_find_string(answers, "until");
    if (!time_parse(&from, json_find_string(answers, "from"))) return false;
    return (end.data == NULL || time_parse(&until, end)) && from <= as_of && as_of < until;
}

static void put_answers_for(struct json_writer *w, const struct roll *roll, const struct member *member, int64_t as_of)
{
    const struct who *who = last_of(roll, "party", member->party, "answers_for");
    const struct json *list = who == NULL ? NULL : json_find(who->body, "answers_for")->first;
    json_put_key(w, "answers_for"), json_put_array(w);
    for (; list != NULL; list = list->next) {
        json_put_object(w);
        put_text(w, "from", json_find_string(list, "from"));
        json_put_key(w, "now"), json_put_bool(w, is_now(list, as_of));
        put_text(w, "party", json_find_string(list, "party"));
        answer_put_id(w, "record", &who->id);
        put_text(w, "until", json_find_string(list, "until"));
        json_put_close(w);
    }
    json_put_close(w);
}

static const char *state_of(const struct held_key *key)
{
    if (key->compromised) return "compromised";
    if (key->retired) return "retired";
    return key->replaced ? "replaced" : "in-force";
}

static const char *use_of(const struct held_key *key)
{
    if (key->use == KEY_RECOVERY) return "recovery";
    return key->use == KEY_READER ? "read" : "sign";
}

static int64_t compromised_since(const struct roll *roll, const struct held_key *key)
{
    for (size_t i = 0; i < roll->members->ending_count; i++) {
        const struct key_ending *ending = &roll->members->ending[i];
        if (ending->compromised && ending->key_id == key->verifier.id && slice_equal(ending->party, key->owner->party))
            return ending->since;
    }
    return 0;
}

static void put_key(struct json_writer *w, const struct roll *roll, size_t i)
{
    const struct held_key *key = roll->members->key[i];
    const struct who *who = brought(roll, key);
    const struct who *end =
        key->compromised || key->retired ? ended(roll, key, key->compromised ? "compromised" : "retire") : NULL;
    char id[9];
    snprintf(id, sizeof id, "%08" PRIx32, key->verifier.id);
    json_put_object(w);
    if (who != NULL) put_text(w, "by", who->by);
    if (key->compromised) answer_put_time(w, "compromised_since", compromised_since(roll, key));
    if (end != NULL) answer_put_id(w, "ended_by", &end->id);
    json_put_key(w, "id"), json_put_string(w, id);
    if (who != NULL) answer_put_id(w, "record", &who->id);
    if (key->retired) json_put_key(w, "retired_at"), json_put_integer(w, (int64_t)key->retired_at);
    json_put_key(w, "since"), json_put_integer(w, (int64_t)roll->since[i]);
    json_put_key(w, "state"), json_put_string(w, state_of(key));
    json_put_key(w, "use"), json_put_string(w, use_of(key));
    json_put_close(w);
}

static void put_member(struct json_writer *w, const struct roll *roll, const struct member *member, int64_t as_of)
{
    const struct who *who = last_of(roll, "party", member->party, NULL);
    json_put_object(w);
    put_answers_for(w, roll, member, as_of);
    json_put_key(w, "founder"), json_put_bool(w, member->founder);
    json_put_key(w, "keys"), json_put_array(w);
    for (size_t i = 0; i < roll->members->key_count; i++)
        if (roll->members->key[i]->owner == member) put_key(w, roll, i);
    json_put_close(w);
    if (member->names != NULL) json_put_key(w, "names"), json_put_tree(w, member->names);
    json_put_key(w, "party"), json_put_slice(w, member->party);
    answer_put_id(w, "record", who == NULL ? &roll->members->genesis : &who->id);
    json_put_key(w, "role"), json_put_string(w, role_name(member->role));
    json_put_key(w, "since"), json_put_integer(w, (int64_t)member->since_index);
    if (member->until != INT64_MAX) answer_put_time(w, "until", member->until);
    json_put_close(w);
}

static void put_cosigners(struct json_writer *w, const char *key, const struct witness_entry *entries, size_t count)
{
    json_put_key(w, key), json_put_array(w);
    for (size_t i = 0; i < count; i++) {
        json_put_object(w);
        json_put_key(w, "name"), json_put_string(w, entries[i].key.name);
        put_text(w, "party", entries[i].party);
        put_text(w, "url", entries[i].url);
        json_put_close(w);
    }
    json_put_close(w);
}

static void put_witnessing(struct json_writer *w, const struct roll *roll, const struct witness_policy *policy)
{
    static const struct slice any = {NULL, 0};
    const struct who *who = last_of(roll, "policy", any, "witnessing");
    json_put_key(w, "witnessing"), json_put_object(w);
    put_cosigners(w, "copies", policy->mirror, policy->mirror_count);
    json_put_key(w, "copy_quorum"), json_put_integer(w, policy->mirror_quorum);
    put_cosigners(w, "cosigners", policy->witness, policy->witness_count);
    json_put_key(w, "faults"), json_put_integer(w, policy->faults);
    json_put_key(w, "quorum"), json_put_integer(w, policy->quorum);
    answer_put_id(w, "record", who == NULL ? &roll->members->genesis : &who->id);
    json_put_close(w);
}

static void put_quota(struct json_writer *w, const struct policy *policy)
{
    json_put_key(w, "quota"), json_put_object(w);
    json_put_key(w, "per_day"), json_put_integer(w, policy->per_day);
    json_put_key(w, "reserve"), json_put_integer(w, policy->reserve);
    json_put_close(w);
}

/* What is in force, and for each part of it the record that laid it down last. */
static void put_policy(struct json_writer *w, const struct roll *roll)
{
    static const char *const parts[] = {"grace_entries",     "merge_within", "public",    "quota",
                                        "sealed_by_default", "thresholds",   "witnessing"};
    static const struct slice any = {NULL, 0};
    const struct policy *policy = &roll->members->policy;
    json_put_key(w, "policy"), json_put_object(w);
    json_put_key(w, "grace_entries"), json_put_integer(w, policy->grace_entries);
    if (policy->has_merge_within) json_put_key(w, "merge_within_s"), json_put_integer(w, policy->merge_within);
    json_put_key(w, "public"), json_put_bool(w, policy->open);
    if (policy->has_quota) put_quota(w, policy);
    json_put_key(w, "records"), json_put_object(w);
    for (size_t i = 0; i < COUNT_OF(parts); i++) {
        const struct who *who = last_of(roll, "policy", any, parts[i]);
        answer_put_id(w, parts[i], who == NULL ? &roll->members->genesis : &who->id);
    }
    json_put_close(w);
    if (policy->sealed_by_default != NULL)
        json_put_key(w, "sealed_by_default"), json_put_tree(w, policy->sealed_by_default);
    json_put_key(w, "thresholds"), json_put_object(w);
    json_put_key(w, "enrol"), json_put_integer(w, policy->enrol);
    json_put_key(w, "policy"), json_put_integer(w, policy->change);
    json_put_close(w);
    put_witnessing(w, roll, &policy->witnessing);
    json_put_close(w);
}

static void put_waiting(struct json_writer *w, const struct roll *roll)
{
    json_put_key(w, "waiting"), json_put_array(w);
    for (size_t i = 0; i < roll->members->proposal_count; i++) {
        const struct proposal *proposal = &roll->members->proposal[i];
        if (proposal->effective) continue;
        json_put_object(w);
        json_put_key(w, "decided"), json_put_bool(w, proposal->decided);
        put_text(w, "kind", json_find_string(proposal->body, "kind"));
        put_text(w, "party", json_find_string(proposal->body, "party"));
        answer_put_id(w, "record", &proposal->id);
        json_put_close(w);
    }
    json_put_close(w);
}

static enum status put_root(struct truce_register *reg, uint64_t size, struct json_writer *w, struct error *error)
{
    struct hash root;
    char hex[HASH_HEX_SIZE];
    TRY(log_root(reg->log, size, &root, error));
    hash_format(&root, hex);
    json_put_key(w, "root"), json_put_string(w, hex);
    return STATUS_DONE;
}

static enum status write_roll(const struct roll *roll, const struct moment *at, struct buffer *out, struct error *error)
{
    struct json_writer w;
    const struct members *members = roll->members;
    struct slice name = members_register(members);
    json_write_open(&w, out);
    json_put_object(&w);
    answer_put_time(&w, "as_of", at->as_of);
    json_put_key(&w, "exercise"), json_put_bool(&w, members->exercise);
    json_put_key(&w, "founded"), json_put_bool(&w, members->founded);
    if (members->begun) answer_put_id(&w, "genesis", &members->genesis);
    json_put_key(&w, "known"), json_put_integer(&w, (int64_t)at->size);
    json_put_key(&w, "later"), json_put_integer(&w, (int64_t)(roll->reg->seen - at->size));
    json_put_key(&w, "parties"), json_put_array(&w);
    for (size_t i = 0; i < members->count; i++) put_member(&w, roll, members->member[i], at->as_of);
    json_put_close(&w);
    if (members->begun) put_policy(&w, roll);
    json_put_key(&w, "register"), json_put_slice(&w, name.data == NULL ? slice_from("") : name);
    TRY(put_root(roll->reg, at->size, &w, error));
    put_waiting(&w, roll);
    json_put_close(&w);
    return json_write_finish(&w, error);
}

static enum status parties(struct truce_register *reg, const struct truce_moment *asked, struct buffer *out,
                           struct error *error)
{
    struct moment at;
    struct roll roll = {.reg = reg};
    TRY(register_moment(reg, asked, &at, error));
    enum status status = read_roll(&roll, at.size, error);
    if (status == STATUS_DONE) status = write_roll(&roll, &at, out, error);
    roll_clear(&roll);
    return status;
}

enum truce_status truce_parties(struct truce_register *reg, const struct truce_moment *moment,
                                struct truce_buffer *answer, struct truce_error *error)
{
    struct error why;
    OWN(buffer_clear) struct buffer out = {0};
    enum status status = parties(reg, moment, &out, &why);
    if (status == STATUS_DONE) status = public_buffer(answer, &out, &why);
    return public_status(status, &why, error);
}
