/* A pouch packed from a register, and one opened into it. */
#ifndef TRUCE_PEER_POUCH_H
#define TRUCE_PEER_POUCH_H

#include "json/write.h"
#include "peer/pouch_file.h"
#include "register/register.h"

/* What a pouch held, or holds. */
struct pouch_counts {
    uint64_t heads, notes, proofs, entries, evidence, sealed, arrivals;
};
static inline void pouch_put_count(struct json_writer *w, const char *name, uint64_t count)
{
    json_put_key(w, name), json_put_integer(w, (int64_t)count);
}

/* ---- a full copy extended (pouch_copy.c) */

/* What becomes known on the way, as it is told. */
typedef enum status pouch_fault(void *context, const char *what, const struct error *fault, struct error *error);
struct pouch_extending {
    struct truce_register *reg; /* of the copy, open to read; it sees what came when this returns */
    const char *path;
    pouch_fault *fault;
    void *context;
    uint64_t taken, voids,
        forks; /* out: entries taken, those of them that nobody could admit, heads of other histories */
};
/* What the pouch's entries continue, up to a head that it brings: all of that is authenticated before any of it is
 * appended; then judged, and published under that head. Without any such, nothing happens. */
MUST_USE enum status pouch_extend(struct pouch_extending *extending, struct error *error);

/* The chains of the authors in a pouch: which of their records are neither here nor in it. */
struct chains;
struct chains_gap {
    struct slice by;
    uint32_t key_id;
    int64_t from, to; /* seq, both missing, with all between */
};
MUST_USE enum status chains_open(struct chains **out, struct error *error);
void chains_close(struct chains **chains);
/* A record of the pouch; `reg` is asked for the author's head when the chain is met first, before anything is admitted.
 */
bool chains_know(const struct chains *chains, const struct record_place *record);
MUST_USE enum status chains_add(struct chains *chains, struct truce_register *reg, const struct record_place *record,
                                struct error *error);
typedef enum status chains_visit(void *context, const struct chains_gap *gap, struct error *error);
MUST_USE enum status chains_gaps(struct chains *chains, chains_visit *visit, void *context, struct error *error);

#endif
