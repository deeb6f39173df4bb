/* Asking a witness: a log's side of C2SP tlog-witness. What the witness has seen last is remembered, and where that was
 * wrong, it says so itself; so a request whose answer was lost does no harm. */
#ifndef TRUCE_PEER_COSIGN_H
#define TRUCE_PEER_COSIGN_H

#include "base/buffer.h"
#include "crypto/note.h"
#include "log/log.h"

struct cosign_witness {
    const char *url; /* the submission prefix: "/add-checkpoint" is put behind it */
    struct verifier key;
    uint64_t old;                      /* the size that it saw last, as far as is known; 0 at first */
    const char *certificate_authority; /* PEM file, or NULL: the system's */
    unsigned total_s;                  /* how long one request may take; 0: 10 */
};

/* Proves that the tree of `to` entries grew out of that of `from`; 0 < from < to. */
typedef enum status cosign_prove(void *context, uint64_t from, uint64_t to, struct log_proof *out, struct error *error);

/* Hands the log's checkpoint (a signed note) to a witness. Its cosignature, which holds, is appended to `line` as a
 * signature line with its newline; *time is when it was made. cosign-ahead: the witness has cosigned a larger tree of
 * this log, *seen entries; then this checkpoint is an old one, or the log lost what it had. cosign-refused: with the
 * status and what the witness said. cosign-bad: what it gave does not hold, or is not its own. Else http-… codes: the
 * witness may have stored the checkpoint, and the next call finds out. */
struct cosigned {
    struct buffer *line;
    int64_t time;
    uint64_t seen;
};
MUST_USE enum status cosign_ask(struct cosign_witness *witness, struct slice checkpoint_note, cosign_prove *prove,
                                void *context, struct cosigned *out, struct error *error);

#endif
