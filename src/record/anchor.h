/* An anchor: a checkpoint of the past with its signature lines, told to the log itself. */
#ifndef TRUCE_RECORD_ANCHOR_H
#define TRUCE_RECORD_ANCHOR_H

#include "record/admission.h"

/* Is it a checkpoint of this log, signed by the log's key of then? And does every line hold that a witness or mirror in
 * force is named by? Lines of others are passed over. */
MUST_USE enum status anchor_check(const struct members *members, const struct record *record,
                                  const struct admission_log *log, struct error *error);

/* The checkpoint that it tells of, as the signed note that it was. */
MUST_USE enum status anchor_note(struct buffer *out, struct slice origin, const struct json *body, struct error *error);

/* Who cosigned an admitted anchor, and when by their own clock. */
struct anchor_lines {
    uint64_t size;
    size_t witnesses;              /* how many of those in force */
    int64_t time[LIMIT_WITNESSES]; /* theirs, latest first */
    size_t mirrors;
    struct anchor_mirror {
        struct slice party; /* whose mirror; {NULL,0}: nobody's */
        int64_t time;
    } mirror[LIMIT_WITNESSES];
};
MUST_USE enum status anchor_read(struct anchor_lines *out, const struct witness_policy *policy, struct slice origin,
                                 const struct json *body, struct error *error);

#endif
