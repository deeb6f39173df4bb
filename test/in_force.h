/* What an entry counts for, and what is in force behind it, in the words that spec/vectors use. */
#ifndef TRUCE_TEST_IN_FORCE_H
#define TRUCE_TEST_IN_FORCE_H

#include "record/effect.h"

static inline void put_effect(struct buffer *out, const struct effects *effects, uint64_t index)
{
    uint64_t cause;
    enum effect effect = effects_of(effects, index, &cause);
    unsigned marks = effects_marks(effects, index);
    buffer_print(out, "%s %d%s%s", effect_name(effect), (int)cause, (marks & EFFECT_CONTESTED) != 0 ? " contested" : "",
                 (marks & EFFECT_LATE) != 0 ? " late" : "");
}

static inline void put_watchers(struct buffer *out, const char *what, int64_t quorum,
                                const struct witness_entry *entries, size_t count)
{
    buffer_print(out, "; %s %d of", what, (int)quorum);
    for (size_t i = 0; i < count; i++) buffer_print(out, " %s", entries[i].key.name);
}

static inline void put_in_force(struct buffer *out, const struct members *members)
{
    const struct policy *policy = members_policy(members);
    const struct witness_policy *watching = members_witnessing(members);
    buffer_print(out, "log %08x; enrol %d; policy %d; grace %d", members_log_key(members)->id, (int)policy->enrol,
                 (int)policy->change, (int)policy->grace_entries);
    if (policy->has_quota) buffer_print(out, "; quota %d %d", (int)policy->per_day, (int)policy->reserve);
    put_watchers(out, "quorum", watching->quorum, watching->witness, watching->witness_count);
    put_watchers(out, "mirrors", watching->mirror_quorum, watching->mirror, watching->mirror_count);
    buffer_put_string(out, "; readers");
    for (size_t i = 0; i < members_count(members); i++) {
        const struct reader_key *key;
        struct slice party = members_at(members, i)->party;
        for (size_t n = 0; (key = members_reader(members, party, n)) != NULL; n++)
            buffer_print(out, " %.*s:%08x", SLICE(party), key->id);
    }
}

#endif
