/* Reading the line formats of this room: strict, one form for one value, and every fault has its offset. */
#ifndef TRUCE_LOG_LINES_H
#define TRUCE_LOG_LINES_H

#include "crypto/hash.h"

struct lines {
    struct slice text;
    size_t at;   /* start of the next line */
    size_t last; /* start of the line taken last */
    bool failed; /* sticky */
};

/* The next line without its newline; empty and failed when there is no whole line left. */
struct slice lines_take(struct lines *lines);
/* The next line must begin with `name` and a space; what follows. */
struct slice lines_field(struct lines *lines, const char *name);
uint64_t lines_number(struct lines *lines, struct slice digits); /* decimal, no leading zero, below 2^63 */
struct hash lines_hash(struct lines *lines, struct slice base64);

/* STATUS_REFUSED with this code and the last line's offset if anything failed or text is left. */
MUST_USE enum status lines_end(struct lines *lines, const char *code, const char *sentence, struct error *error);

#endif
