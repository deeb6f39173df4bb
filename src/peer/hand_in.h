/* Records handed in at a mirror: stamped, kept, handed on to the host, again and again until they are in its log or
 * were refused with its signature. */
#ifndef TRUCE_PEER_HAND_IN_H
#define TRUCE_PEER_HAND_IN_H

#include "peer/source.h"
#include "register/arrivals.h"
#include "register/mirrored.h"
#include <pthread.h>

struct hand_in {
    const struct system *system;
    struct source *source;
    const struct signer *key;
    char origin[LIMIT_ORIGIN_BYTES + 1];
    pthread_mutex_t mutex; /* guards what follows */
    struct arrivals arrivals;
    struct verifier log_key; /* the host's now */
    size_t settled;          /* arrivals below this one are settled */
};

MUST_USE enum status hand_in_open(struct hand_in *out, const struct system *system, const char *directory,
                                  struct source *source, const struct signer *key, const struct verifier *log_key,
                                  struct error *error);
void hand_in_close(struct hand_in *hand_in);
void hand_in_key(struct hand_in *hand_in, const struct verifier *log_key); /* it may change */

/* What truce_submit does at a mirror: a line for each note, in order: the host's receipt or refusal as it came, or
 * {"arrival":NOTE,"id"} where the host did not answer. From any thread. */
MUST_USE enum status hand_in_take(struct hand_in *hand_in, struct slice notes, truce_line *line, void *context,
                                  struct error *error);

/* Hands on once more what is neither in the log nor refused; `in_log` tells the first. One thread at a time. */
typedef bool hand_in_found(void *context, const struct record_id *id);
MUST_USE enum status hand_in_again(struct hand_in *hand_in, hand_in_found *in_log, void *context, struct error *error);

#endif
