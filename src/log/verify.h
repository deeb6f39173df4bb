/* What the files of log_verify share. */
#ifndef TRUCE_LOG_VERIFY_H
#define TRUCE_LOG_VERIFY_H

#include "log/internal.h"

enum { VERIFY_FAULTS_MOST = 10000, VERIFY_THREADS_MOST = 256 };

struct journal_pass; /* verify_journal.c */
struct bad_tile {
    unsigned level;
    uint64_t n;
};
struct verify {
    const struct system *system;
    const char *directory;
    char journal_path[LOG_PATH_SIZE], checkpoint_path[LOG_PATH_SIZE];
    char origin[LIMIT_ORIGIN_BYTES + 1]; /* of the log that this one follows, or "" */
    const struct verifier *key;
    unsigned threads;
    uint64_t published; /* what the tiles must cover */
    unsigned level;     /* that verify_tiles is at */

    pthread_mutex_t mutex; /* guards what follows */
    struct buffer faults;  /* of struct error */
    size_t fault_count;
    struct buffer bad; /* of struct bad_tile: what was found at fault, so that its neighbours are not blamed */
    struct journal_pass *journal;
    enum status trouble; /* STATUS_FAILED stops all: the disk, not the log */
    struct error trouble_error;
};

/* A fault: sentence with {0} = path, {1} = argument. Always STATUS_DONE: verifying goes on. */
enum status verify_fault(struct verify *v, const char *code, const char *sentence, const char *path,
                         const char *argument, int64_t offset);
MUST_USE bool verify_blame(struct verify *v, unsigned level, uint64_t n); /* false if it was before */
MUST_USE bool verify_blamed(struct verify *v, unsigned level, uint64_t n);

/* one(v, worker, i) for every i below count, on all threads; stops at trouble. `worker` is of worker_size bytes, zeroed
 * at first, one for each thread, and given to clear at the end. */
typedef enum status verify_one(struct verify *v, void *worker, uint64_t i, struct error *error);
MUST_USE enum status verify_all(struct verify *v, uint64_t count, verify_one *one, size_t worker_size,
                                void (*clear)(void *worker), struct error *error);

/* A tile that may be missing or short: *good tells, and a fault was said if not and `say`. */
MUST_USE enum status verify_tile(struct verify *v, unsigned level, uint64_t n, unsigned width, struct hash *out,
                                 bool say, bool *good, struct error *error);

MUST_USE enum status verify_journal(struct verify *v, uint64_t *size, struct error *error);
MUST_USE enum status verify_journal_size(struct verify *v, uint64_t *size, struct error *error);
MUST_USE enum status verify_tiles(struct verify *v, struct error *error);
MUST_USE enum status verify_names(struct verify *v, struct error *error);

#endif
