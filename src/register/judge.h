/* Admission as the register runs it: lookups answered from index and log, signatures checked on all cores. */
#ifndef TRUCE_REGISTER_JUDGE_H
#define TRUCE_REGISTER_JUDGE_H

#include "register/recent.h"
#include "register/register.h"

/* A record waiting for its signature to be checked under the key that it must bear, if that is known yet. */
struct signature_job {
    const struct record *record;
    struct verifier key;
    bool known, holds; /* known: there is such a key */
};
/* Checks all on up to `threads` threads (0: all cores). */
void signatures_check(struct signature_job *jobs, size_t count, unsigned threads);

struct judge {
    struct truce_register *reg;
    struct index *index;            /* has applied every entry below base + grouped, or those that `recent` has not */
    struct recent *recent;          /* or NULL */
    struct members *members;        /* as of base + grouped */
    const struct record_id *absent; /* known not to be in the log, or NULL */
    uint64_t base; /* entries from here on are not in the log yet, or not read again: they stand in group */
    const struct record **group;
    size_t grouped;
    uint64_t (*count_day)(void *context, struct slice by, int64_t day, struct error *error); /* NULL: the index's */
    void *context;
    struct buffer entry; /* what a lookup read, and where it was decoded */
    struct arena arena;
    struct record found;
    struct error trouble; /* a lookup that failed for the machine's reasons; status DONE if none did */
};
void judge_open(struct judge *judge, struct truce_register *reg, struct index *index, struct members *members,
                uint64_t base, const struct record **group);
void judge_close(struct judge *judge);

/* Is `record` admissible behind base + grouped entries? STATUS_REFUSED with the reason, or the machine's failure. */
MUST_USE enum status judge_one(struct judge *judge, const struct record *record, int64_t received_ms,
                               const struct signature_job *job, struct error *error);

/* The entry of that id that is not void; *found tells. */
MUST_USE enum status judge_find(struct judge *judge, const struct record_id *id, bool *found, uint64_t *entry,
                                struct error *error);

/* The same by any log: what was found of the signature counts if its key is still the one to use. */
MUST_USE enum status judge_by(const struct members *members, const struct record *record, int64_t received_ms,
                              const struct signature_job *job, const struct admission_log *log, struct error *error);

/* Why an entry that is void is: the refusal, or what is wrong with its bytes; void.c. The code is "" if there is none.
 */
MUST_USE enum status void_reason(struct truce_register *reg, uint64_t index, struct error *why, struct error *error);

/* Gives each job the key that members know for it now. */
void judge_keys(const struct members *members, struct signature_job *jobs, size_t count);
/* The same, then checks all signatures. */
void judge_signatures(const struct members *members, struct signature_job *jobs, size_t count, unsigned threads);

#endif
