#include "peer/ballot.h"

static const char *const fates[] = {
    [BALLOT_COUNTS] = "counts", [BALLOT_TWICE] = "twice", [BALLOT_STRANGER] = "stranger",
    [BALLOT_OTHER] = "other",   [BALLOT_ASIDE] = "aside",
};

const char *ballot_fate_name(enum ballot_fate fate)
{
    return fates[fate];
}

void ballot_clear(struct ballot *ballot)
{
    for (size_t i = 0; i < ballot->votes; i++) vote_clear(&ballot->vote[i].vote);
    buffer_clear(&ballot->text);
    *ballot = (struct ballot){.votes = 0};
}

/* ---- reading */

static enum status read_root(struct ballot_vote *vote, struct error *error)
{
    struct note head;
    struct checkpoint checkpoint;
    if (vote->vote.size == 0) return STATUS_DONE;
    TRY(note_parse(&head, buffer_slice(&vote->vote.checkpoint), error));
    TRY(checkpoint_parse(&checkpoint, head.text, error));
    vote->root = checkpoint.root;
    return STATUS_DONE;
}

static enum status read_vote(struct ballot_vote *out, struct slice bytes, struct error *error)
{
    struct note note;
    *out = (struct ballot_vote){.note = bytes};
    TRY(note_parse(&note, bytes, error));
    out->name = note.signature[0].name;
    TRY(vote_read(&out->vote, bytes, error));
    enum status status = read_root(out, error);
    if (status != STATUS_DONE) vote_clear(&out->vote);
    return status;
}

enum status ballot_read(struct ballot *out, struct slice votes, struct error *error)
{
    *out = (struct ballot){.votes = 0};
    buffer_put(&out->text, votes);
    TRY(buffer_finish(&out->text, error));
    struct slice rest = buffer_slice(&out->text), note;
    while (rest.size > 0) {
        if (!note_next(&rest, &note) || out->votes == BALLOT_VOTES_MOST)
            return error_set(error, STATUS_REFUSED, "vote-form",
                             "Behind vote {0} stands what is no vote. A file of votes holds notes of truce witness "
                             "--vote, one behind the other, at most {1}.",
                             error_number((int64_t)out->votes).text, error_number(BALLOT_VOTES_MOST).text, NULL);
        TRY(read_vote(&out->vote[out->votes], note, error));
        out->votes++;
    }
    return STATUS_DONE;
}

/* ---- counting */

static bool same_key(const struct verifier *a, const struct verifier *b)
{
    return strcmp(a->name, b->name) == 0 && memcmp(&a->key, &b->key, sizeof a->key) == 0;
}

static bool is_aside(const struct ballot_vote *vote, const char *const *aside, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (slice_is(vote->name, aside[i])) return true;
    return false;
}

/* What a vote says is shown by its signatures; one by a witness that does not hold is no mistake to pass over. */
static enum status find_witness(struct ballot_vote *vote, const struct witness_policy *policy, struct error *error)
{
    vote->fate = BALLOT_STRANGER;
    for (size_t i = 0; policy != NULL && i < policy->witness_count; i++) {
        if (!slice_is(vote->name, policy->witness[i].key.name)) continue;
        vote->fate = BALLOT_COUNTS;
        return vote_check(&vote->vote, vote->note, &policy->witness[i].key, error);
    }
    return STATUS_DONE;
}

/* Of two votes of one witness the larger counts. */
static void drop_second(struct ballot *b, size_t at)
{
    for (size_t i = 0; i < at; i++) {
        struct ballot_vote *first = &b->vote[i], *second = &b->vote[at];
        if (first->fate != BALLOT_COUNTS || !slice_equal(first->name, second->name)) continue;
        (first->vote.size < second->vote.size ? first : second)->fate = BALLOT_TWICE;
        return;
    }
}

/* So many that (1) an honest one of them cosigned every head that a quorum ever cosigned, and (2) without them no
 * quorum is left for the old key: witnesses - votes + faults < quorum. */
static size_t votes_needed(const struct witness_policy *policy)
{
    if (policy == NULL || policy->quorum == 0) return 0;
    return (size_t)((int64_t)policy->witness_count + policy->faults + 1 - policy->quorum);
}

/* By the policy and the key that are in force after `size` entries; *largest is what the votes that count say. */
static enum status count_at(struct ballot *b, struct truce_register *copy, uint64_t size, const char *const *aside,
                            size_t aside_count, uint64_t *largest, struct error *error)
{
    struct members *members = NULL;
    TRY(register_members(copy, copy->index, size, &members, error));
    const struct verifier *key = members_log_key_at(members, size);
    const struct witness_policy *policy = members_witnessing(members);
    enum status status = STATUS_DONE;
    if (key != NULL) b->old_key = *key;
    b->needed = votes_needed(policy);
    b->counted = 0;
    *largest = 0;
    for (size_t i = 0; i < b->votes && status == STATUS_DONE; i++) {
        struct ballot_vote *vote = &b->vote[i];
        status = find_witness(vote, policy, error);
        if (vote->fate != BALLOT_COUNTS) continue;
        if (!same_key(&vote->vote.old_key, &b->old_key) || !same_key(&vote->vote.new_key, &b->new_key))
            vote->fate = BALLOT_OTHER;
        else if (is_aside(vote, aside, aside_count))
            vote->fate = BALLOT_ASIDE;
        else
            drop_second(b, i);
    }
    for (size_t i = 0; i < b->votes; i++) {
        if (b->vote[i].fate != BALLOT_COUNTS) continue;
        b->counted++;
        if (b->vote[i].vote.size > *largest) *largest = b->vote[i].vote.size;
    }
    members_close(&members);
    return status;
}

static enum status check_reach(const struct ballot *b, uint64_t size, struct error *error)
{
    for (size_t i = 0; i < b->votes; i++) {
        const struct ballot_vote *vote = &b->vote[i];
        if (vote->fate != BALLOT_COUNTS || vote->vote.size <= size) continue;
        return error_set(error, STATUS_REFUSED, "take-over-behind",
                         "\"{0}\" cosigned {1} entries of the log; this copy has {2}. Take over from a fuller copy. If "
                         "there is none, the vote can be left out on purpose (--set-aside {0}); then the entries that "
                         "only that witness saw are lost.",
                         error_slice(vote->name).text, error_number((int64_t)vote->vote.size).text,
                         error_number((int64_t)size).text, NULL);
    }
    return STATUS_DONE;
}

static enum status check_enough(const struct ballot *b, struct error *error)
{
    if (b->counted >= b->needed) return STATUS_DONE;
    return error_set(error, STATUS_REFUSED, "take-over-few",
                     "{0} votes count for this change of the log's key; {1} are needed, so that nothing that a quorum "
                     "has cosigned is lost and the old host finds no quorum any more.",
                     error_number((int64_t)b->counted).text, error_number((int64_t)b->needed).text, NULL);
}

/* Policy and key may be others at a smaller size: there the votes must be enough too. */
enum status ballot_count(struct ballot *b, struct truce_register *copy, uint64_t published, const char *const *aside,
                         size_t aside_count, struct error *error)
{
    uint64_t size = copy->seen, next = size, largest, none = published; /* none: where no vote says anything */
    do {
        b->base = next;
        TRY(count_at(b, copy, b->base, aside, aside_count, &largest, error));
        TRY(check_reach(b, size, error));
        TRY(check_enough(b, error));
        next = largest > 0 ? largest : none;
        none = next;
    } while (next < b->base);
    b->base = next;
    return STATUS_DONE;
}
