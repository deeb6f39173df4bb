/* The UCDP Georeferenced Event Dataset: one row becomes one `report`, or a refusal with its reason. Conversion alone:
 * what is already in the log, who signs and what is written is the register's. README.md says how columns are read. */
#ifndef TRUCE_EXCHANGE_GED_H
#define TRUCE_EXCHANGE_GED_H

#include "crypto/hash.h"
#include "exchange/csv.h"

#define GED_SOURCE "ucdp-ged" /* source.name of its reports */

struct ged;

struct ged_row {
    uint64_t line;            /* of the file where the row begins, from 1 */
    uint64_t offset;          /* byte of the file where it begins: how far the reading is */
    struct slice id;          /* the dataset's own; empty where a refused row gives none */
    struct hash bytes_sha256; /* of the row's own bytes, without the line's end */
};

/* Read the header, too: STATUS_REFUSED ged-column if a column is missing or stands twice. */
MUST_USE enum status ged_open(struct ged **out, const struct system *system, const char *path, struct error *error);
MUST_USE enum status ged_open_slice(struct ged **out, struct slice text, struct error *error); /* borrows text */
void ged_close(struct ged **ged);

/* The next row; *found is false at the end. `object` (emptied first) becomes the record as canonical JSON without what
 * the register fills: v, register, by, key, seq, prev, written, replaces. STATUS_REFUSED: this row is refused (csv-…,
 * ged-…, text-…; error->pointer names the column), and the next call goes on behind it. Any other failure ends the
 * reading. row->id lives until the next call. */
MUST_USE enum status ged_next(struct ged *ged, bool *found, struct buffer *object, struct ged_row *row,
                              struct error *error);

#endif
