/* Rows of other people's data through the same door as any record. */
#ifndef TRUCE_EXCHANGE_IMPORT_H
#define TRUCE_EXCHANGE_IMPORT_H

#include "register/register.h"

/* One row of a source, as its format's reader gives it. Everything borrows until the next row. */
struct row {
    uint64_t line;        /* where it begins in the file, from 1 */
    struct slice id;      /* the row's own id in its source; {NULL,0} if it has none */
    struct hash sha256;   /* of the row's own bytes */
    struct slice object;  /* relaxed JSON of the record's fields; {NULL,0} if it was refused */
    struct error refusal; /* why, if it was */
    uint64_t offset;      /* bytes of the file read so far, for progress */
};

/* A format: how a file is opened and gives its rows. `kind` is what each row becomes. */
struct format {
    const char *name, *kind, *source; /* source: the `source.name` of its records */
    enum status (*open)(void **reader, const char *path, uint64_t *size, struct error *error);
    enum status (*next)(void *reader, struct row *row, bool *more, struct error *error);
    void (*close)(void **reader);
};
extern const struct format *const formats[]; /* ended by NULL */

#endif
