/* Where another's log is read: a server, any host of plain files that serves a register's log/, or a directory. All
 * three have the same paths: "checkpoint", "tile/L/N[.p/W]", "tile/entries/N[.p/W]". Nothing that comes from one is
 * believed here: who asks checks it. */
#ifndef TRUCE_PEER_SOURCE_H
#define TRUCE_PEER_SOURCE_H

#include "base/buffer.h"
#include "system/system.h"
#include "truce.h"

struct source;
struct source_options {
    const char *where;          /* http://…, https://…, or a directory: a register's, or its log */
    struct truce_access access; /* to a server that lets in members alone */
    const char *language;       /* of what a server says to people, or NULL */
};
/* The strings stay the caller's. */
MUST_USE enum status source_open(struct source **out, const struct system *system, const struct source_options *options,
                                 struct error *error);
void source_close(struct source **source);
const char *source_name(const struct source *source);
bool source_is_server(const struct source *source); /* may take records, and tell of what comes */

/* The bytes at `path`, appended; *there is false where there is no such file. More than `most` bytes are refused, and
 * an answer that takes longer than its size can excuse is given up. From any thread. source-…, http-… codes. */
MUST_USE enum status source_get(struct source *source, const char *path, size_t most, struct buffer *out, bool *there,
                                struct error *error);

/* Hands `body` in at `path` of a server: whatever it answers, in so many seconds and bytes. Clear the body of the
 * answer. */
struct source_answer {
    unsigned status;
    char type[80];
    struct buffer body;
};
MUST_USE enum status source_post(struct source *source, const char *path, struct slice body, unsigned patience_s,
                                 size_t most, struct source_answer *out, struct error *error);

#endif
