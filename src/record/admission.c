/* Admission: a chain of small judgements over the members at this position and what the log's prefix answers. */
#include "record/admission.h"
#include "record/anchor.h"
#include "record/check.h"
#include "record/roster.h"
#include "record/target.h"

static bool is_kind(const struct record *record, const char *kind)
{
    return strcmp(record->kind->name, kind) == 0;
}

/* ---- the register, its founding, and the author */

static enum status register_check(const struct members *members, const struct record *record, struct error *error)
{
    bool genesis = is_kind(record, "genesis");
    if (!members->begun && !genesis)
        return error_at(error,
                        error_set(error, STATUS_REFUSED, "admission-founding",
                                  "The register has no genesis yet: it must come first.", NULL),
                        "/kind");
    if (!genesis && !slice_equal(record->register_name, members->register_name))
        return error_at(error,
                        error_set(error, STATUS_REFUSED, "admission-register",
                                  "The record is for the register \"{0}\"; this is \"{1}\".",
                                  error_slice(record->register_name).text, error_slice(members->register_name).text,
                                  NULL),
                        "/register");
    return STATUS_DONE;
}

static enum status member_find(const struct member **out, const struct members *members, const struct record *record,
                               struct error *error)
{
    *out = members_find(members, record->by);
    if (*out != NULL) return STATUS_DONE;
    return error_at(error,
                    error_set(error, STATUS_REFUSED, "admission-member-unknown",
                              "\"{0}\" is not a member of this register.", error_slice(record->by).text, NULL),
                    "/by");
}

static enum status key_find(const struct held_key **out, const struct members *members, const struct record *record,
                            struct error *error)
{
    *out = roster_key(members, record->by, record->key_id);
    if (*out != NULL && (*out)->use != KEY_READER) return STATUS_DONE; /* a reader's key signs nothing */
    return error_at(error,
                    error_set(error, STATUS_REFUSED, "admission-key-unknown",
                              "\"{0}\" has no key of the id that the record bears.", error_slice(record->by).text,
                              NULL),
                    "/key");
}

enum status admission_key(struct verifier *out, const struct members *members, const struct record *record,
                          struct error *error)
{
    TRY(register_check(members, record, error));
    if (is_kind(record, "genesis")) {
        const struct json *founder = json_find(record->body, "founders")->first;
        return verifier_parse(out, json_find_string(founder, "key"), error);
    }
    const struct member *member;
    const struct held_key *key;
    TRY(member_find(&member, members, record, error));
    TRY(key_find(&key, members, record, error));
    *out = key->verifier;
    return STATUS_DONE;
}

static enum status founding_check(const struct members *members, const struct record *record, struct error *error)
{
    if (members->founded || is_kind(record, "approval")) return STATUS_DONE;
    return error_at(error,
                    error_set(error, STATUS_REFUSED, "admission-founding",
                              "Until every founder has approved the genesis, nothing but approvals is admitted.", NULL),
                    "/kind");
}

static enum status member_check(const struct member *member, int64_t received_ms, struct error *error)
{
    if (member->until == INT64_MAX || received_ms < member->until * 1000) return STATUS_DONE;
    char until[TIME_TEXT_SIZE];
    time_format(member->until, until);
    return error_at(error,
                    error_set(error, STATUS_REFUSED, "admission-member-ended",
                              "The membership of \"{0}\" ended at {1}.", error_slice(member->party).text, until, NULL),
                    "/by");
}

/* A recovery key changes keys of its own party and says nothing else; a retired key's late records come until the grace
 * index. */
static enum status key_check(const struct members *members, const struct held_key *key, const struct record *record,
                             uint64_t size, struct error *error)
{
    if (key->use == KEY_RECOVERY) {
        bool own = is_kind(record, "key") && slice_equal(json_find_string(record->body, "party"), record->by) &&
                   !slice_is(json_find_string(record->body, "change"), "log");
        if (own && !key->replaced) return STATUS_DONE;
        return error_at(error,
                        error_set(error, STATUS_REFUSED, "admission-recovery-key",
                                  "A recovery key signs changes to its own party's keys, and nothing else.", NULL),
                        "/key");
    }
    if (!key->retired || size - key->retired_at <= (uint64_t)members->policy.grace_entries) return STATUS_DONE;
    return error_at(error,
                    error_set(error, STATUS_REFUSED, "admission-key-retired",
                              "The key was retired at entry {0}, and the time for late records is over.",
                              error_number((int64_t)key->retired_at).text, NULL),
                    "/key");
}

