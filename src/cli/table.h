/* A table of text that fits the terminal. Cells are measured in columns, so Arabic stands straight; in Arabic each cell
 * is isolated, so that a terminal that knows bidi keeps the cells in their places and one that does not shows nothing
 * worse. No text is reordered here. */
#ifndef TRUCE_CLI_TABLE_H
#define TRUCE_CLI_TABLE_H

#include "base/arena.h"
#include "base/buffer.h"

struct table_column {
    const char *title;
    size_t least; /* may shrink to this many columns; 0: never shrinks */
    bool right;   /* numbers */
    bool wrap;    /* goes on in further lines; else what does not fit ends in … */
};

enum { TABLE_COLUMNS_MOST = 8 };

struct table_row {
    struct table_row *next;
    struct slice cell[TABLE_COLUMNS_MOST];
};

struct table {
    const struct table_column *columns;
    size_t count;
    struct arena arena;
    struct table_row *first, *last;
    bool isolate, full; /* full: memory is out, rows are missing */
};

void table_open(struct table *table, const struct table_column *columns, size_t count, bool isolate);
void table_close(struct table *table);
/* Copies the cells; text is valid UTF-8. */
void table_row(struct table *table, const struct slice *cells);
/* `bold` and `plain` go around the titles. */
void table_write(const struct table *table, struct buffer *out, size_t width, const char *bold, const char *plain);

#endif
