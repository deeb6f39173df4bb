/* An agreement as somebody wrote it down, checked before it is signed: every fault, and warnings of what can be read
 * and was hardly meant. Warnings refuse nothing. */
#ifndef TRUCE_TERMS_DRAFT_H
#define TRUCE_TERMS_DRAFT_H

#include "terms/terms.h"

/* A walk over a hostile text ends soon: the faults after these are counted, and neither told nor given a suggestion. */
enum { FAULTS_TOLD_MOST = 200 };

/* Its own object, then the parts that are at hand. */
struct draft {
    const struct json *const *sources;
    const char *const *bases; /* the JSON pointer to each */
    size_t count;
    bool whole;                /* no part is missing */
    const struct json *beside; /* a list of records that stand with it, or NULL: parties that they enrol are known */
};

/* At most FAULTS_TOLD_MOST faults, and as many warnings. `faults` counts all faults. Codes term-… and check-…. */
MUST_USE enum status draft_check(const struct draft *draft, terms_fault *fault, terms_fault *warning, void *context,
                                 size_t *faults, struct error *error);

#endif
