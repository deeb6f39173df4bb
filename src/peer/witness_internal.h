/* What the witness's files share. */
#ifndef TRUCE_PEER_WITNESS_INTERNAL_H
#define TRUCE_PEER_WITNESS_INTERNAL_H

#include "log/checkpoint.h"
#include "log/tree.h"
#include "peer/witness.h"
#include "base/arena.h"
#include "base/table.h"
#include "system/latch.h"

#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>

enum { WITNESS_PATH_SIZE = 4096 };

/* A checkpoint that was cosigned, and when. The cosignature itself is not kept: Ed25519 gives the same one again. */
struct seen {
    uint64_t size;
    struct hash root;
    int64_t time_s;     /* 0: there is none yet, and size and root are those of the empty tree */
    struct buffer note; /* its text, an empty line, and those signature lines that were checked; not ours */
};
void seen_clear(struct seen *head);

struct witness_log {
    char origin[LIMIT_ORIGIN_BYTES + 1];
    struct hash name; /* SHA-256 of the origin */
    struct verifier *keys;
    size_t key_count; /* 0: known from the state alone, no longer trusted */
    struct seen head; /* durable */
    bool stopped;     /* we signed two roots for one size: never again */
    bool spoken_of;   /* by a peer, since the start */
    /* What the group at hand makes of it; who leads sees that, nobody else. */
    struct seen next;
    bool touched, stops;
};

/* ---- witness_logs.c: whom it trusts */

struct trusted {
    struct witness_log *logs;
    size_t count, room;
    struct table by_name;       /* of SHA-256 of the origin */
    struct verifier *cosigners; /* whose lines are kept beside ours */
    size_t cosigner_count;
};
MUST_USE enum status trusted_read(struct trusted *out, struct slice text, struct error *error);
void trusted_clear(struct trusted *trusted);
struct witness_log *trusted_find(const struct trusted *trusted, struct slice origin);
struct witness_log *trusted_find_hash(const struct trusted *trusted, const struct hash *name);
/* The log of this origin, made without a key if it is not there. */
MUST_USE enum status trusted_log(struct trusted *trusted, struct slice origin, struct witness_log **out,
                                 struct error *error);

/* ---- witness_body.c: what is asked */

struct witness_request {
    enum witness_asks {
        WITNESS_ADDS,  /* a checkpoint to be cosigned */
        WITNESS_HEARS, /* one that a peer has */
        WITNESS_LIVES  /* nothing: the state is in use */
    } asks;
    struct witness_log *log;
    uint64_t old;
    struct log_proof proof;
    struct slice text;            /* of the checkpoint */
    struct checkpoint checkpoint; /* borrows from it */
    struct seen head;             /* what the state is to hold */
    size_t peer;
    bool ours; /* the peer's bears our cosignature, of head.time_s */

    /* what became of it */
    bool granted;
    int64_t time_s; /* that it is cosigned with */
    uint64_t recorded;
    struct seen rival;       /* what the state held, where that contradicts it */
    bool tells_root;         /* … the proof's root at the state's size: */
    struct hash root_before; /* */
    struct error error;      /* if not granted */

    struct witness_request *next;
};
void witness_request_clear(struct witness_request *request);

struct body_parts {
    uint64_t old;
    struct log_proof proof;
    struct slice note;
};
MUST_USE enum status witness_body_parse(struct body_parts *out, struct slice body, struct error *error);
/* A whole request: parsed, of a log that is trusted, and signed by one of its keys. */
MUST_USE enum status witness_request_read(struct witness_request *out, const struct trusted *trusted, struct slice body,
                                          struct error *error);
/* The same of what a peer has, with our own cosignature looked for. */
MUST_USE enum status witness_request_hear(struct witness_request *out, const struct trusted *trusted,
                                          const struct verifier *own, struct slice note, struct error *error);

/* ---- witness_judge.c: decides on one, against what the group left of the log's state before it */

void witness_request_decide(struct witness *witness, struct witness_request *request);

/* ---- witness_state.c: the file */

struct state_file {
    const struct system *system;
    char directory[WITNESS_PATH_SIZE], path[WITNESS_PATH_SIZE];
    int file; /* -1: none */
    off_t end;
    uint64_t frame;   /* number of the next */
    off_t compact_at; /* where it is written anew */
    int64_t alive_ms; /* when it was last in use; 0: never */
    int64_t override_ms;
    bool closed; /* after a failed sync nothing more is written until it is opened anew */
};
/* Reads the file into `trusted`; there may be none. Changes nothing. */
MUST_USE enum status state_read(struct state_file *state, struct trusted *trusted, const struct verifier *key,
                                struct error *error);
/* Writes the whole state anew. */
MUST_USE enum status state_replace(struct state_file *state, const struct trusted *trusted, const struct verifier *key,
                                   struct error *error);
/* One write and one sync for what the group touched. */
MUST_USE enum status state_append(struct state_file *state, const struct trusted *trusted, const struct verifier *key,
                                  struct error *error);
MUST_USE enum status state_closed(struct error *error);
void state_close(struct state_file *state);

/* ---- witness_evidence.c */

/* Keeps a fork as a file of DIRECTORY/peers/evidence, unless there are too many. */
void fork_keep(struct witness *witness, const struct witness_request *request);
MUST_USE enum status fork_count(struct witness *witness, struct error *error);

/* ---- witness.c */

struct witness_group;
struct witness {
    const struct system *system;
    struct signer key;
    struct trusted trusted;
    struct state_file state;
    int lock;
    size_t peers;
    bool heard[WITNESS_PEERS_MOST]; /* guarded by `heads`, as is what follows from it */
    size_t heard_count;
    bool forced; /* by --override or --alone */
    bool closed; /* as the state is; guarded by `heads` */

    pthread_mutex_t mutex; /* guards the queue */
    struct witness_group *first, *last;
    bool led;
    pthread_mutex_t heads; /* who leads changes what is durable, others read it */

    pthread_mutex_t evidence; /* guards the count */
    char evidence_directory[WITNESS_PATH_SIZE];
    size_t evidence_files;
};

/* ---- witness_group.c */

/* Waits for its turn, leads or is led: on return the request is granted and durable, or refused, or has failed. */
MUST_USE enum status witness_request_pass(struct witness *witness, struct witness_request *mine, struct error *error);
/* May anything be cosigned, of this log? */
bool witness_sure(const struct witness *witness);
bool witness_signs(const struct witness *witness, const struct witness_log *log);

#endif
