/* What a record may be about: one rule for admission (the target is in the log) and effect (it came later). Not for
 * other rooms. */
#ifndef TRUCE_RECORD_TARGET_H
#define TRUCE_RECORD_TARGET_H

#include "record/record.h"

enum target_fault {
    TARGET_FITS,
    TARGET_WRONG_KIND,
    TARGET_NOT_ADDRESSED, /* the target was not addressed to the author, nor is the author a named alternate */
    TARGET_NOT_OWN        /* the target is another's */
};

/* The one field by which this kind names a record without which it means nothing ("of", "agreement"), or NULL. */
const char *target_field(const struct record_kind *kind);

/* May `by` say a record of this kind about `target`? */
enum target_fault target_judge(const struct record_kind *kind, struct slice by, const struct record *target);

#endif