/* ---- who may say it */

static enum status role_check(const struct member *member, const struct held_key *key, const struct record *record,
                              struct error *error)
{
    enum say_condition condition = record->kind->condition;
    bool founders = condition == SAY_FOUNDER || condition == SAY_ENROLMENT;
    if ((record->kind->roles & (unsigned)member->role) != 0 || (founders && member->founder)) return STATUS_DONE;
    if (condition == SAY_ENROLMENT && key->use == KEY_RECOVERY) return STATUS_DONE;
    return error_at(error,
                    error_set(error, STATUS_REFUSED, "admission-role",
                              "\"{0}\", being {1}, may not say a record of kind \"{2}\".",
                              error_slice(member->party).text, role_name(member->role), record->kind->name, NULL),
                    "/kind");
}

/* vouch: by the key that was named as successor of the compromised one. */
static enum status successor_check(const struct members *members, const struct record *record, struct error *error)
{
    uint32_t id;
    const struct held_key *key = NULL;
    if (key_id_parse(&id, json_find_string(record->body, "of"))) key = roster_key(members, record->by, id);
    if (key != NULL && key->compromised && key->has_successor && key->successor == record->key_id) return STATUS_DONE;
    return error_at(error,
                    error_set(error, STATUS_REFUSED, "admission-successor",
                              "Only the key named as successor of a compromised key vouches for its records.", NULL),
                    "/of");
}

static enum status target_refuse(struct error *error, enum target_fault fault, const struct record *record,
                                 const struct record *target, struct slice field)
{
    enum status status = STATUS_DONE;
    switch (fault) {
    case TARGET_FITS: return STATUS_DONE;
    case TARGET_WRONG_KIND:
        status = error_set(error, STATUS_REFUSED, "admission-target",
                           "A record of kind \"{0}\" cannot be about one of kind \"{1}\".", record->kind->name,
                           target->kind->name, NULL);
        break;
    case TARGET_NOT_ADDRESSED:
        status = error_set(error, STATUS_REFUSED, "admission-addressee",
                           "Only an addressee or a named alternate acknowledges; \"{0}\" is neither.",
                           error_slice(record->by).text, NULL);
        break;
    case TARGET_NOT_OWN:
        status = error_set(error, STATUS_REFUSED, "admission-own",
                           "The record named is by \"{0}\": only its author may do this.", error_slice(target->by).text,
                           NULL);
        break;
    case TARGET_NOT_SEALED:
        return error_at(error,
                        error_set(error, STATUS_REFUSED, "admission-reveal",
                                  "This is not what the record sealed there: place, level, hash or form differs.",
                                  NULL),
                        "/value");
    }
    char pointer[32] = "/";
    memcpy(pointer + 1, field.data, field.size < 30 ? field.size : 30);
    return error_at(error, status, pointer);
}

static const struct record *target_find(const struct admission_log *log, struct slice text)
{
    struct record_id id;
    return hash_parse(&id.hash, text) ? log->find(log->context, &id) : NULL;
}

/* Judged here where the target is in the log; where it is not, by effect when it comes. */
static enum status target_check(const struct record *record, const struct admission_log *log, struct error *error)
{
    const char *field = target_field(record->kind);
    if (field != NULL) {
        const struct record *target = target_find(log, json_find_string(record->body, field));
        if (target != NULL)
            TRY(target_refuse(error, target_judge(record->kind, record->by, record->body, target), record, target,
                              slice_from(field)));
    }
    if (!record->has_replaces) return STATUS_DONE;
    const struct record *before = log->find(log->context, &record->replaces);
    if (before == NULL || (before->kind == record->kind && slice_equal(before->by, record->by))) return STATUS_DONE;
    return error_at(
        error,
        error_set(error, STATUS_REFUSED, "admission-replaces",
                  "A record replaces only one of its own author and kind; that one is a \"{0}\" by \"{1}\".",
                  before->kind->name, error_slice(before->by).text, NULL),
        "/replaces");
}

/* ---- keys that a record brings */

