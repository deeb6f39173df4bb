/* Frames: a file that only grows, each piece with its number and digest, so that what was never acknowledged can be
 * told from what was damaged. A witness's state is one (spec/witness.md). */
#ifndef TRUCE_LOG_FRAMES_H
#define TRUCE_LOG_FRAMES_H

#include "base/buffer.h"
#include "crypto/hash.h"

enum { FRAME_HEADER = 8 + 8 + 8 + 4 + HASH_BYTES };
#define FRAME_MOST ((size_t)64 << 20) /* bytes of items */

struct frame {
    uint64_t number;
    int64_t stamp_ms;
    struct slice items;
    size_t size; /* of the whole */
};

/* The sound frame at the beginning of these bytes; false if there is none. */
MUST_USE bool frame_read(struct frame *out, struct slice bytes);

/* Room for the header; what is put behind it are the items. Then it is filled in. */
void frame_begin(struct buffer *out);
MUST_USE enum status frame_end(struct buffer *out, uint64_t number, int64_t stamp_ms, struct error *error);

/* Calls `take` for the sound frames that stand one behind the other from number 0 on, each with its place. *damaged is
 * set, with where, if the first is not sound, or if a sound one stands anywhere behind one that is not: then it was
 * acknowledged once. What else stands at the end was never acknowledged. */
typedef enum status frame_take(void *context, const struct frame *frame, size_t at, struct error *error);
MUST_USE enum status frames_walk(struct slice bytes, frame_take *take, void *context, bool *damaged, size_t *where,
                                 struct error *error);

#endif
