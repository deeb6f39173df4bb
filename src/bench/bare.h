/* The limit of an index: its rows read out of a finished one, and put by bare SQLite statements into another of the
 * same schema. The few rows of authors' heads, days and spans, which change with every record, are left out. */
#ifndef TRUCE_BENCH_BARE_H
#define TRUCE_BENCH_BARE_H

#include "bench/made.h"

struct bare_rows {
    struct buffer rows, ends; /* ends: uint64_t, where each entry's rows end */
    size_t count;             /* entries */
};
void bare_clear(struct bare_rows *rows);

/* Appends the rows of the entries from `first` on, which are the notes from … from + count - 1, out of the index at
 * `path`. */
MUST_USE enum status bare_capture(struct bare_rows *out, const char *path, uint64_t first, const struct notes *notes,
                                  size_t from, size_t count, struct error *error);

/* A new index without a row at `path`. */
MUST_USE enum status bare_make(const char *path, struct error *error);
/* Rows of `count` entries from the i-th on into it, in transactions of so many as the register takes. */
MUST_USE enum status bare_insert(const struct bare_rows *rows, const char *path, size_t i, size_t count,
                                 double *seconds, struct error *error);

#endif