static enum status key_taken(struct error *error, const char *pointer)
{
    return error_at(error,
                    error_set(error, STATUS_REFUSED, "admission-key-taken",
                              "Another key of this party has that id already. Make a new key.", NULL),
                    pointer);
}

static enum status key_used(struct error *error, const char *pointer)
{
    return error_at(error,
                    error_set(error, STATUS_REFUSED, "admission-key-use",
                              "This key serves another use already, of this party or another. Make a new key.", NULL),
                    pointer);
}

static bool key_read(struct verifier *out, struct slice text, enum key_use use)
{
    struct reader_key reader;
    if (use != KEY_READER) return verifier_parse(out, text, NULL) == STATUS_DONE;
    if (reader_key_parse(&reader, text, NULL) != STATUS_DONE) return false;
    out->id = reader.id;
    memcpy(out->key.bytes, reader.bytes, sizeof out->key.bytes);
    return true;
}

/* May the party bring this key: of a new id, or (`listed`) just the one it has for the same use? */
static enum status key_new(const struct members *members, struct slice party, struct slice text, enum key_use use,
                           bool listed, const char *pointer, struct error *error)
{
    struct verifier verifier;
    if (!key_read(&verifier, text, use)) return key_taken(error, pointer);
    const struct held_key *held = roster_key(members, party, verifier.id);
    bool same = held != NULL && listed && held->use == use && !held->retired &&
                memcmp(held->verifier.key.bytes, verifier.key.bytes, sizeof verifier.key.bytes) == 0;
    if (held != NULL && !same) return key_taken(error, pointer);
    return roster_used(members, use, &verifier.key) ? key_used(error, pointer) : STATUS_DONE;
}

static enum status party_check(const struct members *members, const struct json *body, struct error *error)
{
    struct slice party = json_find_string(body, "party"), recovery = json_find_string(body, "recovery");
    size_t index = 0;
    for (const struct json *key = json_find(body, "keys")->first; key != NULL; key = key->next, index++) {
        enum status status = key_new(members, party, key->string, KEY_SIGNING, true, "", error);
        if (status != STATUS_DONE)
            return error_under(error, error_under_index(error, status, index), slice_from("keys"));
    }
    if (recovery.data == NULL) return STATUS_DONE;
    return key_new(members, party, recovery, KEY_RECOVERY, true, "/recovery", error);
}

static enum status log_key_check(const struct members *members, struct slice text, struct error *error)
{
    struct verifier verifier;
    if (verifier_parse(&verifier, text, NULL) != STATUS_DONE) return key_taken(error, "/verifier");
    return roster_used(members, KEY_LOG, &verifier.key) ? key_used(error, "/verifier") : STATUS_DONE;
}

static enum status ended_check(const struct members *members, struct slice party, struct slice change, struct slice of,
                               struct error *error)
{
    uint32_t id;
    if (!key_id_parse(&id, of)) return STATUS_DONE;
    const struct held_key *key = roster_key(members, party, id);
    if (key != NULL && (key->use == KEY_SIGNING || (key->use == KEY_READER && slice_is(change, "retire"))))
        return STATUS_DONE;
    return error_at(error,
                    error_set(error, STATUS_REFUSED, "admission-key-unknown",
                              "\"{0}\" has no signing key of the id that is named.", error_slice(party).text, NULL),
                    "/of");
}

static enum status change_check(const struct members *members, const struct json *body, struct error *error)
{
    static const struct {
        const char *change;
        enum key_use use;
    } bringing[] = {{"add", KEY_SIGNING}, {"recovery", KEY_RECOVERY}, {"reader", KEY_READER}};
    struct slice party = json_find_string(body, "party"), change = json_find_string(body, "change");
    struct slice verifier = json_find_string(body, "verifier");
    if (members_find(members, party) == NULL)
        return error_at(error,
                        error_set(error, STATUS_REFUSED, "admission-member-unknown",
                                  "\"{0}\" is not a member of this register.", error_slice(party).text, NULL),
                        "/party");
    for (size_t i = 0; i < COUNT_OF(bringing); i++)
        if (slice_is(change, bringing[i].change))
            return key_new(members, party, verifier, bringing[i].use, false, "/verifier", error);
    if (slice_is(change, "log")) return log_key_check(members, verifier, error);
    return ended_check(members, party, change, json_find_string(body, "of"), error);
}

