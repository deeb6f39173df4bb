/* Comma-separated rows as RFC 4180 has them, read strictly and as a stream: quoted fields with line breaks and doubled
 * quotes, lines ended by CRLF or LF, a byte-order mark at the start. Nothing is guessed and no row is lost silently:
 * what breaks the rules is refused with its line and column, and reading goes on at the line after the refused row's
 * first. */
#ifndef TRUCE_EXCHANGE_CSV_H
#define TRUCE_EXCHANGE_CSV_H

#include "system/system.h"

enum { CSV_ROW_BYTES = 1024 * 1024, CSV_FIELDS = 512 };

struct csv;

struct csv_row {
    uint64_t line;             /* of the file where it begins, from 1 */
    uint64_t offset;           /* byte of the file where it begins */
    struct slice bytes;        /* as they stand in the file, without the line's end */
    const struct slice *field; /* valid UTF-8, quotes taken off */
    size_t count;
};

MUST_USE enum status csv_open(struct csv **out, const struct system *system, const char *path, struct error *error);
MUST_USE enum status csv_open_slice(struct csv **out, struct slice text, struct error *error); /* borrows text */
void csv_close(struct csv **csv);

/* The next row; *found is false at the end. What the row points to lives until the next call. STATUS_REFUSED: this row
 * breaks the rules (csv-quote, csv-line-end, csv-utf8, csv-limit); its line, offset and bytes are given, and the next
 * call goes on behind it. Any other failure ends the reading. */
MUST_USE enum status csv_next(struct csv *csv, struct csv_row *row, bool *found, struct error *error);

#endif
