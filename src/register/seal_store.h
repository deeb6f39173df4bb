/* The ciphers of sealed values, one file each in sealed/ beside the log, under the hash that records name them by. A
 * file only gains boxes; erased, it leaves a mark by which it is not taken in again. Any process may come and go.
 *
 *     sealed/HEX           a cipher with its boxes (spec/sealed.md)
 *     sealed/HEX.erased    it was erased here
 *     sealed/HEX.new       half of a change that was interrupted; worth nothing
 *     sealed/waiting/HEX   came before the record that names it
 *     sealed/lock          held while something is changed
 *
 * S1  What was put is durable when the call returns.
 * S2  Old bytes are overwritten and synced before they are given back to the disk: also where boxes were added.
 * S3  The mark is durable before anything is destroyed: what is half erased is erased by the next call. */
#ifndef TRUCE_REGISTER_SEAL_STORE_H
#define TRUCE_REGISTER_SEAL_STORE_H

#include "crypto/seal.h"
#include "system/system.h"

struct seal_store {
    const struct system *system;
    const char *directory; /* the register's */
};

enum seal_state { SEAL_ABSENT, SEAL_HERE, SEAL_WAITING, SEAL_ERASED };

/* The file's bytes, checked against the hash; `file` is filled for SEAL_HERE and SEAL_WAITING alone. seal-file,
 * seal-damaged. */
MUST_USE enum status seal_store_get(const struct seal_store *store, const struct hash *cipher, struct buffer *file,
                                    enum seal_state *state, struct error *error);

/* One file; boxes are added to those that are there. `named`: a record in the log names it, or our own hand is about
 * to; else it waits, and there is room for few (seal-waiting). seal-erased. *changed: not all of it was there. */
MUST_USE enum status seal_store_put(const struct seal_store *store, const struct seal_file *file, bool named,
                                    bool *changed, struct error *error);

/* Overwrites, syncs and removes it, whatever became of it before; *was: something was there. */
MUST_USE enum status seal_store_erase(const struct seal_store *store, const struct hash *cipher, bool *was,
                                      struct error *error);

/* The hashes of what is here, waiting or erased, each as often as it has files; in no order. */
typedef enum status seal_visit(void *context, const struct hash *cipher, enum seal_state state, struct error *error);
MUST_USE enum status seal_store_list(const struct seal_store *store, seal_visit *visit, void *context,
                                     struct error *error);

/* What verify asks of a name below the register: does it belong, and are its bytes good? Says seal-damaged. */
MUST_USE enum status seal_store_check(const struct seal_store *store, struct slice name, bool *belongs,
                                      struct error *error);

#endif
