/* A witness: remembers the newest checkpoint of each log that it trusts, and cosigns one only if it follows from that
 * (C2SP tlog-witness). Its memory and its judgement, without any wire; spec/witness.md gives statuses and formats.
 *
 * W1  No cosignature is made before the state that owes it is durable.
 * W2  For one log, sizes and times never go back, and one size never gets two roots.
 * W3  Requests for one log are compare-and-store, however many threads bring them.
 * W4  After each start nothing is cosigned until the peers, or an operator, said that nothing newer is known. */
#ifndef TRUCE_PEER_WITNESS_H
#define TRUCE_PEER_WITNESS_H

#include "base/buffer.h"
#include "crypto/note.h"
#include "system/system.h"

enum {
    WITNESS_BODY_MOST = 128 * 1024, /* sixteen signatures, were they all of ML-DSA-44, and a proof */
    WITNESS_PROOF_LINES = 63,
    WITNESS_LOGS_MOST = 4096,
    WITNESS_KEYS_MOST = 15, /* of one log: beside our own line all of theirs fit into a note */
    WITNESS_PEERS_MOST = 64,
    WITNESS_EVIDENCE_MOST = 64, /* files */
    WITNESS_ALONE_S = 3600,
    WITNESS_ALIVE_S = 60
};

struct witness;

struct witness_options {
    const struct system *system;
    const char *directory;    /* made if absent; locked while open */
    const struct signer *key; /* of algorithm 04 */
    struct slice logs;        /* lines "log VKEY [URL]" and "witness NAME VKEY [URL]", as C2SP tlog-policy has them */
    size_t peers;             /* so many are asked after each start (witness_hear) */
    bool override;            /* an operator says that the state is the newest: written down with its time */
    bool alone;               /* nobody can confirm: enough where the state was alive within WITNESS_ALONE_S */
};
MUST_USE enum status witness_open(struct witness **out, const struct witness_options *options, struct error *error);
void witness_close(struct witness **witness); /* no thread may be in it any longer */

/* What HTTP is to say. */
struct witness_answer {
    unsigned status;
    unsigned retry_s; /* Retry-After, if not 0 */
    const char *type;
    struct buffer body;
};
/* The body of an add-checkpoint request. For many threads at once: those that wait become durable together. */
void witness_judge(struct witness *witness, struct slice body, struct witness_answer *answer);
/* The newest cosigned checkpoint of the log whose origin has this SHA-256 (64 hex). */
void witness_show(struct witness *witness, struct slice origin_hash, struct witness_answer *answer);

/* What peer number `peer` has: a checkpoint as it serves it. A cosignature of ours that is newer than the state is
 * taken into it. witness-peer if it is no checkpoint of a log that is trusted. */
MUST_USE enum status witness_hear(struct witness *witness, size_t peer, struct slice note, struct error *error);
/* Notes in the state, once in WITNESS_ALIVE_S, that it is the one in use. */
MUST_USE enum status witness_alive(struct witness *witness, struct error *error);

/* Votes for a change of host: durably promises never to cosign `old_key` of the log again, and says what was cosigned
 * last, as a note (log/vote.h) that is appended. The same vote again is the same vote; another is refused
 * (witness-voted). It waits for nobody: witness-unconfirmed where the state is not known to be the newest. */
MUST_USE enum status witness_vote(struct witness *witness, const struct verifier *old_key,
                                  const struct verifier *new_key, struct buffer *out, struct error *error);

/* Did peer number `peer` say something since the start? */
bool witness_heard(struct witness *witness, size_t peer);
/* {"closed","evidence","heard","logs":[{"cosigned","origin","root","signs","size","stopped"}],"override","peers","sure",
 * "witness"} */
MUST_USE enum status witness_about(struct witness *witness, struct buffer *out, struct error *error);

/* Asks peers at their addresses, in a thread of its own, until each has answered, and keeps the state alive. */
struct witness_minder;
MUST_USE enum status witness_minder_start(struct witness_minder **out, struct witness *witness, const char *const *urls,
                                          size_t count, const char *certificate_authority, struct error *error);
void witness_minder_stop(struct witness_minder **minder);

#endif
