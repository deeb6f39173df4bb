/* What a record may be about: one rule for admission (the target is in the log) and effect (it came later). Not for
 * other rooms. */
#ifndef TRUCE_RECORD_TARGET_H
#define TRUCE_RECORD_TARGET_H

#include "record/record.h"

enum target_fault {
    TARGET_FITS,
    TARGET_WRONG_KIND,
    TARGET_NOT_ADDRESSED, /* the target was not addressed to the author, nor is the author a named alternate */
    TARGET_NOT_OWN,       /* the target is another's */
    TARGET_NOT_SEALED     /* a reveal of what the target did not seal there */
};

/* The one field by which this kind names a record without which it means nothing ("of", "agreement"), or NULL. */
const char *target_field(const struct record_kind *kind);

/* May `by` say a record of this kind about `target`? `body` is asked of a reveal alone. */
enum target_fault target_judge(const struct record_kind *kind, struct slice by, const struct json *body,
                               const struct record *target);

/* A kind whose fitting depends on what it says, so that its body is kept while its target has not arrived. */
bool target_asks_body(const struct record_kind *kind);

#endif
