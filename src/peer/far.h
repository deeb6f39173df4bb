/* Another's log as one checkpoint covers it: proofs out of its hash tiles, and its entries. A proof authenticates
 * itself, whatever the tiles say; entries are good for nothing until a root was computed over them. */
#ifndef TRUCE_PEER_FAR_H
#define TRUCE_PEER_FAR_H

#include "log/tree.h"
#include "peer/source.h"

enum { FAR_TILES = 32 };
struct far {
    struct source *source;
    uint64_t size; /* of the checkpoint */
    struct far_tile {
        unsigned level, width; /* width 0: an empty slot */
        uint64_t n;
        struct hash hash[LOG_TILE_WIDTH];
    } * tiles; /* slot of (level, n) */
};
MUST_USE enum status far_open(struct far *out, struct source *source, struct error *error);
void far_close(struct far *far);
void far_at(struct far *far, uint64_t size); /* what was read of a smaller tree's edge is read again */
void far_forget(struct far *far);            /* all that was read: it may have been of another view */

/* From `from` to the far log's size, and what its tiles say the root was at `from`. mirror-tile: a tile is missing or
 * of another size than its name says. */
MUST_USE enum status far_consistency(struct far *far, uint64_t from, struct log_proof *out, struct error *error);
MUST_USE enum status far_root(struct far *far, uint64_t size, struct hash *out, struct error *error);

/* The bytes of the first `width` entries of bundle n, appended, of just that many: mirror-bundle if it has others. From
 * any thread. */
MUST_USE enum status far_bundle(struct source *source, uint64_t n, unsigned width, struct buffer *out,
                                struct error *error);
/* The next entry of a bundle; false at its end, or where it is cut. */
bool far_entry(struct slice *rest, struct slice *entry);

/* How many entries of bundle n a log of this size has. */
static inline unsigned far_width(uint64_t size, uint64_t n)
{
    return n < size / LOG_TILE_WIDTH ? LOG_TILE_WIDTH : (unsigned)(size % LOG_TILE_WIDTH);
}

#endif
