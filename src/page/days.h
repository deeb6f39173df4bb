/* The days of a continuity clock, reading beside reading: rows of time in which no reading changes, each with what it
 * was under every reading. */
#ifndef TRUCE_PAGE_DAYS_H
#define TRUCE_PAGE_DAYS_H

#include "page/sheet.h"

enum { DAYS_READINGS_MOST = 16 };

struct days {
    struct arena arena;
    size_t readings, rows;
    struct slice reading[DAYS_READINGS_MOST]; /* ids, in the answer's order */
    struct days_row {
        int64_t from, to;
        const struct json *span[DAYS_READINGS_MOST]; /* what the answer says of the time, or NULL */
    } * row;
};

/* `readings`: {READING: [span…]} as standing has it, or {READING: {"days": [span…]}} as why does. Borrows from it. */
void days_open(struct days *days, const struct json *readings);
void days_close(struct days *days); /* works with OWN() */

/* A clock as a figure, each reading a line of shapes, each day a link to where `why` tells of it; nothing if the clock
 * counts no days. */
void days_figure(struct sheet *sheet, struct slice agreement, struct slice term, const struct json *clock,
                 const struct json *readings);
/* The same as a table with words and records, days as rows. */
void days_table(struct sheet *sheet, const struct json *readings);

#endif
