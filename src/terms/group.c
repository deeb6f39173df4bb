/* Who belongs to a group, then. */
#include "terms/world.h"

bool holds_then(const struct json *object, int64_t at)
{
    int64_t from, until;
    if (time_parse(&from, json_find_string(object, "from")) && at < from) return false;
    return !(time_parse(&until, json_find_string(object, "until")) && at >= until);
}

/* What the secretariat's records say of a name: the last one that speaks of it and holds then. */
static const struct entry *last_designation(const struct matter *matter, struct slice name, const char *field,
                                            int64_t at)
{
    const struct entry *last = NULL;
    for (size_t i = 0; i < matter->few_count; i++) {
        const struct entry *entry = matter->few[i];
        if (!entry_is(entry, "designation") || json_find(entry->body, field) == NULL) continue;
        const struct member *author = members_find(matter->view->members, entry->by);
        bool speaks = author != NULL && author->role == ROLE_SECRETARIAT && holds_then(entry->body, at);
        if (speaks && slice_equal(json_find_string(entry->body, "group"), name)) last = entry;
    }
    return last;
}

static enum tri designated(const struct matter *matter, struct slice name, int64_t at)
{
    for (unsigned hop = 0; hop < TERM_DEPTH_MOST; hop++) {
        const struct entry *listed = last_designation(matter, name, "designation", at);
        if (listed != NULL) return tri_of(slice_is(json_find_string(listed->body, "designation"), "in"));
        const struct entry *affiliate = last_designation(matter, name, "affiliate_of", at);
        if (affiliate == NULL) return OUT;
        name = json_find_string(affiliate->body, "affiliate_of");
    }
    return MAYBE;
}

static enum tri affiliate(const struct matter *matter, struct slice of, struct slice name, int64_t at)
{
    for (unsigned hop = 0; hop < TERM_DEPTH_MOST; hop++) {
        const struct entry *last = last_designation(matter, name, "affiliate_of", at);
        if (last == NULL) return OUT;
        name = json_find_string(last->body, "affiliate_of");
        if (slice_equal(name, of)) return IN;
    }
    return MAYBE;
}

static enum tri assented(const struct matter *matter, struct slice name, int64_t at)
{
    char id[HASH_HEX_SIZE];
    enum tri out = OUT;
    hash_format(&matter->record->id.hash, id);
    for (size_t i = 0; i < matter->few_count; i++) {
        const struct entry *entry = matter->few[i];
        if (!entry_is(entry, "standing") || !slice_equal(entry->by, name) || entry->act_time > at) continue;
        if (!slice_is(json_find_string(entry->body, "agreement"), id)) continue;
        struct slice act = json_find_string(entry->body, "act");
        if (slice_is(act, "assent")) out = IN;
        if (slice_is(act, "withdraw")) out = OUT;
    }
    return out;
}

enum tri group_has(const struct matter *matter, const struct group *group, struct slice name, int64_t at)
{
    enum tri out = OUT;
    const struct member *member;
    switch (group->type) {
    case GROUP_NAMES: return tri_of(words_have(&group->names, name));
    case GROUP_ALL: return IN;
    case GROUP_DESIGNATED: return designated(matter, name, at);
    case GROUP_ASSENTED: return assented(matter, name, at);
    case GROUP_ROLE:
        member = members_find(matter->view->members, name);
        return tri_of(member != NULL && member->role == group->role);
    case GROUP_AFFILIATE: return affiliate(matter, group->names.list[0], name, at);
    case GROUP_ANSWERED: return tri_of(answers_for(matter, group->names.list[0], name, at));
    case GROUP_NOT: return tri_not(group_has(matter, group->parts[0], name, at));
    case GROUP_ANY: break;
    }
    for (size_t i = 0; i < group->count; i++) out = tri_either(out, group_has(matter, group->parts[i], name, at));
    return out;
}

bool answers_for(const struct matter *matter, struct slice who, struct slice other, int64_t at)
{
    if (slice_equal(who, other)) return true;
    const struct json *list = NULL;
    for (size_t i = 0; i < matter->few_count; i++) {
        const struct entry *entry = matter->few[i];
        if (!entry_is(entry, "party") || !slice_equal(json_find_string(entry->body, "party"), who)) continue;
        if (json_find(entry->body, "answers_for") != NULL) list = json_find(entry->body, "answers_for");
    }
    for (const struct json *a = list == NULL ? NULL : list->first; a != NULL; a = a->next)
        if (slice_equal(json_find_string(a, "party"), other) && holds_then(a, at)) return true;
    return false;
}
