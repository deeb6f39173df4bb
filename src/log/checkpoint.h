/* What the log key signs besides tiles, and what a receipt carries: C2SP tlog-checkpoint and tlog-proof, truce's
 * promises and refusals. Text in, text out. */
#ifndef TRUCE_LOG_CHECKPOINT_H
#define TRUCE_LOG_CHECKPOINT_H

#include "base/buffer.h"
#include "crypto/note.h"
#include "log/log.h"

struct checkpoint {
    struct slice origin;
    uint64_t size;
    struct hash root;
};
MUST_USE enum status checkpoint_parse(struct checkpoint *out, struct slice note_text, struct error *error);
void checkpoint_format(struct buffer *out, const struct checkpoint *checkpoint);

/* "c2sp.org/tlog-proof@v1\nindex N\nhashes…\n\n" + checkpoint note */
void proof_format(struct buffer *out, uint64_t index, const struct log_proof *proof, struct slice checkpoint_note);
MUST_USE enum status proof_parse(uint64_t *index, struct log_proof *proof, struct slice *checkpoint_note,
                                 struct slice text, struct error *error);

/* ORIGIN/promise/v1\nindex N\nleaf b64\nreceived MS\nmerge-by MS\n, signed by the log key */
struct promise {
    struct slice origin;
    uint64_t index;
    struct hash leaf;
    int64_t received_ms, merge_by_ms;
};
MUST_USE enum status promise_sign(struct buffer *out, const struct promise *promise, const struct signer *log_key,
                                  struct error *error);
MUST_USE enum status promise_parse(struct promise *out, struct slice note_text, struct error *error);

/* ORIGIN/refusal/v1\nsubmitted b64(sha256)\ncode C\npointer P\nat MS\n: refusing leaves a trace */
struct refusal {
    struct slice origin, code, pointer;
    struct hash submitted;
    int64_t at_ms;
};
MUST_USE enum status refusal_sign(struct buffer *out, const struct refusal *refusal, const struct signer *log_key,
                                  struct error *error);
MUST_USE enum status refusal_parse(struct refusal *out, struct slice note_text, struct error *error);

#endif
