/* What the files of the mirror share. */
#ifndef TRUCE_PEER_MIRROR_H
#define TRUCE_PEER_MIRROR_H

#include "peer/copy.h"
#include "peer/hand_in.h"
#include "register/mirrored.h"
#include <pthread.h>

struct truce_mirror {
    const struct system *system;
    struct truce_mirror_options options;
    const struct truce_key *key;
    const char *where;
    struct source *source;
    struct truce_register *reg;
    struct copy copy;
    struct verifier first_key; /* the genesis's; its name is "" before one was seen */
    struct mirror_cosigned {
        bool there;
        uint64_t size;
        struct hash root;
        int64_t at_s;
    } cosigned;                /* the last head that was cosigned … */
    struct buffer cosignature; /* … with its signatures */
    bool brought;
    bool stamps; /* it has a key: what is handed in is stamped */
    struct hand_in hand_in;
    struct truce_register *reader; /* beside the register: where the index is asked */
    struct mirror_judging {
        pthread_t thread;
        pthread_mutex_t mutex; /* guards what follows */
        pthread_cond_t grown;
        bool on, last; /* no more will come */
        enum status status;
        struct error error;
    } judging;
    struct error ended; /* why it follows no more; status DONE while it does */

    pthread_mutex_t mutex; /* guards what follows */
    pthread_cond_t wake;
    bool stopping;
};

MUST_USE enum status mirror_open(struct truce_mirror **out, const struct system *system,
                                 const struct truce_mirror_options *options, struct error *error);
MUST_USE enum status mirror_catch_up(struct truce_mirror *mirror, struct error *error);
void mirror_close(struct truce_mirror **mirror);

#endif
