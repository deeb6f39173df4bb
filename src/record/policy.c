#include "record/policy.h"
#include "base/time.h"

static enum status entries_read(struct witness_entry *out, size_t *count, const struct json *list, struct error *error)
{
    *count = 0;
    if (list == NULL) return STATUS_DONE;
    for (const struct json *item = list->first; item != NULL && *count < LIMIT_WITNESSES; item = item->next) {
        struct witness_entry *entry = &out[*count];
        entry->url = json_find_string(item, "url");
        entry->party = json_find_string(item, "party");
        TRY(verifier_parse(&entry->key, json_find_string(item, "key"), error));
        ++*count;
    }
    return STATUS_DONE;
}

enum status witnessing_read(struct witness_policy *out, const struct json *witnessing, struct error *error)
{
    out->faults = json_find_integer(witnessing, "faults", 0);
    out->quorum = json_find_integer(witnessing, "quorum", 0);
    TRY(entries_read(out->witness, &out->witness_count, json_find(witnessing, "witnesses"), error));
    TRY(entries_read(out->mirror, &out->mirror_count, json_find(witnessing, "mirrors"), error));
    out->mirror_quorum = json_find_integer(witnessing, "mirror_quorum", out->mirror_count > 0);
    return STATUS_DONE;
}

static void set_quota(struct policy *policy, const struct json *quota)
{
    if (quota == NULL) return;
    policy->has_quota = true;
    policy->per_day = json_find_integer(quota, "per_day", 0);
    policy->reserve = json_find_integer(quota, "reserve", 0);
}

static void set_thresholds(struct policy *policy, const struct json *thresholds)
{
    policy->enrol = json_find_integer(thresholds, "enrol", policy->enrol);
    policy->change = json_find_integer(thresholds, "policy", policy->change);
}

enum status policy_set(struct policy *policy, const struct json *body, struct error *error)
{
    const struct json *witnessing = json_find(body, "witnessing"), *sealed = json_find(body, "sealed_by_default");
    struct slice within = json_find_string(body, "merge_within");
    set_thresholds(policy, json_find(body, "thresholds"));
    set_quota(policy, json_find(body, "quota"));
    policy->grace_entries = json_find_integer(body, "grace_entries", policy->grace_entries);
    if (within.data != NULL) policy->has_merge_within = duration_parse(&policy->merge_within, within);
    if (json_find(body, "public") != NULL) policy->open = json_find_bool(body, "public");
    if (sealed != NULL) policy->sealed_by_default = sealed;
    return witnessing == NULL ? STATUS_DONE : witnessing_read(&policy->witnessing, witnessing, error);
}

static bool same_key(const struct verifier *a, const struct verifier *b)
{
    return a->id == b->id && strcmp(a->name, b->name) == 0 && memcmp(&a->key, &b->key, sizeof a->key) == 0;
}

size_t witnesses_staying(const struct witness_policy *old, const struct witness_policy *new)
{
    size_t staying = 0;
    for (size_t i = 0; i < old->witness_count; i++)
        for (size_t j = 0; j < new->witness_count; j++) staying += same_key(&old->witness[i].key, &new->witness[j].key);
    return staying;
}
