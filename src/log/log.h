/* The log: an append-only file of opaque entries, their RFC 6962 tree, and what others read of it: C2SP tiles and
 * checkpoints. spec/log.md gives the formats and the invariants by number. */
#ifndef TRUCE_LOG_LOG_H
#define TRUCE_LOG_LOG_H

#include "base/buffer.h"
#include "crypto/note.h"
#include "system/system.h"

struct log;

enum log_mode {
    LOG_READ,  /* takes no lock, repairs nothing; sees what was durable when it was opened or refreshed */
    LOG_WRITE, /* takes the lock, cuts off a tail that was never acknowledged, completes the tiles */
    LOG_FOLLOW /* the same for a log that follows another's: it signs nothing, and publishes what was signed there */
};

/* A new, empty log in `directory` (made if absent). */
MUST_USE enum status log_create(const struct system *system, const char *directory, struct error *error);

/* The same for a log that will follow the one of this origin: its file "following" says so. May be called again where
 * it was cut short, or where such a log is already. */
MUST_USE enum status log_create_following(const struct system *system, const char *directory, struct slice origin,
                                          struct error *error);

/* The origin of the log that the one in `directory` follows; "" if it follows none, or is not there. */
MUST_USE enum status log_followed(const struct system *system, const char *directory,
                                  char origin[LIMIT_ORIGIN_BYTES + 1], struct error *error);

/* `signer` is the log's key: its name is the origin. For LOG_READ only its verifier is used, if it is not NULL; for
 * LOG_FOLLOW there is none. A log is followed or written, never both: log-follows, log-follows-not. */
MUST_USE enum status log_open(struct log **out, const struct system *system, const char *directory, enum log_mode mode,
                              const struct signer *signer, struct error *error);
/* A reader sees what has become durable since; what it saw of the published log must still be there (log-damaged). */
MUST_USE enum status log_refresh(struct log *log, struct error *error);

void log_close(struct log **log); /* publishes first if it is open for writing and sound; see log_publish for errors */

/* From this size on another key signs (of the same name), or with NULL none: said before anything of that size is
 * appended. log_sign_as_before takes the last one back. */
MUST_USE enum status log_sign_from(struct log *log, uint64_t size, const struct signer *signer, struct error *error);
void log_sign_as_before(struct log *log);
/* The key that signs checkpoints of that size, and what is said about entry size - 1; NULL if there is none. It stays
 * where it is until the log is closed. */
const struct signer *log_signer(const struct log *log, uint64_t size);

uint64_t log_size(const struct log *log);
uint64_t log_published(const struct log *log); /* size of the checkpoint that readers see */

/* Appends a group: one sequential write, one fdatasync; on return all are durable. *first is the first's index.
 * After a failed write or sync the log is closed to writing (log-closed) until it is opened anew. Not for two threads
 * at once; reading functions may run beside it. */
MUST_USE enum status log_append(struct log *log, const struct slice *entries, size_t count, uint64_t *first,
                                struct error *error);

/* Signs the present size and root; not below any size signed before. The note is appended to `out`. */
MUST_USE enum status log_checkpoint(struct log *log, struct buffer *out, struct error *error);

/* Writes the tiles that the log as it is now fills, so that publishing has less left to do; nothing is published by it.
 * For the thread that publishes. */
MUST_USE enum status log_fill_tiles(struct log *log, struct error *error);
/* Makes tiles and partial tiles durable, then the checkpoint file that covers them. Not for two threads at once; one
 * may append beside it. A log that follows has nothing to say by itself: done. */
MUST_USE enum status log_publish(struct log *log, struct error *error);
/* The same by a checkpoint that was signed elsewhere, for a log that follows: `key` signed it, and its size and root
 * are the log's now (log-signature, log-origin, log-not-ours). Nothing is written if it was published before. */
MUST_USE enum status log_publish_signed(struct log *log, struct slice note, const struct verifier *key,
                                        struct error *error);

/* The bytes of an entry, appended to `out`; of many in order, by callback (non-zero return stops). */
MUST_USE enum status log_read(struct log *log, uint64_t index, struct buffer *out, struct error *error);
typedef enum status log_visit(void *context, uint64_t index, struct slice entry, struct error *error);
MUST_USE enum status log_walk(struct log *log, uint64_t from, uint64_t to, log_visit *visit, void *context,
                              struct error *error);

MUST_USE enum status log_root(struct log *log, uint64_t size, struct hash *out, struct error *error);
MUST_USE enum status log_leaf(struct log *log, uint64_t index, struct hash *out, struct error *error);
struct tree_edge;
void log_edge(struct log *log, struct tree_edge *out); /* of the tree as it is: what follows can be tried on it */

enum { LOG_PROOF_MOST = 64 };
struct log_proof {
    size_t count;
    struct hash hash[LOG_PROOF_MOST];
};
MUST_USE enum status log_prove_inclusion(struct log *log, uint64_t index, uint64_t size, struct log_proof *out,
                                         struct error *error);
MUST_USE enum status log_prove_consistency(struct log *log, uint64_t from, uint64_t to, struct log_proof *out,
                                           struct error *error);

/* The path of tile n of a level, relative to the log: of its first `width` hashes, 256 for a full one; of a bundle of
 * entries where the level is LOG_ENTRIES. */
enum { LOG_ENTRIES = -1, LOG_TILE_WIDTH = 256, LOG_TILE_PATH_SIZE = 64 };
enum { LOG_BUNDLE_BYTES_MOST = LOG_TILE_WIDTH * (2 + LIMIT_ENTRY_BYTES) };
void log_tile_path(char out[LOG_TILE_PATH_SIZE], int level, uint64_t n, unsigned width);

/* A tile or bundle of the published log by its path, appended: tile/<L>/<N>[.p/<W>], tile/entries/<N>[.p/<W>], in its
 * one spelling (tile-path). A narrower one than is kept is the beginning of that. tile-absent beyond what is published.
 */
MUST_USE enum status log_tile(struct log *log, struct slice path, struct buffer *out, struct error *error);

/* Re-reads everything and compares: journal, tree, tiles, bundles, checkpoint. Each fault is given to `fault` with its
 * place; STATUS_UNVERIFIED if there was any. A tail that was never acknowledged is no fault. `threads` ≥ 1. */
typedef void log_fault(void *context, const struct error *fault);
MUST_USE enum status log_verify(const struct system *system, const char *directory, const struct verifier *key,
                                unsigned threads, log_fault *fault, void *context, struct error *error);

#endif