static enum status policy_check(const struct members *members, const struct json *body, struct error *error)
{
    enum policy_fault fault;
    int64_t most = members->policy.witnessing.faults > 1 ? members->policy.witnessing.faults : 1;
    TRY(roster_policy_fits(members, body, &fault, error));
    switch (fault) {
    case POLICY_FITS: break;
    case POLICY_KEY_USED: return key_used(error, "/witnessing");
    case POLICY_REMOVES_TOO_MANY:
        return error_at(error,
                        error_set(error, STATUS_REFUSED, "admission-witnesses",
                                  "A policy takes away at most {0} of the witnesses at once: change the others with "
                                  "the next one.",
                                  error_number(most).text, NULL),
                        "/witnessing/witnesses");
    }
    return STATUS_DONE;
}

/* ---- quota */

enum { DAY_MS = 86400000 };

static bool in_reserve(const struct record *record)
{
    static const char *const kinds[] = {"notice", "acknowledgement", "question", "answer", "standing", "key"};
    for (size_t i = 0; i < COUNT_OF(kinds); i++)
        if (is_kind(record, kinds[i])) return true;
    return false;
}

static enum status quota_check(const struct members *members, const struct record *record, int64_t received_ms,
                               const struct admission_log *log, struct error *error)
{
    const struct policy *policy = &members->policy;
    if (!policy->has_quota || members->exercise) return STATUS_DONE;
    int64_t most = policy->per_day + (in_reserve(record) ? policy->reserve : 0);
    if (log->count_day(log->context, record->by, received_ms / DAY_MS) < (uint64_t)most) return STATUS_DONE;
    char again[TIME_TEXT_SIZE];
    time_format((received_ms / DAY_MS + 1) * (DAY_MS / 1000), again);
    return error_set(error, STATUS_REFUSED, "admission-quota",
                     "\"{0}\" has reached its {1} records for this day (UTC). The record can be handed in from {2} on.",
                     error_slice(record->by).text, error_number(most).text, again, NULL);
}

/* ---- the whole */

static enum status genesis_check(const struct members *members, const struct admission_log *log, struct error *error)
{
    if (!members->begun && log->size == 0) return STATUS_DONE;
    return error_at(error,
                    error_set(error, STATUS_REFUSED, "admission-genesis",
                              "A genesis is the first entry of its log, and this register has one.", NULL),
                    "/kind");
}

enum status admission_allows(const struct members *members, const struct record *record, int64_t received_ms,
                             const struct admission_log *log, struct error *error)
{
    const struct member *member;
    const struct held_key *key;
    TRY(register_check(members, record, error));
    if (is_kind(record, "genesis")) return genesis_check(members, log, error);
    TRY(founding_check(members, record, error));
    TRY(member_find(&member, members, record, error));
    TRY(key_find(&key, members, record, error));
    TRY(member_check(member, received_ms, error));
    TRY(key_check(members, key, record, log->size, error));
    TRY(role_check(member, key, record, error));
    if (is_kind(record, "party")) TRY(party_check(members, record->body, error));
    if (is_kind(record, "key")) TRY(change_check(members, record->body, error));
    if (is_kind(record, "policy")) TRY(policy_check(members, record->body, error));
    if (record->kind->condition == SAY_SUCCESSOR) TRY(successor_check(members, record, error));
    if (log->find(log->context, &record->id) != NULL)
        return error_set(error, STATUS_REFUSED, "admission-duplicate", "This record is in the log already.", NULL);
    TRY(target_check(record, log, error));
    if (is_kind(record, "anchor")) TRY(anchor_check(members, record, log, error));
    return quota_check(members, record, received_ms, log, error);
}

enum status admission_unsigned(const struct record *record, struct error *error)
{
    return error_at(error,
                    error_set(error, STATUS_REFUSED, "admission-signature",
                              "The signature does not hold under the key of \"{0}\".", error_slice(record->by).text,
                              NULL),
                    "/key");
}

enum status admission_check(const struct members *members, const struct record *record, int64_t received_ms,
                            const struct admission_log *log, struct error *error)
{
    struct verifier key;
    TRY(admission_key(&key, members, record, error));
    if (!record_verify(record, &key)) return admission_unsigned(record, error);
    return admission_allows(members, record, received_ms, log, error);
}
